"""Vectors are made together for those who ask at the same time, once each, and failures reach those who asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from bot.server.encoding import TOGETHER, VectorsAhead
from encoder import Role, Vectors
from encoder.hashing import HashingEncoder
from encoder.remembering import RememberingEncoder


class Gated(HashingEncoder):
    """Notes each run; runs wait for the gate, and one text can't be encoded."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self.started, self.gate = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        self.runs.append(list(texts))
        self.started.set()
        self.gate.wait(5)
        if "못 읽는 글" in texts:
            raise RuntimeError("no vector")
        return super().encode(texts, role)


@pytest.fixture
def behind() -> Gated:
    return Gated()


@pytest.fixture
def encoder(behind: Gated) -> RememberingEncoder:
    return RememberingEncoder(behind)


@pytest.fixture
async def ahead(behind: Gated, encoder: RememberingEncoder) -> AsyncIterator[VectorsAhead]:
    made = VectorsAhead(encoder)
    yield made
    behind.gate.set()
    made.close()


async def test_what_comes_while_the_model_runs_goes_into_the_next_run(
    behind: Gated, ahead: VectorsAhead
) -> None:
    first = asyncio.create_task(ahead.prepare("카드를 잃어버렸어요"))
    await asyncio.to_thread(behind.started.wait, 5)
    rest = [asyncio.create_task(ahead.prepare(text)) for text in ("한도가 얼마예요", "환율", "환율")]
    await asyncio.sleep(0)
    behind.gate.set()
    await asyncio.gather(first, *rest)
    assert behind.runs == [["카드를 잃어버렸어요"], ["한도가 얼마예요", "환율"]]


async def test_a_prepared_vector_is_the_encoders_own_and_made_once(
    behind: Gated, encoder: RememberingEncoder, ahead: VectorsAhead
) -> None:
    behind.gate.set()
    await ahead.prepare("환율")
    await ahead.prepare("환율")
    found = encoder.encode(["환율"])
    assert behind.runs == [["환율"]]
    assert np.array_equal(found, HashingEncoder().encode(["환율"]))
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 2


async def test_what_was_begun_is_not_made_again(behind: Gated, ahead: VectorsAhead) -> None:
    """Neither for one who asks while it is made, nor after."""
    ahead.begin("환율")
    await asyncio.to_thread(behind.started.wait, 5)
    asking = asyncio.create_task(ahead.prepare("환율"))
    ahead.begin("환율")
    await asyncio.sleep(0)
    assert not asking.done()
    behind.gate.set()
    await asking
    ahead.begin("환율")
    await ahead.prepare("환율")
    assert behind.runs == [["환율"]]


async def test_a_failure_of_what_was_begun_reaches_who_asks_later(behind: Gated, ahead: VectorsAhead) -> None:
    behind.gate.set()
    ahead.begin("못 읽는 글")
    with pytest.raises(RuntimeError, match="no vector"):
        await ahead.prepare("못 읽는 글")


async def test_a_run_has_a_limit(behind: Gated, ahead: VectorsAhead) -> None:
    waiting = [asyncio.create_task(ahead.prepare(f"질문 {number}")) for number in range(TOGETHER + 3)]
    await asyncio.sleep(0)
    behind.gate.set()
    await asyncio.gather(*waiting)
    assert sorted(map(len, behind.runs)) == [3, TOGETHER]


async def test_a_failure_reaches_those_who_asked_and_nobody_after(behind: Gated, ahead: VectorsAhead) -> None:
    behind.gate.set()
    with pytest.raises(RuntimeError, match="no vector"):
        await ahead.prepare("못 읽는 글")
    await ahead.prepare("환율")
    assert behind.runs[-1] == ["환율"]


async def test_one_who_gives_up_takes_nothing_from_the_others(behind: Gated, ahead: VectorsAhead) -> None:
    hasty = asyncio.create_task(ahead.prepare("환율"))
    patient = asyncio.create_task(ahead.prepare("환율"))
    await asyncio.sleep(0)
    hasty.cancel()
    behind.gate.set()
    await patient
    assert hasty.cancelled() or hasty.cancelling()
    assert behind.runs == [["환율"]]
