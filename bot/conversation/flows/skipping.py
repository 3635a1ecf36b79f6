"""Questions that customers don't want to answer: an optional one is passed over, at another they hear why it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.conversation.draft import Draft
from bot.conversation.flows.model import Step
from bot.conversation.flows.stack import Frame, asking_frame

if TYPE_CHECKING:
    from bot.conversation.flows.machine import FlowMachine

SKIP = "pattern_skip_question"


def push_skip(machine: FlowMachine, stack: list[Frame]) -> None:
    """Put the pattern on top that answers who wants to skip the open question; without one there is nothing to skip."""
    frame = asking_frame(stack)
    step = _open_step(machine, frame)
    if frame is None or step is None:
        machine.push_pattern(stack, "pattern_completed")
        return
    label = machine.assistant.domain.label(step.name)
    machine.push_pattern(stack, SKIP, optional=step.optional, slot=step.name, slot_label=label)


def skip_question(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Pass over the open question, if it is an optional one."""
    frame = asking_frame([below for below in stack if below.flow_id != SKIP])
    step = _open_step(machine, frame)
    if frame is not None and step is not None and step.optional:
        frame.skipped = list(dict.fromkeys([*frame.skipped, step.id]))
        frame.passing.append(step.id)
        frame.awaiting = None


def say_why_needed(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Why the open question has to be answered: `utter_why_<slot>`, or that it has to be."""
    why = f"utter_why_{context.get('slot', '')}"
    draft.say(why if why in machine.assistant.responses else "utter_skip_not_allowed", context)


def _open_step(machine: FlowMachine, frame: Frame | None) -> Step | None:
    flow = machine.assistant.flows.get(frame.flow_id) if frame is not None and frame.awaiting else None
    return flow.steps.get(frame.step_id) if flow is not None and frame is not None else None
