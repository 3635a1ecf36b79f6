"""Rules, forms and short stories as flows. What only a learned policy could decide is left, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rasa_import.names import human, plain
from bot.rasa_import.notes import Notes
from bot.rasa_import.project import RasaProject
from bot.rasa_import.steps import CannotRead, Turn, condition_of, turns_of
from korean.josa import attach

YES = ("affirm", "yes", "agree", "confirm")
NO = ("deny", "no", "disagree", "decline")
STOP = ("cancel", "stop", "abort", "quit")
DEFAULTS = {
    "action_listen",
    "action_deactivate_loop",
    "action_default_fallback",
    "action_back",
    "action_unlikely_intent",
    "action_two_stage_fallback",
}
"""Actions of Rasa's own that have no counterpart because the engine does it by itself."""


@dataclass(slots=True)
class FlowDraft:
    """A flow that grows while rules are read."""

    id: str
    triggers: list[str] = field(default_factory=list)
    guards: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    persisted: list[str] = field(default_factory=list)

    def spec(self) -> dict[str, Any]:
        """As flows.yml has it."""
        spec: dict[str, Any] = {"name": human(self.id), "description": human(self.id)}
        if self.guards:
            spec["if"] = " and ".join(f"({guard})" if " " in guard else guard for guard in self.guards)
        if self.triggers:
            spec["nlu_trigger"] = [{"intent": intent} for intent in self.triggers]
        if self.persisted:
            spec["persisted_slots"] = self.persisted
        spec["run_pattern_completed"] = False
        spec["steps"] = self.steps or [{"noop": True, "next": "END"}]
        return spec


