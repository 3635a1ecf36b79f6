"""Morphemes: stems and nouns for search, sentences with their places; loaded once, asked from many threads."""

from __future__ import annotations

import threading

import pytest

from korean.morphology import Morphology, morphology


@pytest.fixture(scope="module")
def analyser() -> Morphology:
    return morphology()


def test_one_analyser_a_process() -> None:
    assert morphology() is morphology()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("카드를 잃어버렸어요", ["카드", "잃어버리"]),
        ("이체 한도가 얼마예요?", ["이체", "한도"]),
        ("ATM에서 OTP로 출금했습니다", ["atm", "otp", "출금"]),
        ("체크카드의 연회비는 없어요", ["체크", "카드", "연회비"]),
    ],
)
def test_terms_are_free_of_particles_and_endings(analyser: Morphology, text: str, terms: list[str]) -> None:
    found = analyser.content_terms(text)
    assert [term for term in terms if term not in found] == []
    assert not {"를", "가", "에서", "었", "어요", "의", "는"} & set(found)


def test_terms_are_the_same_for_different_endings(analyser: Morphology) -> None:
    assert analyser.content_terms("한도를 올렸습니다") == analyser.content_terms("한도 올릴래요")


def test_many_at_once_as_one_by_one(analyser: Morphology) -> None:
    texts = ["카드를 잃어버렸어요", "", "이체 한도", "   ", "😀"]
    assert analyser.content_terms_many(texts) == [analyser.content_terms(text) for text in texts]


def test_tokens_lie_where_they_stand(analyser: Morphology) -> None:
    text = "😀 카드가 안 와요"
    tokens = analyser.tokens(text)
    assert any(token.form == "카드" and text[token.start : token.end] == "카드" for token in tokens)
    assert all(0 <= token.start <= token.end <= len(text) for token in tokens)


def test_sentences_have_places(analyser: Morphology) -> None:
    text = "카드를 잃어버렸어요. 정지해 주세요!\n\n  재발급은 얼마나 걸려요?  "
    found = [text[start:end] for start, end in analyser.sentences(text)]
    assert found == ["카드를 잃어버렸어요.", "정지해 주세요!", "재발급은 얼마나 걸려요?"]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "😀😀"])
def test_nothing_to_analyse(analyser: Morphology, text: str) -> None:
    assert analyser.content_terms(text) == []


def test_very_long_text_is_no_trouble(analyser: Morphology) -> None:
    assert analyser.content_terms("카드" * 30_000)
    assert analyser.sentences("가" * 30_000) == [(0, 30_000)]


def test_threads_may_ask_at_once(analyser: Morphology) -> None:
    wanted = analyser.content_terms("이체 한도를 올려 주세요")
    wrong: list[list[str]] = []

    def ask() -> None:
        for _ in range(20):
            found = analyser.content_terms("이체 한도를 올려 주세요")
            if found != wanted:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
