"""The in-memory twin: says what it was told to say, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from generator.errors import GeneratorError
from generator.port import Message


class ScriptedGenerator:
    """Answers in order; the last one again and again. An error in the script is raised. `delay`: seconds a piece."""

    name = "scripted"

    def __init__(self, *answers: str | GeneratorError, delay: float = 0.0) -> None:
        self._answers = list(answers)
        self._delay = delay
        self.asked: list[list[Message]] = []

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Word by word, no more than `max_tokens` words."""
        self.asked.append(list(messages))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, GeneratorError):
            raise answer
        for number, word in enumerate(answer.split(" ")[:max_tokens]):
            await asyncio.sleep(self._delay)
            yield word if number == 0 else f" {word}"

    async def close(self) -> None:
        """Nothing is held."""
