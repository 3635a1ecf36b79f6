"""A small assistant, its twins, and a driver that talks to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.actions_port import ActionResult, Said
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine, TurnResult
from bot.conversation.escalation import NegativeSentiment, RepeatedFailure
from bot.conversation.events import HandoffRequested, KnowledgeAnswered, SlotSet
from bot.conversation.handover import Agent, Handover
from bot.conversation.messages import UserMessage
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore

TABLE = {
    text: understood(text, intent, **rest)
    for text, intent, rest in [
        ("안녕하세요", "greet", {}),
        ("카드를 잃어버렸어요", "card_loss", {}),
        ("체크카드를 잃어버렸어요", "card_loss", {"card_type": "체크카드"}),
        ("010-1234-5678이요", "unknown", {"phone": "010-1234-5678", "confidence": 0.1}),
        ("아니 010-9999-8888이에요", "deny", {"phone": "010-9999-8888"}),
        ("신용카드요", "unknown", {"card_type": "신용카드", "confidence": 0.1}),
        ("아니 체크카드요", "deny", {"card_type": "체크카드"}),
        ("010-7777-8888", "transfer", {"phone": "010-7777-8888"}),
        ("010-7777-8888로 등록된 이체 한도를 올려 주세요", "transfer", {"phone": "010-7777-8888"}),
        ("네", "affirm", {}),
        ("아니요", "deny", {}),
        ("그만할래요", "cancel", {}),
        ("다시 말해 주세요", "repeat", {}),
        ("상담원 바꿔 주세요", "request_human", {}),
        ("수수료가 얼마예요?", "bank_question", {}),
        ("모르는 질문이에요?", "bank_question", {}),
        ("피자 주문할래요", "unknown", {"out_of_scope": True, "confidence": 0.2}),
        ("한도 올려 주세요", "transfer", {}),
        ("500원이요", "unknown", {"amount": 500, "confidence": 0.1}),
        ("5만원이요", "unknown", {"amount": 50000, "confidence": 0.1}),
        ("짜증나네 진짜", "unknown", {"sentiment": "negative", "confidence": 0.2}),
    ]
}


async def block(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Blocks the card, in its own way."""
    return ActionResult(events=(SlotSet(name="blocked", value=True),))


async def save_memo(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Saves nothing, successfully."""
    return ActionResult()


async def answer(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Knows fees."""
    question = str(context.get("question"))
    if "수수료" not in question:
        event = KnowledgeAnswered(
            message_id=f"k{tracker.seq}", question=question, outcome="none", confidence=0.1
        )
        return ActionResult(events=(event,))
    said_id = f"k{tracker.seq}"
    citation = {"title": "수수료 안내", "source": "fees.md", "snippet": "수수료는 500원이에요."}
    event = KnowledgeAnswered(
        message_id=said_id,
        question=question,
        outcome="answer",
        confidence=0.9,
        text="수수료는 500원이에요.",
        citations=[citation],
    )
    return ActionResult(
        events=(event,), said=(Said(text="수수료는 500원이에요.", citations=(citation,), message_id=said_id),)
    )


async def handoff(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Opens a case."""
    event = HandoffRequested(
        case_id=f"case-{tracker.seq}",
        reason_code=str(context.get("reason_code", "flow")),
        reason_text=str(context.get("reason_text", "")),
        urgency=context.get("urgency", "normal"),
    )
    return ActionResult(events=(event,), said=(Said(response="utter_handoff_started"),))


class Talk:
    """A customer in front of the engine."""

    def __init__(self, engine: Engine, conversation_id: str = "c1", channel: str = "rest") -> None:
        self.engine = engine
        self.id = conversation_id
        self.channel = channel

    async def say(self, text: str, **rest: Any) -> TurnResult:
        """One message."""
        return await self.engine.handle(
            UserMessage(conversation_id=self.id, text=text, channel=self.channel, **rest)
        )

    async def texts(self, text: str, **rest: Any) -> list[str]:
        """The bot's words for a message."""
        return [reply.text for reply in (await self.say(text, **rest)).replies]

    async def tracker(self) -> Tracker:
        """The conversation as it stands."""
        return await self.engine.conversations.tracker(self.id)

    async def events(self) -> list[Any]:
        """All stored events."""
        return await self.engine.conversations.store.events(self.id)


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The small assistant of this folder."""
    return load_assistant(Path(__file__).parent / "assistant")


@pytest.fixture
def runner() -> FunctionRunner:
    """Actions by function."""
    return FunctionRunner(
        {
            "action_block_card": block,
            "action_save_memo": save_memo,
            "action_answer_from_knowledge": answer,
            "action_request_handoff": handoff,
        }
    )


@pytest.fixture
def make_engine(assistant: Assistant, runner: FunctionRunner) -> Callable[..., Engine]:
    """An engine over any store."""

    def make(store: Any = None, table: Any = None, escalation: Any = None, **options: Any) -> Engine:
        conversations = Conversations(store or MemoryStore(), assistant.responses, **options)
        return Engine(
            conversations,
            assistant,
            TableUnderstander({**TABLE, **(table or {})}),
            runner,
            escalation=escalation or (NegativeSentiment(), RepeatedFailure()),
        )

    return make


@pytest.fixture
def engine(make_engine: Callable[..., Engine]) -> Engine:
    """An engine in memory."""
    return make_engine()


@pytest.fixture
def talk(engine: Engine) -> Talk:
    """A customer."""
    return Talk(engine)


@pytest.fixture
def handover(engine: Engine) -> Handover:
    """The desk's acts."""
    return Handover(engine)


@pytest.fixture
def minji() -> Agent:
    """An agent."""
    return Agent(id="a1", name="김민지")
