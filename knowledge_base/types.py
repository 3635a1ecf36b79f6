"""What retrieval and answering exchange. Plain data, JSON on every border."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Frozen):
    """A stretch of a document under one heading path, as a loader read it. `page` is 1-based, None where there is none."""

    heading: tuple[str, ...] = ()
    text: str
    page: int | None = None
    place: str = ""
    """Where it stands when that is no page, as people say it: `슬라이드 3`, `수수료 시트 5행`, `2번째 메일`."""
    question: str | None = None
    """Set for an entry of a FAQ list: the question, `text` then being its answer."""


class Document(_Frozen):
    """A document of the company. `id` is stable across builds (its path relative to the knowledge folder)."""

    id: str
    title: str
    source: str
    """Where it came from: path or URL, shown to people."""
    sections: tuple[Section, ...]
    content_hash: str
    metadata: dict[str, Any] = Field(default_factory=dict)
    """audience (public, staff), valid_from, valid_until (ISO dates), version, language, where the document says so."""


class Chunk(_Frozen):
    """The unit of retrieval: a passage of a document with its place."""

    id: str
    document_id: str
    title: str
    heading: tuple[str, ...]
    text: str
    page: int | None = None
    place: str = ""
    question: str | None = None
    position: int = 0
    """Order within the document, from 0."""


class Passage(_Frozen):
    """A chunk found for a query. `score` is comparable only within one result list."""

    chunk: Chunk
    score: float


class Citation(_Frozen):
    """The source of an answer, as customers and agents see it."""

    title: str
    source: str
    snippet: str
    document_id: str
    chunk_id: str
    heading: tuple[str, ...] = ()
    page: int | None = None
    place: str = ""
    """Where the passage stands in its document: page, slide, row or message, as people say it."""
    url: str = ""
    """Where it can be opened: `/knowledge/{document_id}#{chunk_id}`, filled in by the server."""


class Choice(_Frozen):
    """A passage that may be what was meant, by the name under which people would look for it."""

    title: str
    chunk_id: str
    document_id: str


class Answer(_Frozen):
    """`answer`: text with citations. `closest`: not sure, `choices` are what comes nearest. `none`: an honest no."""

    outcome: Literal["answer", "closest", "none"]
    text: str
    confidence: float
    """Calibrated probability in 0..1 that the text answers the question."""
    citations: tuple[Citation, ...] = ()
    choices: tuple[Choice, ...] = ()
    """With `closest`: up to three titles to choose from, the likeliest first."""
