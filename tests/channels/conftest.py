"""A whole server over the store in memory; understanding by table, actions by function; customers on every channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import socketio
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.conversation.actions_port import ActionResult, Said
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import HandoffRequested, KnowledgeAnswered
from bot.conversation.handover import Agent, Handover
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.desk.accounts import AccountService
from bot.desk.accounts.passwords import Passwords
from bot.desk.accounts.store import MemoryAccounts
from bot.server.app import Server
from bot.server.knowledge import Knowledge
from bot.server.service import PULLED, Service
from bot.server.settings import Settings, load_settings
from bot.storage.memory import MemoryStore

ROOT = Path(__file__).parents[2]
TABLE = {
    text: understood(text, intent, **rest)
    for text, intent, rest in [
        ("안녕하세요", "greet", {}),
        ("카드를 잃어버렸어요", "card_loss", {}),
        ("수수료가 얼마예요?", "bank_question", {}),
        ("천천히 알려 주세요?", "bank_question", {}),
        ("피자 주문할래요", "unknown", {"out_of_scope": True, "confidence": 0.2}),
        ("상담원 바꿔 주세요", "request_human", {}),
        ("그만", "cancel", {}),
    ]
}
CITATION = {
    "title": "수수료 안내",
    "source": "fees.md",
    "snippet": "수수료는 500원이에요.",
    "document_id": "fees.md",
    "chunk_id": "c1",
    "heading": (),
    "page": None,
    "url": "/knowledge/fees.md#c1",
}


@dataclass
class Bank:
    """What the actions do; tests change it."""

    slow: float = 0.0
    """Seconds that a question with 천천히 takes."""
    said: tuple[Said, ...] = ()
    """What is said to it, instead of the answer."""
    fails: BaseException | None = None
    questions: list[str] = field(default_factory=list)

    async def answer(self, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """From a document that knows one thing."""
        question = str(context.get("question"))
        self.questions.append(question)
        if "천천히" in question:
            await asyncio.sleep(self.slow)
        if self.fails is not None:
            raise self.fails
        message_id = f"k{tracker.seq}"
        event = KnowledgeAnswered(
            message_id=message_id,
            question=question,
            outcome="answer",
            confidence=0.9,
            text="수수료는 500원이에요.",
            citations=[CITATION],
        )
        said = Said(text="수수료는 500원이에요.", citations=(CITATION,), message_id=message_id)
        return ActionResult(events=(event,), said=self.said or (said,))

    async def handoff(self, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """Opens a case."""
        event = HandoffRequested(
            case_id=f"case-{tracker.conversation_id}-{tracker.seq}",
            reason_code="request",
            reason_text="원해요",
        )
        return ActionResult(events=(event,), said=(Said(response="utter_handoff_started"),))


@dataclass
class House:
    """The server and its hands."""

    server: Server
    client: TestClient[Any, Any]
    bank: Bank
    declared: Any
    minji: Agent = field(default_factory=lambda: Agent(id="a1", name="김민지"))
    sockets: list[socketio.AsyncClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        return str(self.client.make_url("/"))

    async def call(
        self, method: str, path: str, body: Any = None, token: str = "", **rest: Any
    ) -> tuple[int, Any]:
        """Status and JSON of a call."""
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **rest.pop("headers", {})}
        answer = await self.client.request(method, path, json=body, headers=headers, **rest)
        return answer.status, await answer.json(content_type=None)

    async def rest(self, message: str, sender: str = "r1", **rest: Any) -> list[dict[str, Any]]:
        """The bot's answer over REST."""
        status, body = await self.call(
            "POST", "/webhooks/rest/webhook", {"sender": sender, "message": message, **rest}
        )
        assert status == 200, body
        return list(body)

    async def session(self, token: str | None = None) -> dict[str, Any]:
        """A web chat session."""
        status, body = await self.call("POST", "/api/chat/session", {"token": token} if token else {})
        assert status == 200
        return dict(body)

    async def events(self, conversation_id: str) -> list[Any]:
        """All stored events."""
        return list(await self.server.service.store.events(conversation_id))

    async def agent_takes(self, conversation_id: str) -> Any:
        """An agent accepts the open case; gives the case."""
        tracker = await self.server.service.conversations.tracker(conversation_id)
        assert tracker.case is not None
        return await self.server.service.handover.accept(tracker.case, self.minji)

    async def agent_says(self, case: Any, text: str) -> None:
        """A word of the agent."""
        await self.server.service.handover.say(case, self.minji, text)

    async def socket(self, token: str | None = None) -> Any:
        """A connected socket; what it hears is in `heard`."""
        client = socketio.AsyncClient(reconnection=False)
        self.sockets.append(client)
        self.declared.listen(client, "/")
        await client.connect(
            self.url, auth={"token": token} if token else {}, transports=["websocket"], wait_timeout=5
        )
        return client


async def eventually(what: Callable[[], Any], seconds: float = 3.0) -> Any:
    """The first true value of `what`."""
    for _ in range(int(seconds / 0.01)):
        if found := what():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it never happened")


def make_server(assistant: Assistant, settings: Settings, bank: Bank) -> Server:
    """A server over a store in memory."""
    store: Any = MemoryStore()
    conversations = Conversations(store, assistant.responses, outbox_channels=PULLED)
    runner = FunctionRunner(
        {"action_answer_from_knowledge": bank.answer, "action_request_handoff": bank.handoff}
    )
    engine = Engine(conversations, assistant, TableUnderstander(TABLE), runner, roles=settings.roles)
    service = Service(settings, assistant, store, conversations, engine, Handover(engine), Knowledge(None))
    accounts = AccountService(
        MemoryAccounts(), Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    )
    return Server(service, accounts)


@pytest.fixture(scope="session")
def reference() -> Assistant:
    return load_assistant(ROOT)


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of the reference assistant, with a Kakao that hurries."""

    def make(chatwoot: str = "", **environment: str) -> Settings:
        made = load_settings(ROOT, {"SANGDAM_DATA_DIR": str(tmp_path), **environment})
        hurried = made.config.channels.kakao.model_copy(update={"answer_within": 0.3, "callback_within": 1.0})
        there = made.config.channels.chatwoot.model_copy(update={"url": chatwoot})
        channels = made.config.channels.model_copy(update={"kakao": hurried, "chatwoot": there})
        return made.model_copy(update={"config": made.config.model_copy(update={"channels": channels})})

    return make


@pytest.fixture
async def open_house(
    reference: Assistant, settings: Callable[..., Settings], declared_events: Any
) -> AsyncIterator[Any]:
    """Opens servers with an environment; all are closed at the end."""
    houses: list[House] = []

    async def make(**environment: str) -> House:
        bank = Bank()
        server = make_server(reference, settings(**environment), bank)
        client = TestClient(TestServer(server.application()))
        await client.start_server()
        houses.append(House(server, client, bank, declared_events))
        return houses[-1]

    yield make
    for house in houses:
        for socket in house.sockets:
            await socket.disconnect()
        await house.client.close()


@pytest.fixture
async def house(open_house: Any) -> House:
    opened: House = await open_house()
    return opened


@pytest.fixture(scope="session")
def soon() -> Any:
    return eventually
