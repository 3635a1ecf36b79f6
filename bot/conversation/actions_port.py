"""The port through which flows act on the world. `bot.execution` runs rasa-sdk actions behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.conversation.events import Event
from bot.conversation.rich import Attachment, Button, Element
from bot.conversation.tracker import Tracker
from formats import SangdamError
from korean.privacy import mask


@dataclass(frozen=True, slots=True)
class Said:
    """Something that an action wants said: its own text, or a response of the domain with variables."""

    text: str = ""
    response: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    citations: tuple[dict[str, Any], ...] = ()
    image: str | None = None
    elements: tuple[Element, ...] = ()
    attachment: Attachment | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    message_id: str = ""
    """Given where an event of the same action refers to the message."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action did: events to be added and things to be said, in order."""

    events: tuple[Event, ...] = ()
    said: tuple[Said, ...] = ()


class ActionError(SangdamError):
    """Raised by a runner when an action raised, hung, answered nonsense or doesn't exist."""

    def __init__(self, action: str, code: str, detail: str = "") -> None:
        # What an action's exception says may quote the customer; it goes into the log and into an event.
        detail = mask(detail)
        super().__init__(
            f"action_{code}",
            ko="처리하는 중에 문제가 생겼어요.",
            en=f"Action {action} failed: {code} {detail}".strip(),
        )
        self.action = action
        self.failure = code
        self.detail = detail


class ActionRunner(Protocol):
    """Runs one action by name for a conversation."""

    def knows(self, name: str) -> bool:
        """Whether there is such an action."""

    async def run(self, name: str, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """Raises `ActionError`. `context` is that of the frame, `turn_id` in it identifies the turn for idempotency."""

    async def close(self) -> None:
        """Let go of what it holds open."""
