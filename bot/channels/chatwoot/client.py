"""Calls to Chatwoot's API with the bot's own token."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import structlog

from formats import SangdamError

SECONDS = 8.0
ATTEMPTS = 3
PAUSE = 0.5
"""Seconds before the second attempt; each further one waits twice as long."""
AGAIN = frozenset({429, 500, 502, 503, 504})

log = structlog.get_logger(__name__)


class ChatwootUnreachable(SangdamError):
    """Raised when a call wasn't taken. What was to be said isn't there; `unknown` if it may be all the same."""

    status = 502

    def __init__(self, what: str, detail: str, *, unknown: bool = False) -> None:
        super().__init__(
            "chatwoot_unreachable",
            ko="Chatwoot에 전하지 못했어요.",
            en=f"Chatwoot took no {what}: {detail}",
            remedy="Check channels.chatwoot.url and SANGDAM_CHATWOOT_TOKEN (the agent bot's own access token).",
        )
        self.unknown = unknown


class ChatwootClient:
    """`url` as in `https://chat.example`. The connection is made at the first call and kept."""

    def __init__(self, url: str, token: str) -> None:
        self._base = url.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def say(self, account: int, conversation: int, message: dict[str, Any]) -> None:
        """A message or a private note. Raises `ChatwootUnreachable`."""
        await self._post(account, conversation, "messages", message)

    async def set_attributes(self, account: int, conversation: int, attributes: dict[str, Any]) -> None:
        """All custom attributes: Chatwoot replaces them as a whole. Raises `ChatwootUnreachable`."""
        await self._post(account, conversation, "custom_attributes", {"custom_attributes": attributes})

    async def set_priority(self, account: int, conversation: int, priority: str) -> None:
        """urgent, high, medium or low. Raises `ChatwootUnreachable`."""
        await self._post(account, conversation, "toggle_priority", {"priority": priority})

    async def set_status(self, account: int, conversation: int, status: str) -> None:
        """`open` hands to people, `pending` back to the bot. Raises `ChatwootUnreachable`."""
        await self._post(account, conversation, "toggle_status", {"status": status})

    async def _post(self, account: int, conversation: int, what: str, body: dict[str, Any]) -> None:
        """Tried again only where it surely had no effect: refused for now, or never connected."""
        address = f"{self._base}/api/v1/accounts/{account}/conversations/{conversation}/{what}"
        pause = PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._opened().post(address, json=body, allow_redirects=False) as response:
                    if response.status < 300:
                        return
                    detail = f"status {response.status}"
                    if response.status not in AGAIN:
                        raise ChatwootUnreachable(what, detail)
            except aiohttp.ClientConnectorError as error:
                detail = type(error).__name__
            except (aiohttp.ClientError, TimeoutError) as error:
                raise ChatwootUnreachable(what, type(error).__name__, unknown=True) from error
            if attempt < ATTEMPTS:
                await asyncio.sleep(pause)
                pause *= 2
        raise ChatwootUnreachable(what, detail)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={"api_access_token": self._token}, timeout=aiohttp.ClientTimeout(total=SECONDS)
            )
        return self._session

    async def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            await self._session.close()
