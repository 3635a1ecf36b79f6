"""What supervisors do with cases of others; unmasking; checks before a reply goes out; the customer's past."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.events import AgentUttered, UserUttered
from bot.desk.checks import check_reply
from bot.desk.shapes import Journey, Warnings


async def held(desk: Any) -> tuple[str, str, str]:
    """A case that 김민지 holds, her token, and that of the supervisor 한지수."""
    case_id = await desk.waiting()
    agent = await desk.sign_in()
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    assert (await desk.call(agent, "POST", f"cases/{case_id}/accept"))[0] == 200
    return case_id, agent, boss


async def notices(desk: Any) -> list[str]:
    events = await desk.server.service.store.events("c1")
    return [event.text for event in events if event.event == "notice"]


async def test_a_supervisor_takes_over_and_the_customer_knows_who_speaks(desk: Any) -> None:
    case_id, agent, boss = await held(desk)
    assert (await desk.call(agent, "POST", f"cases/{case_id}/take-over", {}))[0] == 403
    status, case = await desk.call(boss, "POST", f"cases/{case_id}/take-over", {"note": "제가 볼게요"})
    assert (status, case["agent"]["name"], case["handed_by"]["name"]) == (200, "한지수", "김민지")
    assert (await notices(desk))[-1] == "한지수 상담원이 이어서 도와드려요"
    assert (await desk.call(agent, "POST", f"cases/{case_id}/messages", {"text": "네"}))[0] == 409
    assert (await desk.call(boss, "POST", f"cases/{case_id}/messages", {"text": "네"}))[0] == 200
    assert (await desk.call(boss, "POST", f"cases/{case_id}/take-over", {}))[1]["version"] >= case["version"]
    rows = (await desk.call(boss, "GET", f"audit?case={case_id}"))[1]["rows"]
    assert "take_over" in [row["action"] for row in rows]


async def test_a_waiting_case_is_taken_by_accepting_not_by_taking_over(desk: Any) -> None:
    case_id = await desk.waiting()
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    assert (await desk.call(boss, "POST", f"cases/{case_id}/take-over", {}))[0] == 409


async def test_a_case_is_given_to_a_colleague_from_whoever_has_it(desk: Any) -> None:
    case_id, agent, boss = await held(desk)
    other = await desk.sign_in("junho", "박준호")
    junho = await desk.accounts.find("junho")
    assert (await desk.call(agent, "POST", f"cases/{case_id}/assign", {"agent_id": junho.id}))[0] == 403
    status, case = await desk.call(
        boss, "POST", f"cases/{case_id}/assign", {"agent_id": junho.id, "note": "카드"}
    )
    assert (status, case["state"], case["target"]["name"]) == (200, "queued", "박준호")
    assert (await notices(desk))[-1].startswith("박준호 상담원에게 전해 드렸어요")
    assert (await desk.call(other, "POST", f"cases/{case_id}/accept"))[1]["agent"]["name"] == "박준호"
    assert (await desk.call(boss, "POST", f"cases/{case_id}/assign", {"agent_id": "nobody"}))[0] == 422


async def test_a_masked_value_is_shown_to_who_has_the_case_and_that_is_recorded(desk: Any) -> None:
    case_id, agent, boss = await held(desk)
    other = await desk.sign_in("junho", "박준호")
    path = f"cases/{case_id}/reveal"
    assert (await desk.call(agent, "POST", path, {"field": "phone"}))[1] == {"value": "010-1234-5678"}
    assert (await desk.call(boss, "POST", path, {"field": "phone"}))[0] == 200
    assert (await desk.call(other, "POST", path, {"field": "phone"}))[0] == 409
    assert (await desk.call(agent, "POST", path, {"field": "nothing"}))[0] == 422
    rows = (await desk.call(boss, "GET", f"audit?case={case_id}"))[1]["rows"]
    looked = [(row["actor"]["name"], row["detail"]) for row in rows if row["action"] == "reveal"]
    assert looked == [("한지수", {"field": "phone"}), ("김민지", {"field": "phone"})]


async def test_the_past_of_a_customer_comes_newest_first(desk: Any) -> None:
    case_id, agent, _ = await held(desk)
    await desk.call(agent, "POST", f"cases/{case_id}/close", {"code": "resolved", "note": "재발급"})
    again = await desk.waiting()
    status, body = await desk.call(agent, "GET", f"cases/{again}/journey")
    assert status == 200 and Journey.model_validate(body)
    assert [contact["case"]["id"] for contact in body["contacts"]] == [again, case_id]
    assert body["contacts"][1]["case"]["outcome"]["note"] == "재발급"


async def test_a_reply_is_checked_over_http(desk: Any) -> None:
    case_id, agent, _ = await held(desk)
    body = {"text": "고객님 번호 010-1234-5678 맞으시죠?"}
    status, answer = await desk.call(agent, "POST", f"cases/{case_id}/check", body)
    assert Warnings.model_validate(answer)
    assert (status, [one["code"] for one in answer["warnings"]]) == (200, ["personal_data"])


def said(text: str, seq: int) -> UserUttered:
    return UserUttered(text=text, message_id=f"m{seq}", seq=seq)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("네, 확인해 드릴게요.", []),
        ("김서연 고객님, 확인해 드릴게요.", []),
        ("카드번호 1234-5678-9012-3452로 보냈어요", ["personal_data"]),
        ("그건 고객님이 알아서 해", ["unkind"]),
        ("확인했어요. 기다려", ["unkind"]),
        ("야 이 씨발", ["unkind"]),
    ],
)
def test_personal_data_and_tone(text: str, codes: list[str]) -> None:
    assert [one["code"] for one in check_reply(text, [])] == codes


def test_of_two_questions_the_one_that_is_passed_over_is_told() -> None:
    events = [said("카드 재발급은 얼마나 걸려요?", 1), said("그리고 이체 한도는 어떻게 올려요?", 2)]
    missed = check_reply("재발급은 5영업일 걸려요.", events)
    assert [(one["code"], one["seq"]) for one in missed] == [("missed_question", 2)]
    assert check_reply("재발급은 5영업일 걸리고, 이체 한도는 앱에서 올릴 수 있어요.", events) == []
    assert check_reply("네, 확인해 볼게요.", events) == []
    answered = AgentUttered(
        text="재발급은 5영업일요", message_id="a", agent_id="u", agent_name="김민지", seq=3
    )
    assert check_reply("네, 한도요.", [*events, answered, said("네", 4)]) == []
