"""Sockets: what agents and customers see happen, and what they don't."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import socketio

from bot.conversation.ownership import check_transition


async def until(heard: Any, event: str, fits: Any = lambda data: True) -> Any:
    """The first matching event within two seconds."""
    for _ in range(100):
        for name, data in list(heard.heard):
            if name == event and fits(data):
                return data
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {event!r} among {[name for name, _ in heard.heard]}")


def token_of(desk: Any, who: str = "c1") -> str:
    return str(desk.server.tokens.issue(who)[0])


async def test_a_void_token_opens_no_socket(desk: Any) -> None:
    for token in (None, "nonsense", token_of(desk)):
        with pytest.raises(socketio.exceptions.ConnectionError):
            await desk.socket("/desk", token)


async def test_agents_message_reaches_the_customer_with_the_agents_name(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    customer, agent = await desk.socket("/", token_of(desk)), await desk.socket("/desk", token)
    await agent.call("watch", {"case_id": case_id}, namespace="/desk")
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    state = await until(customer, "state", lambda data: data["owner"] == "agent")
    assert state["agent"] == {"name": "김민지"}
    await desk.call(
        token, "POST", f"cases/{case_id}/messages", {"text": "제가 볼게요", "client_msg_id": "d1"}
    )
    said = await until(customer, "bot_uttered", lambda data: data["text"] == "제가 볼게요")
    assert said["speaker"] == {"kind": "agent", "name": "김민지"}
    own = await until(agent, "message", lambda data: data["message"]["text"] == "제가 볼게요")
    assert own["message"]["client_msg_id"] == "d1"


async def test_customers_message_reaches_those_who_watch(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    watching, idle = await desk.socket("/desk", token), await desk.socket("/desk", token)
    answer = await watching.call("watch", {"case_id": case_id}, namespace="/desk")
    assert answer["ok"] and answer["messages"][0]["text"] == "안녕하세요"
    await desk.customer_says("아직 기다리고 있어요")
    told = await until(watching, "message", lambda data: data["message"]["text"] == "아직 기다리고 있어요")
    assert told["case_id"] == case_id and told["message"]["understanding"]["intent"] == "unknown"
    await until(watching, "packet", lambda data: data == {"case_id": case_id})
    row = await until(idle, "case", lambda data: data["unread"] == 1)
    assert row["last_message"]["text"] == "아직 기다리고 있어요"
    assert not [name for name, _ in idle.heard if name == "message"]
    later = await watching.call("watch", {"case_id": case_id, "after": answer["cursor"]}, namespace="/desk")
    assert [m["text"] for m in later["messages"]] == ["아직 기다리고 있어요"]
    await watching.call("unwatch", {"case_id": case_id}, namespace="/desk")
    await desk.customer_says("여보세요")
    await until(idle, "case", lambda data: data["unread"] == 2)
    assert not [d for name, d in watching.heard if name == "message" and d["message"]["text"] == "여보세요"]


async def test_notes_never_reach_the_customer(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    customer, agent = await desk.socket("/", token_of(desk)), await desk.socket("/desk", token)
    await agent.call("watch", {"case_id": case_id}, namespace="/desk")
    await desk.call(token, "POST", f"cases/{case_id}/notes", {"text": "까다로운 문의"})
    await until(agent, "message", lambda data: data["message"]["speaker"]["kind"] == "note")
    assert "까다로운" not in str(customer.heard)


async def test_typing_and_reading_pass_both_ways(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    customer, agent = await desk.socket("/", token_of(desk)), await desk.socket("/desk", token)
    await agent.call("watch", {"case_id": case_id}, namespace="/desk")
    await customer.emit("typing", {"on": True}, namespace="/")
    told = await until(agent, "typing")
    assert told == {"case_id": case_id, "speaker": {"kind": "customer", "name": ""}, "on": True}
    await customer.emit("seen", {"seq": 7}, namespace="/")
    assert await until(agent, "seen") == {"case_id": case_id, "by": "customer", "seq": 7}
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    await agent.emit("typing", {"case_id": case_id, "on": True}, namespace="/desk")
    told = await until(customer, "typing")
    assert told == {"speaker": {"kind": "agent", "name": "김민지"}, "on": True}
    await agent.emit("seen", {"case_id": case_id, "seq": 9}, namespace="/desk")
    assert await until(customer, "seen") == {"by": "agent", "seq": 9}


async def test_a_stranger_cannot_type_into_a_case(desk: Any) -> None:
    case_id, token = await desk.waiting(), await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    customer = await desk.socket("/", token_of(desk))
    stranger = await desk.socket("/desk", await desk.sign_in("junho", "박준호"))
    await stranger.emit("typing", {"case_id": case_id, "on": True}, namespace="/desk")
    for data in (None, "x", {"case_id": 5}, {"case_id": "nope"}):
        await stranger.emit("typing", data, namespace="/desk")
        answer = await stranger.call("watch", data, namespace="/desk")
        assert answer["ok"] is False and answer["error"]["code"] == "unknown_case"
    assert "typing" not in [name for name, _ in customer.heard]


async def test_signing_out_closes_the_sockets_of_that_session_only(desk: Any) -> None:
    first, second = await desk.sign_in(), await desk.sign_in()
    one, other = await desk.socket("/desk", first), await desk.socket("/desk", second)
    await desk.call(first, "POST", "logout")
    assert await until(one, "session_over") == {}
    for _ in range(50):
        if not one.connected:
            break
        await asyncio.sleep(0.02)
    assert not one.connected and other.connected


async def test_sockets_of_a_disabled_agent_are_closed(desk: Any) -> None:
    token = await desk.sign_in()
    socket = await desk.socket("/desk", token)
    await desk.server.desk.sweep()
    assert socket.connected
    await desk.accounts.disable("minji")
    await desk.server.desk.sweep()
    assert await until(socket, "session_over") == {}


async def test_hundred_messages_against_accept_and_return_through_the_whole_server(desk: Any) -> None:
    """Never two speakers, nothing lost, each once: over HTTP and sockets, as customers and agents come."""
    await desk.customer_says("상담원 바꿔 주세요")
    token = await desk.sign_in()
    customer = await desk.socket("/", token_of(desk))
    refused: list[int] = []

    async def write(number: int) -> None:
        await asyncio.sleep(number % 10 * 0.004)
        body = {"message": "안녕하세요", "client_msg_id": f"m{number}"}
        for _ in range(50):
            answer = await customer.call("user_uttered", body, namespace="/")
            if answer["ok"]:
                return
            refused.append(number)
            await asyncio.sleep(0.05)
        raise AssertionError(answer)

    async def work() -> None:
        for _ in range(8):
            tracker = await desk.server.service.conversations.tracker("c1")
            if tracker.case is None:
                await desk.customer_says("상담원 바꿔 주세요")
            case_id = await desk.case_of("c1")
            for path, body in (
                ("accept", None),
                ("messages", {"text": "확인하고 있어요"}),
                ("return", {"code": "resolved", "note": ""}),
            ):
                status, problem = await desk.call(token, "POST", f"cases/{case_id}/{path}", body)
                assert status == 200, problem

    desk.server.webchat.throttle.allow = lambda key: True
    await asyncio.gather(work(), *(write(number) for number in range(100)))
    events = await desk.server.service.store.events("c1", limit=10_000)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    kept = [e.message_id for e in events if e.event == "user" and e.message_id.startswith("m")]
    assert sorted(kept) == sorted(f"m{number}" for number in range(100))
    owner = "bot"
    for event in events:
        if event.event == "ownership":
            check_transition(event.before, event.after)
            assert event.before == owner
            owner = event.after
        elif event.event == "bot":
            assert owner == "bot"
        elif event.event == "agent":
            assert owner == "agent"
