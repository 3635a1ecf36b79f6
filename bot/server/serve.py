"""From settings to a served application: prepare, load, listen, and stop in good order."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from contextlib import suppress

import structlog
from aiohttp import web

from bot.desk.accounts import AccountService
from bot.server.app import Server
from bot.server.encoding import VectorsAhead
from bot.server.knowledge import Knowledge
from bot.server.prepare import (
    build_knowledge,
    knowledge_encoder,
    load_pipeline,
    open_knowledge,
    open_writer,
    train_assistant,
)
from bot.server.service import open_service
from bot.server.settings import Settings
from bot.server.understanding import PipelineUnderstander
from encoder.remembering import RememberingEncoder
from formats import SangdamError
from nlu.pipeline import Pipeline

Tell = Callable[[str, float], None]
STOPPING = 5.0
"""Seconds that open requests have when the server is told to stop."""

log = structlog.get_logger(__name__)


class UnsafeBinding(SangdamError):
    """Raised when whole conversations would be open to the network."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "unsafe_binding",
            ko="API 토큰 없이는 이 컴퓨터 밖으로 열 수 없어요.",
            en=f"SANGDAM_HOST={host} needs SANGDAM_API_TOKEN: /webhooks/rest, /model and /conversations carry "
            "whole conversations.",
            remedy="Set SANGDAM_API_TOKEN, or bind to 127.0.0.1.",
        )


class PortTaken(SangdamError):
    """Raised when another program listens there already."""

    def __init__(self, port: int) -> None:
        super().__init__(
            "port_taken",
            ko=f"{port}번 포트를 다른 프로그램이 쓰고 있어요.",
            en=f"Port {port} is in use.",
            remedy="Stop the other program, or set SANGDAM_PORT.",
        )


def prepare(settings: Settings, tell: Tell) -> Pipeline:
    """Train and index what has changed, then load the model. Raises `FormatError`, `NluError`, `EncoderError`."""
    check_binding(settings)
    info = train_assistant(settings, lambda what, share: tell(f"학습: {what}", share * 0.5))
    if info.outcome == "refused":
        log.warning(
            "new_model_is_worse",
            version=info.version,
            still_serving=info.served,
            points=info.comparison.points if info.comparison else 0.0,
            remedy="See 'sangdam train'; 'sangdam train --force' takes it over all the same.",
        )
    pipeline = load_pipeline(settings)
    build_knowledge(
        settings,
        knowledge_encoder(settings, pipeline),
        lambda what, share: tell(f"색인: {what}", 0.5 + share * 0.4),
    )
    return pipeline


def check_binding(settings: Settings) -> None:
    """Raises `UnsafeBinding`."""
    if not settings.loopback and not settings.api_token:
        raise UnsafeBinding(settings.host)


async def open_server(settings: Settings, pipeline: Pipeline) -> Server:
    """The whole server over loaded models. Raises `FormatError`, `StoreUnavailable`."""
    encoder = knowledge_encoder(settings, pipeline)
    ahead = VectorsAhead(pipeline.encoder) if isinstance(pipeline.encoder, RememberingEncoder) else None
    # Only where understanding and documents share one model does a vector of the one serve the other.
    shared = ahead if encoder is pipeline.encoder else None
    knowledge = Knowledge(open_knowledge(settings, encoder), shared, open_writer(settings, encoder))
    asks_documents = frozenset(settings.roles.knowledge if shared is not None else ())
    understander = PipelineUnderstander(pipeline, ahead, asks_documents)
    service = await open_service(settings, understander, knowledge)
    return Server(service, AccountService(service.store.accounts))


async def listen(server: Server) -> web.AppRunner:
    """Bind and serve; the caller cleans the runner up. Raises `PortTaken`."""
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=STOPPING)
    await runner.setup()
    settings = server.settings
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        await runner.cleanup()
        raise PortTaken(settings.port) from error
    _spare_collector()
    _multiply_alone()
    return runner


def _spare_collector() -> None:
    """What was loaded at start lives as long as the process: the garbage collector needn't walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _multiply_alone() -> None:
    """A message's products are small: a second thread saves nothing of one, and where cores are busy it is waited for.

    28 microseconds became 29 milliseconds that way, for the vectors of 1,200 examples.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(1, user_api="blas")


async def until_stopped() -> None:
    """Until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in the loop; there Ctrl+C raises KeyboardInterrupt.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
