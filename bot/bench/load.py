"""Messages a second and their latency, at several numbers of clients; and one conversation that grows."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Iterator, Sequence
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
WINDOW = 10
"""Turns on each side of a turn whose median tells its latency."""


def distinct_texts(utterances: Sequence[str], seed: int = 7) -> Iterator[str]:
    """Customers' messages, none twice, so that no memory of understood texts helps: openings x utterances x endings."""
    texts = list(dict.fromkeys(f"{o}{u}{e}" for o in OPENINGS for u in utterances for e in ENDINGS))
    random.Random(seed).shuffle(texts)
    return iter(texts)


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


async def growth(server: Measured, texts: Iterator[str], turns: int) -> dict[str, Any]:
    """One customer's conversation of so many turns; the median latency around some of them."""
    async with _session() as session:
        took = [await _ask(session, server, "bench-growth", next(texts)) for _ in range(turns + WINDOW)]
    marks = [turn for turn in (1, 10, 100, 500, 1_000, turns) if turn <= turns]
    at = {turn: _around(took, turn) for turn in dict.fromkeys(marks)}
    return {
        "turns": {str(turn): round(value * 1e3, 1) for turn, value in at.items()},
        "last_to_first": round(at[turns] / at[1], 2),
    }


def _around(took: Sequence[float], turn: int) -> float:
    return percentile(took[max(0, turn - WINDOW) : turn + WINDOW], 0.5)


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
