"""Answers are searched for once, as long as the index and the day are the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.server import remembered_answers
from bot.server.remembered_answers import RememberedAnswers
from knowledge_base.types import Answer

ASKED = ("수수료가 얼마예요?", 400, ())


class Base:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.version = "1"
        self.asked: list[tuple[Any, ...]] = []

    def answer(self, question: str, max_chars: int, today: date, *, earlier: tuple[str, ...]) -> Answer:
        self.asked.append((question, max_chars, today, earlier))
        return Answer(outcome="answer", text=f"{len(self.asked)}번째 답", confidence=0.9)


def test_the_same_words_are_searched_for_once() -> None:
    base: Any = Base()
    answers = RememberedAnswers()
    assert not answers.knows(ASKED)
    assert answers.of(base, ASKED).text == answers.of(base, ASKED).text == "1번째 답"
    assert answers.knows(ASKED)


@pytest.mark.parametrize(
    "other",
    [
        ("수수료가 얼마예요", 400, ()),
        ("수수료가 얼마예요?", 160, ()),
        ("수수료가 얼마예요?", 400, ("이체요",)),
    ],
)
def test_other_words_less_room_or_another_subject_are_another_question(other: Any) -> None:
    base: Any = Base()
    answers = RememberedAnswers()
    answers.of(base, ASKED)
    assert answers.of(base, other).text == "2번째 답"


def test_a_new_index_and_a_new_day_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    base: Any = Base()
    answers = RememberedAnswers()
    answers.of(base, ASKED)
    base.version = "2"
    assert answers.of(base, ASKED).text == "2번째 답"
    monkeypatch.setattr(remembered_answers, "today_in_korea", lambda: date(2030, 1, 1))
    assert answers.of(base, ASKED).text == "3번째 답"
    assert base.asked[-1][2] == date(2030, 1, 1)


def test_what_was_asked_long_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_answers, "REMEMBERED", 2)
    base: Any = Base()
    answers = RememberedAnswers()
    first, second, third = (("하나", 1, ()), ("둘", 1, ()), ("셋", 1, ()))
    for asked in (first, second, first, third):
        answers.of(base, asked)
    assert answers.knows(first) and answers.knows(third) and not answers.knows(second)
