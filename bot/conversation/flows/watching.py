"""What the flow machine tells of each step it takes, for coverage of tests and for a live trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.conversation.flows.model import Branch, Step
from bot.conversation.flows.predicates import Scope

Did = Literal["went on", "asked", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of one flow. `goes_to` is the next step's id (or END); empty while the customer has to speak."""

    conversation_id: str
    flow_id: str
    step_id: str
    kind: str
    name: str
    """Slot, action or flow that the step is about."""
    did: Did
    goes_to: str = ""
    branch: int | None = None
    """Which of the step's branches was taken, counted from 0, where it has several."""
    why: str = ""
    """The condition that held, with the values that it read; what was refused, or what failed."""


Watcher = Callable[[StepTaken], None]
"""Told of every step, in order. May not change anything. A turn that is decided again is told again."""


def why(step: Step, branch: Branch, scope: Scope) -> str:
    """Why the branch was taken: its condition with what it read; for the last resort what didn't hold."""
    if branch.condition is not None:
        return f"{branch.condition.source} ({_read(branch.condition.names, scope)})"
    asked = [other.condition for other in step.branches if other.condition is not None]
    if not asked:
        return ""
    names = frozenset().union(*(condition.names for condition in asked))
    return f"else ({_read(names, scope)})"


def _read(names: frozenset[str], scope: Scope) -> str:
    return ", ".join(f"{name} = {_value(name, scope)}" for name in sorted(names))


def _value(name: str, scope: Scope) -> Any:
    space, _, key = name.partition(".")
    value = scope.get(space, {}).get(key)
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else value
