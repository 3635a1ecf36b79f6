"""Two values that are the ends of one span: 3일 전부터 어제까지, 3만원에서 5만원, 오후 2시~4시. They get roles `from` and `to`.

What the second end leaves out comes from the first: 12월 1일부터 5일까지 ends in December, 저녁 7시부터 9시까지 in the evening.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from nlu.entities.calendar.arithmetic import first_of_month, safe_date
from nlu.entities.found import Found

_KINDS = frozenset({"date", "time", "amount", "number", "percent", "period", "foreign_amount"})
_SURE = re.compile(r"\s*(?:부터|에서부터|에서|[~∼–—-])\s*$")
_FROM = re.compile(r"\s?(?:부터|이후(?:로|에)?)")
_TO = re.compile(r"\s?(?:까지|이전(?:에)?(?!\s?번)|전까지)")
_OPEN = "open"
"""Key in `info` of what a value leaves out; used up here."""


def linked(text: str, found: Sequence[Found]) -> list[Found]:
    """The same spans in the same order, with roles where they are the ends of a span."""
    items = list(found)
    for at, item in enumerate(items):
        if item.entity not in _KINDS:
            continue
        after = items[at + 1] if at + 1 < len(items) else None
        if after is not None and after.entity == item.entity and _SURE.match(text[item.end : after.start]):
            items[at] = _with_role(item, "from")
            items[at + 1] = _with_role(_completed(item, after), "to")
        elif items[at].role is None:
            role = "from" if _FROM.match(text, item.end) else "to" if _TO.match(text, item.end) else None
            items[at] = _with_role(item, role) if role else item
            partner = _earlier(items, at) if role == "to" else None
            if partner is not None:
                items[at] = _with_role(_completed(partner, item), "to")
    return [replace(item, info=_public(item.info)) if _OPEN in item.info else item for item in items]


def _earlier(items: Sequence[Found], at: int) -> Found | None:
    """The start of the same span, with another kind between: 내일 오후 2시부터 모레 4시까지."""
    kind = items[at].entity
    return next((i for i in reversed(items[:at]) if i.entity == kind and i.role == "from"), None)


def _with_role(item: Found, role: str) -> Found:
    return item if item.role is not None else replace(item, role=role)


def _public(info: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in info.items() if key != _OPEN}


def _completed(first: Found, second: Found) -> Found:
    """The second end on or after the first where it names no month, week or half of the day."""
    missing = second.info.get(_OPEN)
    if missing is None or second.entity != first.entity:
        return second
    if second.entity == "time":
        return _later_half(first, second)
    start, end = date.fromisoformat(first.value), date.fromisoformat(second.value)
    if missing == "weekday":
        end = start + timedelta(days=(end.weekday() - start.weekday()) % 7)
    elif missing == "day":
        candidates = (first_of_month(start, shift) for shift in (0, 1, 2))
        days = (safe_date(month.year, month.month, end.day) for month in candidates)
        end = next((found for found in days if found is not None and found >= start), end)
    elif end < start:
        end = safe_date(end.year + 1, end.month, end.day) or end
    elif (end - start).days > 366:
        end = safe_date(end.year - 1, end.month, end.day) or end
    return replace(second, value=end.isoformat())


def _later_half(first: Found, second: Found) -> Found:
    hour = int(second.value[:2])
    if second.value < first.value and hour < 12:
        return replace(second, value=f"{hour + 12:02d}{second.value[2:]}")
    if (
        hour >= 13
        and first.value < f"{hour - 12:02d}"
        and first.info.get(_OPEN) is None
        and first.value < "05:00"
    ):
        return replace(second, value=f"{hour - 12:02d}{second.value[2:]}")
    return second
