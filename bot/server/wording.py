"""Waiting for a language model's answer: sentence by sentence for those who look on, all or nothing for others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import structlog

from actions.services import LiveText
from generator import GeneratorError
from knowledge_base.grounding import Backed, GroundedWriter
from knowledge_base.grounding.writer import Offload
from knowledge_base.types import Passage

log = structlog.get_logger(__name__)


class Wording:
    """One answer. Whoever looks on (`live`) has read what is there, so it stands whatever comes after it; for others an
    answer that isn't whole within the writer's time-out is none."""

    def __init__(self, writer: GroundedWriter, live: LiveText | None) -> None:
        self.kept: list[Backed] = []
        self._writer = writer
        self._live = live

    @property
    def text(self) -> str:
        """What was written and is backed."""
        return " ".join(backed.sentence for backed in self.kept)

    @property
    def passages(self) -> tuple[int, ...]:
        """Places of the passages that back it, the first sentence's first."""
        return tuple(dict.fromkeys(backed.passage for backed in self.kept))

    async def run(self, question: str, passages: Sequence[Passage], max_chars: int, offload: Offload) -> None:
        """Write until it is whole, stopped or too late."""
        writer, live, loop = self._writer, self._live, asyncio.get_running_loop()
        last_call = loop.time() + writer.longest
        try:
            async with asyncio.timeout(writer.timeout) as limit:
                if live is not None:
                    live.on_stop = lambda: limit.reschedule(loop.time())
                    await live.begin()
                async with aclosing(writer.write(question, passages, max_chars, offload)) as sentences:
                    async for backed in sentences:
                        self.kept.append(backed)
                        if live is None:
                            continue
                        await live.say(self.text)
                        if live.stopped:
                            return
                        limit.reschedule(min(loop.time() + writer.timeout, last_call))
            return
        except TimeoutError:
            if live is not None and live.stopped:
                return
            log.warning("llm_failed", code="llm_timeout", model=writer.model, sentences=len(self.kept))
        except GeneratorError as error:
            log.warning("llm_failed", code=error.code, model=writer.model, sentences=len(self.kept))
        finally:
            if live is not None:
                live.on_stop = None
        if live is None:
            self.kept.clear()
