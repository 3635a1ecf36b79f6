"""A client of the core-banking API. SANGDAM_CORE_BANKING_URL and CORE_BANKING_KEY say where and with which key."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

import aiohttp

SESSION_HEADER = "X-Customer-Session"
TIMEOUT = 5.0
"""Seconds; the action's own limit is longer, so that the failure is ours to report."""


class CoreBankingError(Exception):
    """Raised for any answer but success; `status` is 0 where there was none. `answer` is its JSON object, if it had one."""

    def __init__(self, status: int, answer: dict[str, Any] | None = None) -> None:
        super().__init__(f"core banking answered {status}")
        self.status = status
        self.answer = answer or {}


async def get(path: str, *, session: str = "", **query: str) -> dict[str, Any] | None:
    """JSON of a GET; None for 404. `session` says that the customer's PIN was checked. Raises `CoreBankingError`."""
    try:
        return await _call("GET", path, {SESSION_HEADER: session}, params=query)
    except CoreBankingError as error:
        if error.status == 404:
            return None
        raise


async def post(path: str, body: dict[str, Any], *, once: str, session: str = "") -> dict[str, Any]:
    """JSON of a POST. `once` makes a repetition harmless; `session` as for `get`. Raises `CoreBankingError`."""
    return await _call("POST", path, {"Idempotency-Key": once, SESSION_HEADER: session}, json=body)


async def _call(method: str, path: str, headers: dict[str, str], **rest: Any) -> dict[str, Any]:
    base = os.environ.get("SANGDAM_CORE_BANKING_URL", "http://127.0.0.1:8090")
    sent = {"Authorization": f"Bearer {os.environ.get('CORE_BANKING_KEY', '')}", **headers}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session,
            session.request(method, f"{base}{quote(path)}", headers=sent, **rest) as response,
        ):
            if response.status != 200:
                raise CoreBankingError(response.status, await _object(response))
            body: dict[str, Any] = await response.json()
            return body
    except (TimeoutError, aiohttp.ClientError) as error:
        raise CoreBankingError(0) from error


async def _object(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        body = await response.json(content_type=None)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
