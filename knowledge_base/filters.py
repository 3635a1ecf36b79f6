"""Which documents may be quoted: by audience, validity and language, as their metadata say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from knowledge_base.index import Index
from knowledge_base.index.dense import Mask
from knowledge_base.types import Document

KOREA = ZoneInfo("Asia/Seoul")
"""A notice is valid by the calendar of the customers, not of the server."""


def today_in_korea() -> date:
    """The day by which notices are valid."""
    return datetime.now(KOREA).date()


@dataclass(frozen=True, slots=True)
class Filter:
    """Who asks, when, and in which language; customers asking now by default."""

    staff: bool = False
    """Whether documents for staff may be used, too."""
    day: str = ""
    """ISO date, today if empty."""
    language: str = ""
    """Such as ko or en; documents that name another language are left out. Empty: any."""

    @classmethod
    def on(cls, day: date | None, *, staff: bool = False, language: str = "") -> Filter:
        """With the day filled in."""
        return cls(staff, (day or today_in_korea()).isoformat(), language)

    def allows(self, document: Document) -> bool:
        """Whether the document may be quoted."""
        metadata = document.metadata
        audience = metadata.get("audience", "public")
        if audience != "public" and not (self.staff and audience == "staff"):
            return False
        spoken = str(metadata.get("language") or "")
        if self.language and spoken and spoken.split("-")[0] != self.language:
            return False
        return str(metadata.get("valid_from") or "") <= self.day <= str(metadata.get("valid_until") or "9999")

    def rows(self, index: Index) -> Mask | None:
        """Which passages may be quoted; None where all may."""
        may = {name: self.allows(document) for name, document in index.documents.items()}
        if all(may.values()):
            return None
        return np.fromiter((may[chunk.document_id] for chunk in index.chunks), bool, len(index.chunks))
