"""Sites that are read on a schedule: what config.yml says of them, what became of the last time, when the next one is due."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.conversation.clock import KOREA
from formats import SangdamError
from knowledge_base.crawl import CrawlOptions, CrawlReport
from knowledge_base.loaders.metadata import checked

LEAST_EVERY = 600
"""Seconds: no site is read more often."""
RETRY = 600.0
"""Seconds after which a crawl that was cut off begins again."""
SILENT = 90.0
"""Seconds without a sign of life after which a crawl counts as cut off."""
SHOWN = 200
"""Pages that failed which are remembered."""
STATE = ".crawls.json"
"""In the folder of added documents."""
_UNITS = {"m": 60, "h": 3_600, "d": 86_400}


def _interval(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,3}[mhd]", text) or seconds_of(text) < LEAST_EVERY:
        raise ValueError("minutes, hours or days such as 30m, 6h or 1d, at least 10m")
    return text


def _moment(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError('a time of the day such as "03:00"')
    return text


def _said(metadata: dict[str, str]) -> dict[str, str]:
    try:
        return checked(metadata)
    except SangdamError as error:
        raise ValueError(error.en) from None


class CrawlSpec(BaseModel):
    """Pages and sitemaps, and when they are read: `every` so long, or `at` a time of the day in Korea."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[\w가-힣][\w가-힣 .-]{0,59}$")
    """Whose pages they are; another name is another crawl."""
    starts: list[Annotated[str, Field(pattern=r"^https?://\S+$")]] = Field(min_length=1)
    every: Annotated[str, AfterValidator(_interval)] | None = None
    at: Annotated[str, AfterValidator(_moment)] | None = None
    follow: bool = True
    """Whether links are followed; a list of pages alone needs none."""
    pages: int = Field(default=200, ge=1, le=10_000)
    depth: int = Field(default=3, ge=0, le=20)
    delay: float = Field(default=1.0, ge=0.1, le=60)
    """Seconds between two pages."""
    allow_private: list[str] = Field(default_factory=list)
    """Hosts of the own network that may be read."""
    metadata: Annotated[dict[str, str], AfterValidator(_said)] = Field(default_factory=dict)
    """Said of every page: audience, category, language, validity."""

    @model_validator(mode="after")
    def _one_rhythm(self) -> CrawlSpec:
        if (self.every is None) == (self.at is None):
            raise ValueError("one of 'every' and 'at'")
        return self

    @property
    def options(self) -> CrawlOptions:
        """As the crawler takes them."""
        return CrawlOptions(
            name=self.name,
            pages=self.pages,
            depth=self.depth,
            delay=self.delay,
            follow=self.follow,
            private=tuple(self.allow_private),
            metadata=self.metadata,
        )


class FailedPage(BaseModel):
    """A page that could not be read."""

    file: str
    code: str
    reason: str
    remedy: str


class CrawlState(BaseModel):
    """What became of a crawl. Times are seconds since the epoch; None: never."""

    started_at: float | None = None
    finished_at: float | None = None
    alive_at: float = 0.0
    new: int = 0
    unchanged: int = 0
    gone: int = 0
    skipped: int = 0
    failed: int = 0
    problems: list[FailedPage] = Field(default_factory=list)
    """At most `SHOWN` of the `failed` pages."""
    problem: str = ""
    """Why the whole came to nothing; empty if it didn't."""

    def running(self, now: float) -> bool:
        """Whether it is under way, on this server or another."""
        return self.started_at is not None and self.finished_at is None and now - self.alive_at < SILENT

    def reported(self, report: CrawlReport, now: float) -> CrawlState:
        """The state after a crawl that came to its end."""
        problems = [
            FailedPage(file=one.file, code=one.code, reason=one.reason, remedy=one.remedy)
            for one in report.problems[:SHOWN]
        ]
        return CrawlState(
            started_at=self.started_at,
            finished_at=now,
            alive_at=now,
            new=report.new,
            unchanged=report.unchanged,
            gone=report.gone,
            skipped=report.skipped,
            failed=len(report.problems),
            problems=problems,
        )


def named_apart(specs: list[CrawlSpec]) -> list[CrawlSpec]:
    """Raises `ValueError` for two of one name: each would drop the other's pages."""
    if len({spec.name for spec in specs}) < len(specs):
        raise ValueError("names that differ")
    return specs


def seconds_of(every: str) -> int:
    """Of `every`."""
    return int(every[:-1]) * _UNITS[every[-1]]


def next_run(spec: CrawlSpec, state: CrawlState) -> float:
    """When it is due, in seconds since the epoch; a time that was missed, as nobody ran, is past."""
    if state.started_at is None:
        return 0.0
    if state.finished_at is None:
        return state.alive_at + RETRY
    if spec.every is not None:
        return state.started_at + seconds_of(spec.every)
    hour, minute = map(int, str(spec.at).split(":"))
    last = datetime.fromtimestamp(state.started_at, KOREA)
    due = datetime.combine(last.date(), time(hour, minute), KOREA)
    return (due if due > last else due + timedelta(days=1)).timestamp()


class CrawlStates:
    """States of crawls in one file beside the documents, which every process reads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATE

    def all(self) -> dict[str, CrawlState]:
        """By name; what can't be read counts as never crawled."""
        try:
            data: Any = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(name): CrawlState.model_validate(state) for name, state in data.items()}
        except (OSError, ValueError, AttributeError, ValidationError):
            return {}

    def of(self, name: str) -> CrawlState:
        """The state of one."""
        return self.all().get(name, CrawlState())

    def keep(self, name: str, state: CrawlState) -> None:
        """Write it down. Raises `OSError`."""
        self._write({**self.all(), name: state})

    def _write(self, states: Mapping[str, CrawlState]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        working = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        told = {name: state.model_dump() for name, state in states.items()}
        working.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        os.replace(working, self._path)
