"""The running service: every part made once and handed to those that need it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import structlog
from rasa_sdk import Action

from bot.channels.file_links import FileLinks
from bot.conversation.actions_port import ActionRunner
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.clock import KOREA
from bot.conversation.conversations import Conversations
from bot.conversation.dialogue_manager import DialogueManager, MakeDialogue, Tools, Understander
from bot.conversation.draft import Draft, outbox_id
from bot.conversation.engine import Engine, TurnResult, reply_of
from bot.conversation.errors import UnknownAnswer, UnknownForm
from bot.conversation.events import BotUttered, FeedbackGiven, Owner
from bot.conversation.form_answers import FormAnswer, check_form
from bot.conversation.handover import Handover
from bot.conversation.live_answers import LiveAnswers
from bot.conversation.messages import Reply, UserMessage
from bot.conversation.store import Commit, OutboxMessage
from bot.conversation.surveys import Surveys, answer_survey
from bot.conversation.tracker import Tracker
from bot.execution.in_process import InProcessRunner
from bot.execution.remote import RemoteRunner
from bot.execution.routed import RoutedRunner
from bot.rasa_engine.dialogue import RasaDialogue
from bot.rasa_engine.server import RasaServer
from bot.server.action_services import Services, action_services
from bot.server.knowledge import Knowledge
from bot.server.references import check_references
from bot.server.settings import Settings
from bot.storage.sql import SqlStore, open_store
from formats import FormatError, load_yaml
from generator import Generator, OpenAICompatibleGenerator

BUILT_IN_PACKAGE = "actions.builtin"
PULLED = frozenset({"rest", "kakao"})
"""Channels that can't be told at once: what agents say waits in the outbox."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Service:
    """The parts that talk. Implements `bot.channels.contract.ChannelService`."""

    settings: Settings
    assistant: Assistant
    store: SqlStore
    conversations: Conversations
    engine: Engine
    handover: Handover
    knowledge: Knowledge
    live: LiveAnswers = field(default_factory=LiveAnswers)
    """Answers that customers see grow."""
    services: Services = field(default_factory=dict)
    """What actions are handed."""
    file_links: FileLinks | None = None
    """Set by the server: addresses of what agents send, for customers who hold no token."""
    started_at: float = field(default_factory=time.time)
    _waiting: set[str] | None = None
    """Conversations with messages in the outbox, where this process alone writes to the store; None: look each time."""

    async def handle(self, message: UserMessage) -> TurnResult:
        """One turn."""
        return await self.engine.handle(message)

    async def collect(self, conversation_id: str) -> list[Reply]:
        """Waiting messages, marked as delivered."""
        if self._waiting is not None:
            if conversation_id not in self._waiting:
                return []
            # Before the look: what comes in after it is noted anew.
            self._waiting.discard(conversation_id)
        taken = await self.store.take(conversation_id)
        return [self.linked(conversation_id, Reply.model_validate(message.payload)) for message in taken]

    def linked(self, conversation_id: str, reply: Reply) -> Reply:
        """With an address for the file that it holds, made now so that its time begins now."""
        return self.file_links.linked(conversation_id, reply) if self.file_links is not None else reply

    async def watch_outbox(self) -> None:
        """Know from now on who has messages waiting; for a store that no other process writes to."""
        self.conversations.listeners.append(self.note_outbox)
        self._waiting = await self.store.waiting()

    async def note_outbox(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`."""
        if commit.outbox:
            self._note_waiting(commit.conversation_id)

    def _note_waiting(self, conversation_id: str) -> None:
        if self._waiting is not None:
            self._waiting.add(conversation_id)

    async def check_form(
        self, conversation_id: str, message_id: str, values: Mapping[str, Any]
    ) -> FormAnswer:
        """What a customer filled into the form of a message, against the conversation as it stands."""
        said = await self._said_by_bot(conversation_id, message_id)
        form = reply_of(said).form if said else None
        if form is None:
            raise UnknownForm()
        tracker = await self.conversations.tracker(conversation_id)
        return check_form(form, values, self.assistant, tracker, datetime.now(KOREA))

    async def judge(
        self, conversation_id: str, message_id: str, value: Literal["up", "down"] | None, reason: str = ""
    ) -> Owner:
        """Keep what the customer says of one of the bot's messages."""
        if await self._said_by_bot(conversation_id, message_id) is None:
            raise UnknownAnswer()

        async def decide(draft: Draft) -> Owner:
            draft.emit(FeedbackGiven(message_id=message_id, value=value, reason=reason))
            return draft.tracker.owner

        return await self.conversations.change(conversation_id, decide)

    async def _said_by_bot(self, conversation_id: str, message_id: str) -> BotUttered | None:
        seq = await self.store.find_message(conversation_id, message_id)
        said = await self.store.events(conversation_id, after=seq - 1, limit=1) if seq else []
        return said[0] if said and isinstance(said[0], BotUttered) else None

    async def answer_survey(self, conversation_id: str, score: int | None) -> bool:
        """How the contact was."""
        return await answer_survey(self.conversations, conversation_id, score)

    async def leave_queue(self, conversation_id: str) -> bool:
        """The customer gives up waiting."""
        return await self.handover.leave_queue(conversation_id)

    async def keep_late(self, conversation_id: str, channel: str, replies: Iterable[Reply]) -> None:
        """Replies that came too late for their request wait for the next one."""
        now = time.time()
        await self.store.enqueue(
            [
                OutboxMessage(
                    id=outbox_id(conversation_id, reply.message_id),
                    conversation_id=conversation_id,
                    channel=channel,
                    payload=reply.model_dump(),
                    created_at=now,
                )
                for reply in replies
            ]
        )
        self._note_waiting(conversation_id)

    async def close(self) -> None:
        """Let go of threads and files."""
        await self.knowledge.aclose()
        await self.engine.close()
        await self.store.close()


async def open_service(
    settings: Settings, understander: Understander, knowledge: Knowledge, extra_actions: Iterable[Action] = ()
) -> Service:
    """Load the assistant, open the store and wire everything. Raises `FormatError`, `StoreUnavailable`."""
    assistant = load_assistant(settings.assistant_dir)
    check_references(settings, assistant)
    live = LiveAnswers()
    store = await open_store(settings.database_url)
    sessions = settings.config.sessions
    services = action_services(
        assistant, store, settings.queues, knowledge, live, remember_days=sessions.remember_days
    )
    try:
        runner = make_runner(settings, assistant, services, extra_actions)
    except BaseException:
        await store.close()
        raise
    exclusive = settings.database_url.startswith("sqlite")
    conversations = Conversations(
        store,
        assistant.responses,
        exclusive=exclusive,
        outbox_channels=PULLED,
    )
    engine = Engine(
        conversations,
        assistant,
        understander,
        runner,
        roles=settings.roles,
        escalation=settings.escalation,
        silence=settings.config.silence,
        model=open_model(settings),
        model_commands=settings.llm.commands,
        rephrase=settings.llm.rephrase,
        dialogue=DIALOGUES[settings.config.engine](settings),
        continue_within=sessions.continue_within,
        remember_days=sessions.remember_days,
        surveys=Surveys(store, settings.config.survey, survey_channels(settings)),
    )
    service = Service(
        settings, assistant, store, conversations, engine, Handover(engine), knowledge, live, services
    )
    if exclusive:
        await service.watch_outbox()
    return service


def _rasa_dialogue(settings: Settings) -> MakeDialogue:
    rasa = settings.rasa

    def make(tools: Tools) -> DialogueManager:
        server = RasaServer(
            rasa.url,
            timeout=rasa.timeout,
            token=settings.rasa_token,
            jwt_secret=settings.rasa_jwt_secret,
        )
        return RasaDialogue(tools, server, rasa)

    return make


DIALOGUES: dict[str, Callable[[Settings], MakeDialogue | None]] = {
    "flows": lambda settings: None,
    "rasa": _rasa_dialogue,
}
"""`engine` of config.yml; None leaves it to the engine's own."""


def survey_channels(settings: Settings) -> list[str]:
    """Channels on which a survey is a message with buttons."""
    channels = settings.config.channels
    return [name for name, on in (("kakao", channels.kakao.survey), ("rest", channels.rest.survey)) if on]


def open_model(settings: Settings) -> Generator | None:
    """The language model of `llm`, if one is configured. Reaches nothing yet."""
    llm = settings.llm
    return OpenAICompatibleGenerator(llm.url, llm.model, settings.llm_key or "") if llm.url else None


def make_runner(
    settings: Settings,
    assistant: Assistant,
    services: Services,
    extra_actions: Iterable[Action] = (),
) -> ActionRunner:
    """All actions by name; those that no package provides are the action server's, if there is one.

    Raises `FormatError` for an action that the domain lists and nobody provides, `ActionsUnavailable`.
    """
    actions = settings.config.actions
    runner = InProcessRunner(assistant.domain, timeout=actions.timeout, services=services)
    if (folder := str(settings.assistant_dir.resolve())) not in sys.path:
        # An assistant's own package lies beside its config.yml; last, so that it hides nothing of ours.
        sys.path.append(folder)
    for package in (*actions.packages, BUILT_IN_PACKAGE):
        runner.register_package(package)
    runner.register(extra_actions)
    if actions.url:
        remote = RemoteRunner(
            assistant.domain, actions.url, timeout=actions.timeout, token=settings.actions_token
        )
        return RoutedRunner(runner, remote)
    for index, name in enumerate(assistant.domain.action_names()):
        if not runner.knows(name) and not name.startswith("utter_"):
            file = settings.assistant_dir / "domain.yml"
            raise FormatError(
                file,
                load_yaml(file).line(("actions", index)),
                f"no package of actions.packages provides {name!r}",
                "an Action class with that name(), or actions.url of a server that has it",
            )
    return runner
