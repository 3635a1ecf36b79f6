"""What a test may expect of a turn. The names that Rasa has are used as Rasa documents them; the others are ours."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.conversation.commands import Command
from bot.conversation.store import CaseState, Urgency

COMMANDS = tuple(kind.model_fields["command"].default for kind in get_args(get_args(Command)[0]))
"""Names of all commands."""


class Spec(BaseModel):
    """Base of all that stands in a test file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SlotExpected(Spec):
    """A slot, and its value if that matters."""

    name: str
    value: Any = None

    @property
    def any_value(self) -> bool:
        """Whether any value but none will do."""
        return "value" not in self.model_fields_set


class ButtonExpected(Spec):
    """A button as the customer sees it."""

    title: str
    payload: str | None = None


class BotUtteredExpected(Spec):
    """All that is given must hold for one and the same message of the bot."""

    utter_name: str | None = None
    text_matches: str | None = None
    """A regular expression, searched for anywhere in the text."""
    buttons: list[ButtonExpected] | None = None
    """Exactly these, in this order."""


class FlowsExpected(Spec):
    """Several flows, all of which or any of which."""

    operator: Literal["all", "any"] = "all"
    flow_ids: list[str] = Field(min_length=1)


class StepExpected(Spec):
    """A flow, and the step at which it ended if that matters."""

    flow_id: str
    flow_step_id: str | None = None


class AwaitedExpected(Spec):
    """The open question: its slot, and the flow and step that ask, as far as they matter."""

    slot: str | None = None
    flow_id: str | None = None
    flow_step_id: str | None = None


class QueueExpected(Spec):
    """The customer's newest case after the turn, as far as it matters."""

    name: str | None = None
    state: CaseState | None = None
    """`callback`: filed for later, as nobody is there now or a call was booked."""
    urgency: Urgency | None = None
    skills: list[str] | None = None
    segment: str | None = None
    goal: str | None = None


class Assertion(Spec):
    """One expectation of a turn: exactly one of these."""

    intent: str | None = None
    command: str | dict[str, Any] | None = None
    """A command by its name, or with some of what it says."""
    flow_started: FlowsExpected | str | None = None
    flow_completed: StepExpected | str | None = None
    flow_cancelled: StepExpected | str | None = None
    awaits: AwaitedExpected | str | None = None
    """The slot that is asked for after the turn; null: nothing is."""
    pattern_clarification_contains: list[str] | None = None
    action_executed: str | None = None
    action_failed: str | None = None
    slot: dict[str, Any] | None = None
    """What slots hold after the turn; null is empty."""
    slot_was_set: list[SlotExpected] | None = None
    slot_was_not_set: list[SlotExpected] | None = None
    reply_contains: str | list[str] | None = None
    """Words that stand somewhere in what the bot said."""
    bot_uttered: BotUtteredExpected | None = None
    bot_did_not_utter: BotUtteredExpected | None = None
    bot_is_silent: bool | None = None
    cites: str | None = None
    """A document that an answer of this turn names as its source."""
    owner: str | None = None
    """Who may speak after the turn."""
    handoff_reason: str | None = None
    queue: QueueExpected | str | None = None

    @model_validator(mode="after")
    def _one(self) -> Assertion:
        if len(self.model_fields_set) != 1:
            raise ValueError("exactly one expectation, as a list item of its own")
        return self

    @field_validator("command")
    @classmethod
    def _known(cls, given: str | dict[str, Any] | None) -> str | dict[str, Any] | None:
        name = given.get("command") if isinstance(given, dict) else given
        if name not in COMMANDS:
            raise ValueError(f"one of {', '.join(COMMANDS)}, or {{command: …}} with what it says")
        return given
