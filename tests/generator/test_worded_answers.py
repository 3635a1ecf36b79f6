"""From a customer's question to a worded answer, over a real model server that tells the truth, lies, dawdles or breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.server.knowledge import Knowledge
from encoder import load_encoder
from generator import OpenAICompatibleGenerator
from knowledge_base.build import build
from knowledge_base.grounding import GroundedWriter
from knowledge_base.knowledge_base import KnowledgeBase

from .conftest import ModelServer

DOCUMENT = """# 카드 재발급 안내

## 수수료

카드를 다시 만들 때는 수수료 2,000원을 내요. 훼손된 카드를 바꿀 때는 수수료가 없어요.

## 걸리는 시간

새 카드는 영업일로 5일 안에 도착해요.
"""
QUESTION = "카드 재발급 수수료가 얼마예요?"
TRUE = "카드를 다시 만들 때는 수수료 2,000원을 내요."


@pytest.fixture
async def knowledge(model: ModelServer, tmp_path: Path) -> AsyncIterator[Knowledge]:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "재발급.md").write_text(DOCUMENT)
    encoder = load_encoder(cache_dir=Path("var/models"))
    build(tmp_path / "documents", tmp_path / "index", encoder)
    client = OpenAICompatibleGenerator(model.url, "test-model")
    writer = GroundedWriter(client, encoder, timeout=0.5, max_tokens=200)
    made = Knowledge(KnowledgeBase.open(tmp_path / "index", encoder), None, writer)
    yield made
    await made.aclose()


async def test_the_truth_is_said(model: ModelServer, knowledge: Knowledge) -> None:
    model.answer = f"{TRUE} [1]"
    answer = await knowledge.answer(QUESTION, max_chars=300)
    assert (answer.outcome, answer.text) == ("answer", TRUE) and answer.citations
    assert QUESTION in model.requests[0]["messages"][-1]["content"]


@pytest.mark.parametrize("manner", ["slow", "broken", "status", "cut", "nonsense", "error"])
async def test_whatever_breaks_the_extract_stands(
    model: ModelServer, knowledge: Knowledge, manner: str
) -> None:
    model.manner, model.answer = manner, "수수료는 9,000원이에요."
    answer = await knowledge.answer(QUESTION, max_chars=300)
    assert answer.outcome == "answer" and "2,000원" in answer.text and "9,000원" not in answer.text


async def test_personal_data_leaves_as_placeholders_and_comes_back(
    model: ModelServer, tmp_path: Path
) -> None:
    """What arrives at the server is looked at as it came over the wire."""
    person = "홍길동 고객의 민원은 담당자 이메일 minwon@bank.example 또는 휴대전화 010-9876-5432로 보내요."
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "민원.md").write_text(f"# 민원 접수\n\n{person}\n")
    encoder = load_encoder(cache_dir=Path("var/models"))
    build(tmp_path / "documents", tmp_path / "index", encoder)
    writer = GroundedWriter(
        OpenAICompatibleGenerator(model.url, "test-model"), encoder, timeout=5, max_tokens=200
    )
    knowledge = Knowledge(KnowledgeBase.open(tmp_path / "index", encoder), None, writer)
    model.answer = (
        "민원은 담당자 이메일 <이메일_1> 또는 휴대전화 <전화번호_1>로 보내요. 제 번호는 <전화번호_2>예요."
    )
    answer = await knowledge.answer("저는 010-1111-2222인데 민원 접수는 어디로 보내요?", max_chars=300)
    wire = str(model.requests)
    assert "<이메일_1>" in wire and "<전화번호_1>" in wire and "<전화번호_2>" in wire
    for value in ("minwon", "9876", "5432", "1111", "2222"):
        assert value not in wire
    # The customer's own number stands in no passage: a model that repeats it is not believed.
    assert answer.text == "민원은 담당자 이메일 minwon@bank.example 또는 휴대전화 010-9876-5432로 보내요."
    await knowledge.aclose()


async def test_a_lie_is_dropped(model: ModelServer, knowledge: Knowledge) -> None:
    model.answer = f"{TRUE} 재발급 수수료는 9,000원이에요. 새 카드는 영업일로 3일 안에 도착해요."
    answer = await knowledge.answer(QUESTION, max_chars=300)
    assert answer.text == TRUE
