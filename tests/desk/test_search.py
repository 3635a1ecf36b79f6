"""Search over what was said, tags, and colleagues who are named in notes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from bot.desk.search import excerpt


async def found(desk: Any, token: str, query: str) -> list[tuple[int | None, str | None, str]]:
    status, body = await desk.call(token, "GET", f"search?q={quote(query)}")
    assert status == 200
    return [(hit["seq"], hit["speaker"], hit["text"]) for hit in body["hits"]]


async def test_words_are_found_whatever_their_spacing_and_speaker(desk: Any) -> None:
    case_id = await desk.waiting()
    token = await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    await desk.call(token, "POST", f"cases/{case_id}/notes", {"text": "재발급 예정"})
    assert [text for _, _, text in await found(desk, token, "카드를잃어버렸")] == ["카드를 잃어버렸어요"]
    assert [(speaker, text) for _, speaker, text in await found(desk, token, "재 발급")] == [
        ("note", "재발급 예정")
    ]
    assert any(speaker == "bot" for _, speaker, _ in await found(desk, token, "500원"))
    assert await found(desk, token, "없는 말") == []
    assert await found(desk, token, "  ") == []


async def test_a_telephone_number_is_found_and_shown_masked(desk: Any) -> None:
    await desk.waiting()
    token = await desk.sign_in()
    hits = await found(desk, token, "010-1234-5678")
    assert hits and "1234" not in hits[0][2]


async def test_a_customer_is_found_by_the_name_that_an_agent_gave_later(desk: Any) -> None:
    case_id = await desk.waiting()
    token = await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    of = (await desk.call(token, "GET", f"cases/{case_id}/customer"))[1]
    await desk.call(token, "POST", f"cases/{case_id}/close", {"code": "resolved", "note": ""})
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    named = await desk.call(boss, "PUT", f"customers/{of['id']}", {"version": 1, "name": "남궁채윤"})
    assert named[0] == 200
    (hit,) = (await desk.call(token, "GET", f"search?q={quote('남궁 채윤')}"))[1]["hits"]
    assert (hit["case"]["id"], hit["seq"], hit["text"]) == (case_id, None, "남궁채윤 · 010-****-5678")
    assert await found(desk, token, "궁") == []


async def test_tags_are_kept_found_and_counted(desk: Any) -> None:
    case_id = await desk.waiting()
    token = await desk.sign_in()
    status, case = await desk.call(
        token, "PUT", f"cases/{case_id}/tags", {"tags": ["#분실", " 분실", "재발급"]}
    )
    assert (status, case["tags"]) == (200, ["분실", "재발급"])
    assert (await desk.call(token, "GET", "tags"))[1] == {"tags": ["분실", "재발급"]}
    assert [seq for seq, _, _ in await found(desk, token, "재발급")] == [None]
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    await desk.call(token, "POST", f"cases/{case_id}/close", {"code": "resolved", "note": ""})
    assert (await desk.call(token, "PUT", f"cases/{case_id}/tags", {"tags": []}))[0] == 409


async def test_who_is_named_in_a_note_hears_of_it(desk: Any) -> None:
    case_id = await desk.waiting()
    token = await desk.sign_in()
    other = await desk.sign_in("junho", "박준호")
    socket = await desk.socket("/desk", other)
    user = await desk.accounts.find("junho")
    body = {"text": "@박준호 한번 봐 주세요", "mentions": [user.id]}
    assert (await desk.call(token, "POST", f"cases/{case_id}/notes", body))[0] == 200
    told = await heard(socket, "mention")
    assert (told["by"]["name"], told["note"], told["case"]["id"]) == (
        "김민지",
        "@박준호 한번 봐 주세요",
        case_id,
    )


async def heard(socket: Any, event: str) -> Any:
    """The first such event; the answer to a call comes after what was told before it."""
    await socket.call("unwatch", {}, namespace="/desk", timeout=5)
    return next(data for name, data in socket.heard if name == event)


async def test_too_long_a_query_is_refused(desk: Any) -> None:
    token = await desk.sign_in()
    assert (await desk.call(token, "GET", f"search?q={'a' * 201}"))[0] == 422


@pytest.mark.parametrize(
    ("text", "term", "shown"),
    [
        ("짧은 말", "말", "짧은 말"),
        ("가 " * 60 + "찾을 말" + " 나" * 60, "찾을말", "찾을 말"),
        ("가" * 300, "없음", "가" * 120 + "…"),
    ],
)
def test_an_excerpt_shows_what_was_found(text: str, term: str, shown: str) -> None:
    assert shown in excerpt(text, term)
    assert len(excerpt(text, term)) <= 125


async def test_pages_show_lines_and_cases_in_one_order_each_once(desk: Any) -> None:
    token = await desk.sign_in()
    for number in range(60):
        await desk.customer_says("카드를 잃어버렸어요", "상담원 바꿔 주세요", who=f"c{number}")
    hits: list[Any] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        more = f"&cursor={cursor}" if cursor else ""
        status, page = await desk.call(token, "GET", f"search?q={quote('카드')}{more}")
        assert status == 200 and len(page["hits"]) <= 50
        hits, cursor, pages = [*hits, *page["hits"]], page["cursor"], pages + 1
    places = [(hit["case"]["id"], hit["seq"]) for hit in hits]
    assert len(places) == len(set(places))
    # Each customer's words, and each case by its goal, beside what the bot said of cards.
    assert sum(hit["speaker"] == "customer" for hit in hits) == sum(hit["seq"] is None for hit in hits) == 60
    assert [hit["timestamp"] for hit in hits] == sorted((hit["timestamp"] for hit in hits), reverse=True)
    assert pages > 2


@pytest.mark.parametrize(
    "cursor", ["", "1.5", "nan", "W251bGw", "W1sxLCJhXHUwMDAwIiwxXSxudWxsXQ", "x" * 4_000, "한글"]
)
async def test_a_cursor_that_no_page_gave_is_refused(desk: Any, cursor: str) -> None:
    token = await desk.sign_in()
    status, problem = await desk.call(token, "GET", f"search?q=ab&cursor={quote(cursor)}")
    assert (status, problem["code"]) == (422, "bad_request")
