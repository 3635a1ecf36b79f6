"""What is allowed in flows and domain, and yet may not do what its writer thinks: shown by `sangdam lint flows`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.conversation.assistant import BUILT_IN_ACTIONS, Assistant
from bot.conversation.flows.model import Flow, Step
from formats import load_yaml

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Caution:
    """One finding: `problem` says what happens, `remedy` what to do, both in Korean for builders."""

    code: str
    level: Level
    file: str
    line: int
    problem: str
    remedy: str


def find_cautions(assistant: Assistant, domain_file: Path) -> list[Caution]:
    """All findings, in the order of the flows."""
    found: list[Caution] = []
    for flow in assistant.business_flows.values():
        found += _guarded_goals(flow, assistant)
        found += _repeated_actions(flow, assistant)
        found += _deprecated(flow)
        found += _never_started(flow, assistant)
    return [*found, *_asked_twice(assistant, domain_file)]


def _guarded_goals(flow: Flow, assistant: Assistant) -> Iterator[Caution]:
    for step in flow.steps.values():
        goal = assistant.flows.get(step.name) if step.kind in ("link", "call") else None
        if goal is not None and goal.guard is not None and goal.guard.names:
            yield _caution(
                flow,
                step,
                "guarded_goal",
                "warning",
                f"{goal.id}의 조건({goal.guard.source})이 맞지 않으면 {step.kind}해도 들어가지 않아요. Rasa는 조건을 무시해요.",
                f"{step.kind} 앞에서 같은 조건으로 갈래를 나누세요.",
            )


def _repeated_actions(flow: Flow, assistant: Assistant) -> Iterator[Caution]:
    """Actions between two questions: a correction of the first one runs them again."""
    asked = [place for place, step in enumerate(flow.steps.values()) if step.kind == "collect"]
    for place, step in enumerate(flow.steps.values()):
        acts = step.kind == "action" and step.once is None
        acts = acts and step.name not in assistant.responses and step.name not in BUILT_IN_ACTIONS
        if acts and asked and asked[0] < place < asked[-1]:
            yield _caution(
                flow,
                step,
                "repeated_action",
                "hint",
                f"고객이 앞의 답을 고치면 {step.name} 액션이 다시 실행돼요.",
                "되돌릴 수 없는 일이면 metadata: {once: true}, 다시 해도 되면 metadata: {once: false}를 적으세요.",
            )


def _deprecated(flow: Flow) -> Iterator[Caution]:
    for step in flow.steps.values():
        if step.kind == "collect" and not step.reset_after_flow_ends:
            yield _caution(
                flow,
                step,
                "deprecated",
                "hint",
                "reset_after_flow_ends는 Rasa 4에서 없어질 이름이에요.",
                f"흐름의 persisted_slots에 {step.name}을 적으세요.",
            )


def _never_started(flow: Flow, assistant: Assistant) -> Iterator[Caution]:
    reached = {
        step.name
        for other in assistant.flows.values()
        for step in other.steps.values()
        if step.kind in ("link", "call")
    }
    closed = flow.guard is not None and not flow.guard.names and not flow.guard({})
    if not flow.triggers and flow.id not in reached and not closed:
        yield Caution(
            "never_started",
            "warning",
            str(flow.file),
            flow.line,
            f"{flow.id} 흐름을 시작하는 인텐트도, link나 call도 없어요. 버튼이나 언어 모델만 시작할 수 있어요.",
            "nlu_trigger를 적거나, 다른 흐름에서 link 또는 call 하세요.",
        )
    if flow.triggers and closed:
        yield Caution(
            "closed_trigger",
            "warning",
            str(flow.file),
            flow.line,
            f"{flow.id} 흐름은 조건이 늘 거짓이라 인텐트로 시작되지 않아요.",
            "nlu_trigger나 if를 지우세요.",
        )


def _asked_twice(assistant: Assistant, domain_file: Path) -> Iterator[Caution]:
    for index, name in enumerate(assistant.domain.action_names()):
        slot = name.removeprefix("action_ask_")
        if slot != name and f"utter_ask_{slot}" in assistant.domain.responses:
            line = load_yaml(domain_file).line(("actions", index))
            yield Caution(
                "asked_twice",
                "warning",
                str(domain_file),
                line,
                f"{slot}을 묻는 응답과 액션이 다 있어요. 응답이 쓰이고 {name} 액션은 실행되지 않아요.",
                f"utter_ask_{slot}과 {name} 가운데 하나를 지우세요.",
            )


def _caution(flow: Flow, step: Step, code: str, level: Level, problem: str, remedy: str) -> Caution:
    return Caution(code, level, str(flow.file), step.line, problem, remedy)
