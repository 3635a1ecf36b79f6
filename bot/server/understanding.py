"""The trained pipeline behind the engine's port, with a memory for texts that come again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import structlog

from bot.server.encoding import VectorsAhead
from encoder import EncoderError
from nlu.pipeline import Pipeline
from nlu.types import Understanding

REMEMBERED = 2_000
"""Texts whose understanding is kept: customers say 네 and 상담원 a lot, and buttons always say the same."""
SHORT = 100
"""Characters up to which a message is understood without a hop to the worker and back, but for its vector."""

log = structlog.get_logger(__name__)


class PipelineUnderstander:
    """Understands short messages at once, after `ahead` has made the vector where one is needed; long ones in a thread.

    The model can be swapped while serving.

    Dates depend on the day: what was understood yesterday is not reused today.

    `asks_documents`: intents whose messages the documents will be asked with. Where these have their vectors from `ahead` as
    well, such a message's is begun while the turn goes on, which spares a customer who is alone a part of it.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        ahead: VectorsAhead | None = None,
        asks_documents: frozenset[str] = frozenset(),
    ) -> None:
        self._pipeline = pipeline
        self._ahead = ahead
        self._asks_documents = asks_documents
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="nlu")
        # What can't be loaded says so when a message needs it.
        self._worker.submit(pipeline.warm_up)
        self._memory: OrderedDict[tuple[str, str], Understanding] = OrderedDict()

    @property
    def pipeline(self) -> Pipeline:
        """What is served now."""
        return self._pipeline

    def swap(self, pipeline: Pipeline) -> None:
        """Serve another model from now on."""
        self._pipeline = pipeline
        self._memory.clear()

    async def understand(self, text: str, now: datetime) -> Understanding:
        """Never raises: a failing pipeline is logged and understood as nothing."""
        key = (text, now.date().isoformat()) if len(text) <= 200 else None
        if key is not None and (known := self._memory.get(key)) is not None and not _tells_time(known):
            self._memory.move_to_end(key)
            return known
        pipeline = self._pipeline
        try:
            found = await self._understood(pipeline, text, now)
        except EncoderError as error:
            # A server of vectors that is away: letters alone understand most, and it may be back for the next message.
            log.warning("encoder_unavailable", code=error.code, reason=error.en)
            return replace(pipeline, encoder=None).understand(text, now)
        except Exception as error:
            log.exception("understanding_failed", error=type(error).__name__)
            return Understanding(text=text)
        if self._ahead is not None and found.intent is not None and found.intent.name in self._asks_documents:
            self._ahead.begin(text)
        # What a model understood that was swapped meanwhile isn't remembered.
        if key is not None and pipeline is self._pipeline:
            self._memory[key] = found
            if len(self._memory) > REMEMBERED:
                self._memory.popitem(last=False)
        return found

    async def _understood(self, pipeline: Pipeline, text: str, now: datetime) -> Understanding:
        if len(text) <= SHORT and pipeline.tuned is None:
            look = pipeline.look(text)
            if look.for_encoder is None:
                return pipeline.finish(look, now)
            if self._ahead is not None:
                await self._ahead.prepare(look.for_encoder, self._ahead.learns_from)
                return pipeline.finish(look, now)
        return await asyncio.get_running_loop().run_in_executor(self._worker, pipeline.understand, text, now)

    def close(self) -> None:
        """Stop the worker."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def _tells_time(understanding: Understanding) -> bool:
    """Whether the meaning depends on the time of day (한 시간 뒤)."""
    return any(entity.entity in ("time", "date", "datetime") for entity in understanding.entities)
