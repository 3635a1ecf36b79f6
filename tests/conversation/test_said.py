"""Which of a message's values are meant, and whether there is more to it than a value."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.said import (
    letters_beside,
    letters_beside_correction,
    meant,
    names_it,
    part_of_one,
    taken_back,
)
from bot.conversation.testing import understood
from nlu.types import Entity, Understanding


def amounts(text: str, *words: str) -> Understanding:
    """An understanding with these words as amounts, each worth its own text."""
    found = tuple(
        Entity(entity="amount", start=text.index(w), end=text.index(w) + len(w), text=w, value=w)
        for w in words
    )
    return understood(text, "unknown").model_copy(update={"entities": found})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("3만원 말고 5만원이요", "5만원"),
        ("3만원이 아니라 5만원이에요", "5만원"),
        ("5만원이요 3만원 말고", "5만원"),
        ("3만원 대신 5만원", "5만원"),
    ],
)
def test_what_is_taken_back_is_not_meant(text: str, kept: str) -> None:
    said = amounts(text, "3만원", "5만원")
    assert [entity.value for entity in meant(text, said.entities)] == [kept]
    assert taken_back(said) == ["3만원"]


def test_what_alone_is_taken_back_is_all_there_is() -> None:
    said = amounts("3만원 말고요", "3만원")
    assert meant(said.text, said.entities) == said.entities


def test_letters_around_a_value() -> None:
    assert letters_beside(amounts("3만원이요", "3만원")) == 2
    assert (
        letters_beside_correction(amounts("아니 금액은 3만원으로 바꿀게요", "3만원"), "희망 대출 금액") == 3
    )
    assert letters_beside_correction(amounts("3만원으로 이체 한도 올려 주세요", "3만원"), "금액") > 8


@pytest.mark.parametrize(
    ("text", "label", "named"),
    [
        ("번호는 010이에요", "전화번호", True),
        ("금액을 바꿀게요", "희망 대출 금액", True),
        ("내일이요", "희망 날짜", False),
    ],
)
def test_slots_are_called_by_parts_of_their_labels(text: str, label: str, named: bool) -> None:
    assert names_it(text, label) is named


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("신용", "신용카드"),
        ("체크요", "체크카드"),
        ("신용 카드로요", "신용카드"),
        ("카드", None),
        ("신", None),
        ("", None),
        ("현대카드", None),
        ("신용점수", None),
    ],
)
def test_a_part_stands_for_the_one_choice_that_has_it(text: str, choice: Any) -> None:
    assert part_of_one(text, ["신용카드", "체크카드"]) == choice
