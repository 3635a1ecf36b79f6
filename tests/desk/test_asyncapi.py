"""/asyncapi.json: what goes over sockets is declared, and what is declared goes over sockets.

Each payload that any test of desk and channels hears is held to its schema (`declared_events`).
"""

from __future__ import annotations

import asyncio
from typing import Any

from bot.channels.webchat_events import EVENTS as WEBCHAT
from bot.channels.webchat_sockets import WebChatSockets
from bot.desk.events import EVENTS as DESK
from bot.desk.live import DeskSockets
from bot.server.asyncapi import NAMESPACES, document


def test_clients_are_heard_as_declared() -> None:
    for namespace, events in ((WebChatSockets, WEBCHAT), (DeskSockets, DESK)):
        handlers = {name.removeprefix("on_") for name in dir(namespace) if name.startswith("on_")}
        signals = {"connect", "disconnect", "customer_signal", "desk_signal"}
        assert handlers - signals == set(events.heard)


def test_every_reference_leads_somewhere() -> None:
    found = document(NAMESPACES, "1")

    def look_up(reference: str) -> Any:
        part: Any = found
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        return part

    def walk(part: Any) -> int:
        if isinstance(part, dict):
            own = 1 if isinstance(part.get("$ref"), str) and look_up(part["$ref"]) is not None else 0
            return own + sum(walk(value) for value in part.values())
        return sum(walk(item) for item in part) if isinstance(part, list) else 0

    assert walk(found) > 50
    assert {operation["action"] for operation in found["operations"].values()} == {"send", "receive"}


async def test_it_is_served_without_signing_in(desk: Any) -> None:
    answer = await desk.client.get("/asyncapi.json")
    assert (answer.status, (await answer.json())["asyncapi"]) == (200, "3.0.0")


async def test_every_declared_event_is_told(desk: Any) -> None:
    """All but a growing answer, which needs a language model: test_growing_answers tells it."""
    minji, boss = await desk.sign_in(), await desk.sign_in("jisu", "한지수", "supervisor")
    agent, other = await desk.socket("/desk", minji), await desk.socket("/desk", boss)
    me = (await desk.call(minji, "GET", "me"))[1]["id"]
    colleague = (await desk.call(boss, "GET", "me"))[1]["id"]
    await desk.call(boss, "PUT", "me/state", {"state": "away"})
    chat, tab = [await desk.socket("/", desk.server.tokens.issue("c1")[0]) for _ in range(2)]
    await chat.call("session_request", {})
    assert (await chat.call("user_uttered", {"message": "안녕하세요", "client_msg_id": "m1"}))["ok"]
    for refused in ("feedback", "survey", "stop_answer"):
        assert not (await tab.call(refused, {"message_id": "", "score": "x"}))["ok"]
    said = next(data for event, data in chat.heard if event == "bot_uttered")
    assert (await chat.call("feedback", {"message_id": said["id"], "value": "up"}))["ok"]
    assert (await chat.call("ping_", {}))["ok"]
    case_id = await desk.waiting()
    case = await desk.server.service.store.case(case_id)
    await desk.server.desk.warned(case, "answer", "warning")
    await until(agent, "offer")
    for socket in (agent, other):
        assert (await socket.call("watch", {"case_id": case_id, "after": 0}))["ok"]
    assert not (await agent.call("watch", {"case_id": "none"}))["ok"]
    assert not (await agent.call("watch_conversation", {"conversation_id": "c1"}))["ok"]
    assert (await other.call("watch_conversation", {"conversation_id": "c1"}))["ok"]
    assert (await other.call("unwatch_conversation", {"conversation_id": "c1"}))["ok"]
    assert (await desk.call(minji, "POST", f"cases/{case_id}/accept"))[0] == 200
    await desk.call(minji, "POST", f"cases/{case_id}/messages", {"text": "안녕하세요"})
    await desk.call(minji, "POST", f"cases/{case_id}/consult", {"agent_id": colleague, "note": "어때요?"})
    await desk.call(boss, "POST", f"cases/{case_id}/notes", {"text": "@김민지 네", "mentions": [me]})
    await agent.emit("typing", {"case_id": case_id, "on": True}, namespace="/desk")
    await agent.emit("seen", {"case_id": case_id, "seq": 3}, namespace="/desk")
    await chat.emit("typing", {"on": True})
    await chat.emit("seen", {"seq": 3})
    await chat.call("user_uttered", {"message": "네"})
    assert not (await chat.call("leave_queue", {}))["ok"]
    await until(agent, "seen")
    await until(chat, "seen")
    assert (await other.call("unwatch", {"case_id": case_id}))["ok"]
    await desk.call(minji, "POST", f"cases/{case_id}/close", {"code": "resolved"})
    assert (await chat.call("survey", {"score": 5, "comment": "좋아요"}))["ok"]
    await desk.call(minji, "POST", "logout")
    await until(agent, "session_over")

    told = {("/desk", event) for event in DESK.told} | {("/", event) for event in WEBCHAT.told}
    answered = {
        (events.namespace, f"client.{event}.answer")
        for events in (DESK, WEBCHAT)
        for event, heard in events.heard.items()
        if heard.answer is not None
    }
    assert told | answered == desk.declared.seen | {("/", "answer_piece")}


async def until(socket: Any, event: str) -> None:
    """Three seconds at most."""
    for _ in range(300):
        if event in [name for name, _ in socket.heard]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"no {event!r}")
