"""Offers made by the server: to whom, for how long, and what becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.conversation.store import Case


async def until(holds: Callable[[], Awaitable[Any]], seconds: float = 4.0) -> Any:
    """What `holds` gives once it is something."""
    for _ in range(int(seconds / 0.05)):
        found = await holds()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to that")


async def case(desk: Any, who: str = "c1") -> Case:
    tracker = await desk.server.service.conversations.tracker(who)
    return tracker.case


async def offered(desk: Any, who: str = "c1") -> Case:
    async def look() -> Case | None:
        found = await case(desk, who)
        return found if found.state == "offered" else None

    return await until(look)


async def me(desk: Any, token: str) -> dict[str, Any]:
    return (await desk.call(token, "GET", "me"))[1]


async def test_a_free_agent_is_offered_a_case_at_once(desk: Any) -> None:
    token = await desk.sign_in()
    socket = await desk.socket("/desk", token)
    await desk.waiting()
    found = await offered(desk)
    user = await me(desk, token)
    assert found.offered_to.id == user["id"]

    async def heard() -> Any:
        return [data for event, data in socket.heard if event == "offer"]

    (offer,) = await until(heard)
    assert offer["case"]["id"] == found.id
    assert offer["expires_at"] == offer["case"]["offer_expires_at"]


async def test_a_declined_case_goes_to_the_next(desk: Any) -> None:
    first = await desk.sign_in()
    await desk.waiting()
    found = await offered(desk)
    second = await desk.sign_in("junho", "박준호")
    status, _ = await desk.call(first, "POST", f"cases/{found.id}/decline", {"reason": "식사"})
    assert status == 200
    again = await offered(desk)
    assert again.offered_to.id == (await me(desk, second))["id"]
    assert again.offers == 2


async def test_two_missed_offers_make_an_agent_absent(desk: Any) -> None:
    token = await desk.sign_in()
    floor, now = desk.server.floor, desk.server.floor.clock
    # The page stays open.
    await floor.store.change_agent((await me(desk, token))["id"], {"present_until": now() + 600})
    ahead = 0.0

    def clock() -> float:
        return now() + ahead

    floor.dispatcher._clock = floor.presence._clock = desk.server.service.handover.clock = clock
    for who in ("c1", "c2"):
        await desk.customer_says("상담원 바꿔 주세요", who=who)
        found = await offered(desk, who)
        ahead += 21

        async def expired(case_id: str = found.id) -> bool:
            return (await floor.store.case(case_id)).state == "queued"

        floor.dispatcher.kick()
        await until(expired)

    async def away() -> bool:
        return (await floor.store.agent((await me(desk, token))["id"])).state == "away"

    await until(away)


async def test_an_agent_who_goes_to_lunch_loses_the_offer_and_gets_it_back(desk: Any) -> None:
    token = await desk.sign_in()
    await desk.waiting()
    await offered(desk)
    await desk.call(token, "PUT", "me/state", {"state": "meal"})

    async def queued() -> bool:
        return (await case(desk)).state == "queued"

    await until(queued)
    await desk.call(token, "PUT", "me/state", {"state": "available"})
    await offered(desk)


async def test_nobody_gets_more_than_three_chats(desk: Any) -> None:
    await desk.sign_in()
    for number in range(5):
        await desk.customer_says("상담원 바꿔 주세요", who=f"c{number}")

    async def three() -> bool:
        waiting = await desk.server.service.store.waiting_cases()
        return [found.state for found in waiting].count("offered") == 3

    await until(three)
    await asyncio.sleep(0.5)
    assert await three()


async def test_a_colleague_may_refuse_and_the_giver_reads_why(desk: Any) -> None:
    giver, case_id = await desk.sign_in(), await desk.waiting()
    await desk.call(giver, "POST", f"cases/{case_id}/accept")
    taker = await desk.sign_in("junho", "박준호")
    junho = await me(desk, taker)
    body = {"note": "한도 담당이시죠?", "to_agent": junho["id"]}
    status, handed = await desk.call(giver, "POST", f"cases/{case_id}/transfer", body)
    assert (status, handed["target"]["id"]) == (200, junho["id"])
    assert (await offered(desk)).offered_to.id == junho["id"]
    await desk.call(taker, "POST", f"cases/{case_id}/decline", {"reason": "퇴근했어요"})

    async def back() -> bool:
        found = await case(desk)
        return found.offered_to is not None and found.offered_to.name == "김민지"

    await until(back)
    _, lines = await desk.call(giver, "GET", f"cases/{case_id}/messages")
    notes = [m["text"] for m in lines["messages"] if m["speaker"]["kind"] == "note"]
    assert notes == ["한도 담당이시죠?", "전달을 받지 않았어요: 퇴근했어요"]


async def test_unknown_colleagues_and_queues_are_refused(desk: Any) -> None:
    token, case_id = await desk.sign_in(), await desk.waiting()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    for wrong in ({"to_agent": "nobody"}, {"to_agent": (await me(desk, token))["id"]}, {"queue": "없는-큐"}):
        status, problem = await desk.call(token, "POST", f"cases/{case_id}/transfer", {"note": "", **wrong})
        assert (status, problem["code"]) == (422, "bad_request")
    assert (await case(desk)).state == "agent"


async def test_an_agent_holds_no_more_than_fits(desk: Any) -> None:
    token = await desk.sign_in()
    await desk.call(token, "PUT", "me/state", {"state": "break"})
    ids = [await desk.waiting(who) for who in ("c1", "c2", "c3", "c4", "c5")]
    for case_id in ids[:3]:
        assert (await desk.call(token, "POST", f"cases/{case_id}/accept"))[0] == 200
    status, problem = await desk.call(token, "POST", f"cases/{ids[3]}/accept")
    assert (status, problem["code"]) == (409, "no_room")
    # Taking one's own again changes nothing.
    assert (await desk.call(token, "POST", f"cases/{ids[2]}/accept"))[0] == 200
    await desk.call(token, "POST", f"cases/{ids[0]}/close", {"code": "resolved"})
    at_once = await asyncio.gather(
        *(desk.call(token, "POST", f"cases/{case_id}/accept") for case_id in ids[3:])
    )
    assert sorted(status for status, _ in at_once) == [200, 409]


async def test_who_picks_another_case_gives_up_the_offer_that_fits_no_more(desk: Any) -> None:
    token = await desk.sign_in()
    await desk.call(token, "PUT", "me/state", {"state": "break"})
    held = [await desk.waiting(who) for who in ("c1", "c2")]
    for case_id in held:
        await desk.call(token, "POST", f"cases/{case_id}/accept")
    await desk.call(token, "PUT", "me/state", {"state": "available"})
    await desk.waiting("c3")
    offer = await offered(desk, "c3")
    other = await desk.waiting("c4")
    assert (await desk.call(token, "POST", f"cases/{other}/accept"))[0] == 200
    back, mine = await case(desk, "c3"), (await me(desk, token))["id"]
    assert (back.state, back.offers) == ("queued", 1) and back.passed[mine] > offer.offer_expires_at
    assert await desk.server.service.store.loads() == {mine: {"chat": 3}}


async def test_only_what_is_offered_is_taken_where_config_says_so(desk: Any) -> None:
    object.__setattr__(desk.server.floor.settings, "take_from_queue", False)
    token, case_id = await desk.sign_in(), None
    await desk.call(token, "PUT", "me/state", {"state": "break"})
    case_id = await desk.waiting()
    status, problem = await desk.call(token, "POST", f"cases/{case_id}/accept")
    assert (status, problem["code"]) == (409, "not_offered")
    await desk.call(token, "PUT", "me/state", {"state": "available"})
    await offered(desk)
    assert (await desk.call(token, "POST", f"cases/{case_id}/accept"))[0] == 200


async def test_waiting_choices_of_a_customer(desk: Any) -> None:
    await desk.customer_says("상담원 바꿔 주세요", who="m")
    await desk.customer_says("메모 남기기", who="m", payload="/leave_message")
    await desk.customer_says("카드가 안 돼요", who="m")
    left = await case(desk, "m")
    assert (left.state, left.message_left, left.unread) == ("queued", True, 1)
    await desk.customer_says("상담원 바꿔 주세요", who="s")
    await desk.customer_says("그만 기다리기", who="s", payload="/stop_waiting")
    assert await case(desk, "s") is None
    await desk.customer_says("상담원 바꿔 주세요", who="k")
    await desk.customer_says("전화 상담 예약", who="k", payload="/leave_queue_for_request_callback")
    tracker = await desk.server.service.conversations.tracker("k")
    assert tracker.owner == "bot"
    assert tracker.stack[-1].flow_id == "request_callback"


async def test_a_case_that_cannot_be_offered_keeps_no_other_waiting(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.customer_says("상담원 바꿔 주세요", who="c1")
    broken, handover = await desk.case_of("c1"), desk.server.service.handover
    offer = handover.offer

    async def fail(case: Any, *args: Any, **rest: Any) -> Any:
        if case.id == broken:
            raise RuntimeError("its row can't be read")
        return await offer(case, *args, **rest)

    monkeypatch.setattr(handover, "offer", fail)
    await desk.customer_says("상담원 바꿔 주세요", who="c2")
    await desk.sign_in()
    await desk.server.floor.dispatcher.run_once()
    store = desk.server.service.store
    states = [(await store.case(await desk.case_of(who))).state for who in ("c1", "c2")]
    assert states == ["queued", "offered"]


async def test_an_offer_that_cannot_be_taken_back_keeps_no_other_waiting(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await desk.sign_in()
    await desk.waiting("c1")
    stuck = await offered(desk, "c1")

    async def fail(case: Any, *args: Any, **rest: Any) -> bool:
        raise RuntimeError("its row can't be read")

    monkeypatch.setattr(desk.server.service.handover, "withdraw", fail)
    await desk.call(token, "PUT", "me/state", {"state": "break"})
    await desk.sign_in("junho", "박준호")
    await desk.waiting("c2")
    assert (await offered(desk, "c2")).offered_to.name == "박준호"
    assert (await case(desk, "c1")).offered_to == stuck.offered_to
