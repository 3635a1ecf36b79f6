"""The lines of a transcript as models: what `transcript.line` gives, for the documents of the API and to hold answers to."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.conversation.rich import Element, Form


class Shape(BaseModel):
    """Of an answer: nothing but what is said here."""

    model_config = ConfigDict(extra="forbid")


class SpeakerShape(Shape):
    """Who says a line."""

    kind: Literal["customer", "bot", "agent", "system", "note"]
    name: str


class FileShape(Shape):
    """A file that the customer sent."""

    id: str
    name: str
    media_type: str
    size: int


class FormAnswerShape(Shape):
    """What was filled into the form of a message."""

    message_id: str
    values: dict[str, Any]


class LineShape(Shape):
    """One line, as the customer sees it."""

    id: str
    seq: int
    """Grows within a conversation; lines of others and other events are counted too."""
    speaker: SpeakerShape
    text: str
    timestamp: str
    buttons: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    client_msg_id: str | None = None
    image: str | None = None
    elements: list[Element] | None = None
    attachment: FileShape | dict[str, Any] | None = None
    """The customer's file, or what a response sends along."""
    form: Form | None = None
    answer_to: FormAnswerShape | None = None
    custom: dict[str, Any] | None = None
    code: str | None = None
    """Of a notice of the system."""
