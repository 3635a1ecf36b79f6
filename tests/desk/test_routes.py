"""The desk's HTTP API: who may do what, what is refused, and in which words."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.desk import shapes

OUTCOME = {"code": "resolved", "note": "안내를 마쳤어요"}


async def test_nothing_but_signing_in_is_open(desk: Any) -> None:
    case_id = await desk.waiting()
    for method, path in (
        ("GET", "me"),
        ("PUT", "me/state"),
        ("GET", "cases"),
        ("GET", f"cases/{case_id}"),
        ("GET", f"cases/{case_id}/messages"),
        ("GET", f"cases/{case_id}/packet"),
        ("POST", f"cases/{case_id}/accept"),
        ("POST", f"cases/{case_id}/messages"),
        ("POST", f"cases/{case_id}/close"),
        ("GET", "templates"),
        ("POST", "logout"),
    ):
        for token in ("", "nonsense"):
            status, problem = await desk.call(token, method, path, {})
            assert (status, problem["code"]) == (401, "not_signed_in"), path


async def test_sign_in_says_nothing_of_the_user_and_is_throttled(desk: Any) -> None:
    await desk.sign_in()
    for _ in range(5):
        answer = await desk.client.post("/api/desk/login", json={"username": "minji", "password": "wrong"})
        assert (await answer.json())["code"] == "bad_credentials"
    answer = await desk.client.post("/api/desk/login", json={"username": "minji", "password": "wrong"})
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (429, "too_many_attempts")
    assert problem["title"] == "여러 번 틀렸어요. 5분 뒤에 다시 시도해 주세요."
    assert answer.content_type == "application/problem+json"


async def test_answers_have_the_documented_shape(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    shapes.UserShape.model_validate((await desk.call(token, "GET", "me"))[1])
    shapes.CasePage.model_validate((await desk.call(token, "GET", "cases?state=waiting"))[1])
    shapes.CaseShape.model_validate((await desk.call(token, "POST", f"cases/{case_id}/accept"))[1])
    body = {"text": "안녕하세요", "client_msg_id": "d1"}
    shapes.DeskMessage.model_validate((await desk.call(token, "POST", f"cases/{case_id}/messages", body))[1])
    shapes.DeskMessage.model_validate(
        (await desk.call(token, "POST", f"cases/{case_id}/notes", {"text": "메모"}))[1]
    )
    shapes.Messages.model_validate((await desk.call(token, "GET", f"cases/{case_id}/messages"))[1])
    shapes.CaseShape.model_validate((await desk.call(token, "POST", f"cases/{case_id}/close", OUTCOME))[1])
    shapes.WrapupCodes.model_validate((await desk.call(token, "GET", "wrapup-codes"))[1])
    shapes.Templates.model_validate((await desk.call(token, "GET", "templates"))[1])


async def test_accepting_is_a_race_with_one_winner(desk: Any) -> None:
    case_id = await desk.waiting()
    minji, junho = await desk.sign_in(), await desk.sign_in("junho", "박준호")
    answers = await asyncio.gather(
        *(desk.call(token, "POST", f"cases/{case_id}/accept") for token in (minji, junho))
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    winner = next(body for status, body in answers if status == 200)["agent"]["name"]
    lost = next(body for status, body in answers if status == 409)
    assert lost["code"] == "already_taken"
    assert lost["title"] == f"{winner} 상담원이 먼저 받았어요."


async def test_only_the_owner_writes_and_ends(desk: Any) -> None:
    case_id = await desk.waiting()
    minji = await desk.sign_in()
    await desk.call(minji, "POST", f"cases/{case_id}/accept")
    for username, name, role in (("junho", "박준호", "agent"), ("boss", "이도윤", "supervisor")):
        other = await desk.sign_in(username, name, role)
        for path, body in (
            ("messages", {"text": "제가 답할게요"}),
            ("transfer", {"note": "x"}),
            ("return", OUTCOME),
            ("close", OUTCOME),
        ):
            status, problem = await desk.call(other, "POST", f"cases/{case_id}/{path}", body)
            assert (status, problem["code"]) == (409, "not_yours"), path
            assert problem["title"] == "김민지 상담원이 맡고 있어요."
        for path in ("", "/messages", "/packet"):
            assert (await desk.call(other, "GET", f"cases/{case_id}{path}"))[0] == 200
        assert (await desk.call(other, "POST", f"cases/{case_id}/notes", {"text": "참고하세요"}))[0] == 200


async def test_a_waiting_case_can_be_read_but_not_written_to(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    status, problem = await desk.call(token, "POST", f"cases/{case_id}/messages", {"text": "안녕하세요"})
    assert (status, problem["code"], problem["title"]) == (409, "not_yours", "맡은 대화가 아니에요.")
    assert (await desk.call(token, "GET", f"cases/{case_id}/packet"))[0] == 200


async def test_unknown_cases_are_unknown(desk: Any) -> None:
    token = await desk.sign_in()
    calls = [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/packet", None),
        ("POST", "/accept", None),
        ("POST", "/decline", None),
        ("POST", "/messages", {"text": "x"}),
        ("POST", "/notes", {"text": "x"}),
        ("POST", "/transfer", {"note": "x"}),
        ("POST", "/return", OUTCOME),
        ("POST", "/close", OUTCOME),
    ]
    for method, path, body in calls:
        status, problem = await desk.call(token, method, f"cases/nope{path}", body)
        assert (status, problem["code"]) == (404, "unknown_case"), path


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {}),
        ("messages", {"text": 5}),
        ("messages", {"text": "x", "more": 1}),
        ("messages", {"text": "   "}),
        ("messages", {"text": "x" * 5_001}),
        ("messages", {"text": "x", "client_msg_id": ""}),
        ("notes", {"text": ""}),
        ("close", {"note": "코드가 없어요"}),
        ("close", {"code": "no_such_code", "note": ""}),
        ("close", {"code": "resolved", "note": "", "version": 0}),
        ("return", {"code": "resolved", "note": "", "slots": []}),
        ("return", {"code": "resolved", "note": "", "slots": {"card_type": "버스카드"}}),
        ("return", {"code": "resolved", "note": "", "slots": {"customer_id": "C9"}}),
        ("return", {"code": "resolved", "note": "", "slots": {"no_such_slot": 1}}),
        ("transfer", {"note": ["x"]}),
    ],
)
async def test_wrong_bodies_are_refused_and_change_nothing(desk: Any, path: str, body: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    before = (await desk.server.service.conversations.tracker("c1")).seq
    status, problem = await desk.call(token, "POST", f"cases/{case_id}/{path}", body)
    assert status == 422 and problem["title"]
    assert (await desk.server.service.conversations.tracker("c1")).seq == before


async def test_broken_json_and_queries_are_refused(desk: Any) -> None:
    token = await desk.sign_in()
    headers = {"Authorization": f"Bearer {token}"}
    answer = await desk.client.put("/api/desk/me/state", data=b"{", headers=headers)
    assert (answer.status, (await answer.json())["code"]) == (422, "bad_request")
    for path in ("cases?state=mineral", "cases?cursor=tomorrow", "cases?cursor=nan", "cases?cursor=inf"):
        assert (await desk.call(token, "GET", path))[0] == 422
    case_id = await desk.waiting()
    for after in ("-1", "1.5", "²", "9" * 30):
        assert (await desk.call(token, "GET", f"cases/{case_id}/messages?after={after}"))[0] == 422


async def test_closing_what_has_changed_meanwhile_is_refused(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    _, case = await desk.call(token, "POST", f"cases/{case_id}/accept")
    await desk.customer_says("잠깐만요, 하나 더 있어요")
    body = {**OUTCOME, "version": case["version"]}
    for path in ("close", "return"):
        status, problem = await desk.call(token, "POST", f"cases/{case_id}/{path}", body)
        assert (status, problem["code"]) == (409, "case_changed")
        assert problem["title"] == "그사이 상태가 바뀌었어요. 새 내용을 확인해 주세요."
    _, newest = await desk.call(token, "GET", f"cases/{case_id}")
    assert newest["unread"] == 1
    body = {**OUTCOME, "version": newest["version"]}
    status, closed = await desk.call(token, "POST", f"cases/{case_id}/close", body)
    assert (status, closed["state"], closed["outcome"]) == (200, "closed", OUTCOME)


async def test_return_gives_the_bot_values_and_outcome(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    body = {**OUTCOME, "note": "신용카드로 확인했어요", "slots": {"card_type": "신용카드"}}
    status, case = await desk.call(token, "POST", f"cases/{case_id}/return", body)
    assert (status, case["state"]) == (200, "returned")
    tracker = await desk.server.service.conversations.tracker("c1")
    assert tracker.owner == "bot" and tracker.slot("card_type") == "신용카드"
    assert tracker.state.outcomes[-1].note == "신용카드로 확인했어요"
    events = await desk.server.service.store.events("c1", limit=500)
    last = [event.text for event in events if event.event == "bot"][-1]
    assert "4821" in last and "정지" in last


async def test_transfer_keeps_the_note_for_the_next_agent(desk: Any) -> None:
    case_id, minji = await desk.waiting(), await desk.sign_in()
    await desk.call(minji, "POST", f"cases/{case_id}/accept")
    note = {"note": "한도 담당이 필요해요"}
    _, case = await desk.call(minji, "POST", f"cases/{case_id}/transfer", note)
    assert (case["state"], case["agent"]) == ("queued", None)
    junho = await desk.sign_in("junho", "박준호")
    _, case = await desk.call(junho, "POST", f"cases/{case_id}/accept")
    assert case["agent"]["name"] == "박준호"
    _, lines = await desk.call(junho, "GET", f"cases/{case_id}/messages")
    notes = [m for m in lines["messages"] if m["speaker"]["kind"] == "note"]
    assert [(m["text"], m["speaker"]["name"]) for m in notes] == [("한도 담당이 필요해요", "김민지")]


async def test_inbox_tabs_and_order(desk: Any) -> None:
    token = await desk.sign_in()
    for who in ("c1", "c2", "c3"):
        await desk.customer_says("상담원 바꿔 주세요", who=who)
    _, page = await desk.call(token, "GET", "cases?state=waiting")
    assert [case["conversation_id"] for case in page["cases"]] == ["c1", "c2", "c3"]
    first = page["cases"][0]["id"]
    await desk.call(token, "POST", f"cases/{first}/accept")
    tabs = {}
    for tab in ("waiting", "mine", "all", "closed"):
        _, page = await desk.call(token, "GET", f"cases?state={tab}")
        tabs[tab] = {case["conversation_id"] for case in page["cases"]}
    assert tabs == {"waiting": {"c2", "c3"}, "mine": {"c1"}, "all": {"c1", "c2", "c3"}, "closed": set()}


async def test_messages_come_once_and_by_cursor(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    _, lines = await desk.call(token, "GET", f"cases/{case_id}/messages")
    body = {"text": "제가 도와드릴게요", "client_msg_id": "d1"}
    first = await desk.call(token, "POST", f"cases/{case_id}/messages", body)
    again = await desk.call(token, "POST", f"cases/{case_id}/messages", body)
    assert first == again
    _, newer = await desk.call(token, "GET", f"cases/{case_id}/messages?after={lines['cursor']}")
    assert [m["text"] for m in newer["messages"]] == ["제가 도와드릴게요"]


async def test_state_of_an_agent(desk: Any) -> None:
    token = await desk.sign_in()
    assert (await desk.call(token, "GET", "me"))[1]["state"] == "available"
    assert (await desk.call(token, "PUT", "me/state", {"state": "break"}))[1]["state"] == "break"
    assert (await desk.call(token, "PUT", "me/state", {"state": "asleep"}))[0] == 422
    assert (await desk.call(token, "POST", "logout"))[0] == 204
    assert (await desk.call(token, "GET", "me"))[0] == 401


async def test_intents_have_names_for_people(desk: Any) -> None:
    _, labels = await desk.call(await desk.sign_in(), "GET", "labels")
    shapes.Labels.model_validate(labels)
    assert labels["intents"]["card_loss"] == "카드 분실 신고"
    assert labels["intents"]["request_human"] == "상담원 요청"
