"""Rasa's HTTP API as its clients call it."""

from __future__ import annotations

from typing import Any

import pytest
from yarl import URL


async def talk(house: Any, *messages: str, sender: str = "r1") -> None:
    for message in messages:
        status, _ = await house.call("POST", "/webhooks/rest/webhook", {"sender": sender, "message": message})
        assert status == 200


async def test_parse_in_rasas_shape_with_ours_beside_it(house: Any) -> None:
    status, body = await house.call(
        "POST", "/model/parse", {"text": "수수료가 얼마예요?", "message_id": "m1"}
    )
    assert status == 200 and body["text"] == "수수료가 얼마예요?" and body["message_id"] == "m1"
    assert body["intent"] == {"name": "bank_question", "confidence": 0.95}
    assert body["intent_ranking"][0]["name"] == "bank_question"
    assert body["entities"][0]["entity"] == "amount" and body["entities"][0]["value"] == 500
    assert set(body["sentiment"]) == {"label", "score", "scores"}
    assert set(body["out_of_scope"]) == {"score", "decision"} and "score" in body["abuse"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "bad_text"),
        ({"text": None}, 400, "bad_text"),
        ({"text": 5}, 400, "bad_text"),
        ({"text": "\ud800"}, 400, "bad_text"),
        ([], 400, "bad_json"),
        ({"text": "가" * 5_001}, 413, "text_too_long"),
    ],
)
async def test_texts_that_cannot_be_parsed(house: Any, body: Any, status: int, code: str) -> None:
    got, answer = await house.call("POST", "/model/parse", body)
    assert (got, answer["code"]) == (status, code)


@pytest.mark.parametrize("text", ["", "🙂", "\u200b", "مرحبا", "\x00카드"])
async def test_odd_texts_are_parsed(house: Any, text: str) -> None:
    assert (await house.call("POST", "/model/parse", {"text": text}))[0] == 200


async def test_the_tracker(house: Any) -> None:
    await talk(house, "안녕하세요", "수수료가 얼마예요?")
    status, body = await house.call("GET", "/conversations/r1/tracker")
    assert status == 200 and body["sender_id"] == "r1" and body["owner"] == "bot"
    assert body["latest_message"]["text"] == "수수료가 얼마예요?" and body["latest_input_channel"] == "rest"
    kinds = [event["event"] for event in body["events"]]
    assert kinds.count("user") == 2 and "bot" in kinds and "action" in kinds
    assert [event["seq"] for event in body["events"]] == list(range(1, len(kinds) + 1))
    assert body["slots"]["phone"] is None and body["paused"] is False
    assert body["latest_event_time"] == body["events"][-1]["timestamp"]


async def test_how_many_events_are_wanted(house: Any) -> None:
    await talk(house, "안녕하세요")
    counts = {}
    for kind in ("ALL", "APPLIED", "AFTER_RESTART", "NONE", "none"):
        _, body = await house.call("GET", f"/conversations/r1/tracker?include_events={kind}")
        counts[kind] = len(body["events"])
    assert counts["ALL"] == counts["APPLIED"] == counts["AFTER_RESTART"] > 0
    assert counts["NONE"] == counts["none"] == 0
    status, body = await house.call("GET", "/conversations/r1/tracker?include_events=SOME")
    assert (status, body["code"]) == (400, "bad_include_events")


@pytest.mark.parametrize("name", ["nobody", "%00", "%ED%A0%80", "a" * 400, "..%2f..%2fetc", "%F0%9F%99%82"])
async def test_an_unknown_conversation_is_none(house: Any, name: str) -> None:
    url = URL(str(house.client.make_url("/")).rstrip("/") + f"/conversations/{name}/tracker", encoded=True)
    async with house.client.session.get(url) as answer:
        assert answer.status == 404


async def test_ids_of_any_script(house: Any) -> None:
    await talk(house, "안녕하세요", sender="고객 1/2?#%")
    status, body = await house.call("GET", "/conversations/%EA%B3%A0%EA%B0%9D%201%2F2%3F%23%25/tracker")
    assert (status, body["sender_id"]) == (200, "고객 1/2?#%") or status == 404


async def test_version(house: Any) -> None:
    status, body = await house.call("GET", "/version")
    assert status == 200 and body["version"] and body["minimum_compatible_version"].startswith("3")
