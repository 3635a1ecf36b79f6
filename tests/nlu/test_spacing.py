"""Only what is too long for a word is spaced for the encoder, and letters never see the difference."""

from __future__ import annotations

import pytest

from nlu.features import NgramVocabulary
from nlu.spacing import all_apart, words_apart


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("카드를잃어버렸는데어떻게해야하나요", "카드를 잃어버렸는데 어떻게 해야하나요"),
        ("카드를 잃어버렸는데어떻게하나요", "카드를 잃어버렸는데 어떻게 하나요"),
        ("카드분실", "카드분실"),
        ("", ""),
        ("ㅋㅋㅋㅋㅋㅋㅋㅋ", "ㅋㅋㅋㅋㅋㅋㅋㅋ"),
        ("1234567890", "1234567890"),
    ],
)
def test_words_apart(text: str, apart: str) -> None:
    assert words_apart(text) == apart
    assert all_apart([text, text]) == [apart, apart]


def test_letters_see_marks_but_no_spaces() -> None:
    vocabulary = NgramVocabulary.learn(["카드 분실했어요?", "카드 분실했어요"])
    assert vocabulary.row("카드 분실했어요?")[0].tolist() == vocabulary.row("카드분실 했어요?")[0].tolist()
    assert vocabulary.row("카드 분실했어요?")[0].tolist() != vocabulary.row("카드 분실했어요")[0].tolist()


def test_long_ngrams_count_for_less() -> None:
    vocabulary = NgramVocabulary.learn(["가나다라"])
    assert vocabulary.idf[vocabulary.index["가나"]] > vocabulary.idf[vocabulary.index["가나다"]]
    assert vocabulary.idf[vocabulary.index["가나다"]] > vocabulary.idf[vocabulary.index["가나다라"]]
