"""Carries commands out on the dialogue stack, before the flow machine runs it."""

from __future__ import annotations

from bot.conversation import clock
from bot.conversation.assistant import Assistant
from bot.conversation.commands import (
    Abuse,
    AskKnowledge,
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    ForgetFacts,
    Handoff,
    Repeat,
    Restart,
    SetSlot,
    SkipQuestion,
    StartFlow,
    TellFacts,
)
from bot.conversation.domain import coerce
from bot.conversation.draft import Draft
from bot.conversation.events import ActionExecuted, FlowInterrupted, FlowResumed
from bot.conversation.flows.interrupted import CONTINUE, ask_to_continue
from bot.conversation.flows.machine import FlowMachine
from bot.conversation.flows.model import Flow, Step
from bot.conversation.flows.remembered import CONSENT, USE
from bot.conversation.flows.set_aside import RESUME, drop, take_up
from bot.conversation.flows.skipping import push_skip
from bot.conversation.flows.stack import Frame, asking_frame, asking_pattern, user_frame
from bot.conversation.responses import show

ALWAYS = (CancelFlow, Handoff, Restart, Repeat, SkipQuestion, Abuse, CannotHandle, ForgetFacts, TellFacts)
"""What a customer may do even at a question that wants its answer and nothing else."""


class CommandProcessor:
    """One method a kind of command; patterns that answer are pushed on top, so that the flow below goes on after."""

    def __init__(self, assistant: Assistant, machine: FlowMachine) -> None:
        self.assistant = assistant
        self.machine = machine

    def apply(self, draft: Draft, stack: list[Frame], commands: list[Command]) -> None:
        """Change the stack and the slots as the commands say. Cancelling acts on the stack as it was before."""
        commands = self._forced(draft, stack, commands)
        self._leave_pattern_question(draft, stack, commands)
        for command in sorted(commands, key=lambda c: not isinstance(c, CancelFlow)):
            if not isinstance(command, SetSlot):
                self._apply_one(draft, stack, command)
        self._set_slots(draft, stack, [c for c in commands if isinstance(c, SetSlot)])

    def _apply_one(self, draft: Draft, stack: list[Frame], command: Command) -> None:
        machine = self.machine
        match command:
            case StartFlow(flow=flow_id):
                self._start(draft, stack, flow_id)
            case CancelFlow():
                self._cancel(draft, stack)
            case Clarify(flows=flows):
                machine.push_pattern(stack, "pattern_clarification", flows=list(flows))
            case AskKnowledge(question=question, otherwise=otherwise, passage=passage):
                machine.push_pattern(
                    stack, "pattern_search", question=question, otherwise=otherwise, passage=passage
                )
            case ChitChat(response=response):
                machine.push_pattern(stack, "pattern_chitchat", response=response)
            case Repeat():
                machine.push_pattern(stack, "pattern_repeat_bot_messages")
            case ForgetFacts():
                # Questions about remembering are answered by it.
                stack[:] = [frame for frame in stack if frame.flow_id not in (USE, CONSENT)]
                machine.push_pattern(stack, "pattern_forget_facts")
            case TellFacts():
                machine.push_pattern(stack, "pattern_tell_facts")
            case SkipQuestion():
                push_skip(machine, stack)
            case Handoff():
                asked = command.model_dump(
                    include={"reason_code", "reason_text", "urgency", "policy", "evidence"}
                )
                machine.push_pattern(stack, "pattern_human_handoff", **asked)
            case Abuse(close=close):
                draft.emit(ActionExecuted(name="pattern_abuse"))
                warnings = draft.tracker.state.warnings
                machine.push_pattern(stack, "pattern_abuse", close=close, warnings=warnings)
            case Restart():
                stack.clear()
                machine.push_pattern(stack, "pattern_restart")
            case CannotHandle(reason=reason):
                machine.fail(draft, stack, reason)

    def _start(self, draft: Draft, stack: list[Frame], flow_id: str) -> None:
        flow = self.assistant.flows.get(flow_id)
        if flow is None or (flow.guard is not None and not flow.guard(draft.tracker.scope())):
            self.machine.fail(draft, stack, "not_understood")
            return
        top = user_frame(stack)
        if top is not None and top.flow_id == flow_id:
            return
        if top is not None:
            draft.emit(FlowInterrupted(flow_id=top.flow_id, step_id=top.step_id))
        deeper = next((frame for frame in stack if frame.flow_id == flow_id), None)
        if deeper is not None:
            stack.remove(deeper)
            stack.append(deeper)
            draft.emit(FlowResumed(flow_id=flow_id, step_id=deeper.step_id))
            return
        self.machine.start(draft, stack, flow_id)

    def _cancel(self, draft: Draft, stack: list[Frame]) -> None:
        flow = self.machine.cancel(draft, stack)
        if flow is None:
            self.machine.push_pattern(stack, "pattern_completed")
            return
        ask_to_continue(self.machine, stack, flow.name)
        self.machine.push_pattern(
            stack,
            "pattern_cancel_flow",
            flow_name=flow.name,
            canceled_name=flow.name,
            interrupted=bool(stack),
        )

    def _forced(self, draft: Draft, stack: list[Frame], commands: list[Command]) -> list[Command]:
        """A question with `force_slot_filling` takes its answer and nothing beside it; stopping and people stay in reach."""
        frame = asking_frame(stack)
        flow = self.assistant.flows.get(frame.flow_id) if frame else None
        step = flow.steps.get(frame.step_id) if flow and frame and frame.awaiting else None
        if step is None or not step.force_slot_filling:
            return commands
        kept: list[Command] = [
            command
            for command in commands
            if isinstance(command, ALWAYS) or (isinstance(command, SetSlot) and command.name == step.name)
        ]
        return kept or [CannotHandle()]

    def _leave_pattern_question(self, draft: Draft, stack: list[Frame], commands: list[Command]) -> None:
        """Who starts something else, or simply answers what was asked before, has no use for a pattern's question."""
        pattern = asking_pattern(stack)
        if pattern is None:
            return
        starts = any(isinstance(command, StartFlow) for command in commands)
        answers = [command.name for command in commands if isinstance(command, SetSlot)]
        if not starts and (not answers or pattern.awaiting in answers):
            return
        stack.remove(pattern)
        if pattern.flow_id == CONSENT:
            # It stood on top of what ends the matter before.
            stack[:] = [frame for frame in stack if frame.flow_id != "pattern_completed"]
        if pattern.flow_id == RESUME:
            self._choose_set_aside(draft, stack, commands)
        if pattern.flow_id == CONTINUE and not starts:
            self.machine.tell_resumed(draft, stack)

    def _choose_set_aside(self, draft: Draft, stack: list[Frame], commands: list[Command]) -> None:
        """Who starts the very flow that was set aside goes on with it; who starts another gives it up."""
        kept = draft.tracker.state.set_aside
        flows = {frame.flow_id for frame in kept.frames} if kept else set()
        same = any(isinstance(command, StartFlow) and command.flow in flows for command in commands)
        (take_up if same else drop)(self.machine, draft, stack, {})

    # -- slots --------------------------------------------------------------------------------------------------

    def _set_slots(self, draft: Draft, stack: list[Frame], commands: list[SetSlot]) -> None:
        frame, asking = user_frame(stack), asking_frame(stack)
        corrected: dict[str, str] = {}
        late: list[str] = []
        for command in commands:
            try:
                value = coerce(command.name, self.assistant.domain.slots[command.name], command.value)
            except (ValueError, TypeError):
                # A value that the slot can't hold leaves the question open; it is asked again.
                continue
            value = self.assistant.checked(command.name, value, clock.korean_time())[0].value
            before = draft.tracker.slot(command.name)
            asked_now = asking is not None and asking.awaiting == command.name
            if before is not None and before != value and not asked_now:
                if self._too_late(stack, command.name):
                    late.append(self.assistant.domain.label(command.name))
                    continue
                corrected[command.name] = f"{self.assistant.domain.label(command.name)}: {show(value)}"
            draft.set_slot(command.name, value, command.source)
        if commands and not stack:
            # A button of a matter that is over: what it says is kept, and the customer gets a word.
            self.machine.push_pattern(stack, "pattern_completed")
        if late:
            self.machine.push_pattern(stack, "pattern_correction", corrections=", ".join(late), too_late=True)
        if corrected and frame is not None:
            self._go_back(stack, list(corrected))
            self.machine.push_pattern(stack, "pattern_correction", corrections=", ".join(corrected.values()))

    def _go_back(self, stack: list[Frame], slots: list[str]) -> None:
        """Return to the earliest step that asked for a corrected slot, by itself or by a call.

        It may stand in the flow that called the present one, which is then called anew. What was confirmed after that step
        is asked again.
        """
        asked_in = [self._asked_in(stack, slot) for slot in slots]
        at = min((place for place in asked_in if place is not None), default=None)
        if at is None:
            return
        del stack[at + 1 :]
        frame = stack[at]
        flow = self.assistant.flows[frame.flow_id]
        steps = [step for slot in slots for step in self._steps_that_ask(flow, slot)]
        earliest = min([flow.order.get(frame.step_id, 0), *(flow.order[step.id] for step in steps)])
        frame.step_id = next(step_id for step_id, place in flow.order.items() if place == earliest)
        frame.asked = [step_id for step_id in frame.asked if flow.order.get(step_id, 0) < earliest]
        # What was skipped on the way here isn't asked because something else was wrong.
        frame.passing = list(frame.skipped)
        frame.awaiting = None

    def _asked_in(self, stack: list[Frame], slot: str) -> int | None:
        """Place of the frame that asks for the slot: the innermost, or one that called it."""
        for at in range(len(stack) - 1, -1, -1):
            frame = stack[at]
            if frame.kind == "pattern":
                continue
            flow = self.assistant.flows.get(frame.flow_id)
            if flow is not None and self._steps_that_ask(flow, slot):
                return at
            if frame.kind != "call":
                return None
        return None

    def _steps_that_ask(self, flow: Flow, slot: str) -> list[Step]:
        """The first step that collects the slot; else those that call a flow which does."""
        own = flow.collect_step(slot)
        if own is not None:
            return [own]
        called = (
            (step, self.assistant.flows.get(step.name)) for step in flow.steps.values() if step.kind == "call"
        )
        return [step for step, inner in called if inner is not None and inner.collect_step(slot) is not None]

    def _too_late(self, stack: list[Frame], slot: str) -> bool:
        """Whether something that can't be undone was done with the slot's value."""
        at = self._asked_in(stack, slot)
        if at is None:
            return False
        flow = self.assistant.flows[stack[at].flow_id]
        asked = min(flow.order[step.id] for step in self._steps_that_ask(flow, slot))
        since = any(flow.order.get(done, 0) >= asked for done in stack[at].done)
        return since or any(frame.done for frame in stack[at + 1 :])
