"""Answers that grow before the customer's eyes, over real sockets: who sees them, and how they are stopped."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.conversation.actions_port import ActionResult, Said
from bot.conversation.live_answers import LiveAnswers

SENTENCES = ("수수료는 500원이에요.", "수수료는 500원이에요. 앱에서는 무료예요.")


def of(socket: Any, event: str) -> list[Any]:
    return [data for name, data in socket.heard if name == event]


def writes_slowly(house: Any, monkeypatch: Any) -> asyncio.Event:
    """The action writes the first sentence, and the second once it is told to go on. Gives that signal."""
    go_on = asyncio.Event()

    async def answer(tracker: Any, context: dict[str, Any]) -> ActionResult:
        live = house.server.service.live.open(tracker.conversation_id, "k1", tracker.state.channel)
        if live is None:
            return ActionResult(said=(Said(text=SENTENCES[1], message_id="k1"),))
        async with live:
            live.on_stop = go_on.set
            await live.begin()
            await live.say(SENTENCES[0])
            await go_on.wait()
            await live.say(SENTENCES[1])
        return ActionResult(said=(Said(text=live.text, message_id="k1"),))

    runner = house.server.service.engine.machine.runner
    monkeypatch.setitem(runner.actions, "action_answer_from_knowledge", answer)
    return go_on


async def test_sentences_reach_every_tab_and_then_the_whole(house: Any, soon: Any, monkeypatch: Any) -> None:
    go_on = writes_slowly(house, monkeypatch)
    token = (await house.session())["token"]
    one, other = await house.socket(token), await house.socket(token)
    saying = asyncio.ensure_future(one.call("user_uttered", {"message": "수수료가 얼마예요?"}))
    for socket in (one, other):
        await soon(lambda s=socket: of(s, "answer_piece")[1:])
        assert [piece["text"] for piece in of(socket, "answer_piece")] == ["", SENTENCES[0]]
        assert of(socket, "bot_uttered") == []
    assert of(one, "answer_piece")[0]["speaker"] == {"kind": "bot", "name": "이음이"}
    go_on.set()
    assert (await saying)["ok"]
    said = (await soon(lambda: of(other, "bot_uttered")))[0]
    assert (said["id"], said["text"]) == (of(other, "answer_piece")[0]["message_id"], SENTENCES[1])


async def test_a_stopped_answer_is_what_was_shown_of_it(house: Any, soon: Any, monkeypatch: Any) -> None:
    writes_slowly(house, monkeypatch)
    socket = await house.socket((await house.session())["token"])
    saying = asyncio.ensure_future(socket.call("user_uttered", {"message": "수수료가 얼마예요?"}))
    await soon(lambda: of(socket, "answer_piece")[1:])
    assert await socket.call("stop_answer", {"message_id": "k1"}) == {"ok": True}
    assert (await saying)["ok"]
    said = (await soon(lambda: of(socket, "bot_uttered")))[0]
    assert said["text"] == SENTENCES[0]
    assert await socket.call("stop_answer", {"message_id": "k1"}) == {"ok": False}


async def test_nobody_stops_the_answer_of_another(house: Any, soon: Any, monkeypatch: Any) -> None:
    go_on = writes_slowly(house, monkeypatch)
    socket = await house.socket((await house.session())["token"])
    stranger = await house.socket((await house.session())["token"])
    saying = asyncio.ensure_future(socket.call("user_uttered", {"message": "수수료가 얼마예요?"}))
    await soon(lambda: of(socket, "answer_piece")[1:])
    for wrong in ({"message_id": "k1"}, {"message_id": ["k1"]}, {}, None, "k1"):
        assert await stranger.call("stop_answer", wrong) == {"ok": False}
    assert of(stranger, "answer_piece") == []
    go_on.set()
    await saying
    assert (await soon(lambda: of(socket, "bot_uttered")))[0]["text"] == SENTENCES[1]


async def test_where_nobody_looks_on_the_whole_is_waited_for(house: Any, monkeypatch: Any) -> None:
    writes_slowly(house, monkeypatch)
    assert (await house.rest("수수료가 얼마예요?"))[0]["text"] == SENTENCES[1]
    token = (await house.session())["token"]
    status, _ = await house.call("POST", "/api/chat/messages", {"message": "수수료가 얼마예요?"}, token)
    assert status == 200


def test_an_answer_can_be_stopped_only_while_it_is_written() -> None:
    assert not LiveAnswers().stop("c", "m")
    assert LiveAnswers().open("c", "m", "webchat") is None
