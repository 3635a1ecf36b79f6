"""What came in between is done: going on with a flow that was interrupted, or giving it up."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from bot.conversation.draft import Draft
from bot.conversation.flows.stack import Frame, user_frame
from bot.conversation.messages import Button

if TYPE_CHECKING:
    from bot.conversation.flows.machine import FlowMachine

CONTINUE = "pattern_continue_interrupted"
CHOICE = "interrupted_flow_to_continue"
_NO = re.compile(r"^\s*(none|아니|아뇨|없|됐|안\s|괜찮)")


def waiting_flows(machine: FlowMachine, stack: list[Frame]) -> list[str]:
    """Ids of the flows that wait to go on, the one that was interrupted last first."""
    flows = machine.assistant.flows
    return [
        frame.flow_id
        for frame in reversed(stack)
        if frame.kind in ("regular", "interrupt") and frame.flow_id in flows
    ]


def ask_to_continue(machine: FlowMachine, stack: list[Frame], done: str) -> None:
    """Put the pattern on top that asks whether to go on. `done` is the name of the flow that came in between."""
    ids = waiting_flows(machine, stack)
    if not ids:
        return
    names = [machine.assistant.flows[flow_id].name for flow_id in ids]
    machine.push_pattern(
        stack,
        CONTINUE,
        flow_name=names[0],
        previous_flow_name=done,
        interrupted_flow_ids=ids,
        interrupted_flow_names=names,
        interrupted_flow_options=", ".join(names),
        multiple_flows_interrupted=len(ids) > 1,
    )


def ask_which(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Ask which of several flows to go on with, with a button for each and one for none."""
    asked = machine.assistant.responses.say(
        "utter_which_interrupted_flow",
        slots=draft.tracker.slot_values(),
        channel=draft.tracker.state.channel,
        variables=context,
    )
    buttons = [
        Button(title=name, payload=f"/SetSlots({CHOICE}={flow_id})")
        for name, flow_id in zip(
            context.get("interrupted_flow_names", ()), context.get("interrupted_flow_ids", ()), strict=False
        )
    ]
    draft.say_reply(asked.model_copy(update={"buttons": (*buttons, *asked.buttons)}))


def continue_chosen(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Bring the flow up that was chosen by id or name; the one that was interrupted last if nothing else is meant."""
    wish = str(draft.tracker.slot(CHOICE) or "")
    if _NO.search(wish):
        cancel_waiting(machine, draft, stack, context)
        return
    ids = waiting_flows(machine, stack)
    # Of equals `max` takes the first.
    chosen = max(ids, key=lambda flow_id: _likeness(wish, flow_id, machine), default=None)
    at = next(
        (i for i, frame in enumerate(stack) if frame.flow_id == chosen and frame.kind != "pattern"), None
    )
    if at is None:
        return
    # With everything that it called; patterns on top stay there.
    end = next(
        (i for i in range(at + 1, len(stack)) if stack[i].kind != "call"),
        len(stack),
    )
    moved = stack[at:end]
    del stack[at:end]
    place = next((i for i, frame in enumerate(stack) if frame.flow_id == CONTINUE), len(stack))
    stack[place:place] = moved
    context["flow_name"] = machine.assistant.flows[str(chosen)].name


def cancel_waiting(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """Give up all flows that wait, with their slots; the pattern that asked goes on."""
    asking = [frame for frame in stack if frame.kind == "pattern"]
    while machine.cancel(draft, stack):
        pass
    stack[:] = asking


def resumed(machine: FlowMachine, stack: list[Frame]) -> Frame | None:
    """The frame that goes on now, None if all were given up."""
    frame = user_frame(stack)
    return frame if frame is not None and frame.flow_id in machine.assistant.flows else None


def _likeness(wish: str, flow_id: str, machine: FlowMachine) -> int:
    """Letters in a row that what was said and the flow's name have in common; one alone says nothing."""
    said, name = wish.replace(" ", ""), machine.assistant.flows[flow_id].name.replace(" ", "")
    if wish == flow_id:
        return len(name) + 1
    shared = SequenceMatcher(None, said, name, autojunk=False).find_longest_match().size
    return shared if shared > 1 else 0
