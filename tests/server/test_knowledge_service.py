"""The documents behind the actions' port: links, audiences, and failures that stay inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.server.knowledge import Knowledge
from encoder.hashing import HashingEncoder
from knowledge_base.knowledge_base import KnowledgeBase


@pytest.fixture
def knowledge(documents: tuple[Path, Path]) -> Any:
    made = Knowledge(KnowledgeBase.open(documents[1], HashingEncoder()))
    yield made
    made.close()


async def test_citations_open_here(knowledge: Knowledge) -> None:
    answer = await knowledge.answer("이체 수수료 안내 이체 수수료는 500원이에요", max_chars=200)
    for citation in answer.citations:
        assert citation.url.startswith("/knowledge/") and citation.url.endswith(f"#{citation.chunk_id}")
        assert " " not in citation.url and "<" not in citation.url
    assert knowledge.places("요금/수수료.md")[0][1] == "이체 수수료"


async def test_staff_documents_are_no_pages(knowledge: Knowledge) -> None:
    assert knowledge.document("직원.md") is None
    found = knowledge.document("요금/수수료.md")
    assert found is not None and found.title == "이체 수수료 안내"


async def test_a_failing_index_answers_nothing(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(KnowledgeBase, "answer", crash)
    assert (await knowledge.answer("수수료", max_chars=100)).outcome == "none"


async def test_without_documents_it_knows_nothing() -> None:
    knowledge = Knowledge(None)
    assert (await knowledge.answer("수수료", max_chars=100)).outcome == "none"
    assert knowledge.document("a") is None and knowledge.places("a") == []
    knowledge.close()
