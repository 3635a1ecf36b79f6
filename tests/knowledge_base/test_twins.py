"""Two documents that say the same: the newest valid one is quoted, and nothing is offered twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from encoder import Encoder
from knowledge_base.build import build
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.twins import without_twins
from knowledge_base.types import Answer

Ask = Callable[..., Answer]
QUESTION = "타행 이체 수수료가 얼마예요?"


def fees(amount: str, *head: str, title: str = "이체 수수료 안내") -> str:
    said = "\n".join(head)
    return (
        f"---\ntitle: {title}\n{said}\n---\n# 타행 이체 수수료\n\n"
        f"다른 은행으로 이체할 때 수수료는 건당 {amount}이에요. 앱에서 보내면 수수료가 없어요.\n"
    )


@pytest.fixture
def base_of(tmp_path: Path, e5: Encoder) -> Callable[..., KnowledgeBase]:
    """A knowledge base over texts by name, beside a few others."""

    def make(**texts: str) -> KnowledgeBase:
        folder = tmp_path / "documents"
        folder.mkdir()
        others = {
            "환전": "# 환전\n\n환전은 앱과 영업점에서 할 수 있어요. 신분증을 가져와 주세요.\n",
            "카드": "# 카드 분실\n\n카드를 잃어버리면 바로 신고해 주세요. 신고는 하루 종일 받아요.\n",
        }
        for name, text in {**others, **texts}.items():
            (folder / f"{name}.md").write_text(text)
        build(folder, tmp_path / "index", e5)
        return KnowledgeBase.open(tmp_path / "index", e5)

    return make


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (fees("500원", "valid_from: 2024-01-01"), fees("800원", "valid_from: 2026-01-01")),
        (fees("500원", 'version: "1.9"'), fees("800원", 'version: "1.10"')),
        (
            fees("500원", title="이체 수수료 안내 (2024년)"),
            fees("800원", title="이체 수수료 안내 (2026년 개정)"),
        ),
    ],
)
def test_the_newest_edition_is_quoted_alone(
    base_of: Callable[..., KnowledgeBase], old: str, new: str
) -> None:
    base = base_of(가=old, 나=new, 다=old.replace("이체 수수료 안내", "수수료표"))
    answer = base.answer(QUESTION)
    assert "800원" in answer.text and "500원" not in answer.text
    cited = [citation.document_id for citation in answer.citations]
    assert cited[0] == "나.md" and not {"가.md", "다.md"} & set(cited)
    _, passages = base.material(QUESTION, (), 4)
    assert not any("500원" in passage.chunk.text for passage in passages)


def test_an_edition_that_is_not_valid_yet_waits(base_of: Callable[..., KnowledgeBase]) -> None:
    base = base_of(가=fees("500원", "valid_from: 2024-01-01"), 나=fees("800원", "valid_from: 2026-01-01"))
    assert "500원" in base.answer(QUESTION, today=date(2025, 6, 1)).text
    assert "800원" in base.answer(QUESTION, today=date(2026, 6, 1)).text


def test_what_is_near_is_offered_once(base_of: Callable[..., KnowledgeBase]) -> None:
    """A copy under another title, and an older edition: one choice for all three."""
    base = base_of(
        가=fees("500원", 'version: "1"'),
        나=fees("800원", 'version: "2"'),
        다=fees("800원", title="수수료표").replace("# 타행 이체 수수료", "# 다른 은행으로"),
    )
    index = base.index
    rows = [row for row, chunk in enumerate(index.chunks) if chunk.document_id in ("가.md", "나.md", "다.md")]
    for order in itertools.permutations(rows):
        kept = [index.chunks[row].document_id for row in without_twins(index, order)]
        assert len(kept) == 1 and kept != ["가.md"]
    for question in ("수수료", QUESTION, "이체 수수료 면제 조건이 뭐예요?"):
        choices = base.answer(question).choices
        assert len({index.chunks[index.row_of[choice.chunk_id]].text for choice in choices}) == len(choices)


def test_products_with_like_texts_are_no_editions(base_of: Callable[..., KnowledgeBase]) -> None:
    def card(name: str, fee: str) -> str:
        return (
            f"# {name}\n\n## 연회비\n\n연회비는 {fee}이에요. 해외에서도 쓸 수 있어요. 앱에서 신청해 주세요.\n"
        )

    base = base_of(가=card("하늘 카드", "1만원"), 나=card("바다 카드", "3만원"))
    assert "1만원" in base.answer("하늘 카드 연회비 얼마예요?").text
    assert "3만원" in base.answer("바다 카드 연회비 얼마예요?").text
    rows = [row for row, chunk in enumerate(base.index.chunks) if "연회비" in chunk.text]
    assert len(rows) == 2 and without_twins(base.index, rows) == rows


def test_numbers_that_are_no_dates_tell_things_apart(base_of: Callable[..., KnowledgeBase]) -> None:
    one = fees("500원", 'version: "1"', title="1종 계좌 수수료")
    base = base_of(가=one, 나=fees("800원", 'version: "2"', title="2종 계좌 수수료"))
    rows = [row for row, chunk in enumerate(base.index.chunks) if "건당" in chunk.text]
    assert len(rows) == 2 and without_twins(base.index, rows) == rows


def test_a_document_repeats_itself_freely(base_of: Callable[..., KnowledgeBase]) -> None:
    text = "다른 은행으로 이체할 때 수수료는 건당 오백원이에요. 앱에서 보내면 수수료가 없어요."
    base = base_of(가=f"# 수수료\n\n## 창구\n\n{text}\n\n## 전화\n\n{text}\n")
    rows = [row for row, chunk in enumerate(base.index.chunks) if chunk.document_id == "가.md"]
    assert without_twins(base.index, rows) == rows
