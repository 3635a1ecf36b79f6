"""Remembered facts in flows: used instead of asking again, kept when a flow is done, shown and deleted at the customer's word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from bot.conversation.draft import Draft
from bot.conversation.events import ConsentChanged, FactsForgotten, FactsRemembered
from bot.conversation.flows.model import Step
from bot.conversation.flows.stack import Frame
from bot.conversation.responses import show

if TYPE_CHECKING:
    from bot.conversation.flows.machine import FlowMachine

USE = "pattern_use_remembered"
CONSENT = "pattern_remember_facts"
_RECALLED = "recalled"
"""Key of a frame's context: slots for which a remembered value was thought of."""


async def recalled(machine: FlowMachine, draft: Draft, stack: list[Frame], step: Step) -> bool:
    """Whether an earlier conversation answers the question: the value is taken, or offered by a pattern on top. Once a flow."""
    frame, spec = stack[-1], machine.assistant.domain.slots[step.name].remembering
    thought_of = frame.context.get(_RECALLED, [])
    if spec is None or frame.kind == "pattern" or step.ask_before_filling or step.name in thought_of:
        return False
    frame.context[_RECALLED] = [*thought_of, step.name]
    known = (await machine.memory.recall(draft.tracker.conversation_id)).facts.get(step.name)
    if known is None:
        return False
    if spec.confirm:
        label = machine.assistant.domain.label(step.name)
        machine.push_pattern(stack, USE, slot=step.name, slot_label=label, remembered_value=known.value)
    else:
        draft.set_slot(step.name, known.value, "memory")
    return True


async def to_ask_about(machine: FlowMachine, draft: Draft, frame: Frame) -> dict[str, Any] | None:
    """A flow is done: what customers agreed to is kept. The context of the question about the rest, None for nothing."""
    given = dict(_given(machine, draft, frame))
    if not given:
        return None
    days = {name: _days(machine, name) for name in given}
    kept, undecided = await machine.memory.keep_agreed(
        draft.tracker.conversation_id, given, days, draft.tracker.state.channel
    )
    for name, until in kept.items():
        draft.emit(FactsRemembered(slots=[name], expires_at=until))
    open_ = {name: given[name] for name in undecided}
    if not open_ or draft.tracker.state.asked_to_remember:
        return None
    return {
        "values": open_,
        "remember_items": _in_words(machine, open_),
        "remember_days": min(days[name] for name in open_),
    }


def _given(machine: FlowMachine, draft: Draft, frame: Frame) -> Iterable[tuple[str, Any]]:
    """What the customer said in this flow that is worth remembering."""
    slots = machine.assistant.domain.slots
    for flow_id in [frame.flow_id, *frame.context.get("called", ())]:
        flow = machine.assistant.flows.get(flow_id)
        for name in flow.collected_slots() if flow is not None else ():
            held = draft.tracker.state.slots.get(name)
            if held is None or held.value is None or held.source not in ("user", "button"):
                continue
            if slots[name].remembering is not None:
                yield name, held.value


def _days(machine: FlowMachine, name: str) -> int:
    spec = machine.assistant.domain.slots[name].remembering
    return (spec.days if spec is not None else None) or machine.memory.days


def _in_words(machine: FlowMachine, values: dict[str, Any]) -> str:
    domain = machine.assistant.domain
    return ", ".join(f"{domain.label(name)} {show(value)}" for name, value in values.items())


# -- actions of the patterns ----------------------------------------------------------------------------------------


async def use(machine: FlowMachine, draft: Draft, context: dict[str, Any]) -> None:
    """The customer confirmed what was remembered."""
    draft.set_slot(str(context["slot"]), context["remembered_value"], "memory")


async def keep(machine: FlowMachine, draft: Draft, context: dict[str, Any]) -> None:
    """The customer agreed."""
    draft.emit(ConsentChanged(slots=list(context["values"]), given=True))
    conversation_id, channel = draft.tracker.conversation_id, draft.tracker.state.channel
    for name, value in context["values"].items():
        until = await machine.memory.keep(conversation_id, {name: value}, _days(machine, name), channel)
        draft.emit(FactsRemembered(slots=[name], expires_at=until))


async def decline(machine: FlowMachine, draft: Draft, context: dict[str, Any]) -> None:
    """The customer doesn't want it."""
    await machine.memory.decline(draft.tracker.conversation_id, context["values"])
    draft.emit(ConsentChanged(slots=list(context["values"]), given=False))


async def forget(machine: FlowMachine, draft: Draft, context: dict[str, Any]) -> None:
    """Delete everything that is remembered, here too, and say what it was."""
    domain = machine.assistant.domain
    names = [name for name, spec in domain.slots.items() if spec.remembering is not None]
    gone = await machine.memory.forget(draft.tracker.conversation_id, names)
    draft.emit(ConsentChanged(slots=names, given=False))
    for name, slot in list(draft.tracker.state.slots.items()):
        if slot.source == "memory":
            draft.set_slot(name, None, "flow")
    if not gone:
        draft.say("utter_nothing_remembered")
        return
    draft.emit(FactsForgotten(slots=gone))
    draft.say("utter_facts_forgotten", {"remember_items": ", ".join(domain.label(name) for name in gone)})


async def tell(machine: FlowMachine, draft: Draft, context: dict[str, Any]) -> None:
    """What is remembered, and since when."""
    facts = (await machine.memory.recall(draft.tracker.conversation_id)).facts
    if not facts:
        draft.say("utter_no_facts")
        return
    values = {name: fact.value for name, fact in facts.items()}
    draft.say("utter_facts_told", {"remember_items": _in_words(machine, values)})


WITH_MEMORY: dict[str, Callable[[FlowMachine, Draft, dict[str, Any]], Awaitable[None]]] = {
    "action_use_remembered": use,
    "action_remember_facts": keep,
    "action_decline_remembering": decline,
    "action_forget_facts": forget,
    "action_tell_facts": tell,
}
