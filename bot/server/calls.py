"""Callers on the line: what the server composes of `bot.voice`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker


class Calls:
    """Mounts the voice transports."""

    def __init__(self, service: Any, tokens: Any) -> None:
        self._service = service
        self._tokens = tokens

    def routes(self) -> Iterable[web.RouteDef]:
        """The transports' routes."""
        return []

    async def start(self) -> None:
        """Load what is to be loaded at start."""

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`."""

    async def close(self) -> None:
        """Hang up."""
