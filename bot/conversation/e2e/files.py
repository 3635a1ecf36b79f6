"""Test files: Rasa's end-to-end format (`test_cases`, `steps`, `assertions`), with steps of ours for agents.

    test_cases:
      - test_case: a lost card is blocked
        steps:
          - user: 카드를 잃어버렸어요
            assertions:
              - flow_started: card_loss
              - bot_uttered: {utter_name: utter_ask_phone}
          - user: 010-1234-5678
          - agent: {accept: true}

`channel` of a case or file says how the customer is reached (`rest` unless given), which may change the wording.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from formats import FormatError, load_yaml


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SlotExpected(_Spec):
    """A slot, and its value if that matters."""

    name: str
    value: Any = None

    @property
    def any_value(self) -> bool:
        """Whether any value but none will do."""
        return "value" not in self.model_fields_set


class ButtonExpected(_Spec):
    """A button as the customer sees it."""

    title: str
    payload: str | None = None


class BotUtteredExpected(_Spec):
    """All that is given must hold for one and the same message of the bot."""

    utter_name: str | None = None
    text_matches: str | None = None
    """A regular expression, searched for anywhere in the text."""
    buttons: list[ButtonExpected] | None = None
    """Exactly these, in this order."""


class StepExpected(_Spec):
    """A flow, and the step at which it ended if that matters."""

    flow_id: str
    flow_step_id: str | None = None


class Assertion(_Spec):
    """One expectation of a turn: exactly one of these."""

    flow_started: str | None = None
    flow_completed: StepExpected | str | None = None
    flow_cancelled: StepExpected | str | None = None
    pattern_clarification_contains: list[str] | None = None
    action_executed: str | None = None
    action_failed: str | None = None
    slot_was_set: list[SlotExpected] | None = None
    slot_was_not_set: list[SlotExpected] | None = None
    bot_uttered: BotUtteredExpected | None = None
    bot_did_not_utter: BotUtteredExpected | None = None
    bot_is_silent: bool | None = None
    cites: str | None = None
    """A document that an answer of this turn names as its source."""
    owner: str | None = None
    """Who may speak after the turn."""
    handoff_reason: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Assertion:
        if len(self.model_fields_set) != 1:
            raise ValueError("exactly one expectation, as a list item of its own")
        return self


class AgentAct(_Spec):
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


class TestStep(_Spec):
    """A turn (`user` or `agent`) with its assertions, or one of Rasa's older expectations of the turn before."""

    __test__ = False

    user: str | None = None
    payload: str | None = None
    """Of the button that was pressed, `user` being its label."""
    agent: AgentAct | None = None
    assertions: list[Assertion] = Field(default_factory=list)
    bot: str | None = None
    utter: str | None = None
    slot_was_set: list[str | dict[str, Any]] | None = None
    slot_was_not_set: list[str | dict[str, Any]] | None = None

    @model_validator(mode="after")
    def _one(self) -> TestStep:
        kinds = {"user", "agent", "bot", "utter", "slot_was_set", "slot_was_not_set"} & self.model_fields_set
        if len(kinds) != 1:
            raise ValueError("exactly one of user, agent, bot, utter, slot_was_set, slot_was_not_set")
        return self


class TestCase(_Spec):
    """One conversation."""

    __test__ = False

    test_case: str
    channel: str | None = None
    steps: list[TestStep] = Field(min_length=1)

    @model_validator(mode="after")
    def _begins(self) -> TestCase:
        if self.steps[0].user is None:
            raise ValueError("the first step is the customer's: user: …")
        return self


class _TestFile(_Spec):
    channel: str = "rest"
    test_cases: list[TestCase] = Field(min_length=1)


class LoadedCase(_Spec):
    """A case and where it stands."""

    file: Path
    line: int
    channel: str
    case: TestCase

    @property
    def name(self) -> str:
        """As its writer called it."""
        return self.case.test_case


def load_cases(path: Path) -> list[LoadedCase]:
    """All cases of a file, or of the YAML files under a folder. Raises `FormatError` with file and line."""
    files = sorted(f for f in path.rglob("*.y*ml")) if path.is_dir() else [path]
    if not files:
        raise FormatError(path, 1, "no conversation tests", "YAML files with test_cases")
    found: list[LoadedCase] = []
    for file in files:
        found += _load_file(file)
    seen: dict[str, LoadedCase] = {}
    for case in found:
        if case.name in seen:
            first = seen[case.name]
            raise FormatError(
                case.file,
                case.line,
                f"test_case {case.name!r} stands in {first.file}:{first.line} too",
                "a name of its own",
            )
        seen[case.name] = case
    return found


def _load_file(file: Path) -> list[LoadedCase]:
    yaml = load_yaml(file)
    spec = yaml.validate(_TestFile)
    return [
        LoadedCase(
            file=file,
            line=yaml.line(("test_cases", index)),
            channel=case.channel or spec.channel,
            case=case,
        )
        for index, case in enumerate(spec.test_cases)
    ]
