"""The survey at the end: offered once an agent has closed the case, taken once, read by the desk."""

from __future__ import annotations

from typing import Any

import pytest


async def closed(house: Any) -> tuple[dict[str, Any], Any, Any]:
    """A customer whose case an agent has closed: session, case, socket."""
    session = await house.session()
    await house.call("POST", "/api/chat/messages", {"message": "상담원 바꿔 주세요"}, token=session["token"])
    case = await house.agent_takes(session["conversation_id"])
    await house.server.service.handover.close(case, house.minji, "resolved", "끝")
    return session, case, await house.socket(session["token"])


async def due(house: Any, session: dict[str, Any]) -> bool:
    _, sync = await house.call("GET", "/api/chat/messages", token=session["token"])
    return bool(sync["state"]["survey"])


async def agent_token(house: Any) -> str:
    await house.server.accounts.add_user("minji", "김민지", "agent", "long enough a password")
    return str((await house.server.accounts.authenticate("minji", "long enough a password", "")).token)


async def test_it_is_asked_once_and_read_by_the_desk(house: Any, soon: Any) -> None:
    session, case, socket = await closed(house)
    assert await due(house, session)
    assert (await socket.call("survey", {"score": 4, "comment": "  친절했어요 ", "recommend": 9})) == {
        "ok": True
    }
    assert not await due(house, session)
    assert (await socket.call("survey", {"score": 1})) == {"ok": False}
    await soon(lambda: any(name == "state" and body["survey"] is False for name, body in socket.heard))
    token = await agent_token(house)
    _, body = await house.call("GET", f"/api/desk/cases/{case.id}/survey", token=token)
    survey = body["survey"]
    assert (survey["score"], survey["comment"], survey["skipped"]) == (4, "친절했어요", False)
    assert survey["recommend"] == 9
    assert survey["agent"]["name"] == "김민지" and survey["conversation_id"] == session["conversation_id"]
    _, listed = await house.call("GET", "/api/desk/surveys", token=token)
    assert listed == {"surveys": [survey], "cursor": None}


async def test_who_would_rather_not_is_not_asked_again(house: Any) -> None:
    session, case, socket = await closed(house)
    assert (await socket.call("survey", {"score": None}))["ok"]
    assert not await due(house, session)
    token = await agent_token(house)
    _, body = await house.call("GET", f"/api/desk/cases/{case.id}/survey", token=token)
    assert body["survey"]["skipped"] and body["survey"]["score"] is None


async def test_who_writes_again_is_not_asked(house: Any) -> None:
    session, _, socket = await closed(house)
    await house.call("POST", "/api/chat/messages", {"message": "안녕하세요"}, token=session["token"])
    assert not await due(house, session)
    assert (await socket.call("survey", {"score": 5})) == {"ok": False}


@pytest.mark.parametrize(
    "data",
    [
        *({"score": score} for score in (0, 6, "5", True, 2.5)),
        *({"score": 5, "recommend": recommend} for recommend in (-1, 11, "9", True, 9.5)),
    ],
)
async def test_other_scores_are_refused(house: Any, data: dict[str, Any]) -> None:
    session, _, socket = await closed(house)
    assert (await socket.call("survey", data))["error"]["code"] == "bad_survey"
    assert await due(house, session)


async def test_without_a_person_there_is_nothing_to_judge(house: Any) -> None:
    session = await house.session()
    socket = await house.socket(session["token"])
    assert (await socket.call("survey", {"score": 5})) == {"ok": False}


async def test_surveys_are_for_agents(house: Any) -> None:
    session, case, _ = await closed(house)
    for path in (f"/api/desk/cases/{case.id}/survey", "/api/desk/surveys"):
        for token in ("", session["token"]):
            assert (await house.call("GET", path, token=token))[0] == 401
    status, _ = await house.call("GET", "/api/desk/surveys?cursor=x", token=await agent_token(house))
    assert status in (400, 422)
