"""The aiohttp application: channels, desk, pages and operations on one port."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import socketio
import structlog
from aiohttp import web

from bot.channels.chatwoot import ChatwootChannel, ChatwootClient, ChatwootOptions
from bot.channels.chatwoot.channel import DESK as CHATWOOT
from bot.channels.file_links import FileLinks, LinkedFiles
from bot.channels.identity import Identities, SignedVisitor
from bot.channels.kakao import KakaoChannel, KakaoOptions
from bot.channels.rest import RestChannel
from bot.channels.sent_files import SentFiles, forget_files
from bot.channels.webchat import WebChatChannel
from bot.channels.webchat_files import WebChatFiles
from bot.channels.webchat_sockets import WebChatSockets
from bot.conversation.errors import StoreUnavailable
from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.conversation.workforce import AgentRow
from bot.desk.accounts import AccountService, ChatTokens, secret_key
from bot.desk.accounts.errors import BadChatToken
from bot.desk.admin_routes import AdminRoutes
from bot.desk.customers.routes import CustomerRoutes
from bot.desk.customers.service import CustomerService
from bot.desk.floor import Floor
from bot.desk.floor_routes import FloorRoutes
from bot.desk.gone import GoneAgents
from bot.desk.http import Door
from bot.desk.live import DeskSockets
from bot.desk.queue import QueueView
from bot.desk.routes import DeskRoutes
from bot.desk.service import DeskService
from bot.desk.suggestions import Suggester
from bot.desk.supervise_routes import SuperviseRoutes
from bot.desk.tending import Tending
from bot.desk.trace_routes import TraceRoutes
from bot.desk.traces import Traces
from bot.desk.translation import Interpreter, Translator
from bot.desk.translation.routes import TranslationRoutes
from bot.server.asyncapi import AsyncApi
from bot.server.calls import Calls
from bot.server.guards import API_TOKEN, MAX_BODY, api_token, browser_headers
from bot.server.knowledge_keeper import KnowledgeKeeper
from bot.server.metrics import Metrics
from bot.server.model_watch import ModelWatch
from bot.server.openapi import OpenApi
from bot.server.prepare import knowledge_encoder
from bot.server.problems import problems
from bot.server.routes.demo_kakao import DemoKakao
from bot.server.routes.desk_files import DeskFiles
from bot.server.routes.desk_review import DeskReview
from bot.server.routes.desk_surveys import DeskSurveys
from bot.server.routes.knowledge_api import KnowledgeApi
from bot.server.routes.operations import Operations
from bot.server.routes.pages import Pages
from bot.server.routes.rasa_api import RasaApi
from bot.server.scheduled_crawls import ScheduledCrawls
from bot.server.service import Service, open_model
from bot.server.silence import SilenceWatch
from bot.server.understanding import PipelineUnderstander
from bot.server.workers import Workers
from bot.storage.bus import open_bus
from encoder import Encoder

VERSION = "0.1.0"
MOST_WAITING = 10_000
FACTS_EVERY = 3_600.0
"""Seconds between two looks for remembered facts whose time is over."""
QUIET = 0.5
"""Seconds in which changes of the queue are gathered before waiting customers are told."""

log = structlog.get_logger(__name__)


class SignedTokens:
    """Customers' tokens as the web chat wants them: a token that opens nothing is None, not an error."""

    def __init__(self, tokens: ChatTokens) -> None:
        self._tokens = tokens

    def issue(self, conversation_id: str) -> tuple[str, float]:
        """A token of the conversation and its end."""
        issued = self._tokens.issue(conversation_id)
        return issued.token, issued.expires_at

    def conversation_of(self, token: str) -> str | None:
        """The conversation, None for an expired, foreign or broken token."""
        try:
            return self._tokens.conversation_of(token)
        except BadChatToken:
            return None


