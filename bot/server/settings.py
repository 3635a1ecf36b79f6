"""config.yml and the environment, checked as one. An unknown key or bad value is refused with file, line, expected."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, InstanceOf, ValidationError

from bot.channels.media_types import KNOWN, MediaType
from bot.conversation.by_model import ModelCommandSettings
from bot.conversation.command_generator import IntentRoles
from bot.conversation.escalation import POLICIES
from bot.conversation.remembering import REMEMBER_DAYS
from bot.conversation.rephrasing import RephraseSettings
from bot.conversation.returning import CONTINUE_WITHIN
from bot.conversation.silence import SilenceSettings
from bot.conversation.surveys import SurveySettings
from bot.desk.queues import QueueBook
from bot.desk.settings import DeskSettings, queue_book
from bot.desk.translation import TranslationSettings
from bot.rasa_engine.settings import RasaSettings
from bot.server.crawl_schedule import CrawlSpec, named_apart
from bot.voice.ears import BACK_ENDS as EARS
from bot.voice.ears import EarsOptions
from bot.voice.mouth import BACK_ENDS as MOUTHS
from bot.voice.mouth import MouthOptions
from bot.voice.options import CallOptions, Prompts, prompts_for
from bot.voice.turn_taking import POLICIES as TURN_TAKING
from bot.voice.turn_taking import TurnTakingOptions
from formats import FormatError, SangdamError, YamlFile, load_yaml


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingsError(SangdamError):
    """Raised for a value in the environment that can't be used."""

    def __init__(self, variable: str, problem: str, remedy: str) -> None:
        super().__init__(
            "bad_setting",
            ko=f"환경 변수 {variable} 값을 쓸 수 없어요. {problem}",
            en=f"{variable}: {problem}",
            remedy=remedy,
        )


class KnowledgeSettings(_Spec):
    """The company's documents."""

    documents: str = "data/knowledge"
    encoder: str = "e5-small-int8"
    watch: bool = False
    """Whether changes of the documents are taken up while serving."""
    synonyms: str = "data/synonyms.yml"
    """Words of customers and of documents that mean the same; there need not be such a file."""
    reranker: str = Field(default="light", pattern=r"^(light|none|cross-encoder:.+)$")
    crawls: Annotated[list[CrawlSpec], AfterValidator(named_apart)] = Field(default_factory=list)
    """Sites that the running server reads again and again."""


class LlmSettings(_Spec):
    """A language model that words answers from the documents, translates at the desk, and helps to understand where
    `commands` says so; without `url` there is none. The key: SANGDAM_LLM_KEY."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Of a server that speaks OpenAI's protocol, such as http://localhost:8000/v1; overridden by SANGDAM_LLM_URL."""
    model: str = ""
    """Overridden by SANGDAM_LLM_MODEL."""
    timeout: float = Field(default=3.0, gt=0, le=60)
    """Seconds until the extract is given instead; where the customer sees the answer grow, until its first sentence."""
    longest: float = Field(default=7.0, gt=0, le=120)
    """Seconds that an answer which the customer sees grow may take in all."""
    max_tokens: int = Field(default=400, ge=16, le=4000)
    commands: ModelCommandSettings = ModelCommandSettings()
    rephrase: RephraseSettings = RephraseSettings()
    translation: TranslationSettings = TranslationSettings()


class ActionSettings(_Spec):
    """Packages of rasa-sdk actions that run in process, the server that runs the others, how long one may take."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Of Rasa's action server protocol, such as http://localhost:5055/webhook."""
    packages: list[str] = Field(default_factory=list)
    timeout: float = Field(default=10, gt=0, le=120)
    """Seconds."""


class KakaoSettings(_Spec):
    """KakaoTalk skill webhook."""

    enabled: bool = True
    answer_within: float = Field(default=4.0, gt=0.2, le=4.8)
    """Seconds until the callback takes over; Kakao itself gives up after 5."""
    callback_within: float = Field(default=50.0, gt=1, le=58)
    allow_bots: list[str] = Field(default_factory=list)
    """Bot ids that may call (without the `!` of the development channel); empty allows any."""
    survey: bool = True
    """Whether customers are asked how a contact was, by quick replies."""


