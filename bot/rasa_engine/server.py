"""A Rasa 3 server over its documented HTTP API. It is another program: down, slow and nonsense are `RasaFailed`."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import aiohttp
import jwt
import structlog
from yarl import URL

from formats import SangdamError

MAX_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer that are read: the tracker of a long conversation has all its events."""
TOKEN_SECONDS = 60
"""How long a signed token opens Rasa's API."""
_PLAIN = re.compile(r"[A-Za-z0-9._@:-]{1,120}$")
Json = dict[str, Any]

log = structlog.get_logger(__name__)


class RasaFailed(SangdamError):
    """Raised when Rasa can't be reached, takes too long or answers what is none of its protocol."""

    def __init__(self, failure: Literal["timeout", "raised", "bad_result"], detail: str) -> None:
        super().__init__(
            f"rasa_{failure}",
            ko="챗봇 서버가 답하지 못했어요.",
            en=f"Rasa failed: {detail}",
            remedy="Is 'rasa run --enable-api' running at rasa.url, with 'rest' in credentials.yml and the same token?",
        )
        self.failure = failure
        self.detail = detail
        """Never holds customers' words."""


def sender_of(conversation_id: str) -> str:
    """The conversation's id at Rasa, which doesn't decode the paths of its own calls: letters that no path changes."""
    if _PLAIN.match(conversation_id):
        return conversation_id
    return f"sangdam-{hashlib.sha256(conversation_id.encode()).hexdigest()[:32]}"


class RasaServer:
    """Its calls. Each raises `RasaFailed`."""

    def __init__(
        self, url: str, *, timeout: float, token: str | None = None, jwt_secret: str | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._token = token
        self._jwt_secret = jwt_secret
        self._session: aiohttp.ClientSession | None = None

    async def parse(self, text: str) -> Json:
        """What Rasa understands, without any conversation."""
        return _object(await self._call("POST", "/model/parse", {"text": text}))

    async def say(self, sender: str, text: str, channel: str, metadata: Mapping[str, Any]) -> None:
        """A customer's message. What Rasa answers stands whole in the tracker; the channel's answer may hold half of it."""
        body = {"sender": sender, "message": text, "input_channel": channel, "metadata": dict(metadata)}
        if not isinstance(await self._call("POST", "/webhooks/rest/webhook", body), list):
            raise RasaFailed("bad_result", "the REST channel gave no list")

    async def tracker(self, sender: str, *, events: bool = True) -> Json:
        """The conversation as Rasa has it."""
        return await self._of(sender, "GET", "tracker", None, events=events)

    async def append(self, sender: str, events: Sequence[Json]) -> Json:
        """Let Rasa know of something; nothing is said to it."""
        return await self._of(sender, "POST", "tracker/events", list(events))

    async def execute(self, sender: str, action: str) -> list[Json]:
        """Run an action, such as a form that asks its question again: the messages."""
        return _messages(await self._of(sender, "POST", "execute", {"name": action}))

    async def trigger(self, sender: str, intent: str) -> list[Json]:
        """Something happened that the customer didn't say: the messages."""
        return _messages(await self._of(sender, "POST", "trigger_intent", {"name": intent}))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def _of(self, sender: str, method: str, what: str, body: Any, *, events: bool = False) -> Json:
        query = {"include_events": "ALL" if events else "NONE"}
        return _object(await self._call(method, f"/conversations/{sender}/{what}", body, query))

    async def _call(self, method: str, path: str, body: Any, query: Mapping[str, str] | None = None) -> Any:
        query = dict(query or {}) | ({"token": self._token} if self._token else {})
        try:
            async with asyncio.timeout(self._timeout):
                status, text = await self._send(method, path, body, query)
        except TimeoutError:
            raise RasaFailed("timeout", f"over {self._timeout:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            log.warning("rasa_unreachable", error=type(error).__name__)
            raise RasaFailed("raised", f"no answer ({type(error).__name__})") from None
        if status != 200:
            raise RasaFailed("raised", f"HTTP {status}")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise RasaFailed("bad_result", "no JSON") from None

    async def _send(self, method: str, path: str, body: Any, query: dict[str, str]) -> tuple[int, bytes]:
        url = URL(f"{self._url}{path}", encoded=True).with_query(query)
        # Redirects would take the conversation to a place that nobody configured.
        async with self._open().request(
            method, url, json=body, headers=self._headers(), allow_redirects=False
        ) as response:
            text = b""
            async for chunk in response.content.iter_chunked(65_536):
                text += chunk
                if len(text) > MAX_ANSWER:
                    raise RasaFailed("bad_result", f"an answer of over {MAX_ANSWER} bytes")
            return response.status, text

    def _headers(self) -> dict[str, str]:
        if self._jwt_secret is None:
            return {}
        user = {"username": "sangdam", "role": "admin"}
        signed = jwt.encode(
            {"user": user, "exp": int(time.time()) + TOKEN_SECONDS}, self._jwt_secret, "HS256"
        )
        return {"Authorization": f"Bearer {signed}"}

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _object(body: Any) -> Json:
    if not isinstance(body, dict):
        raise RasaFailed("bad_result", "an object was expected")
    return body


def _messages(body: Json) -> list[Json]:
    found = body.get("messages") or []
    if not isinstance(found, list):
        raise RasaFailed("bad_result", "'messages' is no list")
    return [item for item in found if isinstance(item, dict)]
