"""What every request passes: the API token for whole-conversation endpoints, headers for browsers, and CORS for the widget."""

from __future__ import annotations

import hmac

from aiohttp import web

from bot.channels.body import secret_bytes
from bot.server.problems import Handler, problem

PROTECTED = ("/webhooks/rest", "/model", "/conversations", "/status")
"""Paths that carry whole conversations, or tell of the model.

Bearer token where SANGDAM_API_TOKEN is set, loopback only where it isn't.
"""
EMBEDDED = ("/api/chat/", "/widget", "/knowledge/")
"""Paths that pages of other hosts may read: they hold no cookies, only what the caller's own token opens."""
MAX_BODY = 256 * 1024
"""Bytes of a request's body."""

API_TOKEN: web.AppKey[str | None] = web.AppKey("api_token")

_DESK_POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The desk shows what customers write: nothing of it may run or load anything."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@web.middleware
async def api_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses a protected path without the token, if one is set."""
    token = request.app[API_TOKEN]
    if token and request.path.startswith(PROTECTED):
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(secret_bytes(given), token.encode()):
            return problem(
                401,
                "bad_api_token",
                "API 토큰이 없거나 올바르지 않아요.",
                "The bearer token is missing or wrong.",
                "Send 'Authorization: Bearer <SANGDAM_API_TOKEN>'.",
            )
    return await handler(request)


@web.middleware
async def browser_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Headers that keep browsers strict, and CORS where the widget needs it."""
    embedded = request.path.startswith(EMBEDDED)
    if request.method == "OPTIONS" and embedded:
        response: web.StreamResponse = web.Response(status=204)
    else:
        response = await handler(request)
    if response.prepared:
        return response
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/desk"):
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Content-Security-Policy", _DESK_POLICY)
    if embedded:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    return response
