"""Events and commits of a believable conversation with the bank, to test stores with."""

from __future__ import annotations

from typing import Any

from bot.conversation.events import (
    ActionExecuted,
    ActionFailed,
    AgentUttered,
    BargeIn,
    BotUttered,
    CallEnded,
    CallStarted,
    CommandsIssued,
    ConsentChanged,
    Event,
    FactsForgotten,
    FactsRemembered,
    FeedbackGiven,
    FlowCancelled,
    FlowCompleted,
    FlowInterrupted,
    FlowResumed,
    FlowSetAside,
    FlowStarted,
    HandoffOutcome,
    HandoffRequested,
    KnowledgeAnswered,
    MessageTranslated,
    NoteAdded,
    OwnershipChanged,
    Restarted,
    SessionEnded,
    SessionStarted,
    SlotSet,
    StackChanged,
    SurveyAnswered,
    SurveyOffered,
    SystemNotice,
    UserUttered,
)
from bot.conversation.store import Case, Commit, Head, OutboxMessage

AT = 1_795_000_000.25
AGENT: dict[str, Any] = {"agent_id": "u1", "agent_name": "김서연"}


def one_of_each() -> list[Event]:
    """An event of every kind in the vocabulary, unplaced."""
    return [
        SessionStarted(timestamp=AT),
        UserUttered(
            text="카드를 잃어버렸어요 😢",
            message_id="c1",
            input_channel="web",
            parse_data={"intent": {"name": "카드_분실", "confidence": 0.97}, "entities": []},
            metadata={"customer_name": "홍길동", "page": {"url": "/카드", "depth": [1, 2.5, None, True]}},
        ),
        CommandsIssued(commands=[{"command": "start flow", "flow": "card_loss"}]),
        FlowStarted(flow_id="card_loss"),
        StackChanged(frames=[{"flow_id": "card_loss", "step_id": "ask_phone", "context": {}}]),
        SlotSet(name="phone", value="010-1234-5678", source="user", said_at=2),
        SlotSet(name="cards", value=[{"last4": "1234", "limit": 3_000_000}], source="action"),
        ActionExecuted(name="action_block_card"),
        ActionFailed(name="action_reissue_card", code="timeout", detail="10 s"),
        BotUttered(
            text="카드를 정지했어요.\n다시 만들어 드릴까요?",
            message_id="b1",
            data={"buttons": [{"title": "네", "payload": "/affirm"}]},
            response="utter_ask_reissue",
        ),
        FlowInterrupted(flow_id="card_loss", step_id="ask_reissue"),
        KnowledgeAnswered(
            message_id="b1",
            question="해외 수수료가 얼마예요?",
            outcome="answer",
            confidence=0.83,
            text="1.4%예요.",
            citations=[{"title": "해외 이용 안내", "heading": ["수수료", "카드"], "page": None}],
        ),
        FeedbackGiven(message_id="b1", value="down", reason="틀려요"),
        FlowResumed(flow_id="card_loss", step_id="ask_reissue"),
        FlowCompleted(flow_id="card_loss", step_id="end"),
        FlowCancelled(flow_id="transfer_limit", step_id="ask_amount"),
        FlowSetAside(
            flow_id="card_loss",
            step_id="ask_phone",
            frames=[{"flow_id": "card_loss", "step_id": "ask_phone"}],
            slots={"phone": {"value": "010-1234-5678", "source": "user", "said_at": 2}},
        ),
        HandoffRequested(case_id="h1", reason_code="asked", reason_text="사람을 찾아요", urgency="high"),
        OwnershipChanged(before="bot", after="queued", reason="asked", case_id="h1"),
        SystemNotice(text="상담원을 불렀어요.", message_id="n1", code="queued"),
        AgentUttered(text="안녕하세요, 김서연입니다.", message_id="a1", **AGENT),
        AgentUttered(
            text="Hello, this is Kim Seoyeon.",
            message_id="a2",
            original="안녕하세요, 김서연이에요.",
            language="en",
            **AGENT,
        ),
        MessageTranslated(message_id="c1", language="en", text="카드를 잃어버렸어요"),
        MessageTranslated(message_id="c1", language="und", problem="llm_timeout"),
        NoteAdded(text="본인 확인함", message_id="t1", **AGENT),
        HandoffOutcome(case_id="h1", resolution="closed", code="solved", slots={"verified": True}, **AGENT),
        SurveyAnswered(case_id="h1", score=4, comment="친절했어요 🙂"),
        SurveyOffered(),
        SurveyAnswered(case_id="", about="bot", score=5),
        ConsentChanged(slots=["branch"], given=True),
        FactsRemembered(slots=["branch"], expires_at=AT + 100),
        FactsForgotten(slots=["branch"]),
        CallStarted(call_id="v1", transport="twilio", caller="+821012345678"),
        BargeIn(call_id="v1", heard_ms=740),
        CallEnded(call_id="v1", reason="hangup"),
        Restarted(),
        SessionEnded(),
    ]


def said(text: str = "네", message_id: str = "m1") -> UserUttered:
    """A customer's message."""
    return UserUttered(text=text, message_id=message_id, input_channel="web", timestamp=AT)


def commit_of(
    conversation_id: str,
    events: list[Event],
    *,
    after: int = 0,
    owner: Head | None = None,
    case: Case | None = None,
    outbox: list[OutboxMessage] | None = None,
    snapshot: dict[str, Any] | None = None,
) -> Commit:
    """A commit of events that follow version `after`; `owner` gives the row's other columns."""
    placed = [event.model_copy(update={"seq": after + n}) for n, event in enumerate(events, 1)]
    row = owner or Head(conversation_id=conversation_id)
    return Commit(
        conversation_id=conversation_id,
        expected_version=after,
        events=placed,
        head=row.model_copy(update={"version": after + len(events)}),
        channel="web",
        case=case,
        outbox=outbox or [],
        snapshot=snapshot,
    )


def case_of(case_id: str, conversation_id: str, **changes: Any) -> Case:
    """A waiting case."""
    fields: dict[str, Any] = {
        "channel": "web",
        "customer_name": "홍길동",
        "reason_code": "asked",
        "reason_text": "사람을 찾아요",
        "goal": "카드 분실 신고",
        "created_at": AT,
        "waiting_since": AT,
        "last_text": "사람 바꿔 주세요 🙏",
        "sentiment_score": -0.25,
    }
    return Case(id=case_id, conversation_id=conversation_id, **{**fields, **changes})


def letter(message_id: str, conversation_id: str, *, at: float = AT, channel: str = "kakao") -> OutboxMessage:
    """A message of an agent on its way to a messenger."""
    return OutboxMessage(
        id=message_id,
        conversation_id=conversation_id,
        channel=channel,
        payload={"text": "확인해 드릴게요 🙂", "buttons": [{"title": "네"}], "seq": 3},
        created_at=at,
    )
