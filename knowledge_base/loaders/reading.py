"""What a reader gives back, and what a document may say of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.types import Section

AUDIENCES = ("public", "staff")
KNOWN = ("title", "audience", "version", "valid_from", "valid_until", "language", "category")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as its reader understood it. `gaps` are parts that it could not read, though the rest is good."""

    title: str
    sections: list[Section]
    metadata: dict[str, str] = field(default_factory=dict)
    gaps: tuple[DocumentProblem, ...] = ()


def checked(metadata: Mapping[str, Any]) -> dict[str, str]:
    """The metadata as text. Raises `DocumentProblem` for a value that would silently hide or reveal the document."""
    found = {key: str(value) for key, value in metadata.items() if value is not None}
    audience = found.get("audience", "public")
    if audience not in AUDIENCES:
        raise DocumentProblem("bad_metadata", f"audience is {audience!r}.", f"One of {', '.join(AUDIENCES)}.")
    for key in ("valid_from", "valid_until"):
        if key in found and not _is_date(found[key]):
            raise DocumentProblem("bad_metadata", f"{key} is {found[key]!r}.", "A date such as 2026-12-31.")
    return found


def _is_date(text: str) -> bool:
    if not _ISO.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
