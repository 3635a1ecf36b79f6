"""Which steps and branches of the flows the tests went through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.conversation.flows.model import Flow, Step
from bot.conversation.flows.watching import StepTaken


@dataclass(slots=True)
class Taken:
    """A watcher of the flow machine that counts. Pickles, so that processes can hand theirs over."""

    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    branches: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def __call__(self, taken: StepTaken) -> None:
        """Count one step."""
        self.steps[taken.flow_id, taken.step_id] += 1
        if taken.branch is not None:
            self.branches[taken.flow_id, taken.step_id, taken.branch] += 1

    def add(self, other: Taken) -> None:
        """Count what another one has counted."""
        self.steps.update(other.steps)
        self.branches.update(other.branches)


@dataclass(frozen=True, slots=True)
class FlowCoverage:
    """How much of one flow was gone through. `missing` names what was not, as people read it."""

    flow_id: str
    name: str
    steps: int
    steps_taken: int
    branches: int
    branches_taken: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of steps and branches together, 0 to 1."""
        return (self.steps_taken + self.branches_taken) / max(1, self.steps + self.branches)


def coverage(flows: Mapping[str, Flow], taken: Taken) -> list[FlowCoverage]:
    """One entry a flow, in their order."""
    return [_of_flow(flow, taken) for flow in flows.values()]


def total(covered: Iterable[FlowCoverage]) -> FlowCoverage:
    """All flows as one, without what is missing."""
    flows = list(covered)
    return FlowCoverage(
        flow_id="",
        name="",
        steps=sum(flow.steps for flow in flows),
        steps_taken=sum(flow.steps_taken for flow in flows),
        branches=sum(flow.branches for flow in flows),
        branches_taken=sum(flow.branches_taken for flow in flows),
        missing=(),
    )


def _of_flow(flow: Flow, taken: Taken) -> FlowCoverage:
    missing, branches, branches_taken = [], 0, 0
    for step in flow.steps.values():
        reached = (flow.id, step.id) in taken.steps
        if not reached:
            missing.append(f"{step.id} (line {step.line})")
        if len(step.branches) < 2:
            continue
        branches += len(step.branches)
        for place in range(len(step.branches)):
            if (flow.id, step.id, place) in taken.branches:
                branches_taken += 1
            elif reached:
                missing.append(f"{step.id} → {_condition(step, place)} (line {step.line})")
    return FlowCoverage(
        flow_id=flow.id,
        name=flow.name,
        steps=len(flow.steps),
        steps_taken=sum((flow.id, step_id) in taken.steps for step_id in flow.steps),
        branches=branches,
        branches_taken=branches_taken,
        missing=tuple(missing),
    )


def _condition(step: Step, place: int) -> str:
    condition = step.branches[place].condition
    return f"if {condition.source}" if condition is not None else "else"