class RestSettings(_Spec):
    """Rasa's REST channel."""

    enabled: bool = True
    survey: bool = False
    """Whether customers are asked how a contact was, by a message with buttons."""


class UploadSettings(_Spec):
    """Files that web chat customers may send, and agents to customers of any channel."""

    enabled: bool = True
    max_mb: int = Field(default=20, ge=1, le=100)
    types: list[MediaType] = Field(default=list(KNOWN), min_length=1)
    """Media types, told by the file's first bytes."""


class WebChatSettings(_Spec):
    """The widget's channel."""

    uploads: UploadSettings = UploadSettings()
    survey: bool = True
    """Whether customers are asked how it was once an agent has closed the case."""
    recommend: bool = True
    """Whether that survey also asks how likely they recommend the company, from 0 to 10 (NPS)."""


class ChatwootSettings(_Spec):
    """Chatwoot as the desk; without `url` there is none. Token and secret: SANGDAM_CHATWOOT_TOKEN, SANGDAM_CHATWOOT_SECRET."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Of the installation, such as https://chat.example."""


class ChannelSettings(_Spec):
    """Which channels are open. Their secrets come from the environment."""

    webchat: WebChatSettings = WebChatSettings()
    rest: RestSettings = RestSettings()
    kakao: KakaoSettings = KakaoSettings()
    chatwoot: ChatwootSettings = ChatwootSettings()


class SessionSettings(_Spec):
    """Beside `session_config` of domain.yml, which says when a session is over."""

    continue_within: float = Field(default=CONTINUE_WITHIN, ge=0, le=2_592_000)
    """Seconds after a customer's last message in which what was left half done is offered again; 0 never."""
    remember_days: int = Field(default=REMEMBER_DAYS, ge=1, le=3_650)
    """How long facts are remembered to which customers agreed, unless their slot says otherwise."""


class VoiceSettings(_Spec):
    """Calls. Names choose back ends in `bot.voice`."""

    enabled: bool = True
    ears: str = "faster-whisper"
    ears_options: dict[str, Any] = Field(default_factory=dict)
    mouth: str = "espeak"
    mouth_options: dict[str, Any] = Field(default_factory=dict)
    turn_taking: str = "silence"
    turn_taking_options: dict[str, Any] = Field(default_factory=dict)
    preload: bool = False
    """Load speech models at start instead of at the first call."""
    greeting: str = "utter_greet"
    call: CallOptions = CallOptions()
    prompts: dict[str, str] = Field(default_factory=dict)
    """What the line itself says; names as in `bot.voice.options.Prompts`."""
    max_calls: int = Field(default=50, ge=1, le=10_000)
    """Callers at once; more are refused."""


class StorageSettings(_Spec):
    """Where conversations live; overridden by SANGDAM_DATABASE_URL and SANGDAM_BUS_URL."""

    database: str = ""
    bus: str = ""


class AssistantConfig(_Spec):
    """config.yml. `pipeline` is checked by nlu, which knows the components."""

    recipe: str = "default.v1"
    assistant_id: str
    language: Literal["ko", "en"] = "ko"
    engine: Literal["flows", "rasa"] = "flows"
    """Who decides what the bot says: our flows, or the Rasa server of `rasa`."""
    rasa: RasaSettings = RasaSettings()
    name: str
    bot_name: str = "도우미"
    greeting: str = "안녕하세요. 무엇을 도와드릴까요?"
    notice: str = "AI 답변은 틀릴 수 있어요. 중요한 내용은 확인해 주세요"
    pipeline: list[dict[str, Any]] = Field(min_length=1)
    policies: list[dict[str, Any]] = Field(default_factory=list)
    escalation: list[dict[str, Any]] = Field(default_factory=list)
    knowledge: KnowledgeSettings = KnowledgeSettings()
    llm: LlmSettings = LlmSettings()
    actions: ActionSettings = ActionSettings()
    channels: ChannelSettings = ChannelSettings()
    silence: SilenceSettings = SilenceSettings()
    sessions: SessionSettings = SessionSettings()
    survey: SurveySettings = SurveySettings()
    voice: VoiceSettings = VoiceSettings()
    desk: DeskSettings = DeskSettings()
    storage: StorageSettings = StorageSettings()
    companions: list[str] = Field(default_factory=list)
    """Python modules that `sangdam run --with-companions` starts beside the server, such as an example back office."""


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """The back ends and policy that `voice` names, with their options checked."""

    ears: EarsOptions
    mouth: MouthOptions
    turn_taking: TurnTakingOptions
    prompts: Prompts


