"""Rasa's REST channel: its shapes, and every body that people and programs send."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

PATH = "/webhooks/rest/webhook"


async def test_rasas_format_with_buttons(house: Any) -> None:
    (said,) = await house.rest("안녕하세요")
    assert said["recipient_id"] == "r1" and said["text"].startswith("안녕하세요, 이음은행")
    assert said["buttons"][0] == {"title": "카드 분실 신고", "payload": "/card_loss"}
    assert set(said) == {"recipient_id", "text", "buttons"}


async def test_an_answer_carries_its_sources(house: Any) -> None:
    said = await house.rest("수수료가 얼마예요?")
    citation = said[0]["custom"]["citations"][0]
    assert (citation["title"], citation["snippet"]) == ("수수료 안내", "수수료는 500원이에요.")
    assert citation["url"] == "/knowledge/fees.md#c1" and citation["source"] == "fees.md"


async def test_a_button_is_pressed_by_its_payload(house: Any) -> None:
    await house.rest("/card_loss")
    events = await house.events("r1")
    assert "flow_started" in [event.event for event in events]


async def test_korean_is_readable_on_the_wire(house: Any) -> None:
    answer = await house.client.post(PATH, json={"sender": "r1", "message": "안녕하세요"})
    assert "안녕하세요" in await answer.text()


async def test_a_missing_sender_is_rasas_default(house: Any) -> None:
    status, body = await house.call("POST", PATH, {"message": "안녕하세요"})
    assert status == 200 and body[0]["recipient_id"] == "default"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"[]", "bad_json"),
        (b"null", "bad_json"),
        (b'"x"', "bad_json"),
        (b'{"message": NaN}', "bad_json"),
        (b'{"message": "a", "metadata": {"n": 1e999}}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b"\xff\xfe\x00", "not_utf8"),
        (b"\x80abc", "not_utf8"),
        (b"{}", "bad_message"),
        (b'{"sender": "", "message": "a"}', "bad_sender"),
        (b'{"sender": 7, "message": "a"}', "bad_sender"),
        (b'{"sender": null, "message": "a"}', "bad_sender"),
        (b'{"sender": "a\\u0000b", "message": "a"}', "bad_sender"),
        (b'{"sender": "\\ud800", "message": "a"}', "bad_sender"),
        (json.dumps({"sender": "x" * 256, "message": "a"}).encode(), "bad_sender"),
        (b'{"sender": "a", "message": ["a"]}', "bad_message"),
        (b'{"sender": "a", "message": "a", "metadata": [1]}', "bad_metadata"),
        (b'{"sender": "a", "message": "a", "metadata": {"k": "\\udc00"}}', "bad_metadata"),
        (b'{"sender": "a", "message": "a", "metadata": {"k": "\\u0000"}}', "bad_metadata"),
        (
            b'{"sender": "a", "message": "a", "metadata": {"k": ' + b"[" * 40 + b"]" * 40 + b"}}",
            "bad_metadata",
        ),
        (b'{"sender": "a", "message": "a", "message_id": 3}', "bad_message_id"),
        (b'{"sender": "a", "message": "a", "message_id": ""}', "bad_message_id"),
    ],
)
async def test_wrong_bodies_are_refused_with_a_stable_code(house: Any, data: bytes, code: str) -> None:
    answer = await house.client.post(PATH, data=data, headers={"Content-Type": "application/json"})
    body = await answer.json(content_type=None)
    assert (answer.status, body["code"]) == (400, code)
    assert answer.content_type == "application/problem+json" and body["title"]
    assert "Traceback" not in json.dumps(body)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "empty_message"),
        (" \n\t ", "empty_message"),
        ("\u200b\u2060\ufeff", "empty_message"),
        ("\x00\x01", "empty_message"),
        ("\ud83d", "unreadable_message"),
        ("가" * 5_001, "message_too_long"),
        ("x" * 100_000, "message_too_long"),
    ],
)
async def test_messages_that_cannot_be_taken(house: Any, message: str, code: str) -> None:
    got, body = await house.call("POST", PATH, {"sender": "r1", "message": message})
    assert (got, body["code"]) == (422, code)
    assert await house.events("r1") == []


@pytest.mark.parametrize(
    "message",
    [
        "🙂🙂🙂",
        "👨‍👩‍👧",
        "مرحبا كيف حالك",
        "\u202e\u202d요세하녕안\u202c",
        "카\u200b드",
        "\x00카드\x07",
        "ㅋㅋㅋㅋㅋㅋ",
        "가" * 5_000,
        "<script>alert(1)</script>",
        "'; DROP TABLE events; --",
        "{phone} {{x}} %s ${y}",
    ],
)
async def test_odd_messages_are_answered(house: Any, message: str) -> None:
    assert (await house.rest(message))[0]["text"]


async def test_a_body_that_is_too_large(house: Any) -> None:
    status, body = await house.call("POST", PATH, {"sender": "r1", "message": "x" * 300_000})
    assert (status, body["code"]) == (413, "http_413")


async def test_a_repeated_message_id_answers_the_same_and_says_nothing_twice(house: Any) -> None:
    first = await house.rest("수수료가 얼마예요?", message_id="m1")
    assert await house.rest("수수료가 얼마예요?", message_id="m1") == first
    assert len([event for event in await house.events("r1") if event.event == "user"]) == 1
    assert house.bank.questions == ["수수료가 얼마예요?"]


async def test_words_of_agents_come_once_with_the_next_answer(house: Any) -> None:
    await house.rest("상담원 바꿔 주세요")
    case = await house.agent_takes("r1")
    await house.agent_says(case, "안녕하세요, 확인해 볼게요.")
    await house.agent_says(case, "잠시만요.")
    answers = await asyncio.gather(*(house.rest("네") for _ in range(4)))
    said = [item for answer in answers for item in answer if item.get("custom", {}).get("speaker")]
    agents = [
        item["text"] for item in said if item["custom"]["speaker"] == {"kind": "agent", "name": "김민지"}
    ]
    assert sorted(agents) == ["안녕하세요, 확인해 볼게요.", "잠시만요."]


async def test_the_token_is_asked_for_where_it_is_set(open_house: Any) -> None:
    house = await open_house(SANGDAM_API_TOKEN="geheim")
    body = {"sender": "r1", "message": "안녕하세요"}
    for token in ("", "falsch", "geheimX"):
        for method, path in (("POST", PATH), ("POST", "/model/parse"), ("GET", "/conversations/r1/tracker")):
            status, answer = await house.call(method, path, body, token=token)
            assert (status, answer["code"]) == (401, "bad_api_token")
    answer = await house.client.post(
        PATH, json=body, headers={"Authorization": b"Bearer \xff\xfe".decode("latin-1")}
    )
    assert answer.status == 401
    assert (await house.call("POST", PATH, body, token="geheim"))[0] == 200
    assert (await house.call("POST", "/api/chat/session", {}))[0] == 200


async def test_health_as_rasa_has_it(house: Any) -> None:
    assert await house.call("GET", "/webhooks/rest/") == (200, {"status": "ok"})


async def test_cards_are_rasas_generic_template_and_forms_are_custom(house: Any) -> None:
    (said, *_) = await house.rest("/card_products")
    attachment = said["attachment"]
    assert (attachment["type"], attachment["payload"]["template_type"]) == ("template", "generic")
    first = attachment["payload"]["elements"][0]
    assert first["title"] == "이음 체크카드" and first["image_alt"]
    assert [button["type"] for button in first["buttons"]] == ["web_url", "postback"]
    (asked, *_) = await house.rest("/request_callback", sender="r2")
    assert asked["text"] == "전화를 받으실 번호를 알려 주세요." and "custom" not in asked


async def test_cards_stand_in_rasas_tracker(house: Any) -> None:
    await house.rest("/card_products", sender="r3")
    _, tracker = await house.call("GET", "/conversations/r3/tracker")
    said = next(event for event in tracker["events"] if event["event"] == "bot")
    assert said["data"]["elements"][0]["title"] == "이음 체크카드"
