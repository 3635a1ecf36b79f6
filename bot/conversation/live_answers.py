"""Answers that are still being written: their sentences reach whoever looks on, and the customer may stop them.

Nothing of it is kept. What stands in the log is the whole message, stored when its turn is over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

Show = Callable[[str], Awaitable[None]]


class Audience(Protocol):
    """A channel that can show a message before it is whole."""

    @property
    def name(self) -> str:
        """As in `input_channel`."""

    def looks_on(self, conversation_id: str) -> bool:
        """Whether anybody may see it now."""

    async def show(self, conversation_id: str, message_id: str, text: str) -> None:
        """The message as far as it is written. Never raises."""


class LiveAnswer:
    """One answer. Used with `async with`; outside of it nobody can stop it."""

    def __init__(self, begun: dict[tuple[str, str], LiveAnswer], key: tuple[str, str], show: Show) -> None:
        self.text = ""
        """What was shown so far."""
        self.stopped = False
        self.on_stop: Callable[[], None] | None = None
        """Set by the writer: called once, in the loop's thread."""
        self._begun = begun
        self._key = key
        self._show = show

    async def __aenter__(self) -> LiveAnswer:
        self._begun[self._key] = self
        return self

    async def __aexit__(self, *_: object) -> None:
        self._begun.pop(self._key, None)

    async def begin(self) -> None:
        """Say that an answer is being written."""
        await self._show("")

    async def say(self, text: str) -> None:
        """Show all that is written by now; after a stop nothing more is shown."""
        if not self.stopped:
            self.text = text
            await self._show(text)

    def stop(self) -> None:
        """The customer has read enough."""
        if not self.stopped:
            self.stopped = True
            if self.on_stop is not None:
                self.on_stop()


class LiveAnswers:
    """Those of this process. `audiences` are added by the server, one a channel that can show them."""

    def __init__(self) -> None:
        self.audiences: list[Audience] = []
        self._begun: dict[tuple[str, str], LiveAnswer] = {}

    def open(self, conversation_id: str, message_id: str, channel: str) -> LiveAnswer | None:
        """None where nobody would see it grow: then the whole is waited for, within the limits of such a channel."""
        for audience in self.audiences:
            if audience.name == channel and audience.looks_on(conversation_id):
                return LiveAnswer(
                    self._begun,
                    (conversation_id, message_id),
                    lambda text, to=audience: to.show(conversation_id, message_id, text),  # type: ignore[misc]
                )
        return None

    def stop(self, conversation_id: str, message_id: str) -> bool:
        """False where no such answer is being written here."""
        answer = self._begun.get((conversation_id, message_id))
        if answer is None:
            return False
        answer.stop()
        return True
