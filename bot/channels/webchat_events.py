"""The events of the Socket.IO namespace `/`, web chat, as models (docs/reference/web-chat.md)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.channels.webchat_shapes import (
    ChatBody,
    PieceShape,
    ProblemShape,
    SaidLine,
    SeenShape,
    StateShape,
    Sync,
    TypingShape,
    Verdict,
)
from bot.conversation.line_shapes import LineShape, Shape
from bot.conversation.socket_events import Events, Heard, Told


class ConversationId(RootModel[str]):
    """As Rasa's `session_confirm` sends it: a string alone."""


class Taken(Shape):
    """Stored at that place, or why not."""

    ok: bool
    seq: int | None = None
    id: str | None = None
    error: ProblemShape | None = None


class _Sent(BaseModel):
    model_config = ConfigDict(extra="allow")


class SessionRequest(_Sent):
    """What is known of the conversation."""

    after: int | None = None


class TypingSignal(_Sent):
    """Whether the customer types."""

    on: bool


class SeenSignal(_Sent):
    """Read up to there."""

    seq: int | None


class FeedbackBody(_Sent):
    """A judgement of one of the bot's messages; null takes it back."""

    message_id: str
    value: Literal["up", "down"] | None
    reason: str | None = None


class StopBody(_Sent):
    """The answer that is being written."""

    message_id: str


class SurveyBody(_Sent):
    """How it was; null is "rather not"."""

    score: int | None = Field(ge=1, le=5)
    comment: str | None = None
    recommend: int | None = Field(default=None, ge=0, le=10)
    """How likely the customer recommends the company."""


class Anything(RootModel[Any]):
    """Nothing is read of it."""


EVENTS = Events(
    "/",
    "Web chat; connected with auth {token}, or without one for a new conversation",
    {
        "bot_uttered": Told(SaidLine, "A line for the customer: of the bot, an agent or the system"),
        "user_echo": Told(LineShape, "A line of the customer, to the other tabs of the conversation"),
        "answer_piece": Told(PieceShape, "An answer as far as it is written"),
        "state": Told(StateShape, "Who has the conversation changed, or the place in the queue"),
        "typing": Told(TypingShape, "The bot or an agent types"),
        "seen": Told(SeenShape, "The agent has read up to there"),
        "session_confirm": Told(ConversationId, "Rasa's answer to session_request"),
    },
    {
        "session_request": Heard(SessionRequest, "Everything missed, and the state now", Sync),
        "user_uttered": Heard(ChatBody, "A message of the customer", Taken),
        "typing": Heard(TypingSignal, "The customer types"),
        "seen": Heard(SeenSignal, "The customer has read up to there"),
        "feedback": Heard(FeedbackBody, "An answer is judged", Verdict),
        "stop_answer": Heard(StopBody, "No more of an answer that is being written", Verdict),
        "survey": Heard(SurveyBody, "A contact is judged", Verdict),
        "leave_queue": Heard(Anything, "The customer no longer waits", Verdict),
        "ping_": Heard(Anything, "Heartbeat of the client", Verdict),
    },
)
