"""Conditions: what they mean, and what is refused instead of guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.flows.predicates import Predicate, PredicateError

SLOTS: dict[str, Any] = {
    "amount": 50_000,
    "card": "신용카드",
    "confirmed": True,
    "denied": False,
    "tags": ["vip", "new"],
    "blank": "",
    "time": "18:30",
}


def holds(source: str | bool, **context: Any) -> bool:
    return Predicate.parse(source)({"slots": SLOTS, "context": context})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (True, True),
        (False, False),
        ("slots.confirmed", True),
        ("slots.denied", False),
        ("not slots.denied", True),
        ("not not slots.confirmed", True),
        ("slots.amount > 10000", True),
        ("slots.amount >= 50000", True),
        ("slots.amount < 50000", False),
        ("slots.amount <= 50000", True),
        ("slots.amount = 50000", True),
        ("slots.amount == 50000.0", True),
        ("slots.amount != 1", True),
        ("slots.amount > -1", True),
        ('slots.card = "신용카드"', True),
        ("slots.card is '체크카드'", False),
        ("slots.card is not '체크카드'", True),
        ("slots.unset is null", True),
        ("slots.card is not null", True),
        ("slots.blank is empty", True),
        ("slots.unset is empty", True),
        ("slots.card is not empty", True),
        ("slots.tags contains 'vip'", True),
        ("slots.tags contains 'old'", False),
        ("slots.card contains '카드'", True),
        ("slots.card matches '^신용'", True),
        ("slots.card matches '체크'", False),
        ("slots.time < '09:00' or slots.time > '18:00'", True),
        ("slots.confirmed and slots.amount > 1 and not slots.denied", True),
        ("(slots.confirmed and slots.denied) or slots.amount = 50000", True),
        ("slots.confirmed AND NOT slots.denied", True),
        ("context.failures < 3", True),
        ("context.reason = 'no_answer'", False),
        ('slots.card = "신\\"용"', False),
    ],
)
def test_meaning(source: str | bool, expected: bool) -> None:
    assert holds(source, failures=2, reason="out_of_scope") is expected


@pytest.mark.parametrize("operator", [">", ">=", "<", "<=", "contains", "matches"])
def test_comparing_an_unset_value_is_false_not_an_error(operator: str) -> None:
    assert holds(f"slots.unset {operator} 'x'") is False


def test_comparing_unlike_types_is_false_not_an_error() -> None:
    assert holds("slots.card > 5") is False
    assert holds("slots.amount > 'a'") is False


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("", "empty"),
        ("slots.a and slots.b or slots.c", "parentheses"),
        ("amount > 5", "slots.amount"),
        ("slots. > 5", "slots."),
        ("(slots.a", "too early"),
        ("slots.a)", "not expected"),
        ("slots.a >", "too early"),
        ("slots.a > )", "not a value"),
        ("slots.a & slots.b", "can't be read"),
        ("신용카드", "can't be read"),
        ("user.name", "slots.user.name"),
    ],
)
def test_what_is_outside_the_grammar_is_refused_with_a_word_on_it(source: str, word: str) -> None:
    with pytest.raises(PredicateError, match=word.replace("(", r"\(").replace(".", r"\.")):
        Predicate.parse(source)


def test_it_tells_what_it_reads() -> None:
    assert Predicate.parse("slots.a > 1 or (context.b and not slots.c)").names == {
        "slots.a",
        "context.b",
        "slots.c",
    }


@given(st.text(max_size=40))
def test_any_text_is_a_condition_or_refused(source: str) -> None:
    try:
        predicate = Predicate.parse(source)
    except PredicateError:
        return
    assert predicate({"slots": SLOTS, "context": {}}) in (True, False)
