"""Bodies that the desk's HTTP API takes. /openapi.json is made from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.desk.accounts.users import Role, UserState
from formats import SangdamError

Body = TypeVar("Body", bound=BaseModel)
MAX_MESSAGE = 5_000


class BadRequest(SangdamError):
    """Raised for a body or a query that has not the documented shape."""

    status = 422

    def __init__(self, detail: str) -> None:
        super().__init__(
            "bad_request",
            ko="보낸 내용의 형식이 올바르지 않아요.",
            en=detail,
            remedy="See docs/reference/desk-api.md.",
        )


class TooLong(SangdamError):
    """Raised for a text that is longer than what is kept; the person who wrote it is told by how much."""

    status = 422

    def __init__(self, place: str, most: int) -> None:
        super().__init__(
            "too_long",
            ko=f"너무 길어요. {most:,}자까지 쓸 수 있어요. 나누어 보내 주세요.",
            en=f"{place}: over {most} characters",
            remedy="Send it in parts.",
        )


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LoginBody(_Body):
    """Sign in."""

    username: str = Field(max_length=200)
    password: str = Field(max_length=1_000)


class StateBody(_Body):
    """An agent's own state."""

    state: UserState


class TextBody(_Body):
    """A message or note."""

    text: str = Field(max_length=MAX_MESSAGE)
    client_msg_id: str | None = Field(default=None, min_length=1, max_length=200)


class ReplyBody(TextBody):
    """A message, and, where it is a translation, what the agent wrote and the language of `text`."""

    original: str = Field(default="", max_length=MAX_MESSAGE)
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")


class TranslateBody(_Body):
    """A reply that is about to be sent, and the language that it is wanted in."""

    text: str = Field(min_length=1, max_length=MAX_MESSAGE)
    language: str = Field(pattern=r"^[a-z]{2,3}$")


class MessageIdBody(_Body):
    """Which message."""

    message_id: str = Field(min_length=1, max_length=255)


class NoteBody(TextBody):
    """A note, and the colleagues whom it names."""

    mentions: list[str] = Field(default_factory=list, max_length=20)
    """Ids of agents; each is told."""


class TagsBody(_Body):
    """All tags of a case."""

    tags: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(max_length=20)


class _ActBody(_Body):
    version: int | None = Field(default=None, ge=1)
    """The case's version that the agent acted on; an older one is refused with `case_changed`."""


class TransferBody(_ActBody):
    """Why it goes back to the queue, and for whom: a colleague, a queue, people with skills, or whoever is next."""

    note: str = Field(default="", max_length=MAX_MESSAGE)
    to_agent: str | None = Field(default=None, max_length=200)
    """Id of a colleague."""
    queue: str | None = Field(default=None, max_length=64)
    skills: list[str] | None = Field(default=None, max_length=20)


class DeclineBody(_Body):
    """Why not; who handed the case over reads it."""

    reason: str = Field(default="", max_length=MAX_MESSAGE)


class TextNote(_Body):
    """A word on why."""

    note: str = Field(default="", max_length=MAX_MESSAGE)


class AttemptBody(TextNote):
    """How a call-back went."""

    result: Literal["reached", "no_answer", "busy"]


class MoveBody(_Body):
    """Another slot for a call-back: when it begins."""

    at: AwareDatetime


class FollowUpBody(_Body):
    """When to take it up again, and what for."""

    at: AwareDatetime
    note: str = Field(min_length=1, max_length=MAX_MESSAGE)


class SlotsBody(_Body):
    """Values that the bot should know."""

    slots: dict[str, Any] = Field(min_length=1, max_length=50)


class RevealBody(_Body):
    """What to show unmasked: `phone`, or the name of a slot."""

    field: str = Field(min_length=1, max_length=200)


class DraftBody(_Body):
    """A reply that isn't sent yet."""

    text: str = Field(max_length=MAX_MESSAGE)


class AssignBody(TextNote):
    """For whom."""

    agent_id: str = Field(max_length=200)


class NewUserBody(_Body):
    """A new account."""

    username: str = Field(max_length=200)
    name: str = Field(max_length=200)
    role: Role
    password: str = Field(max_length=1_000)


class UserChangeBody(_Body):
    """What changes of an account; what isn't given stays."""

    role: Role | None = None
    disabled: bool | None = None
    password: str | None = Field(default=None, max_length=1_000)


class ConsultBody(_Body):
    """A question to a colleague."""

    agent_id: str = Field(max_length=200)
    note: str = Field(min_length=1, max_length=MAX_MESSAGE)


class CustomerBody(_Body):
    """What changes of a customer; what isn't given stays."""

    version: int = Field(ge=1, lt=2**53)
    """The customer's version that the agent saw; an older one is refused with `customer_changed`."""
    name: str | None = Field(default=None, max_length=80)
    segment: str | None = Field(default=None, max_length=40)


class NoteText(_Body):
    """What colleagues should know."""

    text: str = Field(min_length=1, max_length=MAX_MESSAGE)


class IdentityBody(_Body):
    """A telephone number or mail address."""

    kind: Literal["phone", "email"]
    value: str = Field(min_length=1, max_length=254)
    verified: bool = False


class VerifiedBody(_Body):
    """Whether somebody has checked that it is theirs."""

    verified: bool


class MergeBody(_Body):
    """Another customer who is the same person, or, where `same` is false, somebody else who won't be suggested again."""

    other: str = Field(min_length=1, max_length=200)
    version: int = Field(ge=1, lt=2**53)
    other_version: int = Field(ge=1, lt=2**53)
    """Versions of both as they were compared; older ones are refused with `customer_changed`."""
    reason: str = Field(default="", max_length=500)
    same: bool = True


class UndoBody(_Body):
    """The customer's version that the agent saw."""

    version: int = Field(ge=1, lt=2**53)


class LineBody(_Body):
    """A line of another conversation of the same customer."""

    conversation_id: str = Field(min_length=1, max_length=255)
    seq: int = Field(ge=1, lt=2**53)


class OutcomeBody(_ActBody):
    """How it ended."""

    code: str = Field(min_length=1, max_length=100)
    note: str = Field(default="", max_length=MAX_MESSAGE)


class ReturnBody(OutcomeBody):
    """How it ended, and values that the bot should know."""

    slots: dict[str, Any] = Field(default_factory=dict)


def read_body(data: bytes, model: type[Body]) -> Body:
    """The body as its model, its types as the document says: "1" is no number. Raises `BadRequest` or
    `TooLong` for the first wrong field."""
    try:
        return model.model_validate_json(data or b"{}", strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the body"
        if first["type"] == "string_too_long":
            raise TooLong(place, int(first["ctx"]["max_length"])) from None
        raise BadRequest(f"{place}: {first['msg']}") from None
