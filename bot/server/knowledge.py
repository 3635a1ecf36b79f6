"""The documents behind the actions' and the desk's port: in a thread, citations with links that open here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import structlog

from actions.services import LiveText
from bot.server.encoding import VectorsAhead
from bot.server.remembered_answers import RememberedAnswers
from bot.server.wording import Wording
from knowledge_base.answering import citation_of
from knowledge_base.grounding import GroundedWriter
from knowledge_base.knowledge_base import NOTHING, KnowledgeBase
from knowledge_base.types import Answer, Citation, Document
from korean.morphology import morphology

PASSAGES = 4
"""Passages that a language model is given."""
LOOK = 0.2
"""Seconds between looks for a newer index: a burst of questions costs one."""

log = structlog.get_logger(__name__)


class Knowledge:
    """Answers in one worker thread. Without an index it knows nothing, and says so.

    `ahead` remembers the vectors of the base's own encoder. `writer` words answers by a language model.
    """

    def __init__(
        self,
        base: KnowledgeBase | None,
        ahead: VectorsAhead | None = None,
        writer: GroundedWriter | None = None,
    ) -> None:
        self._writer = writer
        self._base = base
        self._ahead = ahead
        self._answers = RememberedAnswers()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="knowledge")
        if base is not None:
            # Questions are analysed, and so is what may be a name; neither the first of them nor the loop shall wait for it.
            self._worker.submit(morphology().warm_up)
        self._look_again = 0.0

    async def answer(
        self, question: str, *, max_chars: int, earlier: Sequence[str] = (), live: LiveText | None = None
    ) -> Answer:
        """Never raises: a failing index is logged and answers nothing."""
        if self._base is None:
            return NOTHING
        try:
            if self._ahead is not None and not self._answers.knows((question, max_chars, tuple(earlier))):
                await self._ahead.prepare(question)
        except Exception as error:
            log.exception("knowledge_failed", error=type(error).__name__)
            return NOTHING
        found = await self.extract(question, max_chars=max_chars, earlier=earlier)
        if self._writer is None or found.outcome != "answer":
            return found
        return await self._worded(self._writer, found, question, earlier, max_chars, live)

    async def _worded(
        self,
        writer: GroundedWriter,
        found: Answer,
        question: str,
        earlier: Sequence[str],
        max_chars: int,
        live: LiveText | None,
    ) -> Answer:
        """The answer in the language model's words, as far as passages back them; else as it was found."""
        base = self._base
        if base is None:
            return found
        wording = Wording(writer, live)
        try:
            whole, passages = await self._in_worker(base.material, question, earlier, PASSAGES)
            await wording.run(whole, passages, max_chars, self._in_worker)
        except Exception as error:
            log.exception("wording_failed", error=type(error).__name__)
            return found
        if live is not None and live.stopped and not wording.kept:
            return found.model_copy(update={"text": "", "citations": ()})
        if not wording.kept:
            return found
        cited = tuple(_linked(citation_of(passages[at].chunk, "")) for at in wording.passages)
        return found.model_copy(update={"text": wording.text, "citations": cited})

    def _in_worker(self, work: Callable[..., Any], *given: Any) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._worker, work, *given)

    async def extract(self, question: str, *, max_chars: int, earlier: Sequence[str] = ()) -> Answer:
        """As `answer`, in the documents' own words: nothing is waited for. Never raises."""
        asked = (question, max_chars, tuple(earlier))
        return await self._asked(lambda base: self._answers.of(base, asked))

    async def open_passage(self, passage_id: str, *, max_chars: int) -> Answer:
        """What a chosen passage says. Never raises."""
        return await self._asked(lambda base: base.open_passage(passage_id, max_chars=max_chars))

    async def _asked(self, ask: Callable[[KnowledgeBase], Answer]) -> Answer:
        """Ask in the worker, of the newest index."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._worker, self._ask, ask)
        except Exception as error:
            log.exception("knowledge_failed", error=type(error).__name__)
            return NOTHING
        return found.model_copy(
            update={"citations": tuple(_linked(citation) for citation in found.citations)}
        )

    def _ask(self, ask: Callable[[KnowledgeBase], Answer]) -> Answer:
        if self._base is None:
            return NOTHING
        if (now := time.monotonic()) >= self._look_again:
            self._base.reload_if_changed()
            self._look_again = now + LOOK
        return ask(self._base)

    def document(self, document_id: str) -> Document | None:
        """A document that customers may read."""
        found = self._base.document(document_id) if self._base else None
        if found is None or found.metadata.get("audience", "public") != "public":
            return None
        return found

    def places(self, document_id: str) -> list[tuple[str, str, str]]:
        """(passage id, heading, text) of a document in order: the targets of citations."""
        return self._base.places(document_id) if self._base else []

    async def aclose(self) -> None:
        """Stop the worker and let go of the language model."""
        self.close()
        if self._writer is not None:
            await self._writer.close()

    def close(self) -> None:
        """Stop the worker."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def _linked(citation: Citation) -> Citation:
    """The citation with the address at which it can be opened."""
    url = f"/knowledge/{quote(citation.document_id)}#{quote(citation.chunk_id)}"
    return citation.model_copy(update={"url": url})
