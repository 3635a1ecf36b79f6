"""A server of our own that speaks the part of Rasa's HTTP API that we use, for the shop of this folder, and fails on demand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

INTENTS = {
    "안녕하세요": "greet",
    "주문 조회하고 싶어요": "track_order",
    "20261101이에요": "give_order_no",
    "상품 보여 주세요": "show_catalog",
    "상담원 바꿔 주세요": "request_human",
    "배송이 너무 늦잖아요": "complaint",
    "환불은 며칠 걸려요": "ask_manual",
    '/choose_size{"size": "S"}': "choose_size",
}
CATALOG = [
    {"title": "작은 것", "payload": '/choose_size{"size": "S"}'},
    {"title": "큰 것", "payload": '/choose_size{"size": "L"}'},
]
Json = dict[str, Any]


class RasaProtocol:
    """Trackers by sender. `failing` is what goes wrong from now on: a status, `slow`, `nonsense`, `silent` or `redirect`."""

    def __init__(self) -> None:
        self.events: dict[str, list[Json]] = {}
        self.slots: dict[str, Json] = {}
        self.forms: dict[str, str | None] = {}
        self.paused: set[str] = set()
        self.acting: set[str] = set()
        """Who was left in the middle by `execute`: as in Rasa, nothing is done with the next message then."""
        self.calls: list[str] = []
        self.queries: list[Json] = []
        self.headers: list[Json] = []
        self.failing: Any = None
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        """What happens while Rasa thinks, once."""

    def application(self) -> web.Application:
        """The routes as Rasa has them."""
        app = web.Application(middlewares=[self._failures])
        app.router.add_post("/model/parse", self.parse)
        app.router.add_post("/webhooks/rest/webhook", self.webhook)
        app.router.add_get("/conversations/{sender}/tracker", self.tracker)
        app.router.add_post("/conversations/{sender}/tracker/events", self.append)
        app.router.add_post("/conversations/{sender}/execute", self.execute)
        app.router.add_post("/conversations/{sender}/trigger_intent", self.trigger)
        return app

    @web.middleware
    async def _failures(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append(f"{request.method} {request.path}")
        self.queries.append(dict(request.query))
        self.headers.append(dict(request.headers))
        if isinstance(self.failing, int):
            return web.json_response(
                {"status": "failure", "reason": "Traceback (most recent call last)"}, status=self.failing
            )
        if self.failing == "redirect":
            raise web.HTTPFound("/somewhere")
        if self.failing == "slow":
            await asyncio.sleep(5)
        if self.failing == "nonsense":
            return web.Response(text="<html>502</html>")
        if self.failing == "list":
            return web.json_response([1, 2, 3])
        answer: web.StreamResponse = await handler(request)
        return answer

    async def parse(self, request: web.Request) -> web.Response:
        """Intent and entities."""
        return web.json_response(_parsed((await request.json())["text"]))

    async def webhook(self, request: web.Request) -> web.Response:
        """One turn; as Rasa does, a failure inside gives an empty list."""
        body = await request.json()
        if self.failing == "silent":
            return web.json_response([])
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        sender, text = body["sender"], body["message"]
        before = len(self.log(sender))
        parsed = _parsed(text)
        self.add(sender, "user", text=text, parse_data=parsed, metadata=body["metadata"])
        for entity in parsed["entities"]:
            self.slot(sender, entity["entity"], entity["value"])
        if sender not in self.acting:
            self._act(sender, text, parsed["intent"]["name"])
        self.acting.discard(sender)
        if sender not in self.paused:
            self.add(sender, "action", name="action_listen", policy="RulePolicy", confidence=1.0)
        said = [event for event in self.events[sender][before:] if event["event"] == "bot"]
        return web.json_response([{"recipient_id": sender, "text": event["text"]} for event in said])

    async def tracker(self, request: web.Request) -> web.Response:
        """The tracker."""
        return web.json_response(
            self.state(request.match_info["sender"], request.query.get("include_events"))
        )

    async def append(self, request: web.Request) -> web.Response:
        """Events from outside."""
        sender = request.match_info["sender"]
        self.log(sender)
        for event in await request.json():
            if event["event"] == "slot":
                self.slot(sender, event["name"], event["value"])
            elif event["event"] == "active_loop":
                self.forms[sender] = event["name"]
                self.add(sender, **event)
            elif event["event"] == "action" and event["name"] == "action_listen":
                self.acting.discard(sender)
            elif event["event"] == "resume":
                self.paused.discard(sender)
        return web.json_response(self.state(sender, "NONE"))

    async def execute(self, request: web.Request) -> web.Response:
        """The form asks for what is missing."""
        sender = request.match_info["sender"]
        said = self._ask(sender)
        self.acting.add(sender)
        return web.json_response({"tracker": {}, "messages": [{"recipient_id": sender, "text": said}]})

    async def trigger(self, request: web.Request) -> web.Response:
        """The conversation came back."""
        sender = request.match_info["sender"]
        return web.json_response(
            {"tracker": {}, "messages": [{"recipient_id": sender, "text": "이제 다시 제가 도와드려요."}]}
        )

    # -- the shop -----------------------------------------------------------------------------------------------

    def log(self, sender: str) -> list[Json]:
        """All events; a new conversation begins with a session."""
        if sender not in self.events:
            self.events[sender] = []
            self.slots[sender] = {"order_no": None, "reason": None, "size": None, "requested_slot": None}
            self.forms[sender] = None
            self.add(sender, "action", name="action_session_start")
            self.add(sender, "session_started")
            self.add(sender, "action", name="action_listen")
        return self.events[sender]

    def add(self, sender: str, event: str, **rest: Any) -> None:
        """One event."""
        self.events[sender].append({"event": event, "timestamp": time.time(), **rest})

    def slot(self, sender: str, name: str, value: Any) -> None:
        """Set a slot."""
        self.slots[sender][name] = value
        self.add(sender, "slot", name=name, value=value)

    def say(self, sender: str, response: str, text: str | None, **data: Any) -> None:
        """A response."""
        self.add(sender, "action", name=response, policy="RulePolicy", confidence=1.0)
        self.add(sender, "bot", text=text, data=data, metadata={"utter_action": response})

    def state(self, sender: str, include: str | None) -> Json:
        """As `GET tracker`."""
        self.log(sender)
        form = self.forms[sender]
        return {
            "sender_id": sender,
            "slots": self.slots[sender],
            "active_loop": {"name": form} if form else {},
            "paused": sender in self.paused,
            "events": None if include == "NONE" else self.events[sender],
        }

    def _act(self, sender: str, text: str, intent: str) -> None:
        slots = self.slots[sender]
        if self.forms[sender] == "order_form":
            if slots["requested_slot"] == "reason":
                self.slot(sender, "reason", text)
            self.add(sender, "action", name="order_form", policy="RulePolicy", confidence=1.0)
            if self._ask(sender) is None:
                self.forms[sender] = None
                self.add(sender, "active_loop", name=None)
                self.say(
                    sender,
                    "utter_tracked",
                    f"주문 {slots['order_no']}의 문의를 적어 두었어요: {slots['reason']}",
                )
        elif intent == "greet":
            self.say(sender, "utter_greet", "안녕하세요, 시험 가게예요.\n\n무엇을 도와드릴까요?")
        elif intent == "track_order":
            self.add(sender, "action", name="order_form", policy="RulePolicy", confidence=1.0)
            self.forms[sender] = "order_form"
            self.add(sender, "active_loop", name="order_form")
            self._ask(sender)
        elif intent == "show_catalog":
            self.say(
                sender,
                "utter_catalog",
                "어떤 치수를 찾으세요?",
                buttons=CATALOG,
                image="https://shop.example/catalog.png",
                attachment="https://shop.example/catalog.png",
            )
        elif intent == "choose_size":
            self.say(
                sender, "utter_size", f"{slots['size']} 치수로 찾아 둘게요.", custom={"campaign": "winter"}
            )
        elif intent == "complaint":
            custom = {"handoff": {"reason": "배송 불만을 말했어요", "urgency": "high"}}
            self.say(sender, "utter_complaint", "불편을 드려 죄송해요.", custom=custom)
        elif intent == "ask_manual":
            self.say(sender, "utter_manual", None, custom={"knowledge": {}})
        elif text == "멈춰 주세요":
            self.paused.add(sender)
        else:
            self.say(sender, "utter_please_rephrase", "무슨 말씀인지 모르겠어요.")

    def _ask(self, sender: str) -> str | None:
        slots = self.slots[sender]
        missing = next((name for name in ("order_no", "reason") if slots[name] is None), None)
        self.slot(sender, "requested_slot", missing)
        if missing is None:
            return None
        asked = {
            "order_no": "주문번호 여덟 자리를 알려 주세요.",
            "reason": f"주문 {slots['order_no']}의 어떤 점이 궁금하세요?",
        }
        self.add(
            sender, "bot", text=asked[missing], data={}, metadata={"utter_action": f"utter_ask_{missing}"}
        )
        return asked[missing]


def _parsed(text: str) -> Json:
    intent = {"name": INTENTS.get(text, "nlu_fallback"), "confidence": 0.9}
    entities: list[Json] = []
    if text.startswith("2026"):
        entities.append(
            {
                "entity": "order_no",
                "start": 0,
                "end": 8,
                "value": text[:8],
                "extractor": "RegexEntityExtractor",
            }
        )
    if text.startswith("/") and "{" in text:
        size = json.loads(text[text.index("{") :])["size"]
        entities.append(
            {"entity": "size", "start": 12, "end": 25, "value": size, "extractor": "RegexMessageHandler"}
        )
    return {"text": text, "intent": intent, "entities": entities, "intent_ranking": [intent]}
