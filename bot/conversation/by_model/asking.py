"""Asks a language model for something short, and never waits for it longer than is allowed.

What was found usable is kept, so that the same question isn't asked twice; after three failures in a row nothing is asked for
a while. A failure is what the server does wrong, and an answer that can't be used.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from generator import Generator, GeneratorError, Message, complete

FAILURES = 3

log = structlog.get_logger(__name__)


class AskingSettings(Protocol):
    """How long an answer may take, how many are kept, and how long the model is left alone after failures."""

    @property
    def timeout(self) -> float:
        """Seconds."""

    @property
    def remembered(self) -> int:
        """Answers."""

    @property
    def pause(self) -> float:
        """Seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said; `kept` where it said so before."""

    text: str
    key: str
    kept: bool


class AskedModel:
    """One for all conversations. Holds answers and failures, nothing of any customer in clear."""

    def __init__(
        self,
        model: Generator,
        settings: AskingSettings,
        max_tokens: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._settings = settings
        self._max_tokens = max_tokens
        self._clock = clock
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._failures = 0
        self._paused_until = 0.0

    @property
    def name(self) -> str:
        """Of the model."""
        return self._model.name

    @property
    def paused(self) -> bool:
        """Whether it is left alone for now."""
        return self._clock() < self._paused_until

    async def ask(self, messages: Sequence[Message]) -> Answer | None:
        """The answer, which the caller accepts or refuses; None where there is none in time. Never raises."""
        key = _key(messages)
        if (kept := self._kept.get(key)) is not None:
            return Answer(kept, key, kept=True)
        try:
            text = await complete(
                self._model, messages, max_tokens=self._max_tokens, timeout=self._settings.timeout
            )
        except GeneratorError as error:
            log.warning("model_not_asked", model=self._model.name, code=error.code)
            self._failed()
            return None
        return Answer(text, key, kept=False)

    def accept(self, answer: Answer) -> None:
        """It could be used: keep it."""
        self._failures = 0
        self._kept[answer.key] = answer.text
        self._kept.move_to_end(answer.key)
        while len(self._kept) > self._settings.remembered:
            self._kept.popitem(last=False)

    def refuse(self, why: str | int) -> None:
        """It couldn't. Only `why` is logged: what the model wrote may quote the customer."""
        log.warning("model_answer_refused", model=self._model.name, why=why)
        self._failed()

    async def close(self) -> None:
        """Let go of the model's connection."""
        await self._model.close()

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._failures = 0
            self._paused_until = self._clock() + self._settings.pause


def _key(messages: Sequence[Message]) -> str:
    """Holds no words: what is kept can't be read back into a conversation."""
    digest = hashlib.sha256()
    for message in messages:
        digest.update(f"{message.role}\0{message.content}\0".encode())
    return digest.hexdigest()
