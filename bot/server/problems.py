"""Errors as `application/problem+json` (RFC 9457): code, what, how to mend; never a stack trace."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.conversation.errors import FormInvalid
from formats import SangdamError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = structlog.get_logger(__name__)

_TITLES = {
    400: "요청 형식이 올바르지 않아요.",
    401: "로그인이 필요해요.",
    403: "볼 수 있는 권한이 없어요. 관리자에게 요청해 주세요.",
    404: "찾을 수 없는 주소예요.",
    405: "이 주소에서 쓸 수 없는 방식이에요.",
    413: "보낸 내용이 너무 커요.",
    415: "받을 수 없는 형식이에요.",
}


def problem(
    status: int, code: str, title: str, detail: str = "", remedy: str = "", **more: Any
) -> web.Response:
    """One problem document; `more` are members of its own."""
    body: dict[str, Any] = {
        "type": f"https://sangdam.invalid/problems/{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "remedy": remedy,
        **more,
    }
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/problem+json")


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns exceptions into problem documents; what nobody foresaw is logged by type and place, and said politely."""
    try:
        return await handler(request)
    except SangdamError as error:
        if error.status >= 500:
            log.error("request_failed", code=error.code, path=request.path)
        fields = {"fields": error.fields} if isinstance(error, FormInvalid) else {}
        return problem(error.status, error.code, error.ko, error.en, error.remedy, **fields)
    except web.HTTPException as error:
        if error.status < 400 or request.path.startswith("/socket.io"):
            raise
        told = problem(
            error.status, f"http_{error.status}", _TITLES.get(error.status, error.reason), error.reason
        )
        if "Allow" in error.headers:
            told.headers["Allow"] = error.headers["Allow"]
        return told
    except HttpProcessingError as error:
        # A part of a multipart body is no part: what its headers are is read while the handler runs.
        return problem(
            400, "bad_request", _TITLES[400], error.message.partition("\n")[0], "Send well-formed multipart."
        )
    except Exception as error:
        if isinstance(error, ConnectionError) and (
            request.transport is None or request.transport.is_closing()
        ):
            # The client has gone in the middle of it: aiohttp ends that quietly.
            raise
        log.exception("request_crashed", path=request.path, error=type(error).__name__)
        return problem(500, "internal", "잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요.", "Internal error.")
