"""Runs test cases over an engine, each in a conversation of its own."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.e2e.files import AgentAct, Assertion, LoadedCase, SlotExpected, TestStep
from bot.conversation.e2e.verdict import Turn, check
from bot.conversation.engine import Engine
from bot.conversation.handover import Agent, Handover
from bot.conversation.messages import UserMessage
from formats import SangdamError

AGENT = Agent(id="test-agent", name="김민지")


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that didn't hold. `step` counts from 1."""

    step: int
    said: str
    expected: str
    found: str


@dataclass(slots=True)
class Result:
    """One case's verdict."""

    case: LoadedCase
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether all expectations held."""
        return not self.failures


class CaseRunner:
    """Talks as the customer and acts as the agent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._handover = Handover(engine)

    async def run(self, case: LoadedCase) -> Result:
        """Never raises for what the assistant does: an error of it is a failed step."""
        result, started = Result(case), time.perf_counter()
        conversation_id = f"test-{uuid.uuid4().hex}"
        turn, said = Turn([], {}, "bot"), ""
        for number, step in enumerate(case.case.steps, 1):
            try:
                if step.user is not None or step.agent is not None:
                    said = step.user if step.user is not None else f"(agent) {_act_name(step)}"
                    turn = await self._turn(conversation_id, case.channel, step)
            except SangdamError as error:
                result.failures.append(Failure(number, said, "the step runs", f"{error.code}: {error.en}"))
                break
            for assertion in expectations(step):
                found = check(assertion, turn)
                if found is not None:
                    expected = assertion.model_dump(exclude_unset=True)
                    result.failures.append(Failure(number, said, str(expected), found))
        result.seconds = time.perf_counter() - started
        return result

    async def _turn(self, conversation_id: str, channel: str, step: TestStep) -> Turn:
        conversations = self._engine.conversations
        before = (await conversations.tracker(conversation_id)).seq
        if step.agent is not None:
            await self._act(conversation_id, step.agent)
        else:
            message = UserMessage(
                conversation_id=conversation_id, text=step.user or "", channel=channel, payload=step.payload
            )
            await self._engine.handle(message)
        events = await conversations.store.events(conversation_id, after=before, limit=500)
        tracker = await conversations.tracker(conversation_id)
        return Turn(events, tracker.slot_values(), tracker.owner)

    async def _act(self, conversation_id: str, act: AgentAct) -> None:
        case = (await self._engine.conversations.tracker(conversation_id)).case
        if case is None:
            raise SangdamError(
                "no_case", ko="열린 상담이 없어요.", en="No case is open: nobody asked for a person."
            )
        desk = self._handover
        if act.accept:
            await desk.accept(case, AGENT)
        elif act.say is not None:
            await desk.say(case, AGENT, act.say)
        elif act.note is not None:
            await desk.note(case, AGENT, act.note)
        elif act.transfer is not None:
            await desk.transfer(case, AGENT, act.transfer)
        elif act.give_back is not None:
            await desk.give_back(case, AGENT, *_outcome(act.give_back), act.give_back.get("slots"))
        elif act.close is not None:
            await desk.close(case, AGENT, *_outcome(act.close))


def _outcome(given: dict[str, Any]) -> tuple[str, str]:
    return str(given.get("code", "resolved")), str(given.get("note", ""))


def _act_name(step: TestStep) -> str:
    return next(iter(step.agent.model_fields_set)) if step.agent else ""


def expectations(step: TestStep) -> Iterable[Assertion]:
    """A step's assertions; Rasa's older step kinds say the same in other words."""
    yield from step.assertions
    if step.bot is not None:
        text = f"^{re.escape(step.bot.strip())}$"
        yield Assertion.model_validate({"bot_uttered": {"text_matches": text}})
    if step.utter is not None:
        yield Assertion.model_validate({"bot_uttered": {"utter_name": step.utter}})
    if step.slot_was_set is not None:
        yield Assertion.model_validate({"slot_was_set": _slots(step.slot_was_set)})
    if step.slot_was_not_set is not None:
        yield Assertion.model_validate({"slot_was_not_set": _slots(step.slot_was_not_set)})


def _slots(given: Iterable[str | dict[str, Any]]) -> list[SlotExpected]:
    found: list[SlotExpected] = []
    for item in given:
        if isinstance(item, str):
            found.append(SlotExpected(name=item))
        else:
            found += [SlotExpected(name=name, value=value) for name, value in item.items()]
    return found
