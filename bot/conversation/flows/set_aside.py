"""A session ends while flows are going on: they are set aside, and offered once when the customer comes back in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.conversation.draft import Draft
from bot.conversation.events import FlowCancelled, FlowResumed, FlowSetAside, SlotSet
from bot.conversation.flows.stack import Frame, user_frame

if TYPE_CHECKING:
    from bot.conversation.flows.machine import FlowMachine
    from bot.conversation.tracker import SetAside, SlotValue

RESUME = "pattern_resume_set_aside"


def set_aside(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Take all flows off the stack, with what they were told, and keep it for later. Patterns stay.

    Secrets are asked for again. Flows that were set aside before are given up.
    """
    drop(machine, draft, stack, context)
    kept = what_goes_on(machine, stack, draft.tracker.state.slots)
    if kept is None:
        return
    draft.emit(kept)
    for frame in stack:
        if frame.kind != "pattern":
            machine.reset_slots(draft, frame)
    stack[:] = [frame for frame in stack if frame.kind == "pattern"]


def what_goes_on(
    machine: FlowMachine, stack: list[Frame], slots: Mapping[str, SlotValue]
) -> FlowSetAside | None:
    """The flows of a stack with what they were told; None if nothing goes on."""
    inner = user_frame(stack)
    if inner is None:
        return None
    frames = [frame for frame in stack if frame.kind != "pattern"]
    secrets = machine.assistant.responses.secret_slots
    names = dict.fromkeys(name for frame in frames for name in machine.fleeting_slots(frame))
    told = {
        name: slots[name].model_dump()
        for name in names
        if name not in secrets and name in slots and slots[name].value is not None
    }
    return FlowSetAside(
        flow_id=inner.flow_id,
        step_id=inner.step_id,
        frames=[frame.model_dump() for frame in frames],
        slots=told,
    )


def take_up(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Go on where it was left: its slots and flows come back, below a pattern that asked."""
    kept = draft.tracker.state.set_aside
    if kept is None:
        return
    if kept.origin:
        draft.taken_from.append(kept.origin)
    for name, slot in kept.slots.items():
        if name in machine.assistant.domain.slots:
            source = (
                slot.source
                if slot.source in ("user", "button", "action", "flow", "agent", "memory")
                else "flow"
            )
            draft.emit(
                SlotSet.model_validate(
                    {"name": name, "value": slot.value, "source": source, "said_at": slot.said_at}
                )
            )
    frames = [frame.model_copy(deep=True) for frame in kept.frames]
    stack[:0] = _from_the_start(machine, frames) if kept.origin else frames
    draft.emit(FlowResumed(flow_id=kept.flow_id, step_id=kept.step_id))


def _from_the_start(machine: FlowMachine, frames: list[Frame]) -> list[Frame]:
    """The flows at their first steps, to pass over all that was told: what actions found out stayed in the other conversation.

    As after a correction, actions on the way run again and confirmations are asked again; what is called is called anew.
    """
    for frame in frames:
        flow = machine.assistant.flows.get(frame.flow_id)
        if flow is not None:
            frame.step_id = flow.first
            frame.asked, frame.passing, frame.awaiting = [], list(frame.skipped), None
    return [frame for frame in frames if frame.kind != "call"]


def drop(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Give up what was set aside."""
    kept = draft.tracker.state.set_aside
    if kept is not None:
        draft.emit(FlowCancelled(flow_id=kept.flow_id, step_id=kept.step_id))


def offer(machine: FlowMachine, stack: list[Frame], kept: SetAside) -> None:
    """Put the pattern on top that asks whether to go on."""
    where = CHANNEL_NAMES.get(kept.channel, "") if kept.origin else ""
    machine.push_pattern(
        stack, RESUME, flow_name=machine.goal(kept.frames) or "", channel_name=where, elsewhere=bool(where)
    )


CHANNEL_NAMES = {"webchat": "웹 채팅", "kakao": "카카오톡", "voice": "전화"}
"""As customers call where they talked."""
