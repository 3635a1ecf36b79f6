"""Test files: Rasa's end-to-end format (`test_cases`, `steps`, `assertions`), with steps of ours.

    test_cases:
      - test_case: a lost card is blocked
        steps:
          - user: [카드를 잃어버렸어요, 카드 분실 신고요]     # a list: the case runs once with each
            assertions:
              - flow_started: card_loss
              - awaits: phone
          - user: 010-1234-5678
          - button: 신용카드                                # a press on what is shown
          - later: 3 days                                   # time passes
          - agent: {accept: true}

`channel` of a file, case or step says how the customer is reached (`rest` unless given), which may change the wording.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator

from bot.conversation.e2e.assertions import Assertion, Spec
from bot.conversation.e2e.times import moment, span
from formats import FormatError, load_yaml

ACTS = ("user", "button", "later", "agent")
"""Kinds of steps in which something happens; the others only look at the step before."""


class AgentAct(Spec):
    """What an agent does: exactly one of these. `give_back` and `close` take `{code, note, slots}`."""

    accept: bool | None = None
    say: str | None = None
    note: str | None = None
    transfer: str | None = None
    give_back: dict[str, Any] | None = None
    close: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> AgentAct:
        if len(self.model_fields_set) != 1:
            raise ValueError("exactly one of accept, say, note, transfer, give_back, close")
        return self


class TestStep(Spec):
    """A turn with its assertions, or one of Rasa's older expectations of the turn before."""

    __test__ = False

    user: str | list[str] | None = None
    """What the customer says; of several ways to say it each runs as a case of its own."""
    payload: str | None = None
    """Of the button that was pressed, `user` being its label."""
    button: str | None = None
    """Label of a button that is shown; what is behind it is what gets pressed."""
    channel: str | None = None
    """Where the customer writes from now on."""
    later: str | None = None
    """A span of time in which the customer says nothing."""
    agent: AgentAct | None = None
    assertions: list[Assertion] = Field(default_factory=list)
    bot: str | None = None
    utter: str | None = None
    slot_was_set: list[str | dict[str, Any]] | None = None
    slot_was_not_set: list[str | dict[str, Any]] | None = None

    @model_validator(mode="after")
    def _one(self) -> TestStep:
        kinds = {*ACTS, "bot", "utter", "slot_was_set", "slot_was_not_set"} & self.model_fields_set
        if len(kinds) != 1:
            raise ValueError(f"exactly one of {', '.join(ACTS)}, bot, utter, slot_was_set, slot_was_not_set")
        if self.payload is not None and not isinstance(self.user, str):
            raise ValueError("payload stands beside a single user: LABEL")
        if self.channel is not None and self.user is None and self.button is None:
            raise ValueError("channel stands beside user or button")
        return self

    @field_validator("later")
    @classmethod
    def _span(cls, later: str | None) -> str | None:
        if later is not None:
            span(later)
        return later

    @field_validator("user")
    @classmethod
    def _something(cls, user: str | list[str] | None) -> str | list[str] | None:
        if isinstance(user, list) and not user:
            raise ValueError("at least one way to say it")
        return user

    @property
    def ways(self) -> list[str]:
        """The ways in which the customer says it; empty for other steps."""
        return self.user if isinstance(self.user, list) else [self.user] if self.user is not None else []

    @property
    def text(self) -> str:
        """What the customer says, in the first way."""
        return next(iter(self.ways), "")


class TestCase(Spec):
    """One conversation."""

    __test__ = False

    test_case: str
    channel: str | None = None
    at: str | None = None
    """Day and time at which it begins, Korean time; now unless given."""
    steps: list[TestStep] = Field(min_length=1)

    @field_validator("at", mode="before")
    @classmethod
    def _moment(cls, at: Any) -> str | None:
        # With seconds YAML takes it for a time of its own.
        if at is not None:
            moment(str(at))
        return None if at is None else str(at)

    @model_validator(mode="after")
    def _begins(self) -> TestCase:
        if self.steps[0].user is None:
            raise ValueError("the first step is the customer's: user: …")
        return self

    @property
    def runs(self) -> int:
        """How often it runs: until each way of saying a step was said once."""
        return max(len(step.ways) for step in self.steps)

    def said_in_way(self, number: int) -> TestCase:
        """The case of one run: each step's ways take turns."""
        steps = [
            step.model_copy(update={"user": step.ways[number % len(step.ways)]}) if step.ways else step
            for step in self.steps
        ]
        return self.model_copy(update={"steps": steps})


class _TestFile(Spec):
    channel: str = "rest"
    test_cases: list[TestCase] = Field(min_length=1)


class LoadedCase(Spec):
    """One run of a case, and where the case stands."""

    file: Path
    line: int
    channel: str
    case: TestCase
    lines: tuple[int, ...] = ()
    """Of the steps."""
    way: str = ""
    """Which of the ways to say it, `2/3`; empty where there is one."""

    @property
    def name(self) -> str:
        """As its writer called it, with the way in which it is said."""
        return f"{self.case.test_case} ({self.way})" if self.way else self.case.test_case

    def line_of(self, step: int) -> int:
        """The line of a step, counted from 1."""
        return self.lines[step - 1] if 0 < step <= len(self.lines) else self.line


def load_cases(path: Path) -> list[LoadedCase]:
    """All runs of a file's cases, or of the YAML files under a folder. Raises `FormatError` with file and line."""
    files = sorted(f for f in path.rglob("*.y*ml")) if path.is_dir() else [path]
    if not files:
        raise FormatError(path, 1, "no conversation tests", "YAML files with test_cases")
    seen: dict[str, LoadedCase] = {}
    found: list[LoadedCase] = []
    for case in (case for file in files for case in _load_file(file)):
        first = seen.setdefault(case.name, case)
        if first is not case:
            place = f"{first.file}:{first.line}"
            raise FormatError(
                case.file, case.line, f"test_case {case.name!r} stands in {place} too", "a name of its own"
            )
        found += _runs(case)
    return found


def _runs(loaded: LoadedCase) -> list[LoadedCase]:
    runs = loaded.case.runs
    return [
        loaded.model_copy(
            update={
                "case": loaded.case.said_in_way(number),
                "way": f"{number + 1}/{runs}" if runs > 1 else "",
            }
        )
        for number in range(runs)
    ]


def _load_file(file: Path) -> list[LoadedCase]:
    yaml = load_yaml(file)
    spec = yaml.validate(_TestFile)
    return [
        LoadedCase(
            file=file,
            line=yaml.line(("test_cases", index)),
            channel=case.channel or spec.channel,
            case=case,
            lines=tuple(yaml.line(("test_cases", index, "steps", step)) for step in range(len(case.steps))),
        )
        for index, case in enumerate(spec.test_cases)
    ]
