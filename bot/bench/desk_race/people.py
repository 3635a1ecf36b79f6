"""Customers and agents of the race, as clients of the running servers."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from contextlib import suppress
from typing import Any

import socketio

from bot.bench.desk_race.servers import Way

THINKS = 0.6
"""Seconds that an agent takes for a step, at most."""


class Sent:
    """Ids of messages that were acknowledged, by conversation, and how often each kind of thing was done."""

    def __init__(self) -> None:
        self.messages: dict[str, list[str]] = {}
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def note(self, what: str, status: int, answer: Any) -> bool:
        """Whether it was done; a refusal is counted by its code."""
        if status < 300:
            self.done[what] += 1
            return True
        self.refused[str(answer.get("code") if isinstance(answer, dict) else status)] += 1
        return False


class Customer:
    """One conversation of the web chat."""

    def __init__(self, way: Way, chance: random.Random, sent: Sent) -> None:
        self._way = way
        self._chance = chance
        self._sent = sent
        self.conversation_id = ""
        self._token = ""

    async def come(self) -> None:
        """Ask for a person, some of them in an emergency; write while waiting; a few give up."""
        _, opened = await self._way.call("POST", "/api/chat/session", {})
        self._token, self.conversation_id = opened["token"], opened["conversation_id"]
        if self._chance.random() < 0.3:
            await self.say("카드를 잃어버렸어요", "/card_loss")
        await self.say("상담원 바꿔 주세요", "/request_human")
        for _ in range(self._chance.choice((0, 0, 1, 2))):
            await asyncio.sleep(self._chance.uniform(0.1, 2.0))
            await self.say("아직인가요?")
        if self._chance.random() < 0.04:
            await self.say("그만 기다릴게요", "/leave_queue")

    async def say(self, text: str, payload: str | None = None) -> None:
        """One message; some are sent twice at once, as after a lost connection."""
        message_id = uuid.uuid4().hex
        body = {"message": text, "payload": payload, "client_msg_id": message_id}
        again = self._chance.choice((1, 1, 2))
        answers = await asyncio.gather(
            *(self._way.call("POST", "/api/chat/messages", body, self._token) for _ in range(again))
        )
        acknowledged = [self._sent.note("written", *answer) for answer in answers]
        if any(acknowledged):
            self._sent.messages.setdefault(self.conversation_id, []).append(message_id)


class Agent:
    """Somebody at the desk: takes, declines, misses, writes, hands on, gives back, ends, vanishes and comes back."""

    def __init__(self, username: str, password: str, way: Way, chance: random.Random, sent: Sent) -> None:
        self.username = username
        self._password = password
        self._way = way
        self._chance = chance
        self._sent = sent
        self.id = ""
        self.token = ""
        self._socket: socketio.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._answering: set[str] = set()
        self._over = False

    async def sign_in(self) -> None:
        """And connect to one of the servers."""
        body = {"username": self.username, "password": self._password}
        _, answer = await self._way.call("POST", "/api/desk/login", body)
        self.token, self.id = answer["token"], answer["user"]["id"]
        await self._connect()

    async def _connect(self) -> None:
        while not self._over:
            socket = socketio.AsyncClient(reconnection=False)
            socket.on("offer", self._offered, namespace="/desk")
            with suppress(Exception):
                await socket.connect(
                    self._way.url(),
                    namespaces=["/desk"],
                    auth={"token": self.token},
                    transports=["websocket"],
                    wait_timeout=5,
                )
                self._socket = socket
                await self._find_my_offers()
                return
            with suppress(Exception):
                await socket.disconnect()
                if socket.eio.http is not None:
                    await socket.eio.http.close()
            await asyncio.sleep(0.2)

    async def work(self) -> None:
        """Until `go_home`: reconnects, and now and then goes away for a moment."""
        while not self._over:
            await asyncio.sleep(self._chance.uniform(0.3, 2.0))
            if self._socket is None or not self._socket.connected:
                await self._connect()
                await self._act("available", "PUT", "/api/desk/me/state", {"state": "available"})
            elif self._chance.random() < 0.05:
                await self._socket.disconnect()
                self._sent.done["vanished"] += 1
                await asyncio.sleep(self._chance.uniform(0.0, 2.0))
            elif self._chance.random() < 0.05:
                state = self._chance.choice(("meal", "away", "available"))
                await self._act(state, "PUT", "/api/desk/me/state", {"state": state})
            elif self._chance.random() < 0.3:
                await self._act("available", "PUT", "/api/desk/me/state", {"state": "available"})
                await self._finish_what_is_mine()

    async def go_home(self) -> None:
        """End all that is under way."""
        self._over = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            with suppress(Exception):
                await self._socket.disconnect()

    async def _offered(self, data: dict[str, Any]) -> None:
        self._sent.done["offers heard"] += 1
        self._begin(self._answer(data["case"]["id"]))

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish_what_is_mine(self) -> None:
        """As an agent who reloads the page finds open cases again."""
        _, found = await self._way.call("GET", "/api/desk/cases?state=mine", None, self.token)
        for case in found["cases"]:
            if case["state"] == "agent" and self._chance.random() < 0.5:
                self._begin(self._end(case))

    async def _find_my_offers(self) -> None:
        """As the page does when it is back: what was offered while it couldn't hear."""
        _, found = await self._way.call("GET", "/api/desk/cases?state=waiting", None, self.token)
        for case in found["cases"]:
            if (case["offered_to"] or {}).get("id") == self.id and case["id"] not in self._answering:
                self._sent.done["offers found"] += 1
                self._begin(self._answer(case["id"]))

    async def _act(self, what: str, method: str, path: str, body: Any) -> tuple[bool, Any]:
        status, answer = await self._way.call(method, path, body, self.token)
        return self._sent.note(what, status, answer), answer

    async def _answer(self, case_id: str) -> None:
        self._answering.add(case_id)
        try:
            await self._decide(case_id)
        finally:
            self._answering.discard(case_id)

    async def _decide(self, case_id: str) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, THINKS))
        case, dice = f"/api/desk/cases/{case_id}", self._chance.random()
        if dice < 0.1:
            await self._act("declined", "POST", f"{case}/decline", {"reason": "바빠요"})
        elif dice < 0.18:
            self._sent.done["ignored"] += 1
        else:
            # Two tabs of the same agent, now and then.
            tabs = self._chance.choice((1, 1, 1, 2))
            taken = await asyncio.gather(
                *(self._act("accepted", "POST", f"{case}/accept", None) for _ in range(tabs))
            )
            held = next((answer for ok, answer in taken if ok), None)
            if held is not None:
                await self._serve(held)

    async def _serve(self, case: dict[str, Any]) -> None:
        for _ in range(self._chance.randint(0, 2)):
            await asyncio.sleep(self._chance.uniform(0.1, THINKS))
            message_id = uuid.uuid4().hex
            body = {"text": "확인해 볼게요", "client_msg_id": message_id}
            said, _ = await self._act("said", "POST", f"/api/desk/cases/{case['id']}/messages", body)
            if said:
                self._sent.messages.setdefault(case["conversation_id"], []).append(message_id)
        await asyncio.sleep(self._chance.uniform(0.1, THINKS))
        await self._end(case)

    async def _end(self, case: dict[str, Any]) -> None:
        path, dice = f"/api/desk/cases/{case['id']}", self._chance.random()
        if dice < 0.12:
            await self._act("transferred", "POST", f"{path}/transfer", {"note": "부탁해요"})
        elif dice < 0.25:
            await self._act("returned", "POST", f"{path}/return", {"code": "resolved"})
        else:
            await self._act("closed", "POST", f"{path}/close", {"code": "resolved"})
