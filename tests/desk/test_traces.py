"""The trace of a conversation and the test that is made of it, over the desk's API."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.e2e.files import load_cases
from bot.conversation.e2e.run import CaseRunner
from bot.desk.settings import RecordingSettings
from bot.desk.shapes import GoingOn, Recording, Trace
from bot.desk.traces import NotKept, Traces


async def boss_of(desk: Any) -> str:
    token: str = await desk.sign_in("jisu", "한지수", "supervisor")
    return token


async def test_a_trace_says_what_came_of_a_message_and_why(desk: Any) -> None:
    case_id = await desk.waiting()
    agent = await desk.sign_in()
    async with asyncio.timeout(10):
        # Who signs in is offered what waits, a moment later.
        while True:
            status, body = await desk.call(agent, "GET", f"cases/{case_id}/trace")
            assert status == 200 and Trace.model_validate(body)
            lines = body["lines"]
            if lines[-1]["ko"] == "상담원에게 제안했어요":
                break
            await asyncio.sleep(0.02)
    kinds = [line["kind"] for line in lines]
    assert kinds[:2] == ["step", "customer"], "a session begins before the first words are answered"
    asked_for = kinds[kinds.index("understood") :]
    assert asked_for.index("understood") < asked_for.index("command") < asked_for.index("step")
    told = [line["ko"] for line in lines]
    assert "‘카드 분실 신고’ 업무를 시작해요" in told
    assert "‘카드 분실 신고’: ‘전화번호’를 물어봤어요" in told
    assert told.index("‘카드 분실 신고’ 업무를 시작해요") < told.index(
        "‘카드 분실 신고’: ‘전화번호’를 물어봤어요"
    )
    asked = next(line for line in lines if line["ko"] == "‘카드 분실 신고’: ‘전화번호’를 물어봤어요")
    assert asked["en"] == "‘카드 분실 신고’: asked for ‘전화번호’" and asked["name"].startswith("card_loss/")
    assert any("slots." in line["why"] for line in lines), "a branch says which condition held"
    assert "010-1234-5678" not in str(body), "what agents see masked elsewhere is masked here"
    assert "상담원을 기다려요" in told


async def test_a_trace_goes_on_at_its_cursor(desk: Any) -> None:
    await desk.customer_says("카드를 잃어버렸어요")
    boss = await boss_of(desk)
    first = (await desk.call(boss, "GET", "conversations/c1/trace"))[1]
    assert (await desk.call(boss, "GET", f"conversations/c1/trace?after={first['cursor']}"))[1]["lines"] == []
    await desk.customer_says("010-1234-5678이에요")
    more = (await desk.call(boss, "GET", f"conversations/c1/trace?after={first['cursor']}"))[1]
    whole = (await desk.call(boss, "GET", "conversations/c1/trace?after=0"))[1]
    assert [*first["lines"], *more["lines"]] == whole["lines"] and more["cursor"] == whole["cursor"]


async def test_conversations_with_the_bot_alone_are_for_supervisors(desk: Any) -> None:
    await desk.customer_says("카드를 잃어버렸어요", "010-1234-5678이에요")
    agent, boss = await desk.sign_in(), await boss_of(desk)
    assert (await desk.call(agent, "GET", "conversations"))[0] == 403
    assert (await desk.call(agent, "GET", "conversations/c1/trace"))[0] == 403
    assert (await desk.call(agent, "POST", "conversations/c1/recording"))[0] == 403
    status, body = await desk.call(boss, "GET", "conversations")
    assert status == 200 and GoingOn.model_validate(body)
    [row] = body["conversations"]
    assert (row["id"], row["owner"], row["goal"], row["case_id"]) == ("c1", "bot", "카드 분실 신고", None)
    assert "1234" not in row["last_text"]
    assert (await desk.call(boss, "GET", "conversations/nobody/trace"))[0] == 404
    assert (await desk.call(boss, "POST", "conversations/nobody/recording"))[0] == 404
    assert (await desk.call(boss, "GET", "conversations/c1/trace?after=x"))[0] == 422


async def test_who_watches_hears_of_each_turn(desk: Any) -> None:
    await desk.customer_says("안녕하세요")
    boss = await desk.socket("/desk", await boss_of(desk))
    agent = await desk.socket("/desk", await desk.sign_in())
    assert (await agent.call("watch_conversation", {"conversation_id": "c1"}, namespace="/desk"))[
        "ok"
    ] is False
    assert (await boss.call("watch_conversation", {"conversation_id": "c1"}, namespace="/desk"))["ok"]
    await desk.customer_says("카드를 잃어버렸어요")
    await asyncio.sleep(0.1)
    assert traced(boss) == [{"conversation_id": "c1"}] and not traced(agent)
    assert (await boss.call("unwatch_conversation", {"conversation_id": "c1"}, namespace="/desk"))["ok"]
    await desk.customer_says("네")
    await asyncio.sleep(0.1)
    assert len(traced(boss)) == 1


def traced(socket: Any) -> list[Any]:
    return [told for event, told in socket.heard if event == "trace"]


async def test_a_conversation_with_an_agent_becomes_a_test_that_passes(desk: Any, tmp_path: Path) -> None:
    case_id = await desk.waiting()
    agent, boss = await desk.sign_in(), await boss_of(desk)
    await desk.call(agent, "POST", f"cases/{case_id}/accept")
    said = {"text": "김서연 고객님, 010-9999-8888로 전화드릴게요", "client_msg_id": "m1"}
    assert (await desk.call(agent, "POST", f"cases/{case_id}/messages", said))[0] == 200
    await desk.customer_says("네")
    await desk.call(agent, "POST", f"cases/{case_id}/return", {"code": "resolved", "note": "끝"})
    await desk.customer_says("안녕하세요")
    assert (await desk.call(agent, "POST", f"cases/{case_id}/recording"))[0] == 403
    status, body = await desk.call(boss, "POST", f"cases/{case_id}/recording")
    assert status == 200 and Recording.model_validate(body)
    assert "김서연" not in body["text"] and "010-9999-8888" not in body["text"] and body["replaced"] >= 2
    path = tmp_path / body["name"]
    path.write_text(body["text"], encoding="utf-8")
    [case] = load_cases(path)
    result = await CaseRunner(desk.server.service.engine).run(case)
    assert result.passed, (result.failures, body["text"])
    rows = (await desk.call(boss, "GET", f"audit?case={case_id}"))[1]["rows"]
    assert "record_test" in [row["action"] for row in rows]


async def passes(desk: Any, token: str, tmp_path: Path) -> str:
    """The recording of the customer's conversation, run as a test over the same assistant."""
    status, body = await desk.call(token, "POST", "conversations/c1/recording")
    assert status == 200, body
    path = tmp_path / body["name"]
    path.write_text(body["text"], encoding="utf-8")
    for case in load_cases(path):
        result = await CaseRunner(desk.server.service.engine).run(case)
        assert result.passed, (result.failures, body["text"])
    return str(body["text"])


