"""The bank's actions against the example core-banking server, which listens on a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from actions.bank import client
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander, understood
from bot.conversation.tracker import SlotValue, Tracker
from bot.desk.queues import default_book
from bot.execution.in_process import InProcessRunner
from bot.server.action_services import action_services
from bot.server.service import BUILT_IN_PACKAGE
from bot.storage.memory import MemoryStore
from examples.core_banking.server import CoreBanking
from knowledge_base.types import Answer, Citation

ROOT = Path(__file__).parents[2]
PHONES = ["010-1234-5678", "010-4567-8901", "010-5678-9012", "010-0000-0000"]
TABLE = {
    text: understood(text, intent, **rest)
    for text, intent, rest in [
        ("카드를 잃어버렸어요", "card_loss", {}),
        ("신용카드요", "unknown", {"card_type": "신용카드", "confidence": 0.1}),
        ("체크카드요", "unknown", {"card_type": "체크카드", "confidence": 0.1}),
        ("네", "affirm", {}),
        ("아니요", "deny", {}),
        ("전화 주세요", "request_callback", {}),
        ("내일", "unknown", {"date": "2026-11-26", "confidence": 0.1}),
        ("오후 세 시", "unknown", {"time": "15:00", "confidence": 0.1}),
        ("이체 한도 올려 주세요", "transfer_limit_change", {}),
        ("3천만원이요", "unknown", {"amount": 30_000_000, "confidence": 0.1}),
        ("수수료가 얼마예요?", "bank_question", {}),
        *((phone, "unknown", {"phone": phone, "confidence": 0.1}) for phone in PHONES),
    ]
}


class Documents:
    """Answers as the test says, and remembers what was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, int]] = []
        self.earlier: list[list[str]] = []
        self.opened: list[str] = []

    async def answer(
        self, question: str, *, max_chars: int, earlier: Sequence[str] = (), live: object = None
    ) -> Answer:
        self.asked.append((question, max_chars))
        self.earlier.append(list(earlier))
        return self.answers.pop(0)

    async def open_passage(self, passage_id: str, *, max_chars: int) -> Answer:
        self.opened.append(passage_id)
        return self.answers.pop(0)


@pytest.fixture
def documents() -> Documents:
    return Documents()


@pytest.fixture
def cited() -> Citation:
    return Citation(
        title="수수료 안내",
        source="fees.md",
        snippet="500원",
        document_id="fees.md",
        chunk_id="c1",
        url="/knowledge/fees.md",
    )


@pytest.fixture
async def bank(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CoreBanking]:
    """The running server; actions find it and its key in the environment."""
    banking = CoreBanking()
    async with TestServer(banking.application("test-key")) as server:
        monkeypatch.setenv("SANGDAM_CORE_BANKING_URL", str(server.make_url("")).rstrip("/"))
        monkeypatch.setenv("CORE_BANKING_KEY", "test-key")
        monkeypatch.setattr(client, "TIMEOUT", 0.3)
        yield banking


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return load_assistant(ROOT)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def runner(assistant: Assistant, store: MemoryStore, documents: Documents) -> InProcessRunner:
    services = action_services(assistant, store, default_book(), documents, remember_days=365)
    runner = InProcessRunner(assistant.domain, timeout=1.0, services=services)
    runner.register_package("actions.bank")
    runner.register_package(BUILT_IN_PACKAGE)
    return runner


@pytest.fixture
def run(runner: InProcessRunner) -> Callable[..., Any]:
    """Runs one action with these slots; gives the slots that it sets."""

    async def call(name: str, context: dict[str, Any] | None = None, **slots: Any) -> dict[str, Any]:
        tracker = Tracker("c1")
        for slot, value in slots.items():
            tracker.state.slots[slot] = SlotValue(value=value)
        result = await runner.run(name, tracker, context or {"turn_id": "m1"})
        return {event.name: event.value for event in result.events if event.event == "slot"}

    return call


@pytest.fixture
def talk(assistant: Assistant, store: MemoryStore, runner: InProcessRunner) -> Callable[..., Any]:
    """A customer of the reference assistant; gives (texts, events)."""
    engine = Engine(Conversations(store, assistant.responses), assistant, TableUnderstander(TABLE), runner)

    async def say(
        text: str, conversation_id: str = "c1", channel: str = "rest"
    ) -> tuple[list[str], list[Any]]:
        message = UserMessage(conversation_id=conversation_id, text=text, channel=channel)
        result = await engine.handle(message)
        return [reply.text for reply in result.replies], await engine.conversations.store.events(
            conversation_id
        )

    return say