class Settings(_Spec):
    """Everything the service is told: the assistant's config.yml and the environment."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True, extra="forbid")

    assistant_dir: Path
    config: AssistantConfig
    roles: IntentRoles
    escalation: tuple[Any, ...]
    queues: InstanceOf[QueueBook]
    data_dir: Path
    host: str
    port: int
    database_url: str
    bus_url: str
    rasa: RasaSettings
    rasa_token: str | None
    rasa_jwt_secret: str | None
    llm: LlmSettings
    llm_key: str | None
    api_token: str | None
    actions_token: str | None
    kakao_secret: str | None
    identity_secret: str | None
    chatwoot_token: str | None
    """Of the agent bot, with which replies go to Chatwoot."""
    chatwoot_secret: str | None
    """With which Chatwoot signs what it sends."""
    twilio_auth_token: str | None
    public_url: str
    voice: InstanceOf[VoiceChoice]

    @property
    def loopback(self) -> bool:
        """Whether the server can be reached from this machine alone."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def load_settings(assistant_dir: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all of it. Raises `FormatError` for config.yml, `SettingsError` for the environment."""
    env = os.environ if environ is None else environ
    file = load_yaml(assistant_dir / "config.yml")
    config = file.validate(AssistantConfig)
    data_dir = Path(env.get("SANGDAM_DATA_DIR") or "var").resolve()
    host, port = env.get("SANGDAM_HOST") or "127.0.0.1", _port(env)
    return Settings(
        assistant_dir=assistant_dir,
        config=config,
        roles=_roles(file, config),
        escalation=_escalation(file, config),
        queues=queue_book(file, config.desk),
        data_dir=data_dir,
        host=host,
        port=port,
        database_url=env.get("SANGDAM_DATABASE_URL")
        or config.storage.database
        or f"sqlite:///{data_dir / 'sangdam.db'}",
        bus_url=env.get("SANGDAM_BUS_URL") or config.storage.bus,
        rasa=_rasa(file, config, env),
        rasa_token=env.get("SANGDAM_RASA_TOKEN") or None,
        rasa_jwt_secret=env.get("SANGDAM_RASA_JWT_SECRET") or None,
        llm=_llm(file, config.llm, config.actions, env),
        llm_key=env.get("SANGDAM_LLM_KEY") or None,
        api_token=env.get("SANGDAM_API_TOKEN") or None,
        actions_token=env.get("SANGDAM_ACTIONS_TOKEN") or None,
        kakao_secret=env.get("SANGDAM_KAKAO_SECRET") or None,
        identity_secret=env.get("SANGDAM_IDENTITY_SECRET") or None,
        chatwoot_token=_chatwoot_token(file, config, env),
        chatwoot_secret=env.get("SANGDAM_CHATWOOT_SECRET") or None,
        twilio_auth_token=env.get("SANGDAM_TWILIO_AUTH_TOKEN") or None,
        public_url=(env.get("SANGDAM_PUBLIC_URL") or f"http://localhost:{port}").rstrip("/"),
        voice=_voice(file, config),
    )


def _rasa(file: YamlFile, config: AssistantConfig, env: Mapping[str, str]) -> RasaSettings:
    """With the address that the environment says. `engine: rasa` without one is refused."""
    url = env.get("SANGDAM_RASA_URL") or config.rasa.url
    try:
        found = RasaSettings.model_validate({**dict(config.rasa), "url": url})
    except ValidationError:
        raise SettingsError("SANGDAM_RASA_URL", f"{url!r} is no address", "http://host:port") from None
    if config.engine == "rasa" and not found.url:
        raise file.error(("engine",), "no Rasa server is named", "rasa.url, or SANGDAM_RASA_URL")
    return found


