"""Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp, hosted ones. Streaming where it streams."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

import aiohttp

from generator.errors import GeneratorError
from generator.port import Message

CONNECT = 3.0
"""Seconds to reach the server."""
LONGEST = 20_000
"""Characters of an answer; a model that doesn't stop is cut off."""


class OpenAICompatibleGenerator:
    """`url` as in `http://localhost:8000/v1`. The connection is made at the first call and kept."""

    def __init__(self, url: str, model: str, key: str = "") -> None:
        self.name = model
        self._address = f"{url.rstrip('/')}/chat/completions"
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """The answer in pieces. Raises `GeneratorError`."""
        body = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }
        said = 0
        try:
            async with self._opened().post(self._address, json=body) as response:
                if response.status != 200:
                    raise GeneratorError(
                        "llm_refused",
                        f"The server answered with status {response.status}.",
                        "Check llm.model and SANGDAM_LLM_KEY.",
                    )
                pieces = _events(response) if _streams(response) else _whole(response)
                async for piece in pieces:
                    said += len(piece)
                    if said > LONGEST:
                        return
                    yield piece
        except (aiohttp.ClientError, OSError) as error:
            raise GeneratorError(
                "llm_unreachable", f"The server can't be reached ({type(error).__name__})."
            ) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
            # No limit on the whole: whoever waits sets one.
            limits = aiohttp.ClientTimeout(total=None, connect=CONNECT)
            self._session = aiohttp.ClientSession(headers=headers, timeout=limits)
        return self._session

    async def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            await self._session.close()


def _streams(response: aiohttp.ClientResponse) -> bool:
    return response.content_type == "text/event-stream"


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[str]:
    """Pieces of a stream of server-sent events."""
    async for raw in response.content:
        line = raw.decode("utf-8", "replace").strip()
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        yield _text(_parsed(data), "delta")


async def _whole(response: aiohttp.ClientResponse) -> AsyncIterator[str]:
    """The one piece of a server that doesn't stream."""
    yield _text(_parsed((await response.content.read(LONGEST * 8)).decode("utf-8", "replace")), "message")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise GeneratorError("llm_nonsense", "The server's answer is no JSON.") from None


def _text(body: Any, part: str) -> str:
    """The text of a chunk or answer; chunks without text (usage, role) give none."""
    try:
        if "error" in body:
            raise GeneratorError("llm_nonsense", "The server broke off with an error.")
        choices = body["choices"]
        return str(choices[0][part].get("content") or "") if choices else ""
    except (KeyError, IndexError, TypeError, AttributeError):
        raise GeneratorError("llm_nonsense", "The server's answer has another form than OpenAI's.") from None
