"""All that was said to a customer in one line, over conversations and channels."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.desk.customers.shapes import History


async def joined(desk: Any, acts: Any) -> tuple[str, str, str]:
    """Two cases of one customer in two conversations, the first one closed; both and the agent's token."""
    first, token = await acts.held(desk, "kakao-bot-u1", "kakao")
    await desk.call(token, "POST", f"cases/{first}/messages", {"text": "카드 1234-5678-9012-3452 정지했어요"})
    await desk.call(token, "POST", f"cases/{first}/notes", {"text": "본인 확인함"})
    await desk.call(token, "POST", f"cases/{first}/close", {"code": "resolved", "note": "정지"})
    second, _ = await acts.held(desk, "c2")
    one, other = await acts.profile_of(desk, token, second), await acts.profile_of(desk, token, first)
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    assert (await acts.merged(desk, boss, one, other))[0] == 200
    return first, second, token


async def page(desk: Any, token: str, case_id: str, query: str = "") -> dict[str, Any]:
    status, body = await desk.call(token, "GET", f"cases/{case_id}/history{query}")
    assert status == 200, body
    History.model_validate(body)
    return dict(body)


async def test_other_conversations_stand_above_masked_with_what_they_were(desk: Any, acts: Any) -> None:
    first, second, token = await joined(desk, acts)
    found = await page(desk, token, second)
    texts = [line["text"] for line in found["lines"]]
    assert "010-****-5678이에요" in texts and "본인 확인함" in texts
    assert not any("1234-5678" in text for text in texts)
    assert [line["masked"] for line in found["lines"]].count(True) == 2
    assert found["lines"] == sorted(found["lines"], key=lambda line: line["timestamp"])
    assert all("understanding" not in line for line in found["lines"])
    (section,) = found["sections"]
    assert (section["channel"], section["case_id"], section["outcome"]) == ("kakao", first, "resolved")
    assert (section["agent"], section["state"]) == ("김민지", "closed")
    assert {line["section"] for line in found["lines"]} == {section["key"]}
    assert (found["cursor"], found["others"]) == (None, 1)


async def test_a_customer_alone_has_nothing_above(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    assert await page(desk, token, case_id) == {"lines": [], "sections": [], "cursor": None, "others": 0}


async def test_pages_follow_each_other_without_gap_or_repetition(desk: Any, acts: Any) -> None:
    _, second, token = await joined(desk, acts)
    await desk.customer_says(*["안녕하세요"] * 40, who="kakao-bot-u1", channel="kakao")
    seen: list[tuple[str, int]] = []
    cursor = ""
    while True:
        found = await page(desk, token, second, f"?before={cursor}" if cursor else "")
        seen = [(line["section"].split("#")[0], line["seq"]) for line in found["lines"]] + seen
        assert len(found["lines"]) <= 50
        if found["cursor"] is None:
            break
        cursor = found["cursor"]
    events = await desk.server.service.store.events("kakao-bot-u1", limit=5_000)
    said = [e.seq for e in events if e.event in ("user", "bot", "agent", "note", "notice")]
    assert seen == [("kakao-bot-u1", seq) for seq in said]


async def test_a_day_is_reached_in_one_step(desk: Any, acts: Any) -> None:
    _, second, token = await joined(desk, acts)
    await desk.customer_says(*["안녕하세요"] * 40, who="kakao-bot-u1", channel="kakao")
    since = datetime(2020, 1, 1, tzinfo=UTC).isoformat().replace("+", "%2B")
    whole = await page(desk, token, second, f"?since={since}")
    assert len(whole["lines"]) > 80 and whole["cursor"] is None
    assert len(whole["sections"]) == 2
    later = datetime(2999, 1, 1, tzinfo=UTC).isoformat().replace("+", "%2B")
    assert len((await page(desk, token, second, f"?since={later}"))["lines"]) == 50


async def test_a_line_is_unmasked_for_who_has_the_case_and_recorded(desk: Any, acts: Any) -> None:
    _, second, token = await joined(desk, acts)
    found = await page(desk, token, second)
    line = next(line for line in found["lines"] if "010" in line["text"])
    body = {"conversation_id": "kakao-bot-u1", "seq": line["seq"]}
    path = f"cases/{second}/history/reveal"
    assert await desk.call(token, "POST", path, body) == (200, {"value": "010-1234-5678이에요"})
    other = await desk.sign_in("junho", "박준호")
    assert (await desk.call(other, "POST", path, body))[0] == 409
    assert (await desk.call(token, "POST", path, {**body, "seq": 10**9}))[0] == 422
    await desk.customer_says("안녕하세요", who="stranger")
    assert (await desk.call(token, "POST", path, {"conversation_id": "stranger", "seq": 1}))[0] == 422
    rows = [row for row in await desk.server.service.store.audit() if row.action == "reveal_line"]
    assert [(row.case_id, row.detail) for row in rows] == [(second, body)]


async def test_what_is_no_cursor_and_no_time_is_refused(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    for query in (
        "before=x",
        "before=WzEsMl0",
        "before=WzFlOTk5LCJhIiwxXQ",
        "since=gestern",
        "since=2026-01-01",
    ):
        assert (await desk.call(token, "GET", f"cases/{case_id}/history?{query}"))[0] == 422, query
    assert (await desk.call(token, "GET", "cases/none/history"))[0] == 404
