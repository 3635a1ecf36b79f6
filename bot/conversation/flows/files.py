"""flows.yml as people write it, and its compilation into `Flow`. The grammar is the one Rasa documents for CALM flows.

A nested list that ends without `next` goes on with the step after the branch that holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.conversation.flows.model import END, Branch, Flow, Rejection, Step, StepKind, Trigger
from bot.conversation.flows.predicates import Predicate, PredicateError
from formats import YamlFile, load_yaml

Condition = str | bool
KINDS: tuple[StepKind, ...] = ("collect", "action", "set_slots", "link", "call", "noop")
_RESERVED = {END, "START"}


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def _checked(condition: Condition) -> Condition:
    try:
        Predicate.parse(condition)
    except PredicateError as error:
        raise ValueError(str(error)) from None
    return condition


class RejectionSpec(_Spec):
    """`- if: slots.amount < 1` / `utter: utter_amount_too_low`."""

    if_: Annotated[Condition, Field(alias="if")]
    utter: str

    _parse = field_validator("if_")(_checked)


class BranchSpec(_Spec):
    """`- if: …` / `then: …` or `- else: …`."""

    if_: Annotated[Condition | None, Field(alias="if")] = None
    then: str | list[StepSpec] | None = None
    else_: Annotated[str | list[StepSpec] | None, Field(alias="else")] = None

    @field_validator("if_")
    @classmethod
    def _parse(cls, condition: Condition | None) -> Condition | None:
        return None if condition is None else _checked(condition)

    @model_validator(mode="after")
    def _whole(self) -> BranchSpec:
        if (self.if_ is None) == (self.else_ is None) or (self.if_ is None) != (self.then is None):
            raise ValueError("either 'if' with 'then', or 'else'")
        return self


class StepSpec(_Spec):
    """One step: exactly one of collect, action, set_slots, link, call, noop."""

    id: str | None = None
    next: str | list[BranchSpec] | None = None
    description: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)
    collect: str | None = None
    utter: str | None = None
    ask_before_filling: bool = False
    reset_after_flow_ends: bool = True
    force_slot_filling: bool = False
    rejections: list[RejectionSpec] = Field(default_factory=list)
    action: str | None = None
    set_slots: list[dict[str, Any]] | None = None
    link: str | None = None
    call: str | None = None
    noop: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> StepSpec:
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(
                f"exactly one of {', '.join(KINDS)} in a step, not {' and '.join(kinds) or 'none'}"
            )
        if self.noop and self.next is None:
            raise ValueError("noop needs 'next'")
        if "once" in self.metadata:
            self._check_once(self.metadata["once"])
        optional = self.metadata.get("optional", False)
        if not isinstance(optional, bool) or (optional and self.collect is None):
            raise ValueError(
                "metadata 'optional' is true or false, and says of a question whether it can be skipped"
            )
        if self.link is not None and self.next is not None:
            raise ValueError("link ends the flow: no 'next' beside it")
        return self

    def _check_once(self, once: Any) -> None:
        if self.action is None or not isinstance(once, bool | str):
            raise ValueError(
                "metadata 'once' is true, false or a condition, and says of an action whether it can't be undone"
            )
        _checked(once)

    @property
    def kind(self) -> StepKind:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)


class TriggerSpec(_Spec):
    """An intent by name, or with `confidence_threshold`."""

    name: str
    confidence_threshold: float = 0.0


class NluTrigger(_Spec):
    """`- intent: card_loss` or `- intent: {name: card_loss, confidence_threshold: 0.8}`."""

    intent: str | TriggerSpec


class FlowSpec(_Spec):
    """One flow of the file."""

    description: str
    steps: list[StepSpec] = Field(min_length=1)
    name: str = ""
    if_: Annotated[Condition | None, Field(alias="if")] = None
    always_include_in_prompt: bool = False
    nlu_trigger: list[NluTrigger] = Field(default_factory=list)
    persisted_slots: list[str] = Field(default_factory=list)
    run_pattern_completed: bool = True
    metadata: dict[str, Any] = Field(default_factory=dict)

    @field_validator("if_")
    @classmethod
    def _parse(cls, condition: Condition | None) -> Condition | None:
        return None if condition is None else _checked(condition)


class FlowsFile(_Spec):
    """A whole file."""

    version: str | None = None
    flows: dict[str, FlowSpec] = Field(default_factory=dict)


def load_flows(paths: Iterable[Path]) -> dict[str, Flow]:
    """All flows of the files. Raises `FormatError` for bad grammar, double ids, and `next` to nowhere.

    What they make of each other is for `checks.check_flows`, once all flows of an assistant are together.
    """
    flows: dict[str, Flow] = {}
    for path in paths:
        file = load_yaml(path)
        for flow_id, spec in file.validate(FlowsFile).flows.items():
            if flow_id in flows:
                raise file.error(("flows", flow_id), f"flow {flow_id!r} is defined twice", "each id once")
            flows[flow_id] = _Compiler(file, flow_id, spec).flow()
    return flows


class _Compiler:
    """Flattens one flow: numbers the steps, resolves `next`, keeps the line of each."""

    def __init__(self, file: YamlFile, flow_id: str, spec: FlowSpec) -> None:
        self.file, self.id, self.spec = file, flow_id, spec
        self.place: tuple[str | int, ...] = ("flows", flow_id)
        self.steps: dict[str, Step] = {}
        self.lines: dict[str, tuple[str | int, ...]] = {}

    def flow(self) -> Flow:
        """The compiled flow. Raises `FormatError` for doubled or missing step ids."""
        first = self._block(self.spec.steps, "", END, (*self.place, "steps"))
        for step in self.steps.values():
            for branch in step.branches:
                if branch.target != END and branch.target not in self.steps:
                    place = self.lines[step.id]
                    raise self.file.error(
                        place, f"next goes to unknown step {branch.target!r}", "a step id or END"
                    )
        return Flow(
            id=self.id,
            name=self.spec.name or self.id.replace("_", " "),
            description=self.spec.description,
            steps=self.steps,
            first=first,
            guard=None if self.spec.if_ is None else Predicate.parse(self.spec.if_),
            triggers=tuple(_trigger(item.intent) for item in self.spec.nlu_trigger),
            persisted_slots=frozenset(self.spec.persisted_slots),
            always_in_prompt=self.spec.always_include_in_prompt,
            run_pattern_completed=self.spec.run_pattern_completed,
            order={step_id: index for index, step_id in enumerate(self.steps)},
            file=self.file.path,
            line=self.file.line(self.place),
        )

    def _block(self, specs: Sequence[StepSpec], prefix: str, after: str, place: tuple[str | int, ...]) -> str:
        """Compile a list of steps that goes on at `after`; returns the id of its first step."""
        if not specs:
            return after
        ids = [spec.id or f"{prefix}{index}_{_label(spec)}" for index, spec in enumerate(specs)]
        for index, (spec, step_id) in enumerate(zip(specs, ids, strict=True)):
            here = (*place, index)
            if step_id in self.lines or step_id in _RESERVED:
                raise self.file.error(
                    here, f"step id {step_id!r} is used twice or reserved", "each id once in a flow"
                )
            self.lines[step_id] = here
            following = ids[index + 1] if index + 1 < len(ids) else after
            # Placed before its nested steps, so that `order` follows the file.
            self.steps[step_id] = _step(spec, step_id, (), self.file.line(here))
            branches = self._branches(spec, step_id, following, here)
            self.steps[step_id] = _step(spec, step_id, branches, self.file.line(here))
        return ids[0]

    def _branches(
        self, spec: StepSpec, step_id: str, following: str, place: tuple[str | int, ...]
    ) -> tuple[Branch, ...]:
        if spec.next is None:
            return (Branch(None, following),)
        if isinstance(spec.next, str):
            return (Branch(None, spec.next),)
        found = []
        defaults = [index for index, item in enumerate(spec.next) if item.if_ is None]
        problem = (
            "'next' has no branch"
            if not spec.next
            else "two defaults: 'else' comes twice"
            if len(defaults) > 1
            else "'else' is not the last branch"
            if defaults not in ([], [len(spec.next) - 1])
            else ""
        )
        if problem:
            place = (*place, "next", *defaults[:1])
            raise self.file.error(place, problem, "branches with `if`, then at most one `else`")
        for index, item in enumerate(spec.next):
            condition = None if item.if_ is None else Predicate.parse(item.if_)
            goal = item.then if item.if_ is not None else item.else_
            here = (*place, "next", index, "then" if item.if_ is not None else "else")
            if isinstance(goal, list):
                goal = self._block(goal, f"{step_id}.{index}.", following, here)
            found.append(Branch(condition, goal or following))
        if found[-1].condition is not None:
            found.append(Branch(None, following))
        return tuple(found)


def _label(spec: StepSpec) -> str:
    return str(spec.collect or spec.action or spec.link or spec.call or spec.kind)


def _trigger(intent: str | TriggerSpec) -> Trigger:
    return Trigger(intent) if isinstance(intent, str) else Trigger(intent.name, intent.confidence_threshold)


def _step(spec: StepSpec, step_id: str, branches: tuple[Branch, ...], line: int) -> Step:
    return Step(
        id=step_id,
        kind=spec.kind,
        branches=branches,
        name=str(spec.collect or spec.action or spec.link or spec.call or ""),
        description=spec.description,
        utter=spec.utter or (f"utter_ask_{spec.collect}" if spec.collect else ""),
        ask_before_filling=spec.ask_before_filling,
        reset_after_flow_ends=spec.reset_after_flow_ends,
        force_slot_filling=spec.force_slot_filling,
        rejections=tuple(Rejection(Predicate.parse(r.if_), r.utter) for r in spec.rejections),
        optional=spec.metadata.get("optional", False),
        once=Predicate.parse(spec.metadata["once"]) if "once" in spec.metadata else None,
        values=tuple((name, value) for item in spec.set_slots or () for name, value in item.items()),
        line=line,
    )
