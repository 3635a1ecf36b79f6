"""What every request passes: headers, origins, problems without stack traces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.server.problems import problems
from formats import SangdamError


@pytest.mark.parametrize("path", ["/healthz", "/", "/nowhere", "/api/chat/session", "/knowledge/x"])
async def test_browsers_are_told_to_be_strict(house: Any, path: str) -> None:
    headers = (await house.client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Traceback" not in await (await house.client.get(path)).text()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/chat/session", True),
        ("/api/chat/messages", True),
        ("/widget.js", True),
        ("/knowledge/x", True),
        ("/webhooks/rest/webhook", False),
        ("/api/desk/cases", False),
        ("/model/parse", False),
        ("/conversations/x/tracker", False),
        ("/metrics", False),
    ],
)
async def test_only_what_the_widget_needs_may_be_read_from_other_pages(
    house: Any, path: str, allowed: bool
) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    before = await house.client.options(path, headers=asked)
    answer = await house.client.get(path, headers=asked)
    for headers in (before.headers, answer.headers):
        assert ("Access-Control-Allow-Origin" in headers) is allowed
        assert "Access-Control-Allow-Credentials" not in headers
    if allowed:
        assert before.status == 204 and "Authorization" in before.headers["Access-Control-Allow-Headers"]


async def test_the_desk_stays_out_of_frames(house: Any) -> None:
    assert (await house.client.get("/desk")).headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/webhooks/rest/webhook", 405), ("PROPFIND", "/healthz", 405)],
)
async def test_wrong_addresses_are_problems(house: Any, method: str, path: str, status: int) -> None:
    answer = await house.client.request(method, path)
    body = await answer.json(content_type="application/problem+json")
    assert (answer.status, body["status"], body["code"]) == (status, status, f"http_{status}")
    assert body["title"] and body["type"].endswith(body["code"])


@pytest.mark.parametrize(
    ("path", "data", "status", "code"),
    [
        ("/api/desk/login", b"{", 422, "bad_request"),
        ("/api/desk/login", b"[]", 422, "bad_request"),
        ("/api/desk/login", b'{"username": "' + b"a" * 300_000 + b'"}', 413, "http_413"),
        ("/webhooks/rest/webhook", b"{", 400, "bad_json"),
        ("/webhooks/rest/webhook", b"\xff", 400, "not_utf8"),
        ("/webhooks/rest/webhook", b'{"message": "' + b"a" * 300_000 + b'"}', 413, "http_413"),
        ("/api/chat/session", b"NaN", 400, "bad_json"),
        ("/api/chat/session", b'{"token": 7}', 400, "bad_session"),
    ],
)
async def test_bodies_that_cannot_be_read_are_problems(
    house: Any, path: str, data: bytes, status: int, code: str
) -> None:
    answer = await house.client.post(path, data=data)
    body = await answer.json(content_type="application/problem+json")
    assert (answer.status, body["status"], body["code"]) == (status, status, code)
    assert body["title"]


async def test_a_wrong_method_is_told_the_right_ones(house: Any) -> None:
    answer = await house.client.put("/api/desk/login")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_what_nobody_foresaw_is_told_politely(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(message: Any) -> Any:
        raise RuntimeError("비밀 010-1234-5678")

    monkeypatch.setattr(house.server.service.engine, "handle", crash)
    status, body = await house.call("POST", "/webhooks/rest/webhook", {"sender": "r1", "message": "가"})
    assert (status, body["code"]) == (500, "internal")
    assert "비밀" not in json.dumps(body, ensure_ascii=False) and "RuntimeError" not in json.dumps(body)


async def test_our_own_errors_keep_their_status_and_remedy(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(message: Any) -> Any:
        raise SangdamError("store_full", ko="가득 찼어요.", en="Full.", remedy="Make room.", status=507)

    monkeypatch.setattr(house.server.service.engine, "handle", full)
    status, body = await house.call("POST", "/webhooks/rest/webhook", {"sender": "r1", "message": "가"})
    assert (status, body["code"], body["title"], body["remedy"]) == (
        507,
        "store_full",
        "가득 찼어요.",
        "Make room.",
    )


async def test_a_silent_body_is_no_crash(house: Any) -> None:
    for path in ("/webhooks/rest/webhook", "/webhooks/kakao/skill", "/model/parse"):
        answer = await house.client.post(path)
        assert answer.status == 400
    answer = await house.client.post(
        "/webhooks/rest/webhook", data=b"{}", headers={"Content-Type": "text/plain; charset=klingon"}
    )
    assert answer.status == 400


async def test_nothing_of_what_the_desk_shows_may_run(house: Any) -> None:
    policy = (await house.client.get("/desk")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


async def test_a_client_that_goes_away_in_the_middle_is_no_crash() -> None:
    async def lost(request: web.Request) -> web.StreamResponse:
        raise ConnectionResetError("Cannot write to closing transport")

    gone, here = make_mocked_request("GET", "/"), make_mocked_request("GET", "/")
    assert gone.transport is not None and here.transport is not None
    gone.transport.is_closing.return_value = True  # type: ignore[attr-defined]
    here.transport.is_closing.return_value = False  # type: ignore[attr-defined]
    with pytest.raises(ConnectionResetError):
        await problems(gone, lost)
    assert (await problems(here, lost)).status == 500
