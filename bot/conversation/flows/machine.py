"""The stack machine: runs flows step by step until something has to be asked, or all is done."""

from __future__ import annotations

from typing import Any

import structlog

from bot.conversation import clock
from bot.conversation.actions_port import ActionError, ActionRunner
from bot.conversation.assistant import Assistant
from bot.conversation.draft import Draft
from bot.conversation.events import (
    ActionExecuted,
    ActionFailed,
    FlowCancelled,
    FlowCompleted,
    FlowResumed,
    FlowStarted,
    HandoffRequested,
)
from bot.conversation.flows.built_in import BUILT_IN, ON_STACK
from bot.conversation.flows.interrupted import CONTINUE, ask_to_continue, resumed
from bot.conversation.flows.model import END, Flow, Step
from bot.conversation.flows.remembered import CONSENT, WITH_MEMORY, recalled, to_ask_about
from bot.conversation.flows.stack import Frame, FrameKind, copied, root_frame, user_frame
from bot.conversation.flows.watching import Did, StepTaken, Watcher, why
from bot.conversation.ownership import bot_may_speak
from bot.conversation.remembering import FactMemory

MAX_STEPS = 200
"""Steps in one turn before a flow counts as running in circles."""

log = structlog.get_logger(__name__)


class FlowMachine:
    """Carries a conversation through its flows. One instance serves all conversations; state is in the draft."""

    def __init__(self, assistant: Assistant, runner: ActionRunner, memory: FactMemory) -> None:
        self.assistant = assistant
        self.memory = memory
        self.runner = runner
        self.watchers: list[Watcher] = []

    # -- the stack ----------------------------------------------------------------------------------------------

    def push(
        self, stack: list[Frame], flow_id: str, kind: FrameKind, context: dict[str, Any] | None = None
    ) -> Frame:
        """Put a flow on top, at its first step."""
        frame = Frame(
            flow_id=flow_id, step_id=self.assistant.flows[flow_id].first, kind=kind, context=context or {}
        )
        stack.append(frame)
        return frame

    def push_pattern(self, stack: list[Frame], pattern: str, **context: Any) -> None:
        """Put a repair pattern on top."""
        self.push(stack, pattern, "pattern", context)

    def start(self, draft: Draft, stack: list[Frame], flow_id: str) -> None:
        """Start a business flow; what is going on is interrupted by it."""
        kind: FrameKind = "interrupt" if user_frame(stack) else "regular"
        self.push(stack, flow_id, kind)
        draft.emit(FlowStarted(flow_id=flow_id))

    def cancel(self, draft: Draft, stack: list[Frame]) -> Flow | None:
        """End the innermost business flow, with everything it called; its slots are emptied. None if there is none."""
        root = root_frame(stack)
        if root is None:
            return None
        at = next(i for i, frame in enumerate(stack) if frame is root)
        inner = user_frame(stack)
        step_id = inner.step_id if inner else END
        dropped = stack[at:]
        del stack[at:]
        flow = self.assistant.flows.get(root.flow_id)
        draft.emit(FlowCancelled(flow_id=root.flow_id, step_id=step_id))
        for frame in dropped:
            self.reset_slots(draft, frame)
        return flow

    # -- running ------------------------------------------------------------------------------------------------

    async def run(self, draft: Draft, stack: list[Frame]) -> None:
        """Advance until a question is open, a person takes over, or the stack is empty; then store the stack."""
        for _ in range(MAX_STEPS):
            if not stack or not bot_may_speak(draft.tracker.owner):
                break
            if await self._advance(draft, stack):
                break
        else:
            log.error("flow_runs_in_circles", flow=stack[-1].flow_id, step=stack[-1].step_id)
            self.cancel(draft, stack)
            draft.say_if_known("utter_action_failed")
        self.store_stack(draft, stack)

    async def run_pattern(self, draft: Draft, pattern: str) -> None:
        """Run one repair pattern by itself, beside the stack."""
        aside: list[Frame] = []
        self.push_pattern(aside, pattern)
        for _ in range(MAX_STEPS):
            if not aside or await self._advance(draft, aside):
                return

    async def run_beside(
        self, draft: Draft, stack: list[Frame], pattern: str, context: dict[str, Any]
    ) -> None:
        """Run a pattern above what is going on, without asking the open question again; then store the stack."""
        base = list(stack)
        self.push_pattern(stack, pattern, **context)
        await self.run_above(draft, stack, base)

    async def run_above(self, draft: Draft, stack: list[Frame], base: list[Frame]) -> None:
        """Run what was put above the frames of `base`, and none of those; then store the stack."""
        for _ in range(MAX_STEPS):
            # What a pattern gave up is gone from below it.
            if not stack or any(stack[-1] is frame for frame in base) or await self._advance(draft, stack):
                break
        self.store_stack(draft, stack)

    def store_stack(self, draft: Draft, stack: list[Frame]) -> None:
        """Add a `StackChanged` event if the stack is not what the tracker has, with the steps that led to it."""
        if stack != draft.tracker.stack:
            draft.note_stack(stack)

    async def _advance(self, draft: Draft, stack: list[Frame]) -> bool:
        """One step of the innermost flow. True if the customer has to speak next."""
        frame = stack[-1]
        flow = self.assistant.flows.get(frame.flow_id)
        step = flow.steps.get(frame.step_id) if flow else None
        if flow is None or (step is None and frame.step_id != END):
            # A pattern that was replaced, or a name that only the flow's own link or call knows.
            self._return(draft, stack, stack.pop())
            return False
        if step is None:
            done = frame.kind in ("regular", "interrupt")
            question = await to_ask_about(self, draft, frame) if done else None
            self._finish(draft, stack, flow)
            if question is not None:
                self.push_pattern(stack, CONSENT, **question)
            return False
        if step.kind == "collect":
            return await self._collect(draft, stack, step)
        await self._do(draft, stack, step)
        return False

    async def leave_changed(self, draft: Draft) -> bool:
        """Whether a flow was changed or removed under this conversation; then all of it is left, and the customer told.

        Those who come back after a new version was installed stand at a step that may be no more.
        """
        stack = copied(draft.tracker.stack)
        lost = next((frame for frame in stack if not self.knows(frame)), None)
        if lost is None:
            return False
        log.warning("flow_changed_while_running", flow=lost.flow_id, step=lost.step_id)
        while self.cancel(draft, stack):
            pass
        self.store_stack(draft, [])
        await self.run_pattern(draft, "pattern_code_change")
        return True

    def knows(self, frame: Frame) -> bool:
        """Whether the frame's flow and step are still there."""
        flow = self.assistant.flows.get(frame.flow_id)
        return flow is not None and (frame.step_id in flow.steps or frame.step_id == END)

    async def _do(self, draft: Draft, stack: list[Frame], step: Step) -> None:
        frame = stack[-1]
        if step.kind == "link":
            self._tell(draft, frame, step, "went on", step.name)
            open_ = self._open(draft, step)
            self._finish(draft, stack, self.assistant.flows[frame.flow_id], linked=open_)
            if open_:
                self._enter(draft, stack, step.name)
            return
        if step.kind == "set_slots":
            for name, value in step.values:
                draft.set_slot(name, value, "flow")
        if step.kind == "call" and self._open(draft, step):
            # Where it goes on is decided when the called flow is done: the branches may ask what came of it.
            self.push(stack, step.name, "call")
            frame.context.setdefault("called", []).append(step.name)
        elif step.kind != "action" or await self._act(draft, stack, step.name, frame.context):
            if step.once is not None and step.once(draft.tracker.scope(frame.context)):
                frame.done.append(step.id)
            frame.step_id = self._next(draft, frame, step)
        else:
            self._tell(draft, frame, step, "failed")

    def _return(self, draft: Draft, stack: list[Frame], ended: Frame) -> None:
        """Let the flow go on that called the one that has ended."""
        if ended.kind != "call" or not stack:
            return
        caller = stack[-1]
        flow = self.assistant.flows.get(caller.flow_id)
        step = flow.steps.get(caller.step_id) if flow else None
        if step is not None and step.kind == "call":
            if ended.done:
                caller.done.append(step.id)
            caller.step_id = self._next(draft, caller, step)

    def _open(self, draft: Draft, step: Step) -> bool:
        """Whether the flow of a link or call may run: its guard holds here too, unless it only says "not by customers"."""
        flow = self.assistant.flows.get(step.name)
        if flow is None or flow.guard is None or not flow.guard.names or flow.guard(draft.tracker.scope()):
            return True
        log.warning("guarded_flow_not_entered", flow=step.name)
        draft.say_if_known("utter_flow_not_open", {"flow_name": flow.name})
        return False

    def _enter(self, draft: Draft, stack: list[Frame], flow_id: str) -> None:
        if flow_id.startswith("pattern_"):
            self.push_pattern(stack, flow_id)
        else:
            self.start(draft, stack, flow_id)

    def _next(self, draft: Draft, frame: Frame, step: Step) -> str:
        scope = draft.tracker.scope({**frame.context, "failures": draft.tracker.state.failures})
        for place, branch in enumerate(step.branches):
            if branch.condition is None or branch.condition(scope):
                several = place if len(step.branches) > 1 else None
                reason = why(step, branch, scope, self.assistant.responses.secret_slots)
                self._tell(draft, frame, step, "went on", branch.target, several, reason)
                return branch.target
        return END

    def _tell(
        self,
        draft: Draft,
        frame: Frame,
        step: Step,
        did: Did,
        goes_to: str = "",
        branch: int | None = None,
        reason: str = "",
    ) -> None:
        taken = StepTaken(
            conversation_id=draft.tracker.conversation_id,
            flow_id=frame.flow_id,
            step_id=step.id,
            kind=step.kind,
            name=step.name,
            did=did,
            goes_to=goes_to,
            branch=branch,
            why=reason,
            after=draft.tracker.seq,
        )
        draft.steps.append(taken)
        for watcher in self.watchers:
            watcher(taken)

    async def _collect(self, draft: Draft, stack: list[Frame], step: Step) -> bool:
        frame = stack[-1]
        if step.id in frame.passing:
            frame.passing.remove(step.id)
            if draft.tracker.slot(step.name) is None:
                frame.step_id = self._next(draft, frame, step)
                return False
        if step.ask_before_filling and step.id not in frame.asked:
            frame.asked.append(step.id)
            if draft.tracker.slot(step.name) is not None:
                draft.set_slot(step.name, None, "flow")
        refused = draft.tracker.slot(step.name) is not None
        if refused and await self._acceptable(draft, stack, step):
            frame.awaiting = None
            # Whoever comes round to the step again is asked again.
            frame.asked = [step_id for step_id in frame.asked if step_id != step.id]
            frame.step_id = self._next(draft, frame, step)
            return False
        if not stack or stack[-1] is not frame:
            return False
        if not refused and await recalled(self, draft, stack, step):
            return False
        frame.awaiting = step.name
        self._tell(draft, frame, step, "asked")
        ask = f"action_ask_{step.name}"
        utter = self._refill(step) if refused else step.utter
        if utter in self.assistant.responses:
            draft.emit(ActionExecuted(name=utter))
            draft.say(utter, frame.context)
        elif not await self._act(draft, stack, ask, frame.context):
            return False
        return True

    def _refill(self, step: Step) -> str:
        """What asks again after a refused value."""
        validation = self.assistant.domain.slots[step.name].validation
        return (validation.refill_utter if validation else None) or step.utter

    async def _acceptable(self, draft: Draft, stack: list[Frame], step: Step) -> bool:
        """Rejections of slot and step, then the action `validate_<slot>`. A refused value is emptied and said so."""
        value = draft.tracker.slot(step.name)
        checked, refusing = self.assistant.checked(step.name, value, clock.korean_time())
        if refusing is not None:
            words = {**checked.variables, "value": checked.value, "problem": checked.problem}
            self._tell(draft, stack[-1], step, "refused", reason=checked.problem)
            draft.say_if_known(refusing.utter or refusing.response, words)
            draft.set_slot(step.name, None, "flow")
            return False
        rules = [*self.assistant.slot_rules[step.name], *((r.condition, r.utter) for r in step.rejections)]
        for condition, utter in rules:
            if condition(draft.tracker.scope(stack[-1].context)):
                self._tell(draft, stack[-1], step, "refused", reason=condition.source)
                draft.say_if_known(utter, {"value": draft.tracker.slot(step.name)})
                draft.set_slot(step.name, None, "flow")
                return False
        validator = f"validate_{step.name}"
        if self.runner.knows(validator):
            await self._act(draft, stack, validator, stack[-1].context)
            return draft.tracker.slot(step.name) is not None
        return True

    # -- acting -------------------------------------------------------------------------------------------------

    async def _act(self, draft: Draft, stack: list[Frame], name: str, context: dict[str, Any]) -> bool:
        """Run one action. False if it failed; the flow is then cancelled and the customer told."""
        draft.emit(ActionExecuted(name=name))
        if name in self.assistant.responses:
            draft.say(name, context)
            return True
        if name in BUILT_IN:
            BUILT_IN[name](draft, self.assistant, context)
            return True
        if name in WITH_MEMORY:
            await WITH_MEMORY[name](self, draft, context)
            return True
        if name in ON_STACK:
            ON_STACK[name](self, draft, stack, context)
            return True
        try:
            await self._run_action(draft, stack, name, context)
        except ActionError as error:
            log.warning("action_failed", action=name, code=error.failure, detail=error.detail)
            draft.emit(
                ActionFailed.model_validate({"name": name, "code": error.failure, "detail": error.detail})
            )
            flow = self.cancel(draft, stack)
            stack[:] = [frame for frame in stack if frame.kind != "pattern"]
            self.push_pattern(stack, "pattern_internal_error", flow_name=flow.name if flow else "")
            return False
        return True

    async def _run_action(self, draft: Draft, stack: list[Frame], name: str, context: dict[str, Any]) -> None:
        goal = self.goal(stack)
        info = {**context, "turn_id": draft.tracker.state.latest_message_id, "goal": goal}
        result = await self.runner.run(name, draft.tracker, info)
        for said in result.said:
            draft.say_what_was_said(said)
        for event in result.events:
            if isinstance(event, HandoffRequested):
                await draft.look_back()
                draft.open_case(event, goal)
            elif event.event == "slot":
                draft.set_slot(event.name, event.value, "action")
            elif event.event == "knowledge_answered" and event.outcome == "none":
                draft.emit(event)
                self.fail(draft, stack, str(context.get("otherwise", "no_answer")))
            else:
                draft.emit(event)

    def fail(self, draft: Draft, stack: list[Frame], reason: str) -> None:
        """Count a failure of the bot and let `pattern_cannot_handle` choose the words: help grows with each."""
        draft.emit(ActionExecuted(name="pattern_cannot_handle"))
        self.push_pattern(
            stack, "pattern_cannot_handle", reason=reason, failures=draft.tracker.state.failures
        )

    def goal(self, stack: list[Frame]) -> str | None:
        """Human name of what the customer is doing."""
        root = root_frame(stack)
        flow = self.assistant.flows.get(root.flow_id) if root else None
        return flow.name if flow else None

    # -- ends ---------------------------------------------------------------------------------------------------

    def _finish(self, draft: Draft, stack: list[Frame], flow: Flow, *, linked: bool = False) -> None:
        frame = stack.pop()
        if frame.flow_id == CONTINUE:
            self.tell_resumed(draft, stack)
        self._return(draft, stack, frame)
        if frame.kind in ("pattern", "call"):
            return
        draft.emit(FlowCompleted(flow_id=flow.id, step_id=frame.step_id))
        self.reset_slots(draft, frame)
        below = user_frame(stack)
        if linked:
            return
        if below is not None:
            ask_to_continue(self, stack, flow.name)
        elif flow.run_pattern_completed:
            self.push_pattern(stack, "pattern_completed", flow_name=flow.name)

    def tell_resumed(self, draft: Draft, stack: list[Frame]) -> None:
        """Note that what was interrupted goes on, if anything does."""
        frame = resumed(self, stack)
        if frame is not None:
            draft.emit(FlowResumed(flow_id=frame.flow_id, step_id=frame.step_id))

    def reset_slots(self, draft: Draft, frame: Frame) -> None:
        """Empty what the flow and those it called asked for or set, but what they persist."""
        for name in self.fleeting_slots(frame):
            draft.set_slot(name, self.assistant.domain.slots[name].initial_value, "flow")

    def fleeting_slots(self, frame: Frame) -> list[str]:
        """Slots that live as long as the frame's flow."""
        found: list[str] = []
        for flow_id in [frame.flow_id, *frame.context.get("called", ())]:
            flow = self.assistant.flows.get(flow_id)
            if flow is None or flow.is_pattern:
                continue
            names = [s.name for s in flow.steps.values() if s.kind == "collect" and s.reset_after_flow_ends]
            names += [name for s in flow.steps.values() if s.kind == "set_slots" for name, _ in s.values]
            found += [name for name in names if name not in flow.persisted_slots]
        return list(dict.fromkeys(found))
