"""Whether a sentence is backed by passages: its numbers stand there, its words mostly do, and what is denied is denied there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from encoder import Encoder
from korean.morphology import Morphology

ENOUGH_WORDS = 0.6
"""Share of a sentence's terms that one passage must hold."""
FEW_WORDS = 0.4
"""The same where a sentence of the passage says nearly the same thing by its vector."""
ALIKE = 0.92
"""Cosine from which two sentences say nearly the same, for the default encoder."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_DENIES = re.compile(r"없|않|못|불가|아니|안\s?(?:돼|되|됩)|금지|제외")


class Sources:
    """The passages that an answer is written from, analysed once: some milliseconds each."""

    def __init__(self, passages: Sequence[str], encoder: Encoder, morphology: Morphology) -> None:
        self._sources = [_Source(passage, encoder, morphology) for passage in passages]

    def backing(self, sentence: str) -> int | None:
        """The place of the first passage that says it; None if none does."""
        return next((at for at, source in enumerate(self._sources) if source.backs(sentence)), None)


class _Source:
    """A passage, analysed once."""

    def __init__(self, text: str, encoder: Encoder, morphology: Morphology) -> None:
        self._text = text
        self._encoder = encoder
        self._morphology = morphology
        self._numbers = _numbers(text)
        self._terms = frozenset(morphology.content_terms(text))
        self._sentences = [text[start:end] for start, end in morphology.sentences(text)]
        self._vectors = encoder.encode(self._sentences, "query")

    def backs(self, sentence: str) -> bool:
        """Whether the passage says it."""
        terms = set(self._morphology.content_terms(sentence))
        if not terms or not _numbers(sentence) <= self._numbers:
            return False
        if any(address not in self._text for address in _ADDRESS.findall(sentence)):
            return False
        held = len(terms & self._terms) / len(terms)
        if held < FEW_WORDS or not self._sentences:
            return False
        likeness = self._vectors @ self._encoder.encode([sentence], "query")[0]
        best = int(likeness.argmax())
        if held < ENOUGH_WORDS and float(likeness[best]) < ALIKE:
            return False
        return bool(_DENIES.search(sentence)) == bool(_DENIES.search(self._nearest(terms, best)))

    def _nearest(self, terms: set[str], alike: int) -> str:
        """The sentence that shares the most words; the one that is most alike where several do."""
        shared = [len(terms & set(self._morphology.content_terms(s))) for s in self._sentences]
        best = max(shared)
        return self._sentences[alike if shared[alike] == best else shared.index(best)]


def _numbers(text: str) -> frozenset[str]:
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(text))
