"""Transports: audio both ways, marks, clearing; a hang-up or nonsense at any time is no error."""

from __future__ import annotations

import asyncio
from typing import Protocol

import numpy as np
import pytest

from bot.voice.audio import Pcm
from bot.voice.testing import babble
from bot.voice.transports.port import Audio, Inbound, Played, Transport


class Peer(Protocol):
    """The caller's side of a transport, for the kit."""

    async def send(self, pcm: Pcm) -> None:
        """Audio, at the transport's rate."""

    async def send_nonsense(self) -> None:
        """A frame that means nothing."""

    async def receive(self, samples: int) -> Pcm:
        """At least so much audio of what the server sent."""

    async def play_to_the_end(self) -> None:
        """Play all, and return the marks."""

    async def hang_up(self) -> None:
        """As the protocol says good-bye."""

    async def break_off(self) -> None:
        """The connection is gone without a word."""


class TransportKit:
    """For implementations of `Transport`. The fixture `line` gives one with its `Peer`."""

    async def test_the_caller_is_heard(self, line: tuple[Transport, Peer]) -> None:
        transport, peer = line
        sound = babble(200, transport.sample_rate)
        await peer.send(sound)
        heard = await audio_of(transport, len(sound))
        assert np.corrcoef(heard[: len(sound)], sound)[0, 1] > 0.99

    async def test_the_caller_hears(self, line: tuple[Transport, Peer]) -> None:
        transport, peer = line
        sound = babble(300, transport.sample_rate)
        await transport.play(sound)
        heard = await peer.receive(len(sound))
        assert np.corrcoef(heard[: len(sound)], sound)[0, 1] > 0.99

    async def test_a_mark_comes_back_when_it_was_played(self, line: tuple[Transport, Peer]) -> None:
        transport, peer = line
        await transport.play(babble(60, transport.sample_rate))
        await transport.mark("u1")
        await peer.play_to_the_end()
        assert await anext(each(transport, Played)) == Played("u1")

    async def test_clearing_and_telling_are_harmless_at_any_time(self, line: tuple[Transport, Peer]) -> None:
        transport, peer = line
        await transport.clear()
        await transport.tell("bot", text="안녕하세요")
        await transport.play(babble(60, transport.sample_rate))
        await transport.mark("u1")
        await transport.clear()
        await peer.send(babble(100, transport.sample_rate))
        assert len(await audio_of(transport, 10))

    async def test_nonsense_is_left_out(self, line: tuple[Transport, Peer]) -> None:
        transport, peer = line
        for _ in range(5):
            await peer.send_nonsense()
        await peer.send(babble(100, transport.sample_rate))
        assert len(await audio_of(transport, 10))

    @pytest.mark.parametrize("way", ["hang_up", "break_off"])
    async def test_a_caller_who_leaves_ends_the_stream(self, line: tuple[Transport, Peer], way: str) -> None:
        transport, peer = line
        await peer.send(babble(100, transport.sample_rate))
        await getattr(peer, way)()
        async with asyncio.timeout(5):
            items = [item async for item in transport.inbound()]
        assert all(isinstance(item, Audio) for item in items)
        await transport.play(babble(60, transport.sample_rate))
        await transport.mark("u1")
        await transport.clear()
        await transport.tell("bot", text="안녕히 계세요")
        await transport.end("caller_hung_up")

    async def test_hanging_up_twice_is_once(self, line: tuple[Transport, Peer]) -> None:
        transport, _ = line
        await transport.end("closed")
        await transport.end("closed")


async def each(transport: Transport, kind: type[Inbound]):  # type: ignore[no-untyped-def]
    """Items of one kind."""
    async with asyncio.timeout(5):
        async for item in transport.inbound():
            if isinstance(item, kind):
                yield item


async def audio_of(transport: Transport, samples: int) -> Pcm:
    """At least so much of the caller's audio."""
    pieces: list[Pcm] = []
    async for item in each(transport, Audio):
        pieces.append(item.pcm)
        if sum(map(len, pieces)) >= samples:
            break
    return np.concatenate(pieces)
