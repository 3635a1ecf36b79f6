"""Actions on an action server, by the protocol of Rasa's: `POST {next_action, sender_id, tracker, domain}` -> events, words.

The server is somebody else's program: it may be down, slow, or answer nonsense, and none of it may cost more than the
action's time. An action is sent once; only where no connection came about is it tried again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import aiohttp
import structlog

from bot.conversation.actions_port import ActionError, ActionResult
from bot.conversation.domain import Domain
from bot.conversation.tracker import Tracker
from bot.execution.results import action_result
from bot.execution.tracker_json import tracker_json

MAX_ANSWER = 2 * 1024 * 1024
"""Bytes of an answer that are read."""
TRIES = 2
"""Attempts to connect: a server that is being restarted refuses for a moment."""
PAUSE = 0.2
NO_DOMAIN = 449
"""Status by which the SDK's server asks for the domain that it hasn't seen yet."""

log = structlog.get_logger(__name__)


class RemoteRunner:
    """An `ActionRunner` over HTTP. It knows the actions of the domain; whether the server does shows when they run."""

    def __init__(self, domain: Domain, url: str, *, timeout: float = 10.0, token: str | None = None) -> None:
        self._domain = domain = domain.for_actions()
        self._domain_json = domain.model_dump(by_alias=True, exclude_defaults=True, mode="json")
        self._digest = hashlib.sha256(json.dumps(self._domain_json, sort_keys=True).encode()).hexdigest()
        self._slots = {name: spec.initial_value for name, spec in domain.slots.items()}
        self._names = frozenset(name for name in domain.action_names() if not name.startswith("utter_"))
        self._url = url
        self._timeout = timeout
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None

    def knows(self, name: str) -> bool:
        """Whether the domain lists it."""
        return name in self._names

    async def run(self, name: str, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """Raises `ActionError`: unknown_action, timeout, raised, bad_result. The detail never holds customers' words."""
        call = {
            "next_action": name,
            "sender_id": tracker.conversation_id,
            "tracker": tracker_json(tracker, self._domain, context=context),
            "domain_digest": self._digest,
            "version": "3.1",
        }
        try:
            async with asyncio.timeout(self._timeout):
                status, body = await self._post(name, call)
                if status == NO_DOMAIN:
                    status, body = await self._post(name, {**call, "domain": self._domain_json})
        except TimeoutError:
            raise ActionError(name, "timeout", f"over {self._timeout:g} s") from None
        if status == 404:
            raise ActionError(name, "unknown_action", "the action server has none of that name")
        if status != 200:
            raise ActionError(name, "raised", "rejected" if status == 400 else f"HTTP {status}")
        return action_result(name, body, self._slots)

    async def _post(self, name: str, call: dict[str, Any]) -> tuple[int, Any]:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._once(name, call)
            except aiohttp.ClientConnectorError as error:
                if attempt == TRIES:
                    log.warning("action_server_unreachable", action=name, error=type(error).__name__)
                    raise ActionError(name, "raised", "the action server can't be reached") from None
                await asyncio.sleep(PAUSE)
            except aiohttp.ClientError as error:
                # The action may have run: not tried again.
                raise ActionError(name, "raised", type(error).__name__) from None
        raise AssertionError("unreachable")

    async def _once(self, name: str, call: dict[str, Any]) -> tuple[int, Any]:
        session = self._open()
        # Redirects would take the conversation to a place that nobody configured.
        async with session.post(self._url, json=call, allow_redirects=False) as response:
            if response.status != 200:
                return response.status, None
            text = await response.content.read(MAX_ANSWER + 1)
            while len(text) <= MAX_ANSWER and not response.content.at_eof():
                text += await response.content.read(MAX_ANSWER + 1 - len(text))
            if len(text) > MAX_ANSWER:
                raise ActionError(name, "bad_result", f"an answer of over {MAX_ANSWER} bytes")
            try:
                return 200, json.loads(text)
            except (ValueError, RecursionError):
                raise ActionError(name, "bad_result", "no JSON") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self._headers, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
