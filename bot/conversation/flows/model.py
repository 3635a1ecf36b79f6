"""A flow, compiled: flat steps by id, every `next` resolved, every name checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.conversation.flows.predicates import Predicate

END = "END"
StepKind = Literal["collect", "action", "set_slots", "link", "call", "noop"]


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go if `condition` holds; None holds always."""

    condition: Predicate | None
    target: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A value that a collect step refuses, and what is said then."""

    condition: Predicate
    utter: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `name` is the slot, action or flow that it is about."""

    id: str
    kind: StepKind
    branches: tuple[Branch, ...]
    name: str = ""
    description: str = ""
    utter: str = ""
    """Response (or action) that asks for the slot of a collect step."""
    ask_before_filling: bool = False
    reset_after_flow_ends: bool = True
    force_slot_filling: bool = False
    optional: bool = False
    """Of a collect step: customers may skip it; the slot stays empty then."""
    rejections: tuple[Rejection, ...] = ()
    once: Predicate | None = None
    """Of an action: where it holds afterwards what was done can't be undone, so that no correction goes back before it; where
    it doesn't the action may be repeated. None: not said."""
    values: tuple[tuple[str, Any], ...] = ()
    """Of set_slots."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Trigger:
    """An intent that starts the flow, from a confidence on."""

    intent: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Flow:
    """A business process or, with the id prefix `pattern_`, a repair pattern."""

    id: str
    name: str
    description: str
    steps: dict[str, Step]
    first: str
    guard: Predicate | None = None
    triggers: tuple[Trigger, ...] = ()
    persisted_slots: frozenset[str] = frozenset()
    always_in_prompt: bool = False
    """Language models are told of the flow whatever the customer says."""
    run_pattern_completed: bool = True
    order: dict[str, int] = field(default_factory=dict)
    """Step id -> place in the file, for going back to the earliest of several steps."""
    file: Path | str = ""
    line: int = 0

    @property
    def is_pattern(self) -> bool:
        """Repair patterns are flows too, but not what the customer came for."""
        return self.id.startswith("pattern_")

    def collected_slots(self) -> list[str]:
        """Slots that the flow asks for, in order, each once."""
        return list(dict.fromkeys(step.name for step in self.steps.values() if step.kind == "collect"))

    def collect_step(self, slot: str) -> Step | None:
        """The first step that asks for the slot."""
        return next((s for s in self.steps.values() if s.kind == "collect" and s.name == slot), None)
