"""Rasa's slots and forms in our log, so that desk, packet and silence see them like our own."""

from __future__ import annotations

from bot.conversation.assistant import Assistant
from bot.conversation.draft import Draft
from bot.conversation.events import FlowCancelled, FlowCompleted, FlowStarted, StackChanged
from bot.conversation.flows.model import END
from bot.conversation.flows.stack import Frame, copied, user_frame
from bot.rasa_engine.answers import RasaState


def take_slots(draft: Draft, state: RasaState, extracted: set[str], *, button: bool = False) -> None:
    """The slots as Rasa has them; `extracted` are those that the customer's words filled."""
    for name, value in state.slots.items():
        draft.set_slot(name, value, ("button" if button else "user") if name in extracted else "action")


def follow_form(draft: Draft, assistant: Assistant, state: RasaState) -> None:
    """An active form as the flow of the same name, waiting for the slot that was asked for; a form that ended as ended."""
    stack = copied(draft.tracker.stack)
    now = user_frame(stack)
    flow = assistant.business_flows.get(state.form or "")
    if now is not None and (flow is None or now.flow_id != flow.id):
        ended = assistant.flows.get(now.flow_id)
        whole = ended is not None and all(
            draft.tracker.slot(name) is not None for name in ended.collected_slots()
        )
        kind = FlowCompleted if whole else FlowCancelled
        draft.emit(kind(flow_id=now.flow_id, step_id=END if whole else now.step_id))
        stack.clear()
        now = None
    if flow is not None:
        if now is None:
            draft.emit(FlowStarted(flow_id=flow.id))
            stack = [Frame(flow_id=flow.id, step_id=flow.first)]
        asked = flow.collect_step(state.requested) if state.requested else None
        top = stack[-1]
        top.step_id = asked.id if asked else flow.first
        top.awaiting = state.requested if asked else None
    if stack != draft.tracker.stack:
        draft.emit(StackChanged(frames=[frame.model_dump() for frame in stack]))