def _llm(file: YamlFile, llm: LlmSettings, actions: ActionSettings, env: Mapping[str, str]) -> LlmSettings:
    """With what the environment says. A server without a model's name is refused."""
    url, model = env.get("SANGDAM_LLM_URL") or llm.url, env.get("SANGDAM_LLM_MODEL") or llm.model
    try:
        found = LlmSettings.model_validate({**dict(llm), "url": url, "model": model})
    except ValidationError:
        raise SettingsError("SANGDAM_LLM_URL", f"{url!r} is no address", "http://host:port/v1") from None
    if found.url and not found.model:
        raise file.error(("llm",), "no model is named", "llm.model, or SANGDAM_LLM_MODEL")
    for part, mode in (("commands", found.commands.mode), ("rephrase", found.rephrase.mode)):
        if mode != "off" and not found.url:
            raise file.error(("llm", part), "no model is there to be asked", "llm.url, or SANGDAM_LLM_URL")
    if found.url and max(found.timeout, found.longest) >= actions.timeout:
        raise file.error(
            ("llm",),
            f"timeout and longest must be shorter than actions.timeout, which is {actions.timeout:g}",
            "fewer seconds, or a longer actions.timeout",
        )
    return found


def _chatwoot_token(file: YamlFile, config: AssistantConfig, env: Mapping[str, str]) -> str | None:
    token = env.get("SANGDAM_CHATWOOT_TOKEN") or None
    if config.channels.chatwoot.url and token is None:
        raise file.error(
            ("channels", "chatwoot"),
            "nothing may be said there",
            "SANGDAM_CHATWOOT_TOKEN, the agent bot's own token",
        )
    return token


def _port(env: Mapping[str, str]) -> int:
    text = env.get("SANGDAM_PORT") or "8080"
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise SettingsError("SANGDAM_PORT", f"{text!r} is no port", "A number from 0 to 65535.")
    return int(text)


def _roles(file: YamlFile, config: AssistantConfig) -> IntentRoles:
    roles = IntentRoles()
    for index, policy in enumerate(config.policies):
        if policy.get("name") != "FlowPolicy":
            raise file.error(("policies", index), f"unknown policy {policy.get('name')!r}", "FlowPolicy")
        try:
            roles = IntentRoles.model_validate({k: v for k, v in policy.items() if k != "name"})
        except ValidationError as error:
            raise _at(file, ("policies", index), error) from None
    return roles


def _escalation(file: YamlFile, config: AssistantConfig) -> tuple[Any, ...]:
    found: list[Any] = []
    for index, item in enumerate(config.escalation):
        name = item.get("name")
        kind = POLICIES.get(str(name))
        if kind is None:
            raise file.error(
                ("escalation", index), f"unknown policy {name!r}", f"one of {', '.join(POLICIES)}"
            )
        try:
            found.append(kind.model_validate({key: value for key, value in item.items() if key != "name"}))
        except ValidationError as error:
            raise _at(file, ("escalation", index), error) from None
    return tuple(found)


def _voice(file: YamlFile, config: AssistantConfig) -> VoiceChoice:
    spec = config.voice

    def chosen(kind: str, table: Mapping[str, Any], name: str, options: dict[str, Any]) -> Any:
        if name not in table:
            raise file.error(("voice", kind), f"unknown {kind} {name!r}", f"one of {', '.join(table)}")
        try:
            return table[name].model_validate(options)
        except ValidationError as error:
            raise _at(file, ("voice", f"{kind}_options"), error) from None

    try:
        prompts = prompts_for(config.language, spec.prompts)
    except ValidationError as error:
        raise _at(file, ("voice", "prompts"), error) from None
    return VoiceChoice(
        ears=chosen("ears", EARS, spec.ears, spec.ears_options),
        mouth=chosen("mouth", MOUTHS, spec.mouth, spec.mouth_options),
        turn_taking=chosen("turn_taking", TURN_TAKING, spec.turn_taking, spec.turn_taking_options),
        prompts=prompts,
    )


def _at(file: YamlFile, place: tuple[str | int, ...], error: ValidationError) -> FormatError:
    first = error.errors()[0]
    key = ".".join(str(step) for step in first["loc"])
    return file.error((*place, *first["loc"]), f"{key}: {first['msg']}", "see docs/reference/config.md")
