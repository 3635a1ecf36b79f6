"""What the server answers with in Rasa's protocol and to those who run it, as models for /openapi.json."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.line_shapes import Shape
from bot.conversation.messages import MAX_TEXT


class _Open(BaseModel):
    """Rasa's own shape, in which other keys may stand beside these."""

    model_config = ConfigDict(extra="allow")


class Version(Shape):
    """As Rasa's."""

    version: str
    minimum_compatible_version: str


class Reason(Shape):
    """Why something isn't so."""

    code: str
    en: str
    ko: str
    remedy: str


class ModelStatus(Shape):
    """The model that is served, and why a newer file isn't."""

    model_file: str
    model_id: str
    num_active_training_jobs: int
    problem: Reason | None


class ParseBody(_Open):
    """A text to be understood."""

    text: str = Field(max_length=MAX_TEXT)
    message_id: Any = None


class Parsed(_Open):
    """Rasa's parse result, with sentiment, scope, abuse, signals and wishes beside it."""

    text: str
    intent: dict[str, Any]
    intent_ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    sentiment: dict[str, Any]
    out_of_scope: dict[str, Any]
    abuse: dict[str, Any]
    signals: dict[str, Any]
    wishes: list[dict[str, Any]]


class TrackerShape(_Open):
    """Rasa's tracker JSON."""

    sender_id: str
    slots: dict[str, Any]
    latest_message: dict[str, Any]
    events: list[dict[str, Any]]
    paused: bool
    active_loop: dict[str, Any]
    latest_action_name: str | None


class Health(Shape):
    """Well, and of which version where that is told."""

    status: str
    version: str | None = None


class Ready(Shape):
    """The database answers."""

    status: str