class FlowsImport:
    """Reads a project's rules, forms and stories; `flows`, `patterns` and what it adds to the domain come out."""

    def __init__(self, project: RasaProject, domain: dict[str, Any], notes: Notes) -> None:
        self.project, self.domain, self.notes = project, domain, notes
        self.flows: dict[str, FlowDraft] = {}
        self.patterns: dict[str, Any] = {}
        self.small_talk: list[str] = []
        """Intents that are answered by `utter_<intent>`, for which no flow is needed."""
        self.stopping: str | None = next((name for name in STOP if name in domain["intents"]), None)
        self._conditional: dict[tuple[str, ...], list[tuple[str, list[dict[str, Any]]]]] = {}
        """Intents -> (condition, steps) of the rules that hold under conditions."""
        self._answers: dict[str, list[str]] = {}
        """Intent -> what the bot does on it, for telling which stories say nothing new."""

    def run(self) -> dict[str, Any]:
        """All flows by id, as flows.yml has them."""
        for form, spec in self.project.domain.get("forms", {}).items():
            self._form(form, spec or {})
        for rule in self.project.rules:
            self._try(f"규칙 {rule.get('rule')}", lambda rule=rule: self._rule(rule))
        for intents, ways in self._conditional.items():
            self._try(f"조건이 있는 규칙 {intents[0]}", lambda i=intents, w=ways: self._branches(i, w))
        self._stories()
        for draft in self.flows.values():
            if not draft.triggers:
                self.notes.changed(
                    f"흐름 {draft.id}", "시작하는 의도를 찾지 못했어요. nlu_trigger를 적어 주세요."
                )
        return {**{draft.id: draft.spec() for draft in self.flows.values()}, **self.patterns}

    def _try(self, what: str, read: Any) -> None:
        try:
            read()
        except CannotRead as problem:
            self.notes.left(what, str(problem))

    # -- forms --------------------------------------------------------------------------------------------------

    def _form(self, form: str, spec: dict[str, Any]) -> None:
        required = spec.get("required_slots") or []
        names = [str(name) for name in required]
        draft = self.flows[form] = FlowDraft(form, persisted=names)
        for slot in names:
            if slot not in self.domain["slots"]:
                self.notes.changed(f"양식 {form}", f"슬롯 {slot}이 도메인에 없어서 뺐어요.")
                draft.persisted.remove(slot)
                continue
            draft.steps.append(self._collect(form, slot))
        if spec.get("ignored_intents"):
            self.notes.changed(f"양식 {form}", "ignored_intents는 슬롯 매핑의 not_intent로 적어 주세요.")
        self.notes.converted(f"양식 {form}", f"질문 {len(draft.steps)}개인 흐름")

    def _collect(self, form: str, slot: str) -> dict[str, Any]:
        responses, own = self.domain["responses"], f"utter_ask_{form}_{slot}"
        if own in responses:
            return {"collect": slot, "utter": own}
        asked = f"utter_ask_{slot}" in responses or f"action_ask_{slot}" in self.domain["actions"]
        if not asked:
            if f"action_ask_{form}_{slot}" in self.domain["actions"]:
                self.notes.left(
                    f"액션 action_ask_{form}_{slot}", f"이름을 action_ask_{slot}으로 바꿔 주세요."
                )
            responses[f"utter_ask_{slot}"] = [{"text": f"{attach(human(slot), '을')} 알려 주세요."}]
            self.notes.changed(f"질문 utter_ask_{slot}", "묻는 말이 없어서 만들었어요. 다듬어 주세요.")
        return {"collect": slot}

    # -- rules --------------------------------------------------------------------------------------------------

    def _rule(self, rule: dict[str, Any]) -> None:
        what = f"규칙 {rule.get('rule')}"
        form, guards = condition_of(rule)
        turns = turns_of(rule.get("steps") or [])
        if rule.get("conversation_start") and turns and not turns[0].intents:
            self._opening(turns[0])
        elif len(turns) != 1:
            raise CannotRead("손님의 말이 여러 번 이어지는 규칙" if turns else "단계가 없는 규칙")
        elif turns[0].ends and "action_deactivate_loop" not in turns[0].actions:
            self._after_form(turns[0], form)
        elif "action_deactivate_loop" in turns[0].actions:
            self._stops(turns[0])
        elif turns[0].starts and turns[0].starts in self.flows and turns[0].starts != form:
            self._starts_form(turns[0], guards)
        else:
            self._simple(turns[0], guards, form)
        self.notes.converted(what)

    def _opening(self, turn: Turn) -> None:
        steps = [{"action": "action_session_start"}, *self._actions(turn.actions)]
        unique = [step for index, step in enumerate(steps) if step not in steps[:index]]
        self.patterns["pattern_session_start"] = {"description": "A conversation begins.", "steps": unique}

    def _after_form(self, turn: Turn, form: str | None) -> None:
        ended = next((name for name in turn.actions if name in self.flows), form)
        if ended is None or ended not in self.flows:
            raise CannotRead("어느 양식이 끝나는지 알 수 없는 규칙")
        self.flows[ended].steps += self._actions([name for name in turn.actions if name != ended])

    def _stops(self, turn: Turn) -> None:
        if not turn.intents:
            raise CannotRead("의도 없이 양식을 끝내는 규칙")
        self.stopping = self.stopping or turn.intents[0]
        if self.stopping not in turn.intents:
            raise CannotRead(f"그만두는 의도는 하나예요: {self.stopping}")

    def _starts_form(self, turn: Turn, guards: Sequence[str]) -> None:
        draft = self.flows[str(turn.starts)]
        before = self._actions([name for name in turn.actions if name != draft.id])
        draft.steps[:0] = [step for step in before if step not in draft.steps]
        draft.guards += [guard for guard in guards if guard not in draft.guards]
        self._trigger(draft, turn.intents)

    def _simple(self, turn: Turn, guards: Sequence[str], form: str | None) -> None:
        actions = [name for name in turn.actions if name not in self.flows]
        if not turn.intents:
            raise CannotRead("의도 없이 시작하는 규칙")
        if turn.intents == ("nlu_fallback",):
            self._fallback(actions)
            return
        if guards:
            condition = " and ".join(f"({guard})" for guard in guards)
            self._conditional.setdefault(turn.intents, []).append((condition, self._actions(actions)))
            return
        for intent in turn.intents:
            self._answers[intent] = actions
        if len(turn.intents) == 1 and actions == [f"utter_{turn.intents[0]}"]:
            self.small_talk.append(turn.intents[0])
            return
        draft = FlowDraft(turn.intents[0], steps=self._actions(actions))
        if draft.id in self.flows:
            raise CannotRead(f"의도 {draft.id}에 이미 흐름이 있는 규칙")
        self._trigger(draft, turn.intents)
        self.flows[draft.id] = draft

    def _branches(self, intents: tuple[str, ...], ways: Sequence[tuple[str, list[dict[str, Any]]]]) -> None:
        """Rules of one intent that part at what is known of the customer: one flow that branches."""
        flow_id = intents[0]
        usual = self.flows.pop(flow_id, None)
        rest = usual.steps if usual else []
        if flow_id in self.small_talk:
            self.small_talk.remove(flow_id)
            rest = [{"action": f"utter_{flow_id}"}]
        branches: list[dict[str, Any]] = [{"if": when, "then": _ending(steps)} for when, steps in ways]
        draft = FlowDraft(flow_id, steps=[{"noop": True, "next": [*branches, {"else": _ending(rest)}]}])
        self._trigger(draft, intents)
        self.flows[flow_id] = draft

    def _fallback(self, actions: Sequence[str]) -> None:
        said = [name for name in actions if name in self.domain["responses"]]
        if said:
            self.domain["responses"]["utter_ask_rephrase"] = self.domain["responses"][said[0]]
        steps = [step for step in self._actions(actions) if step["action"] not in said]
        if steps:
            self.notes.left("nlu_fallback의 액션", "pattern_cannot_handle 흐름으로 적어 주세요.")

    def _trigger(self, draft: FlowDraft, intents: Sequence[str]) -> None:
        for intent in intents:
            taken = next((d for d in self.flows.values() if intent in d.triggers and d is not draft), None)
            if taken is not None:
                raise CannotRead(f"의도 {intent}는 이미 흐름 {taken.id}를 시작하는 규칙")
            if intent not in draft.triggers:
                draft.triggers.append(intent)

    def _actions(self, names: Sequence[str]) -> list[dict[str, Any]]:
        steps = []
        for name in names:
            known = name in self.domain["responses"] or name in self.domain["actions"]
            if known or name in ("action_restart", "action_session_start"):
                steps.append({"action": name})
            elif name not in DEFAULTS:
                raise CannotRead(f"도메인에 없는 액션 {name}")
        return steps

    # -- stories ------------------------------------------------------------------------------------------------

    def _stories(self) -> None:
        questions: dict[tuple[Any, ...], list[tuple[str, Turn]]] = {}
        for story in self.project.stories:
            name = f"이야기 {story.get('story')}"
            try:
                turns = turns_of(story.get("steps") or [])
                if all(self._explained(turn) for turn in turns):
                    self.notes.converted(name, "규칙과 흐름이 이미 그렇게 해요")
                elif len(turns) == 1:
                    self._simple(turns[0], (), None)
                    self.notes.converted(name)
                elif len(turns) == 2 and self._asks(turns):
                    questions.setdefault((turns[0].intents, *turns[0].actions), []).append((name, turns[1]))
                else:
                    raise CannotRead("여러 번 주고받는 이야기: 흐름으로 적어 주세요")
            except CannotRead as problem:
                self.notes.left(name, str(problem))
        for (intents, *actions), answers in questions.items():
            self._try(answers[0][0], lambda i=intents, a=actions, b=answers: self._question(i, a, b))

    def _explained(self, turn: Turn) -> bool:
        actions = [name for name in turn.actions if name not in self.flows and name not in DEFAULTS]
        if turn.starts:
            return (
                set(turn.intents) <= set(self.flows[turn.starts].triggers)
                if turn.starts in self.flows
                else False
            )
        if turn.ends or not turn.intents:
            return all(
                any(step.get("action") == name for flow in self.flows.values() for step in flow.steps)
                for name in actions
            )
        return all(self._answers.get(intent) == actions for intent in turn.intents)

    def _asks(self, turns: Sequence[Turn]) -> bool:
        answer = turns[1].intents
        return bool(turns[0].actions) and len(answer) == 1 and answer[0] in (*YES, *NO)

    def _question(
        self, intents: Sequence[str], actions: Sequence[str], answers: Sequence[tuple[str, Turn]]
    ) -> None:
        """Stories that part at yes and no after the same words: a flow that asks."""
        flow_id = intents[0]
        if flow_id in self.flows or any(intent in self.small_talk for intent in intents):
            raise CannotRead(f"의도 {flow_id}에 이미 흐름이 있는 이야기")
        if actions[-1] not in self.domain["responses"]:
            raise CannotRead("마지막 액션이 묻는 응답이 아닌 이야기")
        slot = f"{flow_id}_answer"
        self.domain["slots"][slot] = {
            "type": "bool",
            "mappings": [
                {"type": "from_intent", "intent": intent, "value": value}
                for names, value in ((YES, True), (NO, False))
                for intent in names
                if intent in self.domain["intents"]
            ],
        }
        ways = {turn.intents[0] in YES: self._actions(turn.actions) for _, turn in answers}
        branches: list[dict[str, Any]] = []
        for value, word in ((True, "if"), (False, "else")):
            goal = _ending(ways.get(value, []))
            branches.append({"if": f"slots.{slot}", "then": goal} if word == "if" else {"else": goal})
        draft = FlowDraft(flow_id, steps=self._actions(actions[:-1]))
        draft.steps.append(
            {"collect": slot, "utter": actions[-1], "ask_before_filling": True, "next": branches}
        )
        self._trigger(draft, intents)
        self.flows[flow_id] = draft
        for name, _ in answers:
            self.notes.converted(name, f"예와 아니요로 갈라지는 흐름 {flow_id}")


def _ending(steps: Sequence[dict[str, Any]]) -> Any:
    """Steps after which the flow is over, as the goal of a branch."""
    return [*steps[:-1], {**steps[-1], "next": "END"}] if steps else "END"


__all__ = ["FlowDraft", "FlowsImport", "plain"]
