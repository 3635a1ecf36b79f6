"""The events of the Socket.IO namespace `/desk`, as models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.line_shapes import Shape, SpeakerShape
from bot.conversation.socket_events import Events, Heard, Told
from bot.desk.shapes import AgentLine, AgentShape, CaseShape, DeskMessage


class OfferEvent(Shape):
    """Until when this agent may take the case."""

    case: CaseShape
    expires_at: str | None


class OfferGone(Shape):
    """Nobody's offer any more; the reason is that of the change of ownership (accepted, declined, missed, left ...)."""

    case_id: str
    reason: str


class ServiceLevelEvent(Shape):
    """A target of the queue's service level."""

    case_id: str
    queue: str
    target: Literal["answer", "resolve"]
    kind: Literal["warning", "breach"]


class AskedFor(Shape):
    """A colleague names this agent."""

    case: CaseShape
    by: AgentShape
    note: str


class MessageEvent(Shape):
    """A new line of a case."""

    case_id: str
    conversation_id: str
    message: DeskMessage


class DeskTyping(Shape):
    """Somebody types, or doesn't any more."""

    case_id: str
    speaker: SpeakerShape
    on: bool


class DeskSeen(Shape):
    """The customer has read up to `seq`."""

    case_id: str
    by: Literal["customer"]
    seq: int


class PacketEvent(Shape):
    """Whose packet changed."""

    case_id: str


class TraceEvent(Shape):
    """Whose trace goes on."""

    conversation_id: str


class NothingMore(Shape):
    """An empty object."""


class _Sent(BaseModel):
    model_config = ConfigDict(extra="allow")


class OfCase(_Sent):
    """Which case."""

    case_id: str


class OfConversation(_Sent):
    """Which conversation."""

    conversation_id: str


class WatchBody(OfCase):
    """Which case, and what is known of it."""

    after: int = Field(default=0, ge=0)


class TypingBody(OfCase):
    """Whether this agent types."""

    on: bool


class SeenBody(OfCase):
    """Read up to there."""

    seq: int = Field(ge=0)


class Watched(Shape):
    """What was missed, or why nothing is followed."""

    ok: bool
    messages: list[DeskMessage] | None = None
    cursor: int | None = None
    error: dict[str, Any] | None = None


class Allowed(Shape):
    """It is followed, or why not."""

    ok: bool
    error: dict[str, Any] | None = None


class Done(Shape):
    """It was done."""

    ok: Literal[True]


EVENTS = Events(
    "/desk",
    "What agents see happen; connected with auth {token}",
    {
        "case": Told(CaseShape, "A case changed or appeared; to everybody"),
        "offer": Told(OfferEvent, "A case is offered to this agent"),
        "offer_gone": Told(OfferGone, "An offer was accepted, declined, missed or taken back; to everybody"),
        "agent": Told(AgentLine, "Somebody's state or profile changed; to everybody"),
        "service_level": Told(ServiceLevelEvent, "A target is about to be missed, or was; to everybody"),
        "consult": Told(AskedFor, "A colleague asks this agent for advice"),
        "mention": Told(AskedFor, "A note names this agent"),
        "message": Told(MessageEvent, "A new line of a watched case"),
        "typing": Told(DeskTyping, "Somebody types in a watched case"),
        "seen": Told(DeskSeen, "The customer has read a watched case"),
        "packet": Told(PacketEvent, "The packet of a watched case changed; fetch it again"),
        "trace": Told(
            TraceEvent, "Something happened in a watched conversation; fetch its trace from the cursor"
        ),
        "session_over": Told(NothingMore, "The token is void; the socket closes"),
    },
    {
        "watch": Heard(WatchBody, "Follow a case", Watched),
        "unwatch": Heard(OfCase, "Follow it no longer", Done),
        "watch_conversation": Heard(
            OfConversation, "Hear of a conversation's trace, a case or not; supervisors", Allowed
        ),
        "unwatch_conversation": Heard(OfConversation, "Hear of it no longer", Done),
        "typing": Heard(TypingBody, "The agent types; the customer is told if the case is the agent's"),
        "seen": Heard(SeenBody, "The agent has read up to there"),
    },
)