class Server:
    """Composes one application over a service."""

    def __init__(self, service: Service, accounts: AccountService) -> None:
        self.service = service
        self.settings = service.settings
        self.config = service.settings.config
        self.metrics = Metrics()
        self.sio = socketio.AsyncServer(
            async_mode="aiohttp",
            client_manager=self._manager(),
            cors_allowed_origins="*",  # tokens, not cookies, open anything here
            max_http_buffer_size=MAX_BODY,
            ping_interval=20,
            ping_timeout=20,
        )
        key = secret_key(self.settings.data_dir)
        self.tokens = SignedTokens(ChatTokens(key))
        self.file_links = service.file_links = FileLinks(key)
        self.floor = Floor(
            service.store,
            service.handover,
            self.settings.queues,
            self.config.desk,
            exclusive=self.settings.database_url.startswith("sqlite"),
        )
        self.desk_service = DeskService(
            self.floor,
            accounts,
            Suggester(service.knowledge, service.assistant),
            self._interpreter(),
            bot_name=self.config.bot_name,
        )
        self.desk = DeskSockets(self.desk_service)
        self.customers = CustomerService(
            service.handover,
            self.floor.book,
            forget_files=partial(forget_files, self.settings.data_dir / "uploads"),
        )
        self.queue = QueueView(
            service.store,
            self.settings.queues,
            minutes_per_case=self.config.desk.minutes_per_case,
            staff=self.floor.staff,
            callback_flow=self.config.desk.callback_flow,
        )
        self.tending = Tending(
            service.store,
            service.handover,
            self.settings.queues,
            self.queue,
            self.floor.callbacks,
            self.desk.warned,
            GoneAgents(
                service.store,
                accounts,
                service.handover,
                self.settings.queues,
                away_seconds=self.config.desk.requeue_minutes * 60,
                others=(CHATWOOT.id,),
            ),
            exclusive=self.settings.database_url.startswith("sqlite"),
        )
        self.webchat = WebChatChannel(
            service,
            service.conversations,
            self.tokens,
            self.queue,
            bot_name=self.config.bot_name,
            assistant={
                "name": self.config.name,
                "bot_name": self.config.bot_name,
                "greeting": self.config.greeting,
                "notice": self.config.notice,
            },
            uploads=self._uploads(),
            survey=self.config.channels.webchat.survey,
            recommend=self.config.channels.webchat.recommend,
            identities=Identities(self.settings.identity_secret),
            welcome=self._welcome,
        )
        self.sockets = WebChatSockets(self.webchat)
        self.accounts = accounts
        self.calls = Calls(service, self.tokens)
        understander = service.engine.understander
        # Anything but a trained pipeline has no file to watch.
        self.model_watch = (
            ModelWatch(self.settings, understander)
            if isinstance(understander, PipelineUnderstander)
            else None
        )
        self.keeper = KnowledgeKeeper(self.settings, self._knowledge_encoder)
        self.silence = SilenceWatch(service.engine, exclusive=self.settings.database_url.startswith("sqlite"))
        self.crawls = ScheduledCrawls(
            self.settings,
            service.store,
            self.keeper.wake,
            exclusive=self.settings.database_url.startswith("sqlite"),
        )
        self._queue_changed = asyncio.Event()
        self._kakao: KakaoChannel | None = None
        self._chatwoot: ChatwootChannel | None = None
        self.workers: Workers | None = None
        """The others that write to the same database, once the server runs and there is a bus."""
        self._wire()

    def _knowledge_encoder(self) -> Encoder:
        """That of the pipeline if it is the same, so that one model is in memory."""
        understander = self.service.engine.understander
        pipeline = understander.pipeline if isinstance(understander, PipelineUnderstander) else None
        return knowledge_encoder(self.settings, pipeline)

    def _interpreter(self) -> Interpreter:
        model, translation = open_model(self.settings), self.settings.llm.translation
        translator = Translator(model, translation) if model is not None and translation.enabled else None
        return Interpreter(self.service.conversations, translator, translation, self.config.language)

    def _uploads(self) -> dict[str, Any] | None:
        """What the widget is told of files that are taken."""
        uploads = self.config.channels.webchat.uploads
        if not uploads.enabled:
            return None
        return {"max_bytes": uploads.max_mb * 1024 * 1024, "types": list(uploads.types)}

    def _file_routes(self, door: Door) -> list[web.RouteDef]:
        uploads = self.webchat.uploads
        if uploads is None:
            return []
        files = SentFiles(
            self.settings.data_dir / "uploads", max_bytes=uploads["max_bytes"], types=tuple(uploads["types"])
        )
        desk, linked = DeskFiles(self.desk_service, door, files), LinkedFiles(self.file_links, files)
        return [*WebChatFiles(self.webchat, files).routes(), *desk.routes(), *linked.routes()]

    def _manager(self) -> Any:
        """One process needs none; with Redis all workers reach all sockets."""
        url = self.settings.bus_url
        return socketio.AsyncRedisManager(url) if url.startswith(("redis://", "rediss://")) else None

    def _wire(self) -> None:
        self.sio.register_namespace(self.sockets)
        self.sio.register_namespace(self.desk)
        self.sockets.on_desk_signal = self.desk.customer_signal
        self.sockets.stop_answer = self._stop_answer
        self.service.live.audiences.append(self.sockets)
        self.desk.on_customer_signal = self._tell_customer
        self.floor.presence.on_change.append(self._agent_changed)
        listeners = self.service.conversations.listeners
        listeners += [
            self.metrics.committed,
            self.sockets.committed,
            self.desk.committed,
            self.calls.committed,
            self.desk_service.interpreter.committed,
            self._note_queue,
        ]

    async def _tell_customer(self, conversation_id: str, kind: str, payload: dict[str, Any]) -> None:
        await self.sockets.emit(kind, payload, room=conversation_id)

    async def _welcome(self, visitor: SignedVisitor) -> None:
        """A visitor whom the host's server has signed in is a customer."""
        login = f"{visitor.inbox}:{visitor.subject}"
        await self.floor.book.vouched(visitor.conversation_id, login, visitor.name, visitor.contacts)

    async def _stop_answer(self, conversation_id: str, message_id: str) -> bool:
        """Here, or on the worker that writes it."""
        if self.service.live.stop(conversation_id, message_id):
            return True
        return self.workers is not None and await self.workers.stop_answer(conversation_id, message_id)

    async def _agent_changed(self, row: AgentRow) -> None:
        """Somebody came, went or changed state: waiting times are others now."""
        self._queue_changed.set()
        await self.desk.agent_changed(row)

    async def _note_queue(self, commit: Commit, tracker: Tracker) -> None:
        """A listener: a case came, went or changed hands, so that others may have moved up."""
        if commit.case is not None and any(event.event == "ownership" for event in commit.events):
            self._queue_changed.set()

    async def _tell_queue(self) -> None:
        """Tell waiting customers their place whenever the queue has changed."""
        while True:
            await self._queue_changed.wait()
            await asyncio.sleep(QUIET)
            self._queue_changed.clear()
            try:
                await self._tell_places()
            except Exception as error:
                log.exception("queue_not_told", error=type(error).__name__)

    async def _drop_expired_facts(self) -> None:
        """Delete what was remembered of customers when its time is over; until then it counts as forgotten already."""
        while True:
            try:
                await self.service.store.drop_expired_facts(time.time())
            except StoreUnavailable:
                log.warning("expired_facts_not_dropped")
            await asyncio.sleep(FACTS_EVERY)

    async def _tell_places(self) -> None:
        """One read for the whole queue; only those who have a socket open here are told."""
        if not self.sockets.present:
            return
        places: Counter[str] = Counter()
        for case in await self.service.store.waiting_cases(MOST_WAITING):
            places[case.queue] += 1
            if case.conversation_id in self.sockets.present:
                tracker = await self.service.conversations.tracker(case.conversation_id)
                await self.sockets.tell_state(tracker, places[case.queue])

    def application(self) -> web.Application:
        """The application, ready to be run or tested."""
        app = web.Application(
            middlewares=[browser_headers, self.metrics.timed, problems, api_token], client_max_size=MAX_BODY
        )
        app[API_TOKEN] = self.settings.api_token
        self.sio.attach(app)
        for route in self._routes():
            app.router.add_routes([route])
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self.calls.hang_up)
        return app

    def _routes(self) -> list[web.RouteDef]:
        service, config = self.service, self.config
        routes: list[web.RouteDef] = [web.get("/metrics", self.metrics.show)]
        routes += Operations(service.store, VERSION).routes()
        routes += RasaApi(service.engine, VERSION, self.model_watch).routes()
        routes += self.webchat.routes()
        routes += DeskSurveys(service.store, service.conversations, self.accounts).routes()
        if config.channels.rest.enabled:
            routes += RestChannel(service).routes()
        if config.channels.kakao.enabled:
            routes += self._kakao_routes()
        if config.channels.chatwoot.url:
            routes += self._chatwoot_routes()
        routes += [*OpenApi(VERSION).routes(), *AsyncApi(VERSION).routes()]
        door = Door(self.accounts, self.floor.presence, service.store)
        routes += self._file_routes(door)
        routes += FloorRoutes(self.desk_service, door, self.desk, self.floor.callbacks).routes()
        routes += DeskRoutes(
            self.desk_service,
            self.accounts,
            door,
            self.desk,
            codes=[code.model_dump() for code in config.desk.wrapup_codes],
            templates=[template.model_dump() for template in config.desk.templates],
            options={
                "uploads": self.webchat.uploads,
                "undo_seconds": config.desk.undo_seconds,
                "translation": self.desk_service.interpreter.on,
            },
        ).routes()
        routes += SuperviseRoutes(self.desk_service, self.customers, door).routes()
        routes += TranslationRoutes(self.desk_service, door).routes()
        routes += CustomerRoutes(self.desk_service, self.customers, door, self.desk).routes()
        traces = Traces(service.engine, config.desk.recordings, self.settings.assistant_dir)
        routes += TraceRoutes(self.desk_service, traces, door).routes()
        routes += AdminRoutes(self.accounts, self.floor, door, self.desk, self.settings.escalation).routes()
        routes += DeskReview(self.settings, service.store, door, self._knowledge_encoder).routes()
        routes += KnowledgeApi(self.keeper, self.crawls, door).routes()
        if config.voice.enabled:
            routes += self.calls.routes()
        # Last, as its patterns are the widest.
        routes += Pages(service.knowledge).routes()
        return routes

    def _kakao_routes(self) -> list[web.RouteDef]:
        settings, options = self.settings, self.config.channels.kakao
        self._kakao = KakaoChannel(
            self.service,
            self.service.keep_late,
            KakaoOptions(
                base_url=settings.public_url,
                secret=settings.kakao_secret,
                trust_local=settings.loopback,
                answer_within=options.answer_within,
                callback_within=options.callback_within,
                allow_bots=tuple(options.allow_bots),
                request_human=settings.roles.request_human,
            ),
        )
        routes = list(self._kakao.routes())
        if settings.loopback:
            demo = DemoKakao(
                self.service.store,
                own_url=f"http://127.0.0.1:{settings.port}",
                secret=settings.kakao_secret,
                bot_name=self.config.bot_name,
            )
            routes += demo.routes()
        return routes

    def _chatwoot_routes(self) -> list[web.RouteDef]:
        settings = self.settings

        async def packet(case_id: str) -> dict[str, Any]:
            return (await self.desk_service.packet(case_id)).model_dump(mode="json")

        self._chatwoot = ChatwootChannel(
            self.service,
            self.service.handover,
            packet,
            self.service.keep_late,
            ChatwootClient(self.config.channels.chatwoot.url, settings.chatwoot_token or ""),
            ChatwootOptions(
                base_url=settings.public_url,
                secret=settings.chatwoot_secret,
                trust_local=settings.loopback,
            ),
        )
        self.service.conversations.listeners.append(self._chatwoot.committed)
        return list(self._chatwoot.routes())

    def _heard(self, conversation_id: str | None, moved: bool) -> None:
        """Another worker stored something."""
        self.calls.wake(conversation_id)
        if moved:
            self._queue_changed.set()
            self.floor.dispatcher.kick()

    async def _running(self, app: web.Application) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(work)
            for work in (
                self._tell_queue(),
                self.desk.keep_sweeping(),
                self.floor.run(),
                self.tending.run(),
                self.silence.run(),
                self.crawls.run(),
                self._drop_expired_facts(),
            )
        ]
        if self.model_watch is not None:
            tasks.append(asyncio.create_task(self.model_watch.follow()))
        tasks.append(asyncio.create_task(self.keeper.follow()))
        bus = await open_bus(self.settings.bus_url) if self.settings.bus_url else None
        if bus is not None:
            self.workers = Workers(bus, self._heard, self.service.live.stop)
            self.service.conversations.listeners.append(self.workers.committed)
            tasks.append(asyncio.create_task(self.workers.follow()))
        await self.calls.start()
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.keeper.close()
        for channel in (self._kakao, self._chatwoot):
            if channel is not None:
                await channel.close()
        await self.calls.close()
        await self.desk_service.interpreter.close()
        await self.sio.shutdown()
        if bus is not None:
            await bus.close()
        await self.service.close()
