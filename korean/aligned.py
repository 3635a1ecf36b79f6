"""A text in one plain form, with the way back to where each character stood in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+")
"""Letters of a decomposed syllable, as macOS writes file names and some phones messages."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """`text` is NFKC without invisible characters. Offsets into it map to offsets into the original."""

    text: str
    _starts: tuple[int, ...] | None = None
    _ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty span of `text` stands in the original."""
        if self._starts is None or self._ends is None:
            return start, end
        return self._starts[start], self._ends[end - 1]


def align(text: str) -> Aligned:
    """Full-width forms, decomposed Hangul, circled digits made plain; a text that is plain already costs a look."""
    if text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text)):
        return Aligned(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        end = _cluster_end(text, at)
        plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[at:end]))
        pieces.append(plain)
        starts += [at] * len(plain)
        ends += [end] * len(plain)
        at = end
    return Aligned("".join(pieces), tuple(starts), tuple(ends))


def _cluster_end(text: str, at: int) -> int:
    """The end of the characters that are normalised together: a base with its marks, or one decomposed syllable."""
    end = at + 1
    if _JAMO.match(text, at):
        while end < len(text) and "\u1160" <= text[end] <= "\u11ff":
            end += 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
