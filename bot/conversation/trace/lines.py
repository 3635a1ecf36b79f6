"""Events of a conversation as lines of a trace, in order; each says in words what was done, and by which condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from bot.conversation.assistant import Assistant
from bot.conversation.commands import Command
from bot.conversation.events import (
    ActionFailed,
    BotUttered,
    CommandsIssued,
    Event,
    FlowCancelled,
    FlowCompleted,
    FlowResumed,
    KnowledgeAnswered,
    OwnershipChanged,
    SlotSet,
    StackChanged,
    UserUttered,
)
from bot.conversation.flows.watching import StepTaken, load_step
from bot.conversation.trace.names import Names
from bot.conversation.trace.words import (
    OWNERS,
    PROPOSERS,
    SOURCES,
    Words,
    of_command,
    of_step,
    understanding,
)

Kind = Literal[
    "customer",
    "understood",
    "command",
    "step",
    "slot",
    "answer",
    "reply",
    "flow",
    "owner",
    "problem",
    "inner",
]
"""`inner` is a value that only the flows know, as what came of a call to the back office."""

_command: TypeAdapter[Command] = TypeAdapter(Command)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One thing that happened. A line of kind `customer` begins a turn."""

    seq: int
    """Of the event that tells of it; a step has that of the event before it."""
    at: float
    """Seconds since the epoch, UTC."""
    kind: Kind
    ko: str
    en: str
    name: str = ""
    """What it is called in the assistant's files: a command, `flow/step`, a slot, an intent."""
    why: str = ""
    """The condition that held, with the values that it read."""


class Tracing:
    """Words of one assistant. `hide` takes personal data out of everything that people said or that slots hold; `sure` is the
    confidence from which an intent counts as understood."""

    def __init__(self, assistant: Assistant, sure: float, hide: Callable[[str], str] = str) -> None:
        self._names = Names(assistant, hide)
        self._sure = sure
        self._hide = hide

    def lines(self, conversation_id: str, events: Iterable[Event]) -> list[TraceLine]:
        """Of whole turns: the steps between events are told by the last event of their turn."""
        known = list(events)
        steps = [
            (step, event.timestamp)
            for event in known
            if isinstance(event, StackChanged)
            for step in (load_step(conversation_id, data) for data in event.steps)
        ]
        found: list[TraceLine] = []
        for event in known:
            while steps and steps[0][0].after < event.seq:
                found.append(self._step(*steps.pop(0)))
            found += self._event(event)
        return [*found, *(self._step(step, at) for step, at in steps)]

    def _step(self, step: StepTaken, at: float) -> TraceLine:
        ko, en = of_step(step, self._names)
        kind: Kind = "problem" if step.did in ("failed", "refused") else "step"
        why = "" if step.did == "refused" else self._hide(step.why)
        return TraceLine(step.after, at, kind, ko, en, f"{step.flow_id}/{step.step_id}", why)

    def _event(self, event: Event) -> Iterator[TraceLine]:
        for kind, (ko, en), name in self._told(event):
            yield TraceLine(event.seq, event.timestamp, kind, ko, en, name)

    def _told(self, event: Event) -> Iterator[tuple[Kind, Words, str]]:
        names, hide = self._names, self._hide
        match event:
            case UserUttered():
                said = hide(event.text)
                yield "customer", (said, said), event.input_channel
                if event.parse_data:
                    yield "understood", *understanding(event, names, self._sure)
                else:
                    yield "understood", ("버튼을 눌렀어요", "Pressed a button"), ""
            case CommandsIssued():
                by = PROPOSERS.get(str(event.metadata.get("by", "")), ("", ""))
                for data in event.commands:
                    ko, en = of_command(_command.validate_python(data), names)
                    yield "command", (ko + by[0], en + by[1]), str(data["command"])
            case SlotSet():
                kind: Kind = "inner" if names.is_internal(event.name) else "slot"
                yield kind, self._slot(event), event.name
            case KnowledgeAnswered():
                yield "answer", self._answer(event), event.outcome
            case BotUttered():
                said = hide(" ".join(event.text.split()))
                anew = bool(event.metadata.get("rephrased"))
                ko, en = ("말을 바꿔 답했어요", "Replied in other words") if anew else ("답했어요", "Replied")
                yield "reply", (f"{ko}: {said}", f"{en}: {said}"), event.response
            case FlowCompleted(flow_id=flow_id):
                flow = names.flow(flow_id)
                yield "flow", (f"{flow} 업무를 마쳤어요", f"{flow} is done"), flow_id
            case FlowCancelled(flow_id=flow_id):
                flow = names.flow(flow_id)
                yield "flow", (f"{flow} 업무를 그만뒀어요", f"{flow} was given up"), flow_id
            case FlowResumed(flow_id=flow_id):
                flow = names.flow(flow_id)
                yield "flow", (f"{flow} 업무로 돌아왔어요", f"Back to {flow}"), flow_id
            case ActionFailed():
                failed = f"처리가 실패했어요: {event.name} ({event.code})"
                yield "problem", (failed, f"An action failed: {event.name} ({event.code})"), event.name
            case OwnershipChanged(after=after):
                yield "owner", OWNERS[after], event.reason

    def _slot(self, event: SlotSet) -> Words:
        label = self._names.slot(event.name)
        if event.value is None:
            return f"{label} 값을 비웠어요", f"{label} was emptied"
        value, (ko, en) = self._names.value(event.value), SOURCES[event.source]
        return f"{label} = {value} ({ko})", f"{label} = {value} ({en})"

    def _answer(self, event: KnowledgeAnswered) -> Words:
        sure = f"{event.confidence:.0%}"
        titles = ", ".join(dict.fromkeys(str(item.get("title", "")) for item in event.citations[:2]))
        if event.outcome == "answer":
            return (
                f"문서에서 답을 찾았어요: {titles} (확신 {sure})",
                f"Found in the documents: {titles} ({sure} sure)",
            )
        if event.outcome == "closest":
            return (
                f"가까운 문서만 있어 골라 달라고 했어요: {titles}",
                f"Only came close, so it offered a choice: {titles}",
            )
        return f"문서에서 답을 찾지 못했어요 (확신 {sure})", f"Found nothing in the documents ({sure} sure)"
