"""Runs test cases over an engine, each in a conversation of its own and at a time of its own."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.conversation import clock
from bot.conversation.e2e.assertions import Assertion, SlotExpected
from bot.conversation.e2e.files import ACTS, AgentAct, LoadedCase, TestStep
from bot.conversation.e2e.times import moment, span
from bot.conversation.e2e.verdict import Turn, check
from bot.conversation.engine import Engine
from bot.conversation.events import BotUttered, SystemNotice
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
    texts: tuple[str, ...] = ()
    """What the bot should have said, where words were expected."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said in a case, for people who read what went wrong."""

    step: int
    speaker: str
    """`customer`, `bot`, `system` or `agent`."""
    text: str


@dataclass(slots=True)
class Result:
    """One case's verdict."""

    case: LoadedCase
    failures: list[Failure] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether all expectations held."""
        return not self.failures


class NoSuchButton(SangdamError):
    """Raised when a test presses what isn't shown."""

    def __init__(self, title: str, shown: Iterable[str]) -> None:
        super().__init__(
            "no_such_button",
            ko=f"'{title}' 버튼이 보이지 않아요.",
            en=f"No button {title!r} is shown. Shown: {', '.join(shown) or 'none'}.",
        )


class CaseRunner:
    """Talks as the customer and acts as the agent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def run(self, case: LoadedCase) -> Result:
        """Never raises for what the assistant does: an error of it is a failed step."""
        result, started = Result(case), time.perf_counter()
        talk = _Talk(self._engine, case)
        turn, said = Turn([], {}, "bot"), ""
        for number, step in enumerate(case.case.steps, 1):
            try:
                if set(ACTS) & step.model_fields_set:
                    said = _in_words(step)
                    result.lines.append(_line(number, step, said))
                    turn = await talk.turn(step)
                    result.lines += _answers(number, turn)
            except SangdamError as error:
                result.failures.append(Failure(number, said, "the step runs", f"{error.code}: {error.en}"))
                break
            for assertion in expectations(step):
                found = check(assertion, turn)
                if found is not None:
                    result.failures.append(_failure(number, said, step, assertion, found))
        result.seconds = time.perf_counter() - started
        return result


def _failure(number: int, said: str, step: TestStep, assertion: Assertion, found: str) -> Failure:
    [(kind, value)] = assertion.model_dump(exclude_unset=True).items()
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    texts: list[str] = [step.bot] if step.bot is not None else []
    if assertion.reply_contains is not None:
        wanted = assertion.reply_contains
        texts += [wanted] if isinstance(wanted, str) else wanted
    return Failure(number, said, f"{kind}: {shown}", found, tuple(texts))


class _Talk:
    """One conversation of a test: its id, its channel, its time, what can be pressed."""

    def __init__(self, engine: Engine, case: LoadedCase) -> None:
        self._engine = engine
        self._handover = Handover(engine)
        self._id = f"test-{uuid.uuid4().hex}"
        self._channel = case.channel
        self._ahead = moment(case.case.at) - time.time() if case.case.at else 0.0
        self._buttons: dict[str, str] = {}

    async def turn(self, step: TestStep) -> Turn:
        """What the step does. Raises `SangdamError`."""
        conversations = self._engine.conversations
        before = (await conversations.tracker(self._id)).seq
        if step.later is not None:
            self._ahead += span(step.later)
        with clock.moved(self._ahead):
            if step.agent is not None:
                await self._act(step.agent)
            elif step.later is None:
                await self._say(step)
            else:
                while await self._engine.tend_silence(self._id) is not None:
                    pass
        events = await conversations.store.events(self._id, after=before, limit=500)
        tracker = await conversations.tracker(self._id)
        said = [event for event in events if isinstance(event, BotUttered | SystemNotice)]
        if said:
            self._buttons = {title: payload for event in said for title, payload in _pressable(event.data)}
        cases = await conversations.store.past_cases(self._id)
        return Turn(events, tracker.slot_values(), tracker.owner, tracker.stack, cases[-1] if cases else None)

    async def _say(self, step: TestStep) -> None:
        self._channel = step.channel or self._channel
        text, payload = step.text, step.payload
        if step.button is not None:
            if step.button not in self._buttons:
                raise NoSuchButton(step.button, self._buttons)
            text, payload = step.button, self._buttons[step.button]
        await self._engine.handle(
            UserMessage(conversation_id=self._id, text=text, channel=self._channel, payload=payload)
        )

    async def _act(self, act: AgentAct) -> None:
        case = (await self._engine.conversations.tracker(self._id)).case
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


def _pressable(data: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Title and payload of a message's buttons, those of its cards included; links are none."""
    cards = [button for card in data.get("elements") or () for button in card.get("buttons") or ()]
    for button in [*(data.get("buttons") or ()), *cards]:
        if button.get("payload"):
            yield button["title"], button["payload"]


def _in_words(step: TestStep) -> str:
    if step.agent is not None:
        return f"(agent) {next(iter(step.agent.model_fields_set))}"
    if step.later is not None:
        return f"({step.later} later)"
    return f"[{step.button}]" if step.button is not None else step.text


def _line(number: int, step: TestStep, words: str) -> Line:
    if step.agent is not None and step.agent.say is not None:
        return Line(number, "agent", step.agent.say)
    acts = step.agent is not None or step.later is not None
    return Line(number, "system" if acts else "customer", words)


def _answers(number: int, turn: Turn) -> Iterable[Line]:
    for event in turn.events:
        if isinstance(event, BotUttered):
            yield Line(number, "bot", event.text)
        elif isinstance(event, SystemNotice):
            yield Line(number, "system", event.text)


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
