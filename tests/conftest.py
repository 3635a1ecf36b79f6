"""What all folders may use: the reference assistant, trained once a checkout, and real servers in processes of their own."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import jsonschema_rs
import pytest
import socketio
from hypothesis import settings
from sqlalchemy.engine import URL, make_url

from bot.server.asyncapi import NAMESPACES, document

# The same examples in every run: a property that fails once in a hundred runs would refuse a change that has nothing to
# do with it. New ones are looked for with `make explore`. How long an example may take is said where it matters.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("fixed")

ROOT = Path(__file__).parent.parent
TRAINED = ROOT / "var" / "tests"
"""Encoder, model and index of the reference assistant; brought up to date at the start of each run."""


@dataclass
class LiveServer:
    """A `sangdam run` of the reference assistant. `kill` is as rude as a power cut."""

    url: str
    data_dir: Path
    process: subprocess.Popen[str]
    log: Path
    environment: dict[str, str]

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nobody says goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        """SIGTERM, and make sure."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()


StartServer = Callable[..., LiveServer]


@pytest.fixture(scope="session")
def trained() -> Path:
    """A data folder with encoder, model and index of the reference assistant, and nothing else."""
    TRAINED.mkdir(parents=True, exist_ok=True)
    environment = _environment(TRAINED, 0)
    with open(TRAINED / ".lock", "w") as lock:
        # Several workers start at once; one trains, the others find it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["train"], ["kb", "build"]):
            subprocess.run(
                [sys.executable, "-m", "bot.cli", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
                timeout=300,
            )
    return TRAINED


@pytest.fixture(scope="session")
def data_dir_of(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes fresh data folders: trained, but with an empty database."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("data")
        for name in ("encoder", "models", "index"):
            shutil.copytree(trained / name, folder / name)
        return folder

    return make


@pytest.fixture(scope="session")
def start_server(data_dir_of: Callable[[], Path]) -> Iterator[StartServer]:
    """Starts servers on free ports; all are stopped at the end."""
    running: list[LiveServer] = []

    def start(
        data_dir: Path | None = None,
        *,
        companions: bool = True,
        options: Sequence[str] = (),
        **environment: str,
    ) -> LiveServer:
        folder, port = data_dir or data_dir_of(), _free_port()
        log = folder / "server.log"
        more = [*(["--with-companions"] if companions else []), *options]
        with open(log, "a") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run", *more],
                cwd=ROOT,
                env=_environment(folder, port) | environment,
                stdout=output,
                stderr=output,
                text=True,
            )
        server = LiveServer(f"http://127.0.0.1:{port}", folder, process, log, environment)
        running.append(server)
        _wait_for(server)
        return server

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop()


def _environment(data_dir: Path, port: int) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SANGDAM_", "CORE_BANKING_"))}
    return {**kept, "SANGDAM_DATA_DIR": str(data_dir), "SANGDAM_PORT": str(port), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: LiveServer, seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{server.log.read_text()[-4000:]}")


# -- sockets, held to /asyncapi.json -------------------------------------------------------------------------------


class DeclaredEvents:
    """Holds what goes over sockets to the schemas of /asyncapi.json; `seen` are (namespace, message) that did."""

    def __init__(self) -> None:
        self._document = document(NAMESPACES, "tests")
        self._schemas: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}
        self.seen: set[tuple[str, str]] = set()
        self.wrong: list[str] = []

    def listen(self, client: socketio.AsyncClient, namespace: str) -> None:
        """Keeps what a client hears in `client.heard`; payloads and acknowledgements are looked at."""
        client.heard = []

        def hear(event: str, *data: Any) -> None:
            client.heard.append((event, data[0] if data else None))
            self.check(namespace, event, data[0] if data else None)

        client.on("*", hear, namespace)
        ask = client.call

        async def call(event: str, data: Any = None, **rest: Any) -> Any:
            answer = await ask(event, data, **{"namespace": namespace, **rest})
            self.check(namespace, f"client.{event}.answer", answer)
            return answer

        client.call = call

    def check(self, namespace: str, name: str, payload: Any) -> None:
        """Note what isn't as declared."""
        self.seen.add((namespace, name))
        channel = next(c for c in self._document["channels"].values() if c["address"] == namespace)
        if name not in channel["messages"]:
            self.wrong.append(f"{namespace} {name} is not declared")
            return
        if (namespace, name) not in self._schemas:
            schema = {**channel["messages"][name]["payload"], "components": self._document["components"]}
            self._schemas[namespace, name] = jsonschema_rs.Draft202012Validator(schema)
        errors = self._schemas[namespace, name].iter_errors(payload)
        self.wrong += [f"{namespace} {name}: {error.message}" for error in errors]


@pytest.fixture
def declared_events() -> Iterator[DeclaredEvents]:
    """Fails the test at its end if anything went over a socket that isn't as declared."""
    events = DeclaredEvents()
    yield events
    assert events.wrong == []


# -- a language model ----------------------------------------------------------------------------------------------


class TranslatingModel:
    """A server of OpenAI's protocol that translates by `book`, by whole messages. `down`: it answers with status 503."""

    def __init__(self) -> None:
        self.book: dict[str, str] = {}
        self.down = False
        self.asked: list[str] = []
        self.rules: list[str] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                *_, system, user = [message["content"] for message in body["messages"]]
                model.rules.append(system)
                model.asked.append(user)
                words = model.book.get(user, f"en\n{user}")
                answer = {"choices": [{"message": {"role": "assistant", "content": words}}]}
                sent = json.dumps(answer).encode()
                self.send_response(503 if model.down else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """No more answers."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def translating_model() -> Iterator[TranslatingModel]:
    """A language model of its own for a test."""
    model = TranslatingModel()
    yield model
    model.close()


# -- servers that may be there --------------------------------------------------------------------------------------

POSTGRES = os.environ.get("SANGDAM_TEST_POSTGRES_URL", "postgresql+asyncpg://root@127.0.0.1:5432/test")


async def _administer(statement: str) -> None:
    url = make_url(POSTGRES).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False), timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _database() -> Iterator[str]:
    """URL of a new database, dropped at the end. Skips where there is no PostgreSQL."""
    name = f"sangdam_test_{uuid.uuid4().hex[:12]}"
    try:
        asyncio.run(_administer(f"CREATE DATABASE {name}"))
    except OSError as error:
        pytest.skip(f"no PostgreSQL at {make_url(POSTGRES).host}: {type(error).__name__}")
    try:
        url: URL = make_url(POSTGRES).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        asyncio.run(_administer(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """URL of a database of this run's own; its tests share it, and find what others left."""
    with _database() as url:
        yield url


@pytest.fixture(scope="module")
def empty_database() -> Iterator[str]:
    """URL of a PostgreSQL database of the module's own."""
    with _database() as url:
        yield url
