"""What the flow machine tells of each step it takes: to watchers as coverage of tests, and to the event log for traces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

from bot.conversation.flows.model import Branch, Step
from bot.conversation.flows.predicates import Scope
from bot.conversation.secrecy import HIDDEN

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
    after: int = 0
    """`seq` of the last event before it, for putting steps between events."""


_KEPT = tuple(field.name for field in fields(StepTaken) if field.name != "conversation_id")


def step_json(step: StepTaken) -> dict[str, Any]:
    """A step as the event log keeps it: without its conversation, and without what is empty."""
    return {name: value for name in _KEPT if (value := getattr(step, name)) not in ("", None)}


def load_step(conversation_id: str, data: dict[str, Any]) -> StepTaken:
    """The step that `step_json` wrote."""
    return StepTaken(conversation_id=conversation_id, **{"name": "", **data})


Watcher = Callable[[StepTaken], None]
"""Told of every step, in order. May not change anything. A turn that is decided again is told again."""


def why(step: Step, branch: Branch, scope: Scope, secrets: frozenset[str] = frozenset()) -> str:
    """Why the branch was taken: its condition with what it read; for the last resort what didn't hold.

    Values of the slots in `secrets` aren't told.
    """
    if branch.condition is not None:
        read = _read(branch.condition.names, scope, secrets)
        return f"{branch.condition.source} ({read})" if read else branch.condition.source
    asked = [other.condition for other in step.branches if other.condition is not None]
    if not asked:
        return ""
    names = frozenset().union(*(condition.names for condition in asked))
    return f"else ({_read(names, scope, secrets)})"


def _read(names: frozenset[str], scope: Scope, secrets: frozenset[str]) -> str:
    return ", ".join(f"{name} = {_value(name, scope, secrets)}" for name in sorted(names))


def _value(name: str, scope: Scope, secrets: frozenset[str]) -> Any:
    space, _, key = name.partition(".")
    value = scope.get(space, {}).get(key)
    if value is not None and space == "slots" and key in secrets:
        return HIDDEN
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else value