async def test_a_case_that_changes_hands_passes_as_a_test(desk: Any, tmp_path: Path) -> None:
    case_id = await desk.waiting()
    agent, boss = await desk.sign_in(), await boss_of(desk)
    await desk.call(agent, "POST", f"cases/{case_id}/accept")
    assert (await desk.call(boss, "POST", f"cases/{case_id}/take-over", {"note": "제가 볼게요"}))[0] == 200
    assert (await desk.call(boss, "PUT", f"cases/{case_id}/slots", {"slots": {"card_type": "체크카드"}}))[
        0
    ] == 200
    assert (await desk.call(boss, "POST", f"cases/{case_id}/transfer", {"note": "한도 확인"}))[0] == 200
    await desk.call(agent, "POST", f"cases/{case_id}/accept")
    assert (await desk.call(agent, "POST", f"cases/{case_id}/return", {"code": "resolved", "note": "끝"}))[
        0
    ] == 200
    await desk.customer_says("네")
    text = await passes(desk, boss, tmp_path)
    assert text.count("accept: true") == 3 and text.count("transfer:") == 2 and "card_type: 체크카드" in text


@pytest.mark.parametrize("button", ["", "/leave_queue"])
async def test_a_customer_who_gives_up_waiting_passes_as_a_test(
    desk: Any, tmp_path: Path, button: str
) -> None:
    await desk.waiting()
    if button:
        await desk.customer_says("기다리지 않기", payload=button)
    else:
        assert await desk.server.service.handover.leave_queue("c1")
    await desk.customer_says("안녕하세요")
    text = await passes(desk, await boss_of(desk), tmp_path)
    assert "payload: /leave_queue" in text


async def test_a_press_that_is_out_of_sight_is_recorded_with_what_was_behind_it(
    desk: Any, tmp_path: Path
) -> None:
    await desk.customer_says("카드를 잃어버렸어요", payload="/card_loss")
    await desk.customer_says("전화번호: 010-1234-5678", payload='/SetSlots{"phone": "010-1234-5678"}')
    text = await passes(desk, await boss_of(desk), tmp_path)
    assert "payload: /card_loss" in text and "/SetSlots{" in text


async def test_a_recording_lands_in_its_folder(desk: Any, tmp_path: Path) -> None:
    await desk.customer_says("카드를 잃어버렸어요")
    engine = desk.server.service.engine
    kept = Traces(engine, RecordingSettings(folder="data/conversations/recorded"), tmp_path)
    body = await kept.recording("c1")
    file = Path(body["file"])
    assert file.parent == tmp_path / "data" / "conversations" / "recorded" and len(load_cases(file)) == 1
    assert (await kept.recording("c1"))["file"] == str(file), "once more is the same file"
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(NotKept):
        await Traces(engine, RecordingSettings(folder="taken"), tmp_path).recording("c1")
