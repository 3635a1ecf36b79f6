"""What the encoder reads: words, whatever the keyboard did. Letters never see a difference of spaces."""

from __future__ import annotations

import pytest

from nlu.features import NgramVocabulary
from nlu.readable import all_readable, readable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("카드를잃어버렸는데어떻게해야하나요", "카드를 잃어버렸는데 어떻게 해야하나요"),
        ("카드를 잃어버렸는데어떻게하나요", "카드를 잃어버렸는데 어떻게 하나요"),
        ("카드분실", "카드분실"),
        ("", ""),
        ("ㅋㅋㅋㅋㅋㅋㅋㅋ", "ㅋㅋ"),
        ("ㅋㅏ드를 잃어버렸어요", "카드를 잃어버렸어요"),
        ("zkem qnstlf", "카드 분실"),
        ("  카드   분실!!!! ", "카드 분실!"),
        ("1234567890", "1234567890"),
    ],
)
def test_readable(text: str, read: str) -> None:
    assert readable(text) == read
    assert all_readable([text, text]) == [read, read]


def test_letters_see_marks_but_no_spaces() -> None:
    vocabulary = NgramVocabulary.learn(["카드 분실했어요?", "카드 분실했어요"])
    assert vocabulary.row("카드 분실했어요?")[0].tolist() == vocabulary.row("카드분실 했어요?")[0].tolist()
    assert vocabulary.row("카드 분실했어요?")[0].tolist() != vocabulary.row("카드 분실했어요")[0].tolist()


def test_long_ngrams_count_for_less() -> None:
    vocabulary = NgramVocabulary.learn(["가나다라"])
    assert vocabulary.idf[vocabulary.index["가나"]] > vocabulary.idf[vocabulary.index["가나다"]]
    assert vocabulary.idf[vocabulary.index["가나다"]] > vocabulary.idf[vocabulary.index["가나다라"]]
