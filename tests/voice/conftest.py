"""A call between twins: a line without a network, ears with a script, a mouth that hums, and the small assistant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.conversation.actions_port import ActionResult, Said
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import HandoffRequested
from bot.conversation.handover import Agent, Handover
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore
from bot.voice.call import Call
from bot.voice.dialogue import Dialogue
from bot.voice.ears import TestingEars
from bot.voice.mouth import TestingMouth
from bot.voice.options import CallOptions
from bot.voice.testing import LoudnessActivity, utterance
from bot.voice.transports import TestingTransport
from bot.voice.turn_taking import SilenceTurns

TABLE = {
    text: understood(text, intent, **rest)
    for text, intent, rest in [
        ("안녕하세요", "greet", {}),
        ("카드를 잃어버렸어요", "card_loss", {}),
        ("010-1234-5678", "unknown", {"phone": "010-1234-5678", "confidence": 0.1}),
        ("상담원 바꿔 주세요", "request_human", {}),
        ("다시 말해 주세요", "repeat", {}),
    ]
}


async def handoff(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Opens a case."""
    event = HandoffRequested(
        case_id=f"case-{tracker.seq}",
        reason_code="customer_asked",
        reason_text="",
        urgency=context.get("urgency", "normal"),
    )
    return ActionResult(events=(event,), said=(Said(response="utter_handoff_started"),))


class Phone:
    """One call under test, and what is known of it afterwards."""

    def __init__(self, engine: Engine, script: tuple[str, ...], **rest: Any) -> None:
        self.engine = engine
        self.conversations = engine.conversations
        self.handover = Handover(engine)
        self.agent = Agent(id="a1", name="김민지")
        speed = rest.pop("speed", 20.0)
        outlives_call = rest.pop("outlives_call", False)
        self.line = TestingTransport(rest.pop("info", None), speed=speed, outlives_call=outlives_call)
        self.ears = TestingEars(*script, seconds=rest.pop("thinks", 0.0))
        self.mouth = TestingMouth(rest.pop("ms_per_character", 10))
        self.dialogue = Dialogue(engine, self.conversations, self.line.info)
        self.call = Call(
            self.line,
            self.dialogue,
            self.ears,
            self.mouth,
            LoudnessActivity(),
            SilenceTurns(),
            options=CallOptions(**rest),
        )
        self.conversations.listeners.append(self._committed)
        self.task: asyncio.Task[str] | None = None

    async def _committed(self, commit: Any, tracker: Tracker) -> None:
        if commit.conversation_id == self.line.info.conversation_id:
            self.dialogue.committed(commit)

    @property
    def said(self) -> str:
        """All that was spoken."""
        return " ".join(self.mouth.said)

    async def ring(self) -> None:
        """The call begins; the greeting is waited for."""
        self.task = asyncio.create_task(self.call.run())
        await self.until(lambda: bool(self.mouth.said))

    async def until(self, true: Callable[[], bool], seconds: float = 5) -> None:
        """Wait for a condition; fails the test if it doesn't come true."""
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 - any condition, not an event
                await asyncio.sleep(0.005)

    async def quiet(self) -> None:
        """The bot has said all that it has to say."""
        await self.until(lambda: not self.call.speaker.active and not self.call.thinker.busy)

    async def says(self, ms: float = 600) -> None:
        """The caller says something, and the answer begins."""
        before = len(self.mouth.said)
        self.line.speak(utterance(ms))
        await self.until(lambda: len(self.mouth.said) > before)

    async def over(self) -> str:
        """The reason of the end."""
        assert self.task is not None
        async with asyncio.timeout(10):
            return await self.task

    async def hangs_up(self) -> str:
        """The caller hangs up."""
        self.line.hang_up()
        return await self.over()

    async def events(self, *kinds: str) -> list[Any]:
        """The log, or those kinds of it."""
        events = await self.conversations.store.events(self.line.info.conversation_id)
        return [event for event in events if not kinds or event.event in kinds]

    async def tracker(self) -> Tracker:
        """The conversation as it stands."""
        return await self.conversations.tracker(self.line.info.conversation_id)


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return load_assistant(Path(__file__).parents[1] / "conversation" / "assistant")


@pytest.fixture
async def make_phone(assistant: Assistant) -> AsyncIterator[Callable[..., Phone]]:
    """Makes calls; those that are still open are ended."""
    phones: list[Phone] = []

    def make(*script: str, **rest: Any) -> Phone:
        conversations = Conversations(rest.pop("store", None) or MemoryStore(), assistant.responses)
        runner = FunctionRunner({"action_request_handoff": handoff})
        phone = Phone(Engine(conversations, assistant, TableUnderstander(TABLE), runner), script, **rest)
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        phone.call.hang_up("test_over")
        if phone.task is not None:
            await asyncio.gather(phone.task, return_exceptions=True)


@pytest.fixture
def speech_server() -> Callable[..., Any]:
    """A server with one path, as an async context manager that gives the base address."""

    @asynccontextmanager
    async def serve(handler: Any, path: str = "/v1/audio/transcriptions") -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post(path, handler)
        async with TestServer(app) as server:
            yield str(server.make_url("/v1"))

    return serve
