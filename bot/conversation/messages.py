"""What comes in from a channel and what goes out to one."""

from __future__ import annotations

import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import clock
from bot.conversation.rich import Attachment, Button, Element, Form, KeptFile

__all__ = [
    "MAX_TEXT",
    "Attachment",
    "Button",
    "Element",
    "Form",
    "KeptFile",
    "Reply",
    "UserMessage",
    "Wording",
    "parts_of",
]

MAX_TEXT = 5_000
"""Characters of one customer message that are taken; the rest is refused, not cut silently."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UserMessage(_Frozen):
    """One message of a customer, as every channel hands it to the engine."""

    conversation_id: str
    text: str
    channel: str
    message_id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    client_supplied_id: bool = False
    """Whether `message_id` came from outside, so that a repetition is possible at all."""
    payload: str | None = None
    """Of the button that was pressed, `text` then being its label."""
    metadata: dict[str, Any] = Field(default_factory=dict)
    received_at: float = Field(default_factory=clock.now)


class Wording(_Frozen):
    """What the domain says of the text of a response, for who may put it in other words."""

    rephrase: bool | None = None
    """As its `metadata` says; None where it says nothing."""
    prompt: str = ""
    """How it is to be worded."""
    values: tuple[str, ...] = ()
    """What slots and variables put into it."""
    secret: bool = False
    """Whether one of them is a secret."""


class Reply(_Frozen):
    """One message to the customer. Channels render what they can of it."""

    message_id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: str | None = None
    elements: tuple[Element, ...] = ()
    """One is a card, several are a carousel."""
    attachment: Attachment | None = None
    file: KeptFile | None = None
    """A file that an agent sends. Whoever gives the reply to a channel without tokens makes an `attachment` of it."""
    form: Form | None = None
    notice: bool = False
    """A line of the system rather than something that is said."""
    citations: tuple[dict[str, Any], ...] = ()
    """`Citation` as JSON, `url` filled in."""
    custom: dict[str, Any] = Field(default_factory=dict)
    response: str = ""
    """Name of the domain's response that it came from."""
    wording: Wording | None = Field(default=None, exclude=True, repr=False)
    """Of a response, while its turn runs; neither stored nor sent."""
    speaker: str = "bot"
    """`bot`, `agent` or `system`."""
    speaker_name: str = ""
    seq: int = 0

    def data(self) -> dict[str, Any]:
        """All that is not text, as events keep it; `parts_of` reads it back."""
        body = self.model_dump(include=set(_PARTS), exclude_none=True, mode="json")
        return {name: body[name] for name in _PARTS if body.get(name)}


_PARTS = ("buttons", "image", "elements", "attachment", "file", "form", "notice", "custom", "citations")


def parts_of(data: dict[str, Any]) -> dict[str, Any]:
    """`Reply.data()` as keywords of a `Reply`. Parts that no event has yet are left out."""
    return {name: data[name] for name in _PARTS if data.get(name)}
