"""Programs that an assistant's config.yml names under `companions`, started beside the server: an example back office."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

import aiohttp

KEY = "CORE_BANKING_KEY"
PORT = "CORE_BANKING_PORT"
URL = "SANGDAM_CORE_BANKING_URL"


class Companions:
    """Child processes. They read standard input until it ends, so that they end with the server, however it ends."""

    def __init__(self, modules: Iterable[str]) -> None:
        self._modules = list(modules)
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start all. Key and address go into this process's environment too, where the actions read them."""
        if not self._modules:
            return
        os.environ.setdefault(KEY, secrets.token_urlsafe(24))
        if URL in os.environ:
            # The builder's own back office runs elsewhere.
            return
        os.environ[PORT] = str(_free_port())
        os.environ[URL] = f"http://127.0.0.1:{os.environ[PORT]}"
        for module in self._modules:
            self._running.append(
                subprocess.Popen([sys.executable, "-m", module, "--until-stdin-ends"], stdin=subprocess.PIPE)
            )

    async def ready(self, seconds: float = 10.0) -> None:
        """Wait until the first one answers on its port, or so long: actions tell of one that doesn't."""
        until = time.monotonic() + seconds
        while self._running and time.monotonic() < until:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", int(os.environ[PORT]))
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.05)

    async def reset(self) -> None:
        """Put back what was done to them (`POST /reset`). One that has no such call keeps its state.

        A back office that runs elsewhere is never touched.
        """
        if not self._running:
            return
        key = {"Authorization": f"Bearer {os.environ.get(KEY, '')}"}
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            limit = aiohttp.ClientTimeout(total=5)
            async with (
                aiohttp.ClientSession(headers=key, timeout=limit) as session,
                session.post(f"{os.environ[URL]}/reset"),
            ):
                pass

    def stop(self) -> None:
        """Ask all to end, and make sure."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=3)
            if process.stdin is not None:
                process.stdin.close()
        if self._running:
            os.environ.pop(URL, None)
        self._running.clear()


def _free_port() -> int:
    """Any free one, so that several services on one machine don't meet each other's companions."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
