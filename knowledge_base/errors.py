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

    def __init__(self, code: str, en: str, remedy: str) -> None:
        super().__init__(code, ko=f"문서를 읽을 수 없어요. {en}", en=en, remedy=remedy)


class IndexProblem(SangdamError):
    """Raised when an index can't be used; one that is being served goes on."""

    def __init__(self, code: str, en: str, remedy: str = "Run 'sangdam kb build'.") -> None:
        super().__init__(code, ko=f"지식 색인을 쓸 수 없어요. {en}", en=en, remedy=remedy)
