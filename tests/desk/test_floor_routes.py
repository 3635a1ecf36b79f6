"""Agents, board, history and repeated requests over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.desk.shapes import AgentList, AuditPage, Board


async def me(desk: Any, token: str) -> str:
    return str((await desk.call(token, "GET", "me"))[1]["id"])


async def test_a_supervisor_says_what_agents_can_do(desk: Any) -> None:
    agent, chief = await desk.sign_in(), await desk.sign_in("chief", "박팀장", "supervisor")
    path = f"agents/{await me(desk, agent)}/profile"
    profile = {"queues": ["general"], "skills": {"card": 4}, "languages": ["ko", "en"], "chat": 5}
    status, problem = await desk.call(agent, "PUT", path, profile)
    assert (status, problem["code"]) == (403, "not_allowed")
    status, changed = await desk.call(chief, "PUT", path, profile)
    assert status == 200
    assert changed["profile"]["skills"] == {"card": 4}
    _, listed = await desk.call(agent, "GET", "agents")
    AgentList.model_validate(listed)
    for wrong in ({"queues": ["없는"]}, {"skills": {"card": 9}}, {"colour": "red"}, {"chat": -1}):
        assert (await desk.call(chief, "PUT", path, wrong))[0] == 422
    assert (await desk.call(chief, "PUT", "agents/nobody/profile", profile))[0] == 422


async def test_the_board_shows_who_waits_and_who_is_there(desk: Any) -> None:
    token = await desk.sign_in()
    await desk.call(token, "PUT", "me/state", {"state": "meal"})
    await desk.waiting()
    await desk.customer_says("상담원 바꿔 주세요", who="c2")
    _, shown = await desk.call(token, "GET", "board")
    Board.model_validate(shown)
    assert {queue["name"]: queue["waiting"] for queue in shown["queues"]} == {"emergency": 1, "general": 1}
    (agent,) = shown["agents"]
    assert (agent["state_label"], agent["capacity"]) == ("식사", {"voice": 1, "chat": 3})


async def test_what_people_do_is_recorded_without_what_they_wrote(desk: Any) -> None:
    agent, chief = await desk.sign_in(), await desk.sign_in("chief", "박팀장", "supervisor")
    case_id = await desk.waiting()
    await desk.call(agent, "POST", f"cases/{case_id}/accept")
    await desk.call(agent, "POST", f"cases/{case_id}/messages", {"text": "비밀번호는 묻지 않아요"})
    await desk.call(agent, "GET", f"cases/{case_id}/packet")
    await desk.call(chief, "POST", f"cases/{case_id}/close", {"code": "resolved"})
    _, history = await desk.call(chief, "GET", f"audit?case={case_id}")
    AuditPage.model_validate(history)
    assert [row["action"] for row in history["rows"]] == ["packet", "say", "accept"]
    assert "비밀번호" not in str(history)
    assert (await desk.call(agent, "GET", "audit"))[0] == 403
    assert (await desk.call(chief, "GET", "audit?cursor=abc"))[0] == 422


async def test_a_request_with_a_key_runs_once(desk: Any) -> None:
    token, case_id = await desk.sign_in(), await desk.waiting()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
    url, body = f"/api/desk/cases/{case_id}/notes", {"text": "한 번만"}
    first = await desk.client.post(url, json=body, headers=headers)
    second = await desk.client.post(url, json=body, headers=headers)
    assert await first.json() == await second.json()
    other = await desk.client.post(url, json={"text": "다른 글"}, headers=headers)
    assert (other.status, (await other.json())["code"]) == (409, "key_reused")
    _, lines = await desk.call(token, "GET", f"cases/{case_id}/messages")
    assert [m["text"] for m in lines["messages"]].count("한 번만") == 1


async def test_a_refused_request_may_be_tried_again_under_its_key(desk: Any) -> None:
    token, case_id = await desk.sign_in(), await desk.waiting()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k2"}
    url, body = f"/api/desk/cases/{case_id}/messages", {"text": "안녕하세요"}
    assert (await desk.client.post(url, json=body, headers=headers)).status == 409
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    assert (await desk.client.post(url, json=body, headers=headers)).status == 200


async def test_slots_are_set_while_talking_and_never_asked_again(desk: Any) -> None:
    token, case_id = await desk.sign_in(), await desk.waiting()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    status, _ = await desk.call(token, "PUT", f"cases/{case_id}/slots", {"slots": {"card_type": "신용카드"}})
    assert status == 200
    assert (await desk.call(token, "PUT", f"cases/{case_id}/slots", {"slots": {"없는": 1}}))[0] == 422
    await desk.call(token, "POST", f"cases/{case_id}/return", {"code": "resolved"})
    tracker = await desk.server.service.conversations.tracker("c1")
    assert tracker.slot("card_type") == "신용카드"
    assert tracker.stack[-1].awaiting != "card_type"


async def test_a_colleague_is_asked_without_giving_the_case_away(desk: Any) -> None:
    token, case_id = await desk.sign_in(), await desk.waiting()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    other = await desk.sign_in("junho", "박준호")
    socket = await desk.socket("/desk", other)
    body = {"agent_id": await me(desk, other), "note": "한도 올려 드려도 될까요?"}
    assert (await desk.call(token, "POST", f"cases/{case_id}/consult", body))[0] == 200
    await asyncio.sleep(0.2)
    (asked,) = [data for event, data in socket.heard if event == "consult"]
    assert asked["note"] == "한도 올려 드려도 될까요?"
    assert asked["case"]["agent"]["name"] == "김민지"


async def test_targets_are_warned_of_and_marked_once(desk: Any) -> None:
    token = await desk.sign_in()
    await desk.call(token, "PUT", "me/state", {"state": "meal"})
    socket = await desk.socket("/desk", token)
    case_id = await desk.waiting()
    case = await desk.server.service.store.case(case_id)
    for late in (-5.0, 1.0, 2.0):
        desk.server.tending._clock = lambda late=late: case.answer_by + late
        await desk.server.tending.run_once()
    await asyncio.sleep(0.2)
    told = [data["kind"] for event, data in socket.heard if event == "service_level"]
    assert told == ["warning", "breach"]
    assert (await desk.server.service.store.case(case_id)).breached == ("answer",)


async def test_a_promise_that_does_not_hold_is_owned_up_to_once(desk: Any) -> None:
    token = await desk.sign_in()
    for number in range(5):
        await desk.customer_says("상담원 바꿔 주세요", who=f"c{number}")
        case_id = await desk.case_of(f"c{number}")
        if number < 3:
            await desk.call(token, "POST", f"cases/{case_id}/accept")
    waiting = await desk.server.service.store.case(case_id)
    for minutes in (0.1, 90.0, 91.0):
        desk.server.tending._clock = lambda minutes=minutes: waiting.waiting_since + minutes * 60
        await desk.server.tending.run_once()
    promised = await desk.server.service.store.case(case_id)
    assert promised.promised is not None
    events = await desk.server.service.store.events("c4")
    slow = [event for event in events if event.event == "notice" and event.code == "queue_slow"]
    assert len(slow) == 1
    assert slow[0].data["buttons"][0]["payload"] == "/leave_queue"
