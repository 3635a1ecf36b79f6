"""Errors of the knowledge base.

SangdamError
├── DocumentProblem        one document can't be read; the others go on
└── IndexProblem           an index is missing, broken, or of another encoder or version
"""

from __future__ import annotations

from formats import SangdamError


class DocumentProblem(SangdamError):
    """Raised by a loader; collected in the report of a build."""

    status = 422

    def __init__(self, code: str, en: str, remedy: str, *, line: int | None = None, beside: str = "") -> None:
        place = f"line {line}: " if line else ""
        super().__init__(code, ko=f"문서를 읽을 수 없어요. {place}{en}", en=place + en, remedy=remedy)
        self.line = line
        self.beside = beside
        """The ending of the file beside the document in which the fault lies, such as `.meta.yml`."""


class IndexProblem(SangdamError):
    """Raised when an index can't be used; one that is being served goes on."""

    def __init__(self, code: str, en: str, remedy: str = "Run 'sangdam kb build'.") -> None:
        super().__init__(code, ko=f"지식 색인을 쓸 수 없어요. {en}", en=en, remedy=remedy)
