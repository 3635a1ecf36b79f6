"""Accounts and the set-up over HTTP, each for the role that it is for."""

from __future__ import annotations

from typing import Any

from bot.desk.shapes import Accounts, ReviewPage, Setup

NEW = {"username": "seoyeon", "name": "김서연", "role": "agent", "password": "바다위의등대 2026"}


async def test_administrators_make_and_change_accounts(desk: Any) -> None:
    admin = await desk.sign_in("root", "관리자", "admin")
    assert (await desk.call(admin, "POST", "users", NEW))[1]["role"] == "agent"
    assert (await desk.call(admin, "POST", "users", NEW))[0] == 409
    assert (await desk.call(admin, "POST", "users", {**NEW, "username": "b", "password": "1"}))[0] == 422
    token = await desk.sign_in("seoyeon", "김서연")
    status, changed = await desk.call(admin, "PUT", "users/seoyeon", {"role": "supervisor"})
    assert (status, changed["role"]) == (200, "supervisor")
    assert (await desk.call(admin, "PUT", "users/seoyeon", {"disabled": True}))[1]["disabled"] is True
    assert (await desk.call(token, "GET", "me"))[0] == 401
    users = (await desk.call(admin, "GET", "users"))[1]["users"]
    assert [(one["username"], one["disabled"]) for one in users] == [("root", False), ("seoyeon", True)]
    assert Accounts.model_validate({"users": users})
    assert not any("password" in key for one in users for key in one)
    assert (await desk.call(admin, "PUT", "users/nobody", {"role": "agent"}))[0] == 404


async def test_an_administrator_stays_one(desk: Any) -> None:
    admin = await desk.sign_in("root", "관리자", "admin")
    assert (await desk.call(admin, "PUT", "users/root", {"role": "agent"}))[0] == 422
    assert (await desk.call(admin, "PUT", "users/root", {"disabled": True}))[0] == 422


async def test_others_are_refused(desk: Any) -> None:
    agent = await desk.sign_in()
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    for path in ("users", "setup", "review", "knowledge/gaps"):
        assert (await desk.call(agent, "GET", path))[0] == 403
    assert (await desk.call(boss, "GET", "users"))[0] == 403
    assert (await desk.call(boss, "POST", "users", NEW))[0] == 403


async def test_the_set_up_is_shown_as_config_yml_has_it(desk: Any) -> None:
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    status, setup = await desk.call(boss, "GET", "setup")
    assert status == 200 and Setup.model_validate(setup)
    assert [(queue["name"], queue["answer_within"]) for queue in setup["queues"]] == [
        ("emergency", 60),
        ("general", 180),
    ]
    assert setup["queues"][0]["routing"][0] == "priority"
    assert setup["capacity"] == {"voice": 1, "chat": 3}
    assert setup["templates"][0]["shortcode"] == "인사"


async def test_what_was_not_understood_is_listed_without_personal_data(desk: Any) -> None:
    await desk.waiting()
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    status, body = await desk.call(boss, "GET", "review?days=1")
    assert status == 200 and ReviewPage.model_validate(body)
    assert body["total"] == len(body["items"])
    assert "1234-5678" not in str(body)
    assert (await desk.call(boss, "GET", "knowledge/gaps?days=1"))[1] == {"gaps": [], "questions": 0}
    assert (await desk.call(boss, "GET", "review?days=0"))[0] == 422


async def test_an_answer_that_did_not_help_is_a_gap(desk: Any) -> None:
    """Judged over REST; the words of the gap are masked as all others."""
    body = {"sender": "r1", "message": "수수료가 얼마예요?"}
    (said,) = await (await desk.client.post("/webhooks/rest/webhook", json=body)).json()
    judged = {"sender": "r1", "message_id": said["custom"]["message_id"], "value": "down"}
    assert (await desk.client.post("/webhooks/rest/feedback", json=judged)).status == 204
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    (gap,) = (await desk.call(boss, "GET", "knowledge/gaps?days=1"))[1]["gaps"]
    assert (gap["question"], gap["reasons"]) == ("수수료가 얼마예요?", {"down": 1})
