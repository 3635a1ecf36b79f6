"""The one POST that a callback may be: only to Kakao's hosts, never repeated when its result is unknown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

SECONDS = 8.0
_LOCAL = ("127.0.0.1", "localhost", "::1")

log = structlog.get_logger(__name__)


def may_call(url: str, *, local: bool) -> bool:
    """Only Kakao's own hosts by HTTPS, and this machine while it plays Kakao for the demo."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if local and host in _LOCAL and parts.scheme in ("http", "https"):
        return True
    return parts.scheme == "https" and (host == "kakao.com" or host.endswith(".kakao.com"))


async def post_callback(url: str, body: dict[str, Any]) -> bool:
    """False if it surely never arrived, so that the replies may go another way; True otherwise."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.post(url, json=body, allow_redirects=False) as response,
        ):
            answer = await response.text(errors="replace")
            if response.status != 200 or '"SUCCESS"' not in answer.upper():
                log.warning("kakao_callback_refused", status=response.status)
                return False
    except aiohttp.ClientConnectorError:
        log.warning("kakao_callback_unreachable")
        return False
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        log.warning("kakao_callback_unknown", error=type(error).__name__)
    return True
