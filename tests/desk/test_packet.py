"""The packet: what the next person must know, in good Korean, without personal data that isn't theirs to see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.conversation.customers import Fact
from bot.conversation.events import FeedbackGiven
from bot.desk.packet import Packet

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "handoff-packet.schema.json"


async def packet(desk: Any, case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.server.desk_service.packet(case_id)).model_dump()
    return found


async def test_summary_says_what_happened_and_where(desk: Any) -> None:
    found = await packet(desk, await desk.waiting())
    lines = {line["label"]: line["text"] for line in found["summary"]}
    assert lines == {
        "문의": "웹 채팅 · “카드를 잃어버렸어요”",
        "연결 이유": "상담원 연결을 요청했어요",
        "진행": "카드 분실 신고를 진행하고 있었어요 · 확인한 값: 전화번호 010-****-5678",
        "안내한 답": "수수료 안내",
        "마지막 말": "“정말 답답하네요” · 기분 불편",
    }
    texts = {message["seq"]: message["text"] for message in found["transcript"]}
    places = {line["label"]: texts[line["seq"]] for line in found["summary"]}
    assert places["문의"] == "카드를 잃어버렸어요"
    assert places["연결 이유"] == "상담원 바꿔 주세요"
    assert places["진행"] == "010-1234-5678이에요"
    assert places["안내한 답"] == "수수료는 500원이에요."


async def test_goal_slots_and_what_is_missing(desk: Any) -> None:
    found = await packet(desk, await desk.waiting())
    goal = found["goal"]
    assert (goal["name"], goal["next"], goal["done"], goal["total"]) == ("카드 분실 신고", "카드 종류", 1, 4)
    asked = next(m for m in found["transcript"] if m["seq"] == goal["next_seq"])
    assert asked["text"] == "어떤 카드를 잃어버리셨나요?"
    (phone,) = found["slots"]
    assert (phone["label"], phone["value"], phone["confirmed"]) == ("전화번호", "010-****-5678", True)
    missing = {slot["name"]: slot for slot in found["missing_slots"]}
    assert missing["card_type"]["choices"] == ["신용카드", "체크카드"]
    assert missing["block_confirmed"]["type"] == "bool"
    assert "customer_id" not in json.dumps(found["slots"], ensure_ascii=False)


async def test_transcript_is_whole_and_says_what_was_understood(desk: Any) -> None:
    found = await packet(desk, await desk.waiting())
    customer = [m for m in found["transcript"] if m["speaker"]["kind"] == "customer"]
    assert customer[0]["text"] == "안녕하세요"
    assert len(customer) == 6
    assert customer[4]["understanding"]["sentiment"]["label"] == "negative"
    assert [turn["label"] for turn in found["sentiment"]["turns"]].count("negative") == 1
    assert found["sentiment"]["trend"] == "worse"


async def test_answers_carry_their_source_and_the_customers_judgement(desk: Any) -> None:
    case_id = await desk.waiting()
    before = (await packet(desk, case_id))["answers_tried"][0]
    said = next(m for m in (await packet(desk, case_id))["transcript"] if m["seq"] == before["seq"])

    async def judge(draft: Any) -> None:
        draft.emit(FeedbackGiven(message_id=said["id"], value="down"))

    await desk.server.service.conversations.change("c1", judge)
    found = await packet(desk, case_id)
    (answer,) = found["answers_tried"]
    assert answer["question"] == "수수료가 얼마예요?"
    assert answer["citations"][0]["title"] == "수수료 안내"
    assert answer["feedback"] == "down"
    tried = next(line for line in found["summary"] if line["label"] == "안내한 답")
    assert tried["text"] == "수수료 안내 · 1건은 도움이 안 됐다고 했어요"


async def test_suggestions_have_sources_and_the_open_question(desk: Any) -> None:
    found = (await packet(desk, await desk.waiting()))["suggested_replies"]
    assert found[0]["text"] == "수수료는 500원이에요."
    assert found[0]["citations"][0]["source"] == "fees.md"
    assert found[-1] == {"text": "어떤 카드를 잃어버리셨나요?", "citations": []}


async def test_personal_data_is_masked_outside_the_transcript(desk: Any) -> None:
    await desk.customer_says("상담원 바꿔 주세요", "제 번호는 010-9876-5432예요", who="010-2222-3333")
    case_id = await desk.case_of("010-2222-3333")
    found = await packet(desk, case_id)
    assert "010-9876-5432" in json.dumps(found["transcript"], ensure_ascii=False)
    rest = {
        key: value for key, value in found.items() if key not in ("transcript", "conversation_id", "case_id")
    }
    shown = json.dumps(rest, ensure_ascii=False)
    assert "9876" not in shown and "2222" not in shown
    row = await desk.server.desk_service.find(case_id)
    token = await desk.sign_in()
    _, case = await desk.call(token, "GET", f"cases/{row.id}")
    assert case["last_message"]["text"] == "제 번호는 010-****-5432예요"


async def test_outcomes_of_earlier_cases_come_along(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    await desk.call(
        token, "POST", f"cases/{case_id}/close", {"code": "resolved", "note": "카드를 정지했어요"}
    )
    await desk.customer_says("상담원 바꿔 주세요")
    found = await packet(desk, await desk.case_of("c1"))
    assert [(o["code"], o["note"], o["agent"]) for o in found["outcomes"]] == [
        ("resolved", "카드를 정지했어요", "김민지")
    ]


async def test_a_customer_without_a_word_of_substance(desk: Any) -> None:
    await desk.customer_says("상담원 바꿔 주세요")
    lines = {
        line["label"]: line["text"] for line in (await packet(desk, await desk.case_of("c1")))["summary"]
    }
    assert lines["문의"] == "웹 채팅 · “상담원 바꿔 주세요”"
    assert lines["진행"] == "진행한 업무가 없어요"
    assert lines["안내한 답"] == "안내한 문서가 없어요"


def test_schema_in_the_docs_is_the_models() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == Packet.model_json_schema(), (
        "docs/reference/handoff-packet.schema.json is old: python -m bot.desk.packet_schema"
    )


async def test_what_is_remembered_of_the_customer_is_shown_with_when(desk: Any) -> None:
    case_id = await desk.waiting()
    store = desk.server.service.store
    conversation_id = (await store.case(case_id)).conversation_id
    await packet(desk, case_id)
    customer_id = await store.customer_of(conversation_id)
    kept = {"consent": True, "decided_at": 1.8e9, "remembered_at": 1.8e9, "expires_at": 9e9}
    await store.put_fact(customer_id, Fact(name="phone", value="010-1234-5678", **kept))
    await store.put_fact(customer_id, Fact(name="card_type", consent=False, decided_at=1.8e9))
    found = await packet(desk, case_id)
    [fact] = found["remembered"]
    assert (fact["label"], fact["value"]) == ("전화번호", "010-****-5678")
    assert fact["remembered_at"].startswith("2027-01-15") and fact["expires_at"]
    assert {one["name"]: one["given"] for one in found["consents"]} == {"phone": True, "card_type": False}
