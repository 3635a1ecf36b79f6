"""A real server on this machine that speaks OpenAI's chat completions, well or badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer


class ModelServer:
    """Says `answer`; `manner` chooses how."""

    def __init__(self) -> None:
        self.answer = "네, 안녕하세요."
        self.manner = "stream"
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.url = ""
        self.asked = asyncio.Event()
        self.left = asyncio.Event()
        """Set once the client has gone before the answer was whole."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        self.asked.set()
        self.keys.append(request.headers.get("Authorization", ""))
        if self.manner == "whole":
            return web.json_response({"choices": [{"message": {"content": self.answer}}]})
        if self.manner == "status":
            return web.Response(status=500, text="<html>no</html>")
        if self.manner == "nonsense":
            return web.Response(text="<html>no</html>")
        if self.manner == "other":
            return web.json_response({"result": self.answer})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if self.manner == "slow":
            await asyncio.sleep(5)
        try:
            await self._stream(response)
        except (ConnectionError, asyncio.CancelledError):
            self.left.set()
            raise
        return response

    async def _stall(self, response: web.StreamResponse) -> None:
        """Nothing more comes, for as long as anybody listens."""
        for _ in range(250):
            await asyncio.sleep(0.02)
            await response.write(b": still here\n\n")

    async def _stream(self, response: web.StreamResponse) -> None:
        await response.write(b": comment\n\n")
        for at in range(0, len(self.answer), 7):
            piece = {"choices": [{"delta": {"content": self.answer[at : at + 7]}}]}
            await response.write(f"data: {json.dumps(piece, ensure_ascii=False)}\n\n".encode())
            if self.manner == "cut" and at:
                assert response._payload_writer is not None
                response._payload_writer.transport.close()  # type: ignore[attr-defined]
                return
            if self.manner == "stalling" and at >= len(self.answer) - 7:
                await self._stall(response)
            if self.manner == "broken":
                await response.write(b'data: {"choices": [\n\n')
                return
        if self.manner == "error":
            await response.write(b'data: {"error": {"message": "out of memory"}}\n\n')
        await response.write(b'data: {"choices": [], "usage": {}}\n\ndata: [DONE]\n\n')


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    made = ModelServer()
    application = web.Application()
    application.router.add_post("/v1/chat/completions", made.handle)
    server = TestServer(application)
    await server.start_server()
    made.url = str(server.make_url("/v1"))
    yield made
    await server.close()
