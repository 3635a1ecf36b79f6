"""Working days of Korea, and when people are at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CallSlot:
    """A time in which agents can call back."""

    begins: datetime
    ends: datetime
    free: int
    """Calls that may still be booked."""


class CalendarService(Protocol):
    """Days and hours, in the customers' time. An empty `queue` is the desk's default one."""

    def now(self) -> datetime:
        """The time of the conversation: the machine's, or the one that a conversation test moved to."""

    def moment(self, day: str, hour: str) -> datetime:
        """`2026-11-26`, `15:00` as slots hold them. Raises `ValueError` for what is no date or time."""

    def holiday(self, day: date) -> str | None:
        """The Korean name of a public holiday, substitute ones and elections too; None on other days."""

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and no public holiday."""

    def working_day(self, start: date, count: int) -> date:
        """The day on which so many working days have passed since `start`; a negative count goes back."""

    def desk_open(self, at: datetime, queue: str = "") -> bool:
        """Whether people are there."""

    def desk_opens(self, at: datetime, queue: str = "") -> datetime | None:
        """When they are there next: `at` itself if they are, None if not within two months."""

    def desk_hours(self, queue: str = "") -> str:
        """One line for customers of now: `오늘 오후 6시까지 상담할 수 있어요`, or when again and why not now."""

    def in_words(self, at: datetime) -> str:
        """`오늘 오후 2시`, `내일(목) 오전 9시`, `11월 30일(월) 오전 9시`."""

    async def call_slots(self, queue: str = "") -> list[CallSlot]:
        """Times of the coming days in which a call back may still be booked, in order."""
