"""Programs that an assistant's config.yml names under `companions`, started beside the server: an example back office."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress

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
        if URL not in os.environ:
            os.environ[PORT] = str(_free_port(int(os.environ.get(PORT) or 8090)))
            os.environ[URL] = f"http://127.0.0.1:{os.environ[PORT]}"
        for module in self._modules:
            self._running.append(
                subprocess.Popen([sys.executable, "-m", module, "--until-stdin-ends"], stdin=subprocess.PIPE)
            )

    def stop(self) -> None:
        """Ask all to end, and make sure."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=3)
        self._running.clear()


def _free_port(wanted: int) -> int:
    """`wanted`, or any other if it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    return wanted
