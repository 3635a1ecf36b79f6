"""A whole server over the store in memory: the real assistant, understanding by table, documents that know one thing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
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
from bot.conversation.events import HandoffRequested, KnowledgeAnswered, SlotSet
from bot.conversation.handover import Handover
from bot.conversation.messages import UserMessage
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.desk.accounts import AccountService
from bot.desk.accounts.passwords import Passwords
from bot.desk.accounts.store import MemoryAccounts
from bot.server.app import Server
from bot.server.service import Service
from bot.server.settings import load_settings
from bot.storage.memory import MemoryStore
from knowledge_base.types import Answer, Citation

ROOT = Path(__file__).parents[2]
PASSWORD = "바다위의등대 2026"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
TABLE = {
    text: understood(text, intent, **rest)
    for text, intent, rest in [
        ("안녕하세요", "greet", {}),
        ("수수료가 얼마예요?", "bank_question", {}),
        ("카드를 잃어버렸어요", "card_loss", {}),
        ("010-1234-5678이에요", "unknown", {"phone": "010-1234-5678", "confidence": 0.1}),
        ("신용카드요", "unknown", {"card_type": "신용카드", "confidence": 0.1}),
        ("정말 답답하네요", "complaint", {"sentiment": "negative"}),
        ("상담원 바꿔 주세요", "request_human", {}),
        ("네", "affirm", {}),
    ]
}


class OneDocument:
    """Knows the fee, and nothing else."""

    async def extract(self, question: str, *, max_chars: int, earlier: Sequence[str] = ()) -> Answer:
        """Answers questions about fees."""
        if "수수료" not in question:
            return Answer(outcome="none", text="", confidence=0.0)
        citation = Citation(
            title="수수료 안내",
            source="fees.md",
            snippet="수수료는 500원이에요.",
            document_id="fees.md",
            chunk_id="c1",
        )
        return Answer(outcome="answer", text="수수료는 500원이에요.", confidence=0.9, citations=(citation,))

    def document(self, document_id: str) -> None:
        """No pages here."""

    async def aclose(self) -> None:
        """Nothing is open."""


async def find_customer(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Everybody is a customer."""
    return ActionResult(events=(SlotSet(name="customer_id", value="C1"),))


async def find_card(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Everybody has a card."""
    return ActionResult(
        events=(SlotSet(name="card_found", value=True), SlotSet(name="card_last4", value="4821"))
    )


async def answer(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """From the one document."""
    question = str(context.get("question"))
    found = await OneDocument().extract(question, max_chars=200)
    citations = tuple(c.model_dump() for c in found.citations)
    event = KnowledgeAnswered(
        message_id=f"k{tracker.seq}",
        question=question,
        outcome=found.outcome,
        confidence=found.confidence,
        text=found.text,
        citations=list(citations),
    )
    return ActionResult(
        events=(event,), said=(Said(text=found.text, citations=citations, message_id=f"k{tracker.seq}"),)
    )


async def handoff(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Opens a case."""
    return ActionResult(
        events=(
            HandoffRequested(
                case_id=f"case-{tracker.conversation_id}-{tracker.seq}",
                reason_code=str(context.get("reason_code", "flow")),
                reason_text=str(context.get("reason_text", "")),
                urgency=context.get("urgency", "normal"),
            ),
        )
    )


class Desk:
    """The server with hands: customers who write, agents who sign in, sockets that listen."""

    def __init__(
        self, server: Server, client: TestClient[Any, Any], accounts: AccountService, declared: Any
    ) -> None:
        self.server = server
        self.declared = declared
        self.client = client
        self.accounts = accounts
        self.sockets: list[socketio.AsyncClient] = []

    @property
    def url(self) -> str:
        """Where the server listens."""
        return str(self.client.make_url("/"))

    async def customer_says(
        self, *texts: str, who: str = "c1", channel: str = "webchat", **rest: Any
    ) -> None:
        """Messages of a customer, one after another."""
        for text in texts:
            message = UserMessage(conversation_id=who, text=text, channel=channel, **rest)
            await self.server.service.handle(message)

    async def waiting(self, who: str = "c1") -> str:
        """A customer who asks for a person in the middle of a flow; the id of the case."""
        await self.customer_says(
            "안녕하세요",
            "수수료가 얼마예요?",
            "카드를 잃어버렸어요",
            "010-1234-5678이에요",
            "정말 답답하네요",
            "상담원 바꿔 주세요",
            who=who,
        )
        return await self.case_of(who)

    async def case_of(self, who: str) -> str:
        """The id of a customer's open case."""
        tracker = await self.server.service.conversations.tracker(who)
        assert tracker.case is not None
        return tracker.case.id

    async def sign_in(self, username: str = "minji", name: str = "김민지", role: str = "agent") -> str:
        """A token of an agent, who is made if need be."""
        if await self.accounts.find(username) is None:
            await self.accounts.add_user(username, name, role, PASSWORD)
        answer = await self.client.post("/api/desk/login", json={"username": username, "password": PASSWORD})
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["token"])

    async def call(
        self, token: str, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of a call."""
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.client.request(method, f"/api/desk/{path}", json=body, headers=headers)
        return answer.status, (await answer.json() if answer.content_length else None)

    async def socket(self, namespace: str, token: str | None = None) -> socketio.AsyncClient:
        """A connected socket; it is closed at the end of the test."""
        client = socketio.AsyncClient(reconnection=False)
        self.sockets.append(client)
        self.declared.listen(client, namespace)
        await client.connect(
            self.url,
            namespaces=[namespace],
            auth={"token": token} if token else {},
            transports=["websocket"],
            wait_timeout=5,
        )
        return client


def make_server(assistant: Assistant, accounts: AccountService, data_dir: Path, **environ: str) -> Server:
    """A server over a store in memory."""
    settings = load_settings(ROOT, {"SANGDAM_DATA_DIR": str(data_dir), **environ})
    store: Any = MemoryStore()
    conversations = Conversations(store, assistant.responses)
    runner = FunctionRunner(
        {
            "action_find_customer": find_customer,
            "action_find_card": find_card,
            "action_answer_from_knowledge": answer,
            "action_request_handoff": handoff,
        }
    )
    engine = Engine(conversations, assistant, TableUnderstander(TABLE), runner)
    knowledge: Any = OneDocument()
    service = Service(settings, assistant, store, conversations, engine, Handover(engine), knowledge)
    return Server(service, accounts)


@pytest.fixture(scope="session")
def bank() -> Assistant:
    """The reference assistant."""
    return load_assistant(ROOT)


@pytest.fixture
def environ() -> dict[str, str]:
    """What the server's environment says; tests that need more give their own."""
    return {}


@pytest.fixture
async def desk(
    bank: Assistant, tmp_path: Path, declared_events: Any, environ: dict[str, str]
) -> AsyncIterator[Desk]:
    """A running server."""
    accounts = AccountService(MemoryAccounts(), Passwords(CHEAP))
    server = make_server(bank, accounts, tmp_path, **environ)
    async with TestClient(TestServer(server.application())) as client:
        desk = Desk(server, client, accounts, declared_events)
        yield desk
        for socket in desk.sockets:
            await socket.disconnect()
