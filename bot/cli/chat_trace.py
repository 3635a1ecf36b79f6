"""`sangdam chat --trace`: what a message was taken for, which step came of it, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.conversation.engine import Engine
from bot.conversation.events import CommandsIssued, SlotSet, UserUttered
from bot.conversation.flows.watching import StepTaken
from bot.conversation.responses import show
from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker


class Trace:
    """Gathers the steps of a turn, and tells them with its events once it is stored."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._steps: list[StepTaken] = []

    def watch(self, engine: Engine) -> None:
        """Before all other listeners, so that the reasons come before the words."""
        engine.machine.watchers.append(self._steps.append)
        engine.conversations.listeners.insert(0, self._committed)

    async def _committed(self, commit: Commit, tracker: Tracker) -> None:
        for event in commit.events:
            for line in _of_event(event):
                self._tell(f"  · {line}")
        for step in self._steps:
            self._tell(f"  · {_of_step(step)}")
        self._steps.clear()


def _of_event(event: Any) -> Iterator[str]:
    if isinstance(event, UserUttered) and event.parse_data:
        intent = event.parse_data.get("intent") or {}
        entities = [f"{e['entity']}={e['value']}" for e in event.parse_data.get("entities", ())]
        mood = (event.parse_data.get("sentiment") or {}).get("label", "")
        known = f"{intent.get('name') or '?'} ({intent.get('confidence', 0):.2f})"
        yield " ".join(["이해:", known, *entities, mood]).strip()
    elif isinstance(event, CommandsIssued):
        for command in event.commands:
            said = {k: v for k, v in command.items() if k != "command" and v not in (None, "", {}, [], ())}
            by = f" ({event.metadata['by']})" if event.metadata.get("by") else ""
            yield f"명령{by}: {command['command']} {' '.join(f'{k}={v}' for k, v in said.items())}".rstrip()
    elif isinstance(event, SlotSet):
        yield f"슬롯: {event.name} = {show(event.value) or '비움'} ({event.source})"


def _of_step(step: StepTaken) -> str:
    did = {"went on": f"→ {step.goes_to}", "asked": "물어봄", "refused": "값을 받지 않음", "failed": "실패"}[
        step.did
    ]
    reason = f" [{step.why}]" if step.why else ""
    return f"단계: {step.flow_id}/{step.step_id} {step.kind} {did}{reason}"
