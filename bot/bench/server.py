"""A server of its own for a measurement: a fresh database, the assistant's trained model, a process that can be looked at."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import aiohttp

from bot.server.settings import Settings
from formats import SangdamError

AGENT = "bench"


class BenchFailed(SangdamError):
    """Raised when the measured server doesn't start or doesn't answer as it should."""

    def __init__(self, detail: str) -> None:
        super().__init__("bench_failed", ko=f"측정하지 못했어요. {detail}", en=detail)


@dataclass(frozen=True, slots=True)
class Measured:
    """The server under measurement. `ready_s` and `first_answer_s` count from the start of the process."""

    url: str
    pid: int
    password: str
    """Of the desk user `bench`."""
    ready_s: float
    first_answer_s: float

    def memory_mib(self) -> tuple[int, int]:
        """(resident now, at most so far) in MiB; zeros where the system doesn't tell (no /proc)."""
        with suppress(OSError):
            fields = dict(
                line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines()
            )
            return tuple(int(fields[key].split()[0]) // 1024 for key in ("VmRSS", "VmHWM"))  # type: ignore[return-value]
        return (0, 0)

    def cpu_seconds(self) -> float:
        """Processor time that the server used so far; 0 where the system doesn't tell."""
        with suppress(OSError):
            fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0


@asynccontextmanager
async def measured_server(settings: Settings) -> AsyncIterator[Measured]:
    """Start one over copies of the derived files in a temporary data folder; stopped and removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        for name in ("encoder", "models", "index", "whisper"):
            if (settings.data_dir / name).is_dir():
                shutil.copytree(settings.data_dir / name, data_dir / name)
        password = secrets.token_urlsafe(12)
        port = free_port()
        environment = {**os.environ, "SANGDAM_DATA_DIR": folder, "SANGDAM_PORT": str(port)}
        environment |= {"SANGDAM_HOST": "127.0.0.1", "SANGDAM_DATABASE_URL": "", "SANGDAM_BUS_URL": ""}
        await _add_agent(settings, environment, password)
        with (data_dir / "server.log").open("w") as log:
            started = time.perf_counter()
            process = _start([*_sangdam("run", settings), "--with-companions"], environment, log)
        try:
            url = f"http://127.0.0.1:{port}"
            ready, first = await _first_answer(url, process, started)
            yield Measured(url, process.pid, password, ready, first)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)


def _start(command: list[str], environment: dict[str, str], log: IO[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def _sangdam(command: str, settings: Settings) -> list[str]:
    return [sys.executable, "-m", "bot.cli", command, "--assistant", str(settings.assistant_dir)]


async def _add_agent(settings: Settings, environment: dict[str, str], password: str) -> None:
    command = [sys.executable, "-m", "bot.cli", "user", "add", AGENT, "--role", "agent", "--password-stdin"]
    adding = await asyncio.create_subprocess_exec(
        *command,
        "--assistant",
        str(settings.assistant_dir),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await adding.communicate(f"{password}\n".encode())
    if adding.returncode:
        raise BenchFailed(told.decode(errors="replace")[-300:])


async def _first_answer(url: str, process: subprocess.Popen[bytes], started: float) -> tuple[float, float]:
    ready = 0.0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        while time.perf_counter() - started < 120 and process.poll() is None:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{url}/readyz") as response:
                    if response.status == 200:
                        ready = time.perf_counter() - started
                        break
            await asyncio.sleep(0.02)
        else:
            raise BenchFailed("The server did not start.")
        body = {"sender": "bench-first", "message": "해외에서 카드 쓰면 수수료가 얼마예요?"}
        async with session.post(f"{url}/webhooks/rest/webhook", json=body) as response:
            if response.status != 200 or not await response.json():
                raise BenchFailed("The first message was not answered.")
    return ready, time.perf_counter() - started


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
