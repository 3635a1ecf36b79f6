"""The port of lines: one caller on one connection, whatever the protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bot.voice.audio import Pcm


@dataclass(frozen=True, slots=True)
class CallInfo:
    """Which call it is. Nothing in it proves who calls."""

    call_id: str
    conversation_id: str
    transport: str
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Audio:
    """What the caller's line carried, at the transport's rate."""

    pcm: Pcm


@dataclass(frozen=True, slots=True)
class Played:
    """Everything before this mark was played to the caller, or was cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class Digit:
    """A key of the telephone: 0-9, * or #."""

    key: str


Inbound = Audio | Played | Digit


class Transport(Protocol):
    """A caller who is connected. What is sent to a caller who is gone is lost without an error."""

    @property
    def info(self) -> CallInfo:
        """Which call it is."""

    @property
    def sample_rate(self) -> int:
        """Hz of the audio in both directions."""

    @property
    def outlives_call(self) -> bool:
        """Whether the customer can still be reached when the call is over, as in a chat."""

    def inbound(self) -> AsyncIterator[Inbound]:
        """What the caller's side sends, until it hangs up or breaks off. What can't be read is left out."""

    async def play(self, pcm: Pcm) -> None:
        """Queue audio on the caller's side."""

    async def mark(self, name: str) -> None:
        """Ask for `Played(name)` when everything so far was played."""

    async def clear(self) -> None:
        """Throw away what was queued and not played yet."""

    async def tell(self, kind: str, **fields: object) -> None:
        """Beside the audio, for lines that can show text: `speech_start`, `speech_end`, `transcript`, `bot`."""

    async def end(self, reason: str) -> None:
        """Hang up. Once is enough, more does no harm."""
