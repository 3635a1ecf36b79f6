"""Equal server processes over one PostgreSQL and one Redis, and clients' way to whichever of them lives."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from bot.bench.server import BenchFailed, free_port

DERIVED = ("encoder", "models", "index")
PATIENCE = 90.0
"""Seconds for which a client tries again."""


class Servers:
    """`sangdam run` so many times, with data folders below `folder` and nothing in common but two URLs and a key."""

    def __init__(
        self, assistant: Path, derived: Path, folder: Path, database: str, bus: str, count: int = 2
    ) -> None:
        self._assistant = assistant
        self._folder = folder
        self._shared = {
            "SANGDAM_DATABASE_URL": database,
            "SANGDAM_BUS_URL": bus,
            "SANGDAM_SECRET_KEY": secrets.token_urlsafe(48),
            "SANGDAM_HOST": "127.0.0.1",
        }
        self.ports = [free_port() for _ in range(count)]
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * count
        for number in range(count):
            for name in DERIVED:
                if (derived / name).is_dir():
                    shutil.copytree(derived / name, folder / str(number) / name)

    @property
    def urls(self) -> list[str]:
        """Of all, whether they live or not."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    async def start(self, number: int, seconds: float = 120.0) -> None:
        """Start one and wait until it is ready. Raises `BenchFailed`."""
        self._processes[number] = process = self._begin(number)
        until = time.monotonic() + seconds
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < until and process.poll() is None:
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{self.urls[number]}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)
        raise BenchFailed(f"Server {number} did not start: {self.log(number)[-1_000:]}")

    def _begin(self, number: int) -> subprocess.Popen[bytes]:
        data_dir = self._folder / str(number)
        data_dir.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, **self._shared}
        environment |= {"SANGDAM_DATA_DIR": str(data_dir), "SANGDAM_PORT": str(self.ports[number])}
        command = [sys.executable, "-m", "bot.cli", "run", "--assistant", str(self._assistant)]
        with (data_dir / "server.log").open("a") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def kill(self, number: int) -> None:
        """As a power cut does."""
        process = self._processes[number]
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def stop(self) -> None:
        """All that still run."""
        for process in self._processes:
            if process is not None and process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=15)
                process.kill()

    def log(self, number: int) -> str:
        """What it wrote."""
        return (self._folder / str(number) / "server.log").read_text(encoding="utf-8", errors="replace")


class Way:
    """A client that goes to any server and, as the widget and the desk do, tries again where one doesn't answer."""

    def __init__(self, session: aiohttp.ClientSession, urls: list[str], chance: random.Random) -> None:
        self._session = session
        self._urls = urls
        self._chance = chance

    def url(self) -> str:
        """One of them."""
        return self._chance.choice(self._urls)

    async def call(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """Status and JSON. What a server that died may or may not have done is asked for again."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        until = time.monotonic() + PATIENCE
        while True:
            try:
                async with self._session.request(
                    method, self.url() + path, json=body, headers=headers
                ) as answer:
                    text = await answer.text()
                    if answer.status < 500:
                        return answer.status, (await answer.json(content_type=None) if text else None)
                    if time.monotonic() > until:
                        return answer.status, text
            except (aiohttp.ClientError, TimeoutError, OSError):
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(self._chance.uniform(0.05, 0.3))
