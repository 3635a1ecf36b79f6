"""Callers on the line: what the server composes of `bot.voice`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Protocol

import structlog
from aiohttp import WSCloseCode, web

from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.server.service import Service
from bot.voice.activity import SileroActivity
from bot.voice.call import Call
from bot.voice.dialogue import Dialogue
from bot.voice.ears import Place
from bot.voice.errors import CallRefused
from bot.voice.transports import BrowserTransport, Transport, TwilioTransport
from bot.voice.transports.twilio_signature import spellings, verified
from bot.voice.transports.websocket import MAX_FRAME
from formats import SangdamError

HEARTBEAT = 20.0
"""Seconds between pings; a line that doesn't answer one is closed."""
ENDING = 4.0
"""Seconds that open calls have to be logged as ended when the server stops."""

log = structlog.get_logger(__name__)


class Tokens(Protocol):
    """Reads the customers' tokens."""

    def conversation_of(self, token: str) -> str | None:
        """The conversation that a token opens."""


class Calls:
    """Mounts the voice transports and holds the calls that are open: one a conversation."""

    def __init__(self, service: Service, tokens: Tokens) -> None:
        self._service = service
        self._tokens = tokens
        self._settings = service.settings
        self._spec = service.settings.config.voice
        choice = service.settings.voice
        self._choice = choice
        self._ears = choice.ears.make(
            Place(service.settings.data_dir, language=service.settings.config.language)
        )
        self._mouth = choice.mouth.make()
        self._open: dict[str, Call] = {}
        self._taken = 0
        self._running: set[asyncio.Task[Any]] = set()

    def routes(self) -> Iterable[web.RouteDef]:
        """The transports' routes: Twilio is verified by signature, browsers by the chat token in their first frame."""
        return [web.get("/voice/twilio", self.twilio), web.get("/voice/browser", self.browser)]

    async def start(self) -> None:
        """Load what is to be loaded at start. A model that can't be had is said, and stops nothing else."""
        if self._spec.enabled and self._spec.preload:
            await self._warm_up()

    async def _warm_up(self) -> None:
        try:
            await self._ears.warm_up()
            await self._mouth.warm_up()
        except SangdamError as error:
            log.error("voice_not_ready", code=error.code, detail=error.en)

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`."""
        call = self._open.get(commit.conversation_id)
        if call is not None:
            call.dialogue.committed(commit)

    def wake(self, conversation_id: str | None) -> None:
        """Another worker stored something of this conversation; None: of any."""
        for open_id, call in list(self._open.items()):
            if conversation_id in (None, open_id):
                call.dialogue.wake()

    async def hang_up(self, app: web.Application | None = None) -> None:
        """End all calls; for the application's `on_shutdown`, which comes before sockets are closed by force."""
        for call in list(self._open.values()):
            call.hang_up("server_stopped")
        if self._running:
            await asyncio.wait(set(self._running), timeout=ENDING)

    async def close(self) -> None:
        """Let go of models and connections."""
        await self._ears.close()
        await self._mouth.close()

    # -- the lines ----------------------------------------------------------------------------------------------

    async def twilio(self, request: web.Request) -> web.StreamResponse:
        """A stream of `<Connect><Stream>`."""
        self._check_signature(request)
        return await self._answer(request, TwilioTransport.answer)

    async def browser(self, request: web.Request) -> web.StreamResponse:
        """The widget's microphone."""

        async def answer(response: web.WebSocketResponse) -> Transport:
            return await BrowserTransport.answer(response, self._tokens.conversation_of)

        return await self._answer(request, answer)

    def _check_signature(self, request: web.Request) -> None:
        """Raises `CallRefused`. Without the account's token only this machine may call."""
        token, settings = self._settings.twilio_auth_token, self._settings
        if token is None:
            if settings.loopback:
                return
            raise CallRefused(
                "twilio_not_set_up",
                ko="전화 연결이 설정되지 않았어요.",
                en="SANGDAM_TWILIO_AUTH_TOKEN is not set; calls are taken from this machine only.",
                remedy="Set SANGDAM_TWILIO_AUTH_TOKEN and SANGDAM_PUBLIC_URL.",
            )
        given = request.headers.get("X-Twilio-Signature", "")
        if not verified(token, given, list(spellings(settings.public_url, request.path))):
            raise CallRefused(
                "bad_signature",
                ko="서명이 올바르지 않아요.",
                en="X-Twilio-Signature is missing or wrong.",
                remedy="SANGDAM_PUBLIC_URL must be the address that the TwiML names.",
            )

    async def _answer(self, request: web.Request, answer: Any) -> web.StreamResponse:
        """Take a call, or close the socket with the code of the refusal."""
        if self._taken >= self._spec.max_calls:
            raise CallRefused(
                "lines_busy",
                ko="통화가 많아 연결할 수 없어요.",
                en=f"{self._taken} calls are open already.",
                status=503,
            )
        response = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_FRAME)
        await response.prepare(request)
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        self._taken += 1
        try:
            await self._run(await answer(response))
        except CallRefused as refusal:
            log.info("call_refused", code=refusal.code)
            if not response.closed:
                await response.send_json({"type": "end", "reason": refusal.code})
                await response.close(code=WSCloseCode.POLICY_VIOLATION, message=refusal.code.encode())
        finally:
            self._taken -= 1
            self._running.discard(task)
        return response

    async def _run(self, transport: Transport) -> None:
        conversation_id = transport.info.conversation_id
        if (earlier := self._open.get(conversation_id)) is not None:
            earlier.hang_up("replaced")
        call = Call(
            transport,
            Dialogue(self._service, self._service.conversations, transport.info),
            self._ears,
            self._mouth,
            SileroActivity(),
            self._choice.turn_taking.make(),
            options=self._spec.call,
            prompts=self._choice.prompts,
        )
        self._open[conversation_id] = call
        # Models that aren't loaded yet load while the caller is greeted.
        warming = asyncio.create_task(self._warm_up())
        try:
            await call.run(self._spec.greeting, self._settings.config.greeting)
        except SangdamError as error:
            log.error("call_not_logged", code=error.code)
        finally:
            if self._open.get(conversation_id) is call:
                del self._open[conversation_id]
            await warming
