"""The knowledge base as others use it: search, answer, open a document; the index may be swapped while serving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import structlog

from encoder import Encoder
from knowledge_base.answering import answer_text, asked_for, citation_of, place_of, spoken
from knowledge_base.errors import IndexProblem
from knowledge_base.filters import Filter
from knowledge_base.index import Index, current_version, empty_index, load_index, named
from knowledge_base.index.dense import Mask
from knowledge_base.no_answer import NoAnswerModel, features_of, model_beside
from knowledge_base.retrieval import Found, Retriever, Searching
from knowledge_base.rewriting import in_context, with_subject
from knowledge_base.twins import without_twins
from knowledge_base.types import Answer, Choice, Chunk, Document, Passage
from korean.morphology import Morphology, morphology
from korean.normalise import has_words

CANDIDATES = 12
CHOICES = 3
NEARLY = 0.7
"""Share of the best hit's score that makes another one a choice."""
LONGEST_QUESTION = 500
NOTHING = Answer(outcome="none", text="", confidence=0.0)

log = structlog.get_logger(__name__)


class KnowledgeBase:
    """Read only and safe to call from several threads; `reload_if_changed` swaps in one assignment."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        index_dir: Path,
        ways: Searching | None = None,
        *,
        analyser: Morphology | None = None,
    ) -> None:
        self._encoder = encoder
        self._index_dir = index_dir
        self._morphology = analyser or morphology()
        self._retriever = Retriever(encoder, self._morphology, ways)
        self._refused: str | None = None
        self._may_quote: tuple[Index, Filter, Mask | None] | None = None
        self._take(index)

    def _take(self, index: Index) -> None:
        self._index = index
        self._model: NoAnswerModel | None = None

    @classmethod
    def open(cls, index_dir: Path, encoder: Encoder, ways: Searching | None = None) -> KnowledgeBase:
        """Raises `IndexProblem`."""
        return cls(load_index(index_dir, encoder), encoder, index_dir, ways)

    @classmethod
    def open_or_wait(cls, index_dir: Path, encoder: Encoder, ways: Searching | None = None) -> KnowledgeBase:
        """Like `open`, but without a usable index it knows nothing until one is built. Never raises."""
        try:
            return cls.open(index_dir, encoder, ways)
        except IndexProblem as problem:
            log.warning("no_index", code=problem.code)
            base = cls(empty_index(encoder), encoder, index_dir, ways)
            base._refused = current_version(index_dir)
            return base

    @property
    def version(self) -> str:
        """Of the index that is served."""
        return self._index.version

    @property
    def index(self) -> Index:
        """The version that is served; callers hold it for as long as their work takes."""
        return self._index

    def reload_if_changed(self) -> bool:
        """Serve the newest version. A broken one is logged once, and the old one goes on."""
        version = current_version(self._index_dir)
        if version in (None, self._index.version, self._refused):
            return False
        try:
            self._take(load_index(self._index_dir, self._encoder))
        except IndexProblem as problem:
            self._refused = version
            log.error("index_refused", version=version, code=problem.code)
            return False
        return True

    def search(
        self, query: str, k: int = 5, today: date | None = None, *, staff: bool = False, language: str = ""
    ) -> list[Passage]:
        """The best passages that may be quoted today, whatever they are worth; with `staff` also internal ones."""
        if not has_words(query):
            return []
        index = self._index
        found = self.find(index, query, k, Filter.on(today, staff=staff, language=language))
        return [Passage(chunk=index.chunks[hit.row], score=round(hit.score, 4)) for hit in found.hits]

    def answer(
        self,
        query: str,
        max_chars: int = 500,
        today: date | None = None,
        *,
        earlier: Sequence[str] = (),
        staff: bool = False,
        language: str = "",
    ) -> Answer:
        """An extract with its source, up to three near misses to choose from, or an honest none.

        `earlier`: the customer's questions before, oldest first, from which a question may take its subject.
        """
        if not has_words(query):
            return NOTHING
        wanted = Filter.on(today, staff=staff, language=language)
        before = [_readable(question) for question in earlier]
        whole = in_context(_readable(query), before, self._morphology)
        answer = self._answer(whole, max_chars, wanted)
        if answer.outcome == "answer" or whole != query:
            return answer
        again = with_subject(whole, before, self._morphology)
        second = self._answer(again, max_chars, wanted) if again else answer
        return second if second.outcome == "answer" else answer

    def _answer(self, query: str, max_chars: int, wanted: Filter) -> Answer:
        index = self._index
        found = self.find(index, query, CANDIDATES, wanted)
        return self._decide(index, found, max_chars) if found.hits else NOTHING

    def material(
        self, query: str, earlier: Sequence[str], k: int, today: date | None = None
    ) -> tuple[str, list[Passage]]:
        """The question made whole, and the best passages for it, each thing said once: what an answer is written from."""
        whole = in_context(_readable(query), [_readable(one) for one in earlier], self._morphology)
        index = self._index
        found = self.find(index, whole, max(k, CANDIDATES), Filter.on(today)) if has_words(whole) else None
        score = {hit.row: hit.score for hit in found.hits} if found else {}
        rows = without_twins(index, list(score))[:k]
        return whole, [Passage(chunk=index.chunks[row], score=round(score[row], 4)) for row in rows]

    def open_passage(
        self, chunk_id: str, max_chars: int = 500, today: date | None = None, *, staff: bool = False
    ) -> Answer:
        """What a chosen passage says; none if it is gone or may not be quoted."""
        index = self._index
        row = index.row_of.get(chunk_id)
        if row is None:
            return NOTHING
        chunk = index.chunks[row]
        if not Filter.on(today, staff=staff).allows(index.documents[chunk.document_id]):
            return NOTHING
        terms = self._morphology.content_terms(named(chunk))
        text = answer_text(chunk, spoken(index, row), asked_for(index, terms), max_chars)
        return Answer(outcome="answer", text=text, confidence=1.0, citations=(citation_of(chunk, text),))

    def find(self, index: Index, query: str, k: int, wanted: Filter, without: Mask | None = None) -> Found:
        """The best of the passages that may be quoted; `without` leaves more of them out."""
        allowed = self._quotable_rows(index, wanted)
        if without is not None:
            allowed = ~without if allowed is None else allowed & ~without
        return self._retriever.find(index, _readable(query), k, allowed)

    def _quotable_rows(self, index: Index, wanted: Filter) -> Mask | None:
        """Which passages may be quoted; worked out once a version and filter."""
        known = self._may_quote
        if known is not None and known[0] is index and known[1] == wanted:
            return known[2]
        mask = wanted.rows(index)
        self._may_quote = (index, wanted, mask)
        return mask

    def _decide(self, index: Index, found: Found, max_chars: int) -> Answer:
        model = self._model or model_beside(self._index_dir, self._encoder.name)
        self._model = model
        confidence = model.confidence(features_of(index, found))
        if confidence < model.closest_from:
            return Answer(outcome="none", text="", confidence=round(confidence, 4))
        rows = without_twins(index, [hit.row for hit in found.hits])
        row, score = rows[0], {hit.row: hit.score for hit in found.hits}
        chunk, asked = index.chunks[row], asked_for(index, found.query.terms)
        text = answer_text(chunk, spoken(index, row), asked, max_chars, question=found.query.text)
        citations = [citation_of(chunk, text)]
        best = found.hits[0].score
        citations += [citation_of(other, "") for other in _others(index, rows, score, best)]
        choices = _choices(index, rows, score, best)
        # A single word (수수료) says what it is about, but not what is asked of it.
        vague = len(found.query.concepts) < 2 and len(choices) > 1
        sure = confidence >= model.answer_from and not vague
        return Answer(
            outcome="answer" if sure else "closest",
            text=text,
            confidence=round(confidence, 4),
            citations=tuple(citations),
            choices=() if sure else choices,
        )

    def document(self, document_id: str) -> Document | None:
        """A document by id; its audience is in the metadata."""
        return self._index.documents.get(document_id)

    def places(self, document_id: str) -> list[tuple[str, str, str]]:
        """(passage id, heading, text) of a document in order, for a page on which citations are targets."""
        return [
            (
                chunk.id,
                chunk.question or " › ".join(chunk.heading) or place_of(chunk),
                chunk.text,
            )
            for chunk in self._index.chunks
            if chunk.document_id == document_id
        ]


def _readable(query: str) -> str:
    """The question within bounds, without halves of characters, which no library takes."""
    return query[:LONGEST_QUESTION].encode("utf-8", "ignore").decode()


def _choices(
    index: Index, rows: Sequence[int], score: Mapping[int, float], best: float
) -> tuple[Choice, ...]:
    """The names of the best passages, each once."""
    found: dict[str, Choice] = {}
    for row in rows:
        chunk = index.chunks[row]
        title = named(chunk)
        if title and score[row] >= best * NEARLY and len(found) < CHOICES:
            found.setdefault(title, Choice(title=title, chunk_id=chunk.id, document_id=chunk.document_id))
    return tuple(found.values())


def _others(index: Index, rows: Sequence[int], score: Mapping[int, float], best: float) -> list[Chunk]:
    """One more source, if it is nearly as good and another document."""
    first, *others = (index.chunks[row] for row in rows if score[row] >= best * 0.85 or row == rows[0])
    return [chunk for chunk in others if chunk.document_id != first.document_id][:1]
