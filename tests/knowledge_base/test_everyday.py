"""Everyday words of a question find the words that documents have."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder import Encoder
from knowledge_base.build import build
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Synonyms
from knowledge_base.retrieval.everyday import everyday_words, meant_by
from knowledge_base.retrieval.query import make_query
from korean.morphology import morphology


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("적금 깨고 싶어요", "해지"),
        ("ATM에서 돈 뽑을 수 있나요", "인출"),
        ("카드 무를 수 있어요?", "철회"),
        ("회사에서 잘렸는데 대출 어떻게 해요", "실직"),
        ("돈을 잘못 보냈어요", "착오"),
    ],
)
def test_what_is_meant(question: str, meant: str) -> None:
    words = [word for _, found in meant_by(morphology().content_terms(question)) for word in found]
    assert meant in words


def test_a_rule_of_several_words_needs_them_all() -> None:
    assert meant_by(["찾"]) == []
    assert meant_by(["돈", "찾"])[-1] == ("찾", ("출금", "인출"))


def test_what_is_said_already_is_not_meant_again() -> None:
    assert all("해지" not in words for _, words in meant_by(["해지", "깨"]))


def test_every_word_is_a_term_as_questions_have_it() -> None:
    """A verb that the analyser never gives would be a rule that is never used."""
    assert len(everyday_words()) > 100
    for rules in everyday_words().values():
        for rule in rules:
            assert rule.meant and all(" " not in word for word in (*rule.said, *rule.meant))
            for word in rule.said:
                forms = (word, *(f"{word}{ending}" for ending in ("고 싶어요", "었어요", "니까", "면")))
                assert any(word in morphology().content_terms(form) for form in forms), word


def test_the_concept_keeps_its_own_word(hashing: Encoder) -> None:
    query = make_query("적금 깨면 이자는요", hashing, morphology(), Synonyms())
    assert ("깨", "해지") in query.concepts
    assert "해지" in query.terms


def test_a_passage_in_official_words_is_found(tmp_path: Path, hashing: Encoder) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("# 해지\n예금을 만기 전에 해지하면 이율이 낮아져요.\n", encoding="utf-8")
    (folder / "b.md").write_text(
        "# 카드 파손\n깨진 카드는 새로 보내 드려요. 이자는 없어요.\n", encoding="utf-8"
    )
    build(folder, tmp_path / "index", hashing)
    base = KnowledgeBase.open(tmp_path / "index", hashing)
    assert base.search("예금 깨면 어떻게 돼요")[0].chunk.document_id == "a.md"
