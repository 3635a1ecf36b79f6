"""Messages a second and their latency, at several numbers of clients; and one conversation that grows."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import aiohttp

from bot.bench.figures import percentile, summary_ms
from bot.bench.server import BenchFailed, Measured

OPENINGS = ("", "저기요 ", "안녕하세요 ", "혹시 ", "아 ", "네 ", "근데 ", "저 ", "음.. ", "상담사님 ")
ENDINGS = (
    "",
    "요",
    "..",
    "?",
    " ㅠㅠ",
    " 부탁드려요",
    " 알려 주세요",
    "!",
    " 빨리요",
    " 궁금해요",
    "~",
    " 답변 주세요",
)
MARKS = ("~~", "!!", "..!", "~!")
NEW_MARK = "!~"
BLOCK = 60
"""Messages whose median tells the latency at a turn."""


def distinct_texts(utterances: Sequence[str], seed: int = 7) -> Iterator[str]:
    """Customers' messages, none twice, so that no memory of understood texts helps: openings x utterances x endings."""
    texts = list(dict.fromkeys(f"{o}{u}{e}" for o in OPENINGS for u in utterances for e in ENDINGS))
    random.Random(seed).shuffle(texts)
    return iter(texts)


def recurring_texts(utterances: Sequence[str], seed: int = 7) -> Iterator[str]:
    """The utterances as they are, shuffled, from the start again when all are said: many customers ask the same."""
    texts = list(dict.fromkeys(utterances))
    random.Random(seed).shuffle(texts)
    return cycle(texts)


async def webhook_load(
    server: Measured, texts: Iterator[str], *, clients: int, messages: int
) -> dict[str, Any]:
    """`messages` by `clients` at once, each message from a new sender, as at the start of conversations."""
    taken = iter(range(messages))
    took: list[float] = []
    async with _session() as session:

        async def client() -> None:
            took.extend([await _ask(session, server, uuid.uuid4().hex, next(texts)) for _ in taken])

        cpu, started = server.cpu_seconds(), time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        elapsed = time.perf_counter() - started
    cores = (server.cpu_seconds() - cpu) / elapsed
    return {
        "clients": clients,
        **summary_ms(took),
        "messages_per_s": round(len(took) / elapsed, 1),
        "server_cores": round(cores, 2),
    }


async def growth(server: Measured, utterances: Sequence[str], turns: int) -> dict[str, Any]:
    """One customer's conversation of so many turns, and the median latency of a block of messages at some of them.

    Each block holds the same utterances with other marks at their end, so that the blocks cost the same but for the
    turn, and no memory of understood texts helps. What else the machine does differs from minute to minute: so the last
    block is said in turns with a new conversation, and `last_to_first` is the median of what its messages took compared
    with the same words there.
    """
    block = min(BLOCK, max(1, turns // 8))
    probes = random.Random(11).sample(list(utterances), block)
    filler = distinct_texts(utterances, seed=13)
    marks = sorted({turn for turn in (1, 100, 500, turns) if turn <= turns})
    found: dict[int, float] = {}
    turn = 0
    async with _session() as session:
        for mark, end in zip(marks[:-1], MARKS, strict=False):
            turn = await _grow(session, server, filler, turn, mark - block // 2)
            took = [await _ask(session, server, "bench-growth", f"{text}{end}") for text in probes]
            turn += block
            found[mark] = percentile(took, 0.5)
        await _grow(session, server, filler, turn, marks[-1] - block // 2)
        pairs = [await _beside(session, server, text, at) for at, text in enumerate(probes)]
    found[marks[-1]] = percentile([last for last, _ in pairs], 0.5)
    return {
        "block": block,
        "turns": {str(mark): round(value * 1e3, 1) for mark, value in found.items()},
        "last_to_first": round(percentile([last / first for last, first in pairs], 0.5), 2),
    }


async def _grow(
    session: aiohttp.ClientSession, server: Measured, filler: Iterator[str], turn: int, until: int
) -> int:
    """Messages in between; the turn that is reached."""
    for _ in range(turn, until):
        await _ask(session, server, "bench-growth", next(filler))
    return max(turn, until)


async def _beside(
    session: aiohttp.ClientSession, server: Measured, text: str, at: int
) -> tuple[float, float]:
    """Seconds in the grown conversation and in the new one. Whichever is asked second finds its words in the caches."""
    asked = [("bench-growth", f"{text}{MARKS[-1]}"), ("bench-new", f"{text}{NEW_MARK}")]
    order = asked if at % 2 else asked[::-1]
    took = {sender: await _ask(session, server, sender, said) for sender, said in order}
    return took["bench-growth"], took["bench-new"]


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=60), connector=aiohttp.TCPConnector(limit=64)
    )


async def _ask(session: aiohttp.ClientSession, server: Measured, sender: str, text: str) -> float:
    """Seconds of one message through Rasa's REST channel. Raises `BenchFailed` for anything but an answer."""
    started = time.perf_counter()
    body = {"sender": sender, "message": text}
    async with session.post(f"{server.url}/webhooks/rest/webhook", json=body) as response:
        answer = await response.read()
        if response.status != 200:
            raise BenchFailed(f"HTTP {response.status}: {answer[:200]!r}")
    return time.perf_counter() - started
