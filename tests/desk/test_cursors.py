"""Lists that grow come in pages: each row once, in the list's order, also of those that came in the same moment."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.service.CASES", 2)
    monkeypatch.setattr("bot.server.routes.desk_surveys.PAGE", 2)
    monkeypatch.setattr("bot.desk.floor_routes.PAGE", 2)


async def pages(desk: Any, token: str, path: str, rows: str) -> list[list[Any]]:
    """All pages of a list."""
    found, cursor = [], ""
    while True:
        status, page = await desk.call(token, "GET", path + cursor)
        assert status == 200, page
        found.append(page[rows])
        if page["cursor"] is None:
            return found
        cursor = f"&cursor={page['cursor']}"


async def test_everybody_who_waits_is_on_one_page_in_the_order_of_service(
    desk: Any, small_pages: None
) -> None:
    token = await desk.sign_in()
    await desk.call(token, "PUT", "me/state", {"state": "meal"})
    for number in range(5):
        await desk.customer_says("상담원 바꿔 주세요", who=f"c{number}")
    # Who is in the middle of an emergency is served first.
    await desk.customer_says("카드를 잃어버렸어요", "상담원 바꿔 주세요", who="urgent")
    served = [case.id for case in await desk.server.service.store.waiting_cases()]
    found = await pages(desk, token, "cases?state=waiting", "cases")
    assert [len(page) for page in found] == [2, 2, 2, 0] and len(served) == 6
    assert [case["id"] for page in found for case in page] == served


async def test_ended_cases_of_one_moment_come_once_each(desk: Any, small_pages: None) -> None:
    token = await desk.sign_in()
    for number in range(3):
        await desk.customer_says("상담원 바꿔 주세요", who=f"c{number}")
        case_id = await desk.case_of(f"c{number}")
        assert (await desk.call(token, "POST", f"cases/{case_id}/accept"))[0] == 200
        assert (await desk.call(token, "POST", f"cases/{case_id}/close", {"code": "resolved"}))[0] == 200
    cases = desk.server.service.store._cases
    for key, case in cases.items():
        cases[key] = case.model_copy(update={"created_at": 1_795_000_000.0})
    found = await pages(desk, token, "cases?state=closed", "cases")
    assert sorted(case["id"] for page in found for case in page) == sorted(cases)
    assert [len(page) for page in found] == [2, 1]


async def test_a_cursor_that_no_page_gave_is_refused(desk: Any) -> None:
    token = await desk.sign_in()
    for path in ("cases?state=waiting", "cases?state=all", "surveys?", "callbacks?"):
        for cursor in ("", "x", "nan:h1", "1.5", "inf:a", "1:a%00", "1:" + "a" * 400):
            status, body = await desk.call(token, "GET", f"{path}&cursor={cursor}")
            assert (status, body["code"]) == (422, "bad_request"), (path, cursor)
