"""What web chat and Rasa's REST channel take and give, as models: for /openapi.json and /asyncapi.json."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.channels.body import MAX_ID
from bot.conversation.line_shapes import FileShape, LineShape, Shape, SpeakerShape
from bot.conversation.messages import MAX_TEXT

Id = Annotated[str, Field(min_length=1, max_length=MAX_ID, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""As `bot.channels.body.is_id` takes them."""


class _Sent(BaseModel):
    """From a client: what isn't known is left aside, as clients of other ages speak this too."""

    model_config = ConfigDict(extra="allow")


class SessionBody(_Sent):
    """Which conversation goes on: that of a token, or that of a signed-in visitor."""

    token: str | None = None
    identity: str | None = None
    inbox: str | None = None


class AssistantShape(Shape):
    """Who is spoken to."""

    name: str
    bot_name: str
    greeting: str
    notice: str


class UploadsShape(Shape):
    """Files that are taken."""

    max_bytes: int
    types: list[str]


class SessionShape(Shape):
    """A token of one conversation."""

    token: str
    conversation_id: str
    expires_at: float
    """Seconds since the epoch."""
    assistant: AssistantShape
    voice: bool
    """Whether this server takes calls over /voice/browser."""
    uploads: UploadsShape | None


class FilledForm(_Sent):
    """The form of a message, filled in."""

    message_id: Id
    values: dict[str, Any]


class ChatBody(_Sent):
    """One message of the customer; with `form` a filled-in form, which needs a `client_msg_id`."""

    message: str = Field(max_length=MAX_TEXT)
    client_msg_id: Id | None = None
    """Makes it idempotent for the life of the conversation."""
    payload: str | None = None
    """Of the button that was pressed."""
    metadata: dict[str, Any] | None = None
    form: FilledForm | None = None


class Acknowledged(Shape):
    """Stored, at that place."""

    ok: Literal[True]
    seq: int
    id: str | None


class FileAcknowledged(Acknowledged):
    """A file; none is told when it was there already."""

    attachment: FileShape | None = None


class Choice(Shape):
    """What somebody who waits may do instead."""

    code: Literal["bot", "message", "callback", "stop"]
    title: str
    payload: str


class WaitShape(Shape):
    """Minutes."""

    min: int
    max: int


class QueuePlace(Shape):
    """Where somebody stands who waits."""

    position: int | None
    wait: WaitShape | None
    choices: list[Choice]


class TalksTo(Shape):
    """The agent."""

    name: str


class HoursShape(Shape):
    """Whether people are there, and when."""

    open: bool
    text: str


class StateShape(Shape):
    """Who has the conversation."""

    owner: Literal["bot", "queue", "agent", "closed"]
    agent: TalksTo | None
    queue: QueuePlace | None
    hours: HoursShape
    survey: bool
    """Whether the customer may judge a contact that is over."""
    recommend: bool
    """Whether the survey asks for a recommendation too."""


class Sync(Shape):
    """Everything after a cursor, and the state now."""

    ok: Literal[True]
    conversation_id: str
    messages: list[LineShape]
    cursor: int
    state: StateShape


class QuickReply(Shape):
    """A button as Rasa's Socket.IO channel sends it."""

    content_type: Literal["text"]
    title: str
    payload: str = ""
    url: str | None = None


class SaidLine(LineShape):
    """`bot_uttered`: a line with Rasa's keys beside ours."""

    quick_replies: list[QuickReply]


class PieceShape(Shape):
    """An answer as far as it is written."""

    message_id: str
    text: str
    speaker: SpeakerShape


class TypingShape(Shape):
    """Somebody types, or doesn't any more."""

    speaker: SpeakerShape
    on: bool


class SeenShape(Shape):
    """An agent has read up to there."""

    by: Literal["agent"]
    seq: int


class ProblemShape(Shape):
    """Why something was refused."""

    code: str
    title: str
    detail: str = ""
    remedy: str = ""
    fields: dict[str, str] | None = None
    """Of a form: slot -> what isn't right."""


class Verdict(Shape):
    """Whether it was done."""

    ok: bool
    error: ProblemShape | None = None


class RestBody(_Sent):
    """One message, as Rasa's REST channel takes it."""

    sender: Id = "default"
    message: str = Field(max_length=MAX_TEXT)
    message_id: Id | None = None
    """Makes the message idempotent."""
    metadata: dict[str, Any] | None = None


class RestFeedback(_Sent):
    """Whether an answer helped, by the `custom.message_id` that it carried; null takes the judgement back."""

    sender: Id = "default"
    message_id: Id
    value: Literal["up", "down"] | None
    reason: str | None = None


class RestReply(Shape):
    """One message to the customer, in Rasa's shape; `custom.citations` are the sources of an answer."""

    recipient_id: str
    text: str | None = None
    image: str | None = None
    buttons: list[dict[str, Any]] | None = None
    attachment: dict[str, Any] | None = None
    custom: dict[str, Any] | None = None


class RestReplies(RootModel[list[RestReply]]):
    """Everything that is said to a message, in order."""
