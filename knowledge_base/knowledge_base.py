"""The knowledge base as others use it: search, answer, open a document; the index may be swapped while serving."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from encoder import Encoder
from knowledge_base.answering import answer_text, citation_of
from knowledge_base.errors import IndexProblem
from knowledge_base.index import Index, current_version, empty_index, load_index
from knowledge_base.no_answer import features_of, no_answer_model
from knowledge_base.retrieval import Found, Hit, Mask, Retriever
from knowledge_base.types import Answer, Document, Passage
from korean.morphology import Morphology, morphology
from korean.normalise import has_words

CANDIDATES = 12
LONGEST_QUESTION = 500

KOREA = ZoneInfo("Asia/Seoul")
"""A notice is valid by the calendar of the customers, not of the server."""

log = structlog.get_logger(__name__)


class KnowledgeBase:
    """Read only and safe to call from several threads; `reload_if_changed` swaps in one assignment."""

    def __init__(
        self, index: Index, encoder: Encoder, index_dir: Path, analyser: Morphology | None = None
    ) -> None:
        self._index = index
        self._encoder = encoder
        self._index_dir = index_dir
        self._morphology = analyser or morphology()
        self._retriever = Retriever(encoder, self._morphology)
        self._refused: str | None = None
        self._may_quote: tuple[Index, str, Mask] | None = None

    @classmethod
    def open(cls, index_dir: Path, encoder: Encoder) -> KnowledgeBase:
        """Raises `IndexProblem`."""
        return cls(load_index(index_dir, encoder), encoder, index_dir)

    @classmethod
    def open_or_wait(cls, index_dir: Path, encoder: Encoder) -> KnowledgeBase:
        """Like `open`, but without a usable index it knows nothing until one is built. Never raises."""
        try:
            return cls.open(index_dir, encoder)
        except IndexProblem as problem:
            log.warning("no_index", code=problem.code)
            base = cls(empty_index(encoder), encoder, index_dir)
            base._refused = current_version(index_dir)
            return base

    @property
    def version(self) -> str:
        """Of the index that is served."""
        return self._index.version

    def reload_if_changed(self) -> bool:
        """Serve the newest version. A broken one is logged once, and the old one goes on."""
        version = current_version(self._index_dir)
        if version in (None, self._index.version, self._refused):
            return False
        try:
            self._index = load_index(self._index_dir, self._encoder)
        except IndexProblem as problem:
            self._refused = version
            log.error("index_refused", version=version, code=problem.code)
            return False
        return True

    def search(self, query: str, k: int = 5, today: date | None = None) -> list[Passage]:
        """The best passages that may be quoted today, whatever they are worth."""
        if not has_words(query):
            return []
        index = self._index
        hits = self._find(index, query, today, k).hits
        return [Passage(chunk=index.chunks[hit.row], score=round(hit.score, 4)) for hit in hits]

    def answer(self, query: str, max_chars: int = 500, today: date | None = None) -> Answer:
        """An extract with its source, the nearest that there is, or an honest none."""
        index = self._index
        nothing = Answer(outcome="none", text="", confidence=0.0)
        if not has_words(query):
            return nothing
        found = self._find(index, query, today)
        return self._decide(index, found, max_chars) if found.hits else nothing

    def _find(self, index: Index, query: str, today: date | None = None, k: int = CANDIDATES) -> Found:
        """The best of the passages that may be quoted on that day."""
        allowed = self._quotable_rows(index, (today or datetime.now(KOREA).date()).isoformat())
        return self._retriever.find(index, _readable(query), k, allowed)

    def _quotable_rows(self, index: Index, day: str) -> Mask:
        """Which passages may be quoted on that day; worked out once a version and day."""
        known = self._may_quote
        if known is not None and known[0] is index and known[1] == day:
            return known[2]
        may = {name: _quotable(document, day) for name, document in index.documents.items()}
        mask = np.fromiter((may[chunk.document_id] for chunk in index.chunks), bool, len(index.chunks))
        self._may_quote = (index, day, mask)
        return mask

    def _decide(self, index: Index, found: Found, max_chars: int) -> Answer:
        model = no_answer_model()
        confidence = model.confidence(features_of(found.hits, found.terms))
        if confidence < model.closest_from:
            return Answer(outcome="none", text="", confidence=round(confidence, 4))
        chunk = index.chunks[found.hits[0].row]
        text = answer_text(chunk, found.terms, self._morphology, max_chars)
        citations = [citation_of(chunk, text)]
        citations += [citation_of(index.chunks[h.row], "") for h in _others(index, found.hits)]
        return Answer(
            outcome="answer" if confidence >= model.answer_from else "closest",
            text=text,
            confidence=round(confidence, 4),
            citations=tuple(citations),
        )

    def features(self, query: str) -> tuple[list[float], list[str]]:
        """What the no-answer decision looks at, and the documents found, best first; for calibration."""
        index = self._index
        found = self._find(index, query)
        documents = [index.chunks[hit.row].document_id for hit in found.hits]
        return (features_of(found.hits, found.terms) if found.hits else [0.0] * 5), documents

    def document(self, document_id: str) -> Document | None:
        """A document by id; its audience is in the metadata."""
        return self._index.documents.get(document_id)

    def places(self, document_id: str) -> list[tuple[str, str, str]]:
        """(passage id, heading, text) of a document in order, for a page on which citations are targets."""
        return [
            (
                chunk.id,
                chunk.question or " › ".join(chunk.heading) or (f"{chunk.page}쪽" if chunk.page else ""),
                chunk.text,
            )
            for chunk in self._index.chunks
            if chunk.document_id == document_id
        ]


def _readable(query: str) -> str:
    """The question within bounds, without halves of characters, which no library takes."""
    return query[:LONGEST_QUESTION].encode("utf-8", "ignore").decode()


def _quotable(document: Document, day: str) -> bool:
    """Public, and valid on that day."""
    metadata = document.metadata
    if metadata.get("audience", "public") != "public":
        return False
    return str(metadata.get("valid_from", "")) <= day <= str(metadata.get("valid_until") or "9999")


def _others(index: Index, hits: list[Hit]) -> list[Hit]:
    """One more source, if it is nearly as good and another document."""
    first = index.chunks[hits[0].row].document_id
    near = [
        h for h in hits[1:] if h.score >= hits[0].score * 0.85 and index.chunks[h.row].document_id != first
    ]
    return near[:1]
