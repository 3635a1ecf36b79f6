"""The shop behind our engine: over a server of our own that speaks Rasa's protocol, and over a real Rasa 3.6 where one is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine, TurnResult
from bot.conversation.escalation import RepeatedFailure
from bot.conversation.escalation.threat import ThreatEscalation
from bot.conversation.handover import Agent, Handover
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.desk.queues import default_book
from bot.execution.in_process import InProcessRunner
from bot.rasa_engine.dialogue import RasaDialogue
from bot.rasa_engine.server import RasaServer
from bot.rasa_engine.settings import RasaSettings
from bot.rasa_import.write import import_project
from bot.server.action_services import action_services
from bot.server.service import BUILT_IN_PACKAGE
from bot.storage.memory import MemoryStore
from knowledge_base.knowledge_base import NOTHING
from knowledge_base.types import Answer, Citation
from nlu.types import Signals
from tests.rasa_engine.rasa_protocol import RasaProtocol

SHOP = Path(__file__).parent / "shop"
THREAT = "당장 안 하면 고소할 거예요"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """What `sangdam import-rasa` makes of the project: the builder's way to `engine: rasa`."""
    folder = tmp_path_factory.mktemp("shop") / "assistant"
    import_project(SHOP, folder)
    return load_assistant(folder)


class Documents:
    """A `KnowledgeService` that knows one thing."""

    async def answer(self, question: str, *, max_chars: int, **rest: Any) -> Answer:
        """Of refunds."""
        if "환불" not in question:
            return NOTHING
        text = "환불은 물건을 받은 날부터 사흘 걸려요."
        cited = Citation(document_id="d", chunk_id="c", title="환불 안내", source="refunds.md", snippet=text)
        return Answer(outcome="answer", confidence=0.9, text=text, citations=(cited,))

    async def open_passage(self, passage_id: str, *, max_chars: int) -> Answer:
        """There is none."""
        return NOTHING


class Talk:
    """A customer, the desk, and the server behind."""

    def __init__(self, engine: Engine, rasa: RasaProtocol | None, conversation_id: str) -> None:
        self.engine, self.rasa, self.id = engine, rasa, conversation_id
        self.desk, self.agent = Handover(engine), Agent(id="a1", name="김민지")

    async def say(self, text: str, **rest: Any) -> TurnResult:
        """One message."""
        return await self.engine.handle(
            UserMessage(conversation_id=self.id, text=text, channel="webchat", **rest)
        )

    async def texts(self, text: str, **rest: Any) -> list[str]:
        """What the bot says to it."""
        return [reply.text for reply in (await self.say(text, **rest)).replies]

    async def tracker(self) -> Tracker:
        """As it stands."""
        return await self.engine.conversations.tracker(self.id)

    async def events(self, kind: str) -> list[Any]:
        """Stored events of a kind."""
        return [e for e in await self.engine.conversations.store.events(self.id) if e.event == kind]

    async def accept(self) -> Any:
        """The agent takes the case."""
        case = (await self.tracker()).case
        assert case is not None
        return await self.desk.accept(case, self.agent)


@pytest.fixture
async def make_talk(shop: Assistant) -> AsyncIterator[Callable[..., Talk]]:
    """Talks over any server."""
    engines: list[Engine] = []

    def make(url: str, behind: RasaProtocol | None = None, **options: Any) -> Talk:
        settings = RasaSettings.model_validate({"url": url, "timeout": 20.0, **options.pop("rasa", {})})
        store = MemoryStore()
        services = action_services(shop, store, default_book(), Documents(), remember_days=365)
        runner = InProcessRunner(shop.domain, services=services)
        runner.register_package(BUILT_IN_PACKAGE)
        furious = understood(THREAT, "unknown").model_copy(update={"signals": Signals(threat=0.95)})
        engine = Engine(
            Conversations(store, shop.responses),
            shop,
            TableUnderstander({THREAT: furious}),
            runner,
            escalation=(ThreatEscalation(), RepeatedFailure()),
            dialogue=lambda tools: RasaDialogue(
                tools, RasaServer(url, timeout=settings.timeout, **options), settings
            ),
        )
        engines.append(engine)
        return Talk(engine, behind, f"shop-{time.time_ns()}")

    yield make
    for engine in engines:
        await engine.close()


@pytest.fixture
async def rasa() -> AsyncIterator[tuple[RasaProtocol, str]]:
    """The server of our own, and its address."""
    protocol = RasaProtocol()
    server = TestServer(protocol.application())
    await server.start_server()
    yield protocol, str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture(scope="session")
def real_rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Rasa with the shop, trained for this run: its address."""
    command = os.environ.get("SANGDAM_RASA", "")
    if not command or not Path(command).exists():
        pytest.skip(
            "no Rasa: with Python 3.10, pip install 'setuptools<81' wheel rasa==3.6.21 into a venv of its own, "
            "then SANGDAM_RASA=/path/to/venv/bin/rasa"
        )
    folder = tmp_path_factory.mktemp("rasa") / "shop"
    shutil.copytree(SHOP, folder)
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
    environment = {**kept, "PYTHONPATH": str(folder), "RASA_TELEMETRY_ENABLED": "false"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log.txt"
    with open(log, "w") as output:
        train = [command, "train", "--fixed-model-name", "shop", "--skip-validation"]
        subprocess.run(
            train, cwd=folder, env=environment, stdout=output, stderr=output, check=True, timeout=600
        )
        process = subprocess.Popen(
            [command, "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port), "-m", "models/shop.tar.gz"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            yield _ready(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


def _ready(url: str, process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/status", timeout=2):
                return url
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"Rasa didn't start:\n{log.read_text()[-3000:]}")


@pytest.fixture(params=["own", pytest.param("real", marks=pytest.mark.slow)])
def talk(request: pytest.FixtureRequest, make_talk: Callable[..., Talk]) -> Talk:
    """A customer of the shop, over the server of our own and over a real Rasa."""
    options = {"rasa": {"returned_intent": "agent_returned"}}
    if request.param == "real":
        return make_talk(request.getfixturevalue("real_rasa"), **options)
    protocol, url = request.getfixturevalue("rasa")
    return make_talk(url, protocol, **options)
