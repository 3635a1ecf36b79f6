"""Telephone numbers, sums, days and accounts: kept in their usual form, or refused with what is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.conversation.clock import KOREA
from bot.conversation.slot_validators import VALIDATORS, slot_validator

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=KOREA)
"""A Wednesday."""

CASES = [
    ("phone", "01012345678", "010-1234-5678", ""),
    ("phone", "+82 10-1234-5678이요", "010-1234-5678", ""),
    ("phone", "02-123-4567", "02-123-4567", ""),
    ({"name": "phone", "line": "mobile"}, "02-123-4567", "02-123-4567", "not_mobile"),
    ("phone", "12345", "12345", "not_a_phone"),
    ("phone", "010-1234-5678이나 010-2222-3333", None, "not_a_phone"),
    ("amount", "5만원", 50_000, ""),
    ("amount", "1,200,000원이요", 1_200_000, ""),
    ("amount", 3000.0, 3000, ""),
    ("amount", "많이요", "많이요", "not_an_amount"),
    ("amount", True, True, "not_an_amount"),
    ("amount", 0.5, 0.5, "not_an_amount"),
    ({"name": "amount", "minimum": 1000}, 500, 500, "too_low"),
    ({"name": "amount", "maximum": 1000}, "2천원", 2000, "too_high"),
    ({"name": "amount", "unit": 1000}, 1500, 1500, "not_a_multiple"),
    ("business_date", "2026-11-25", "2026-11-25", ""),
    ("business_date", "2026-11-26T09:00", "2026-11-26", ""),
    ("business_date", "내일쯤", "내일쯤", "not_a_date"),
    ("business_date", "2026-11-24", "2026-11-24", "past"),
    ({"name": "business_date", "earliest": 1}, "2026-11-25", "2026-11-25", "too_soon"),
    ({"name": "business_date", "latest": 7}, "2026-12-25", "2026-12-25", "too_far"),
    ("business_date", "2026-11-28", "2026-11-28", "closed"),
    ({"name": "business_date", "saturdays": True}, "2026-11-28", "2026-11-28", ""),
    ("business_date", "2026-12-25", "2026-12-25", "closed"),
    ({"name": "business_date", "closed_on": ["2026-11-30"]}, "2026-11-30", "2026-11-30", "closed"),
    ("account", "110 123 456789", "110-123-456789", ""),
    ("account", "국민은행 110-123-456789예요", "110-123-456789", ""),
    ("account", "12345678", "12345678", "wrong_length"),
    ({"name": "account", "digits": [8, 8]}, "12345678", "12345678", ""),
    ("account", "몰라요", "몰라요", "not_an_account"),
]


@pytest.mark.parametrize(("validator", "value", "kept", "problem"), CASES)
def test_values(validator: Any, value: Any, kept: Any, problem: str) -> None:
    checked = slot_validator(validator).check(value, NOW)
    assert checked.problem == problem
    assert kept is None or (checked.value == kept and type(checked.value) is type(kept))


@pytest.mark.parametrize(("wish", "next_day"), [("2026-11-28", "2026-11-30"), ("2026-12-25", "2026-12-28")])
def test_a_closed_day_comes_with_the_next_open_one(wish: str, next_day: str) -> None:
    assert slot_validator("business_date").check(wish, NOW).variables["next_day"] == next_day


@pytest.mark.parametrize(
    "value", ["", " ", "원", "0" * 5_000, "9" * 5_000, "1" + "억" * 100, [], {}, -1, 1e300, float("inf")]
)
@pytest.mark.parametrize("name", VALIDATORS)
def test_no_value_makes_one_raise(name: str, value: Any) -> None:
    slot_validator(name).check(value, NOW)


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("fone", "one of phone, amount"),
        ({"name": "amount", "maximum": "much"}, "amount: maximum"),
        ({"max": 1}, "one of"),
    ],
)
def test_a_wrong_name_or_setting_is_refused(item: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        slot_validator(item)
