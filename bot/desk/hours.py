"""When people are there: weekly hours, public holidays of Korea, days of the company's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from korean.public_holidays import holiday_name

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KOREAN_DAYS = "월화수목금토일"
LOOK_AHEAD = 60
"""Days within which a next opening is looked for."""


def _span(value: Any) -> tuple[time, time] | None:
    """`09:00-18:00`; `24:00` ends a day, `closed` is none."""
    if value in (None, "closed", False):
        return None
    if isinstance(value, tuple):
        return value
    try:
        start, end = str(value).split("-")
        begins = time.fromisoformat(start.strip())
        ends = time.max if end.strip() == "24:00" else time.fromisoformat(end.strip())
    except ValueError:
        raise ValueError("expected hours like 09:00-18:00, or closed") from None
    if ends <= begins:
        raise ValueError("the end comes before the beginning")
    return begins, ends


Span = Annotated[tuple[time, time] | None, BeforeValidator(_span)]


class Hours(BaseModel):
    """Opening hours of a queue. Without any it is open day and night."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    week: dict[str, Span] = Field(default_factory=dict)
    """`mon`, …, or spans of days like `mon-fri` -> `09:00-18:00` or `closed`; days that aren't named are closed."""
    holidays: Literal["closed", "open"] = "closed"
    """What public holidays of Korea are, substitute ones and elections too."""
    closed_on: tuple[date, ...] = ()
    special: dict[date, Span] = Field(default_factory=dict)
    """Days with hours of their own, before everything else."""
    timezone: str = "Asia/Seoul"

    @field_validator("week")
    @classmethod
    def _days(cls, week: dict[str, Span]) -> dict[str, Span]:
        found: dict[str, Span] = {}
        for name, span in week.items():
            found.update(dict.fromkeys(_days_of(name), span))
        return found

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("no such time zone") from None
        return name

    @property
    def always(self) -> bool:
        """Open day and night."""
        return not self.week and not self.closed_on and not self.special

    def is_open(self, at: float) -> bool:
        """Whether people are there at a time (seconds since the epoch)."""
        if self.always:
            return True
        local = self.local(at)
        span = self.span(local.date())
        return span is not None and span[0] <= local.time() < span[1]

    def span(self, day: date) -> tuple[time, time] | None:
        """Hours of one day."""
        if day in self.special:
            return self.special[day]
        if day in self.closed_on or (self.holidays == "closed" and holiday_name(day)):
            return None
        return self.week.get(DAYS[day.weekday()]) if self.week else (time.min, time.max)

    def next_opening(self, at: float) -> float | None:
        """When people are there next: now if they are there; None if never within two months."""
        if self.is_open(at):
            return at
        return next((begins for begins, _ in self.spans(at, LOOK_AHEAD) if begins > at), None)

    def closing(self, at: float) -> float | None:
        """When the day ends that is open at `at`."""
        if self.always:
            return None
        return next((ends for begins, ends in self.spans(at, 1) if begins <= at < ends), None)

    def spans(self, since: float, days: int) -> Iterator[tuple[float, float]]:
        """Openings of so many days from today on, as seconds since the epoch."""
        zone, first = ZoneInfo(self.timezone), self.local(since).date()
        for ahead in range(days + 1):
            day = first + timedelta(days=ahead)
            span = self.span(day)
            if span is not None:
                begins = datetime.combine(day, span[0], zone)
                ends = (
                    datetime.combine(day + timedelta(days=1), time.min, zone)
                    if span[1] == time.max
                    else datetime.combine(day, span[1], zone)
                )
                yield begins.timestamp(), ends.timestamp()

    def local(self, at: float) -> datetime:
        """A time on the queue's own clock."""
        return datetime.fromtimestamp(at, ZoneInfo(self.timezone))

    # -- words --------------------------------------------------------------------------------------------------

    def text(self, at: float) -> str:
        """One line for customers: until when, or when again and why not now."""
        if self.always:
            return "24시간 상담할 수 있어요"
        closes = self.closing(at)
        if closes is not None:
            return f"오늘 {clock(self.local(closes))}까지 상담할 수 있어요"
        opens, holiday = self.next_opening(at), holiday_name(self.local(at).date())
        why = f"오늘은 {holiday} 휴무예요. " if holiday and self.holidays == "closed" else ""
        return f"{why}{self.when(opens, at)}부터 상담할 수 있어요" if opens else f"{why}상담 시간이 아니에요"

    def when(self, moment: float, now: float) -> str:
        """`오늘 오후 2시`, `내일(목) 오전 9시`, `11월 30일(월) 오전 9시`."""
        there, here = self.local(moment), self.local(now)
        days = (there.date() - here.date()).days
        day = f"({KOREAN_DAYS[there.weekday()]})"
        named = {0: "오늘", 1: f"내일{day}"}.get(days, f"{there.month}월 {there.day}일{day}")
        return f"{named} {clock(there)}"


def clock(moment: datetime) -> str:
    """`오전 9시`, `오후 1시 30분`, `자정`."""
    if (moment.hour, moment.minute) == (0, 0):
        return "자정"
    half = "오전" if moment.hour < 12 else "오후"
    minutes = f" {moment.minute}분" if moment.minute else ""
    return f"{half} {(moment.hour - 1) % 12 + 1}시{minutes}"


def _days_of(name: str) -> list[str]:
    first, _, last = name.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError(f"{name!r} is no day: mon to sun, or a span like mon-fri")
    start, end = DAYS.index(first), DAYS.index(last or first)
    if end < start:
        raise ValueError(f"{name!r} goes backwards")
    return list(DAYS[start : end + 1])
