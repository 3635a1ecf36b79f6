"""BM25 over morphemes and bigrams."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge_base.lexical import Bm25, bigrams, grams
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


def test_longer_runs_and_short_words() -> None:
    assert grams("신용카드 값", 3) == ["신용카", "용카드", "값"]


def test_particles_and_endings_do_not_matter() -> None:
    plain, asked = morphology().content_terms_many(["카드를 정지했어요", "카드가 정지되나요"])
    assert {"카드", "정지"} <= set(plain) & set(asked)


def test_sentences_come_with_their_terms() -> None:
    text = "카드를 잃어버렸어요.  바로 신고해 주세요.\n\n· 수수료는 없어요\n"
    (found,) = morphology().sentences_with_terms([text])
    assert [text[start:end] for start, end, _ in found] == [
        "카드를 잃어버렸어요.",
        "바로 신고해 주세요.",
        "· 수수료는 없어요",
    ]
    assert "카드" in found[0][2] and "수수료" in found[2][2]
    assert morphology().sentences_with_terms(["", "  \n "]) == [[], []]


def test_what_was_saved_scores_the_same(tmp_path: Path) -> None:
    made = Bm25([["카드", "분실"], ["카드", "한도", "한도"], []])
    made.save(tmp_path / "bm25")
    loaded = Bm25.load(tmp_path / "bm25", 3)
    for asked in (["한도"], ["카드", "분실"], ["없다"]):
        assert np.allclose(made.scores(asked), loaded.scores(asked))
    assert loaded.frequency("카드") == 2 and loaded.frequency("없다") == 0
