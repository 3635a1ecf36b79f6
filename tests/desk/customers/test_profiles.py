"""Profiles over HTTP: met when a person is asked for, corrected by agents, merged, undone, unmasked, forgotten."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.conversation.customers import Fact, Identity
from bot.desk.customers.shapes import CustomerShape, FoundCustomers


async def actions(desk: Any) -> list[str]:
    return [row.action for row in await desk.server.service.store.audit()]


async def test_what_a_customer_says_of_themselves_is_kept_masked_and_unproven(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    found = await acts.profile_of(desk, token, case_id)
    said = [(one["kind"], one["value"], one["verified"], one["source"]) for one in found["identities"]]
    assert said == [("phone", "010-****-5678", False, "said")]
    assert "1234" not in str(found["identities"])
    assert (found["given_name"], found["name"][:3], found["version"]) == ("", "방문자", 1)
    assert [contact["case"]["id"] for contact in found["contacts"]] == [case_id]
    packet = (await desk.call(token, "GET", f"cases/{case_id}/packet"))[1]
    assert packet["customer"]["id"] == found["id"]
    assert {"channel": "phone", "id": "010-****-5678", "verified": False} in packet["customer"]["identities"]


async def test_name_segment_and_notes_are_kept_by_who_has_the_case(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    other = await desk.sign_in("junho", "박준호")
    found = await acts.profile_of(desk, token, case_id)
    path, body = f"customers/{found['id']}", {"version": 1, "name": "김 서연", "segment": "vip"}
    assert (await desk.call(other, "PUT", path, body))[0] == 409
    status, changed = await desk.call(token, "PUT", path, body)
    assert (status, changed["name"], changed["segment"], changed["version"]) == (200, "김 서연", "vip", 2)
    assert (await desk.call(token, "PUT", path, body))[1]["code"] == "customer_changed"
    assert (await desk.call(token, "GET", f"cases/{case_id}"))[1]["customer"]["name"] == "김 서연"
    noted = (await desk.call(token, "POST", f"{path}/notes", {"text": "오후에 전화"}))[1]["notes"]
    assert [(note["text"], note["actor"]["name"]) for note in noted] == [("오후에 전화", "김민지")]
    assert (await desk.call(token, "GET", "customers/nobody"))[0] == 404
    assert {"change_customer", "customer_note"} <= set(await actions(desk))


async def test_a_number_is_added_checked_shown_and_removed(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    found = await acts.profile_of(desk, token, case_id)
    path = f"customers/{found['id']}/identities"
    assert (await desk.call(token, "POST", path, {"kind": "phone", "value": "없음"}))[0] == 422
    body = {"kind": "email", "value": "Seoyeon@Example.com"}
    added = (await desk.call(token, "POST", path, body))[1]["identities"]
    mail = next(one for one in added if one["kind"] == "email")
    assert (mail["source"], mail["verified"], mail["added_by"]) == ("agent", False, "김민지")
    assert "seoyeon" not in mail["value"]
    shown = await desk.call(token, "POST", f"{path}/{mail['ref']}/reveal")
    assert shown == (200, {"value": "seoyeon@example.com"})
    other = await desk.sign_in("junho", "박준호")
    assert (await desk.call(other, "POST", f"{path}/{mail['ref']}/reveal"))[0] == 409
    checked = (await desk.call(token, "PUT", f"{path}/{mail['ref']}", {"verified": True}))[1]
    assert [one["verified"] for one in checked["identities"] if one["kind"] == "email"] == [True]
    left = (await desk.call(token, "DELETE", f"{path}/{mail['ref']}"))[1]["identities"]
    assert [one["kind"] for one in left] == ["phone"]
    assert (await desk.call(token, "PUT", f"{path}/nothing", {"verified": True}))[0] == 422
    assert {"reveal_identity", "verify_identity", "remove_identity"} <= set(await actions(desk))


async def test_an_equal_verified_number_is_suggested_and_never_merged_by_itself(desk: Any, acts: Any) -> None:
    first, token = await acts.held(desk)
    second, _ = await acts.held(desk, "kakao-bot-u1", "kakao")
    one, other = await acts.profile_of(desk, token, first), await acts.profile_of(desk, token, second)
    assert one["id"] != other["id"] and one["suggestions"] == []
    for found in (one, other):
        ref = found["identities"][0]["ref"]
        await desk.call(token, "PUT", f"customers/{found['id']}/identities/{ref}", {"verified": True})
    suggested = (await acts.profile_of(desk, token, first))["suggestions"]
    assert [found["id"] for found in suggested] == [other["id"]]
    one, other = await acts.profile_of(desk, token, first), await acts.profile_of(desk, token, second)
    assert one["id"] != other["id"]
    status, refused = await acts.merged(desk, token, one, other, same=False)
    assert (status, refused["suggestions"], refused["merges"][0]["state"]) == (200, [], "refused")
    assert "refuse_merge" in await actions(desk)


async def test_merged_customers_have_one_past_and_undoing_gives_each_their_own(desk: Any, acts: Any) -> None:
    first, token = await acts.held(desk)
    second, _ = await acts.held(desk, "kakao-bot-u1", "kakao")
    one, other = await acts.profile_of(desk, token, first), await acts.profile_of(desk, token, second)
    await desk.call(token, "PUT", f"customers/{one['id']}", {"version": 1, "name": "김서연"})
    one = await acts.profile_of(desk, token, first)
    status, whole = await acts.merged(desk, token, one, other, reason="같은 전화번호")
    assert status == 200 and CustomerShape.model_validate(whole)
    assert {contact["case"]["id"] for contact in whole["contacts"]} == {first, second}
    assert (await acts.profile_of(desk, token, second))["id"] == one["id"]
    assert (await desk.call(token, "GET", f"cases/{second}"))[1]["customer"]["name"] == "김서연"
    packet = (await desk.call(token, "GET", f"cases/{second}/packet"))[1]
    assert (packet["customer"]["name"], set(packet["channels"])) == ("김서연", {"kakao", "webchat"})
    assert [(one["case_id"], one["channel"], one["agent"]) for one in packet["journey"]] == [
        (first, "webchat", "김민지")
    ]
    journey = (await desk.call(token, "GET", f"cases/{first}/journey"))[1]["contacts"]
    assert {contact["case"]["id"] for contact in journey} == {first, second}
    done = whole["merges"][0]
    assert (done["kept"]["name"], done["gone"]["name"][:3], done["actor"]["name"]) == (
        "김서연",
        "방문자",
        "김민지",
    )
    undo = f"customers/{one['id']}/merges/{done['id']}/undo"
    assert (await desk.call(token, "POST", undo, {"version": 1}))[1]["code"] == "customer_changed"
    status, parted = await desk.call(token, "POST", undo, {"version": whole["version"]})
    assert (status, [contact["case"]["id"] for contact in parted["contacts"]]) == (200, [first])
    assert parted["merges"][0]["state"] == "undone"
    assert (await acts.profile_of(desk, token, second))["id"] == other["id"]
    assert (await desk.call(token, "GET", f"cases/{second}"))[1]["customer"]["name"].startswith("방문자")
    assert (await desk.call(token, "POST", f"customers/{one['id']}/merges/x/undo", {"version": 1}))[0] == 404
    assert {"merge_customers", "undo_merge"} <= set(await actions(desk))


async def test_what_is_learned_after_a_merge_leaves_with_its_conversation(desk: Any, acts: Any) -> None:
    first, token = await acts.held(desk)
    await desk.customer_says("상담원 바꿔 주세요", who="c2")
    second = await desk.case_of("c2")
    await desk.call(token, "POST", f"cases/{second}/accept")
    one, other = await acts.profile_of(desk, token, first), await acts.profile_of(desk, token, second)
    assert other["identities"] == []
    _, whole = await acts.merged(desk, token, one, other)
    # The number is known of the other one; what was said here is kept here all the same.
    await desk.call(token, "PUT", f"cases/{second}/slots", {"slots": {"phone": "010-1234-5678"}})
    assert len((await acts.profile_of(desk, token, first))["identities"]) == 1
    undo = f"customers/{one['id']}/merges/{whole['merges'][0]['id']}/undo"
    await desk.call(token, "POST", undo, {"version": whole["version"]})
    for case_id in (first, second):
        known = (await acts.profile_of(desk, token, case_id))["identities"]
        assert [identity["value"] for identity in known] == ["010-****-5678"]


async def test_of_two_agents_who_merge_the_second_is_told(desk: Any, acts: Any) -> None:
    first, token = await acts.held(desk)
    second, _ = await acts.held(desk, "c2")
    one, other = await acts.profile_of(desk, token, first), await acts.profile_of(desk, token, second)
    assert (await acts.merged(desk, token, one, other))[0] == 200
    assert (await acts.merged(desk, token, other, one))[1]["code"] == "customer_changed"
    assert (await acts.merged(desk, token, one, one))[1]["code"] == "customer_changed"
    stranger = await desk.sign_in("junho", "박준호")
    assert (await acts.merged(desk, stranger, one, other))[1]["code"] == "not_yours"


async def test_the_last_agent_and_the_name_follow_a_merged_customer_to_another_channel(
    desk: Any, acts: Any
) -> None:
    first, token = await acts.held(desk)
    second, _ = await acts.held(desk, "c2")
    one, other = await acts.profile_of(desk, token, first), await acts.profile_of(desk, token, second)
    body = {"version": 1, "name": "김서연", "segment": "vip"}
    one = (await desk.call(token, "PUT", f"customers/{one['id']}", body))[1]
    await acts.merged(desk, token, one, other)
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    await desk.call(boss, "POST", f"cases/{second}/take-over", {})
    await desk.call(boss, "POST", f"cases/{second}/close", {"code": "resolved", "note": ""})
    await desk.call(token, "POST", f"cases/{first}/close", {"code": "resolved", "note": ""})
    await desk.customer_says("상담원 바꿔 주세요", who="c2")
    case = await desk.server.service.store.case(await desk.case_of("c2"))
    # In this conversation 한지수 spoke last; 김민지 ended later, in the other.
    assert (case.last_agent.name, case.customer_name, case.segment) == ("김민지", "김서연", "vip")


async def test_customers_are_found_and_the_search_is_recorded(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    found = await acts.profile_of(desk, token, case_id)
    await desk.call(token, "PUT", f"customers/{found['id']}", {"version": 1, "name": "남궁채윤"})
    for query in ("남궁 채윤", "010-1234", "1234-5678"):
        status, body = await desk.call(token, "GET", f"customers?q={query}")
        assert status == 200 and FoundCustomers.model_validate(body)
        assert [(one["name"], one["cases"]) for one in body["customers"]] == [("남궁채윤", 1)]
    assert (await desk.call(token, "GET", "customers?q=없는이름"))[1] == {"customers": []}
    assert (await desk.call(token, "GET", f"customers?q={'가' * 201}"))[0] == 422
    assert "find_customers" in await actions(desk)


async def test_what_no_database_takes_is_cleaned_or_refused(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    found = await acts.profile_of(desk, token, case_id)
    path = f"customers/{found['id']}"
    body = {"version": 1, "name": " 김\0서연\u202e ", "segment": "우수\n고객"}
    changed = (await desk.call(token, "PUT", path, body))[1]
    assert (changed["name"], changed["segment"]) == ("김 서연", "우수 고객")
    assert [
        one["id"] for one in (await desk.call(token, "GET", "customers?q=김%00서연"))[1]["customers"]
    ] == [found["id"]]
    assert (await desk.call(token, "GET", "customers?q=%00"))[0] == 200
    assert (await desk.call(token, "PUT", path, {**body, "version": 10**30}))[0] == 422
    assert (await desk.call(token, "GET", "customers/%00"))[0] == 404


async def test_only_administrators_forget_and_never_in_the_middle_of_a_case(desk: Any, acts: Any) -> None:
    case_id, token = await acts.held(desk)
    found = await acts.profile_of(desk, token, case_id)
    admin = await desk.sign_in("sora", "윤소라", "admin")
    path = f"customers/{found['id']}"
    assert (await desk.call(token, "DELETE", path))[0] == 403
    assert (await desk.call(admin, "DELETE", path))[1]["code"] == "open_case"
    await desk.call(token, "POST", f"cases/{case_id}/close", {"code": "resolved", "note": "카드"})
    assert (await desk.call(admin, "DELETE", path))[0] == 204
    assert (await desk.call(admin, "GET", path))[0] == 404
    lines = (await desk.call(token, "GET", f"cases/{case_id}/messages"))[1]["messages"]
    assert lines == []
    case = (await desk.call(token, "GET", f"cases/{case_id}"))[1]
    assert (case["outcome"], case["last_message"]) == ({"code": "resolved", "note": ""}, None)
    await desk.customer_says("안녕하세요")
    again = (await desk.call(token, "GET", f"cases/{case_id}/messages"))[1]["messages"]
    assert [line["text"] for line in again if line["speaker"]["kind"] == "customer"] == ["안녕하세요"]
    assert "erase_customer" in await actions(desk)


async def test_who_calls_is_known_by_number_and_what_the_network_says_is_no_proof(
    desk: Any, acts: Any
) -> None:
    book, store = desk.server.floor.book, desk.server.service.store
    conversations = desk.server.service.conversations

    async def call(draft: Any) -> None:
        from bot.conversation.events import CallStarted

        draft.emit(CallStarted(call_id="v1", transport="twilio", caller="+821012345678"))

    await conversations.change("voice-1", call)
    profile = await store.profile(await store.customer_of("voice-1"))
    assert [(one.value, one.verified) for one in profile.identities] == [("010-1234-5678", False)]
    await book.vouched("web-1", "main:42", "김서연", [("phone", "010 1234 5678", True), ("email", "x", True)])
    signed = await store.profile(await store.customer_of("web-1"))
    assert [(one.kind, one.verified) for one in signed.identities] == [("login", True), ("phone", True)]
    await book.vouched("web-1", "main:42", "다른 이름", [("phone", "010 1234 5678", False)])
    assert await store.profile(signed.customer.id) == signed


@pytest.mark.parametrize("kind", ["phone", "email"])
async def test_short_values_are_masked_too(kind: str) -> None:
    from bot.desk.customers.profile_json import masked

    assert "415555" not in masked(Identity(kind=kind, value="+14155550100"))


async def test_what_the_customer_let_the_bot_remember_is_shown_and_forgotten_by_supervisors(
    desk: Any, acts: Any
) -> None:
    case_id, token = await acts.held(desk)
    found = await acts.profile_of(desk, token, case_id)
    store, now = desk.server.service.store, time.time()
    fact = Fact(
        name="branch",
        consent=True,
        decided_at=now,
        value="강남역점",
        remembered_at=now,
        expires_at=now + 86_400,
        channel="kakao",
    )
    await store.put_fact(found["id"], fact)
    await store.put_fact(found["id"], Fact(name="phone", consent=False, decided_at=now))

    async def used(draft: Any) -> None:
        draft.set_slot("branch", fact.value, "memory")

    await desk.server.service.conversations.change("c1", used)
    (shown,) = (await acts.profile_of(desk, token, case_id))["facts"]
    assert (shown["name"], shown["value"], shown["channel"]) == (
        "branch",
        "강남역점",
        "kakao",
    )
    assert shown["remembered_at"] < shown["expires_at"]

    path = f"customers/{found['id']}/facts"
    assert (await desk.call(token, "DELETE", path))[1]["code"] == "not_allowed"
    boss = await desk.sign_in("jisu", "한지수", "supervisor")
    status, left = await desk.call(boss, "DELETE", path)
    assert (status, left["facts"]) == (200, [])
    assert [(one.consent, one.value) for one in await store.facts(found["id"])] == [(False, None)] * 2
    tracker = await desk.server.service.conversations.tracker("c1")
    assert tracker.slot("branch") is None and tracker.slot("phone") == "010-1234-5678"
    assert "forget_facts" in await actions(desk)
    assert (await desk.call(boss, "DELETE", "customers/nobody/facts"))[0] == 404
