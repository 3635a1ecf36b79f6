"""BM25 over morphemes and bigrams."""

from __future__ import annotations

import numpy as np

from knowledge_base.lexical import Bm25, LexicalIndex, bigrams, terms_of
from korean.morphology import morphology


def test_bigrams_stay_inside_words_and_ignore_what_cannot_be_seen() -> None:
    assert bigrams("카드 값!") == ["카드", "값"]
    assert bigrams("ATM에\u200b서") == ["at", "tm", "m에", "에서"]
    assert bigrams("🙂 !!") == []


def test_the_text_with_the_rarer_word_comes_first() -> None:
    index = Bm25([["카드", "분실"], ["카드", "한도"], ["카드", "카드"]])
    scores = index.scores(["카드", "한도"])
    assert int(np.argmax(scores)) == 1
    assert index.idf("한도") > index.idf("카드") and index.idf("없는말") >= index.idf("한도")


def test_unknown_words_and_no_texts_score_nothing() -> None:
    assert not Bm25([["가"], []]).scores(["나"]).any()
    assert Bm25([]).scores(["가"]).shape == (0,)


def test_particles_and_endings_do_not_matter() -> None:
    plain, asked = terms_of(["카드를 정지했어요", "카드가 정지되나요"], morphology())
    assert {"카드", "정지"} <= set(plain) & set(asked)


def test_coverage_weighs_by_rarity() -> None:
    index = LexicalIndex([["카드", "분실"], ["카드", "한도"], ["카드"]], [[], [], []])
    assert index.coverage(["카드", "한도"], 1) == 1.0
    assert index.coverage(["카드", "한도"], 2) < 0.5
    assert index.coverage([], 0) == 0.0
