"""Cases of agents who won't come back go to the queue again: disabled, deleted, away too long, with a browser that died."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.store import Case
from bot.desk.presence import TTL


async def held(desk: Any, who: str = "c1") -> tuple[str, str]:
    """A case that 김민지 holds, and her token."""
    case_id = await desk.waiting(who)
    token = await desk.sign_in()
    assert (await desk.call(token, "POST", f"cases/{case_id}/accept"))[0] == 200
    return case_id, token


async def after(desk: Any, seconds: float) -> None:
    """A round of what time brings, so much later."""
    clock = desk.server.floor.clock
    desk.server.tending._clock = lambda: clock() + seconds
    await desk.server.tending.run_once()


async def case(desk: Any, case_id: str) -> Case:
    found: Case = await desk.server.service.store.case(case_id)
    return found


async def rows(desk: Any) -> list[Any]:
    return [row for row in await desk.server.service.store.audit() if row.action == "requeue"]


async def test_a_disabled_account_loses_its_cases_at_their_old_place(desk: Any) -> None:
    case_id, _ = await held(desk)
    before = await case(desk, case_id)
    other = await desk.waiting("c2")
    await desk.accounts.disable("minji")
    await after(desk, 0)
    now = await case(desk, case_id)
    assert (now.state, now.agent_id, now.handed_by.name) == ("queued", None, "김민지")
    assert (now.waiting_since, now.serve_at) == (before.waiting_since, before.serve_at)
    assert [one.id for one in await desk.server.service.store.waiting_cases()] == [case_id, other]
    notices = [e.text for e in await desk.server.service.store.events("c1") if e.event == "notice"]
    assert notices[-1].startswith("담당 상담원이 자리를 비웠어요")
    tracker = await desk.server.service.conversations.tracker("c1")
    assert tracker.owner == "queued"
    (row,) = await rows(desk)
    assert (row.actor_id, row.case_id, row.detail["reason"]) == ("system", case_id, "disabled")
    await after(desk, 0)
    assert len(await rows(desk)) == 1
    mate = await desk.sign_in("junho", "박준호")
    assert (await desk.call(mate, "POST", f"cases/{case_id}/accept"))[0] == 200


async def test_an_account_that_is_no_more_loses_its_cases(desk: Any) -> None:
    case_id, _ = await held(desk)
    user = await desk.accounts.find("minji")
    desk.accounts._store._users.pop(user.id)
    await after(desk, 0)
    assert (await case(desk, case_id)).state == "queued"
    assert (await rows(desk))[0].detail["reason"] == "deleted"


@pytest.mark.parametrize("state", ["away", "offline"])
async def test_who_is_away_too_long_loses_cases_and_not_before(desk: Any, state: str) -> None:
    case_id, token = await held(desk)
    await desk.call(token, "PUT", "me/state", {"state": state})
    await after(desk, 29 * 60)
    assert (await case(desk, case_id)).state == "agent"
    await after(desk, 30 * 60 + 1)
    assert (await case(desk, case_id)).state == "queued"
    assert (await rows(desk))[0].detail["reason"] == "away"


async def test_a_meal_is_no_departure_while_the_page_is_open_and_a_dead_browser_is(desk: Any) -> None:
    case_id, token = await held(desk)
    await desk.call(token, "PUT", "me/state", {"state": "meal"})
    user = await desk.accounts.find("minji")
    store, clock = desk.server.service.store, desk.server.floor.clock
    await store.change_agent(user.id, {"present_until": clock() + 3_600})
    await after(desk, 3_500)
    assert (await case(desk, case_id)).state == "agent"
    await store.change_agent(user.id, {"present_until": clock() + TTL})
    await after(desk, 30 * 60 + TTL + 1)
    assert (await case(desk, case_id)).state == "queued"


async def test_nobody_is_told_to_wait_while_nobody_works(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, _ = await held(desk)
    await desk.accounts.disable("minji")
    monkeypatch.setattr("bot.desk.hours.Hours.is_open", lambda self, at: False)
    await after(desk, 0)
    assert (await case(desk, case_id)).state == "agent"
    monkeypatch.undo()
    await after(desk, 0)
    assert (await case(desk, case_id)).state == "queued"


async def test_cases_of_another_desk_and_of_who_was_faster_stay(desk: Any) -> None:
    case_id, _ = await held(desk)
    handover = desk.server.service.handover
    old = await case(desk, case_id)
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    await desk.call(boss, "POST", f"cases/{case_id}/take-over", {})
    with pytest.raises(Exception, match="not yours"):
        await handover.requeue(old, "agent_disabled")
    from bot.channels.chatwoot.channel import DESK

    third = await desk.waiting("c3")
    await handover.accept(await case(desk, third), DESK)
    await after(desk, 86_400)
    assert (await case(desk, third)).state == "agent"
