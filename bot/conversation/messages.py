"""What comes in from a channel and what goes out to one."""

from __future__ import annotations

import time
import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MAX_TEXT = 5_000
"""Characters of one customer message that are taken; the rest is refused, not cut silently."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Button(_Frozen):
    """A choice. `payload` is free text, `/intent{"entity": "v"}` or `/SetSlots(a=b)`."""

    title: str
    payload: str


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
    received_at: float = Field(default_factory=time.time)


class Reply(_Frozen):
    """One message to the customer. Channels render what they can of it."""

    message_id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: str | None = None
    citations: tuple[dict[str, Any], ...] = ()
    """`Citation` as JSON, `url` filled in."""
    custom: dict[str, Any] = Field(default_factory=dict)
    response: str = ""
    """Name of the domain's response that it came from."""
    speaker: str = "bot"
    """`bot`, `agent` or `system`."""
    speaker_name: str = ""
    seq: int = 0
