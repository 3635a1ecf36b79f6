"""Sentences out of a text that comes in pieces."""

from __future__ import annotations

import re

from korean.morphology import Morphology

_MARKS = re.compile(r"\[\d+\]|\(출처[^)]*\)")
_MAY_END = re.compile(r"[.!?…。]['\"”’)\]]*\s|\n")
"""Where a sentence may be over: only then is the text worth an analysis."""


class SentenceStream:
    """Gives each sentence once it is whole, without marks of sources such as [1]."""

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self._rest = ""

    def add(self, piece: str) -> bool:
        """Whether a sentence may be whole now, so that `take` is worth its milliseconds."""
        self._rest += piece
        return _MAY_END.search(self._rest) is not None

    def take(self) -> list[str]:
        """The sentences that are whole by now; the last one may still go on."""
        places = self._morphology.sentences(self._rest)
        if len(places) < 2:
            return []
        whole = [self._rest[start:end] for start, end in places[:-1]]
        self._rest = self._rest[places[-1][0] :]
        return _bare(whole)

    def flush(self) -> list[str]:
        """What is left when nothing more comes."""
        rest, self._rest = self._rest, ""
        return _bare([rest[start:end] for start, end in self._morphology.sentences(rest)])


def _bare(sentences: list[str]) -> list[str]:
    bare = (_MARKS.sub("", sentence).strip() for sentence in sentences)
    return [sentence for sentence in bare if sentence]
