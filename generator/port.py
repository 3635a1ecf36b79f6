"""The generator port: messages in, text out, piece by piece. Back ends live beside this file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, Protocol

from generator.errors import GeneratorError


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat with a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Generator(Protocol):
    """A language model. Construction is light and reaches nothing. Calls may run side by side."""

    @property
    def name(self) -> str:
        """Of the model, for logs."""

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """The answer in pieces as they come; closing it ends the request. Raises `GeneratorError`."""

    async def close(self) -> None:
        """Let go of connections."""


async def complete(
    generator: Generator, messages: Sequence[Message], *, max_tokens: int, timeout: float
) -> str:
    """The whole answer. Raises `GeneratorError`; `llm_timeout` where it isn't whole after `timeout` seconds."""
    pieces: list[str] = []
    try:
        async with asyncio.timeout(timeout):
            async with aclosing(generator.stream(messages, max_tokens=max_tokens)) as stream:
                pieces.extend([piece async for piece in stream])
    except TimeoutError:
        raise GeneratorError(
            "llm_timeout",
            f"No whole answer within {timeout:g} seconds.",
            "Raise llm.timeout, or take a faster model.",
        ) from None
    return "".join(pieces)
