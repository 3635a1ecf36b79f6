"""What a build encodes: passages with their tokens, and headings. What the old index has of them is taken over."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from encoder import Encoder, Tokens, Vectors
from encoder.tokens import encode_with_tokens
from knowledge_base.encoding import encode_many, runs
from knowledge_base.index import Index, heading_of, named, text_of
from knowledge_base.index.projection import SAMPLE, Projection
from knowledge_base.index.tokens import PassageTokens, Small
from knowledge_base.types import Chunk

Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Of all passages, in order."""

    vectors: Vectors
    tokens: PassageTokens
    new: int
    """Passages that were encoded now."""


def encoded_passages(chunks: Sequence[Chunk], old: Index | None, encoder: Encoder, tell: Tell) -> Encoded:
    """Those whose text the old index has are taken from it, unless its projection was fitted on far fewer passages."""
    if old is not None and not old.tokens.projection.fits(len(chunks)):
        old = None
    texts = [text_of(chunk) for chunk in chunks]
    known = {text_of(chunk): row for row, chunk in enumerate(old.chunks)} if old else {}
    work = _Work(texts, encoder)
    if old is not None:
        for row, text in enumerate(texts):
            if text in known:
                work.take(row, old.vectors[known[text]], old.tokens.of_row(known[text]))
    missing = [row for row, text in enumerate(texts) if text not in known]
    if old is not None:
        projection = old.tokens.projection
    else:
        sample = sorted(random.Random(1).sample(missing, min(SAMPLE, len(missing))))
        projection = work.fit(sample, lambda share: tell(share * len(sample) / len(missing)))
    rest = [row for row in missing if work.small[row] is None]
    work.encode(rest, projection, lambda share: tell(1 + (share - 1) * len(rest) / len(missing)))
    return Encoded(work.vectors, PassageTokens.of(projection, [s for s in work.small if s]), len(missing))


class _Work:
    """Vectors and tokens as they are made, by row."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._texts, self._encoder = texts, encoder
        self.vectors = np.zeros((len(texts), encoder.dimensions), np.float32)
        self.small: list[Small | None] = [None] * len(texts)

    def take(self, row: int, vector: Vectors, small: Small) -> None:
        """From the old index."""
        self.vectors[row], self.small[row] = vector, small

    def fit(self, rows: Sequence[int], tell: Tell) -> Projection:
        """Encode these, and fit a projection to their tokens."""
        held: dict[int, Tokens] = {}
        self._run(rows, held.__setitem__, tell)
        projection = Projection.fitted(list(held.values()))
        for row, tokens in held.items():
            self.small[row] = projection.small(tokens)
        return projection

    def encode(self, rows: Sequence[int], projection: Projection, tell: Tell) -> None:
        """Encode these; their states are let go at once, being ten times what is kept."""
        self._run(rows, lambda row, tokens: self.small.__setitem__(row, projection.small(tokens)), tell)

    def _run(self, rows: Sequence[int], keep: Callable[[int, Tokens], None], tell: Tell) -> None:
        texts = [self._texts[row] for row in rows]
        found = runs(
            texts, self._encoder, lambda part: encode_with_tokens(self._encoder, part, "passage"), tell
        )
        for places, (vectors, tokens) in found:
            for place, vector, held in zip(places, vectors, tokens, strict=True):
                self.vectors[rows[place]] = vector
                keep(rows[place], held)


def encoded_headings(chunks: Sequence[Chunk], old: Index | None, encoder: Encoder) -> dict[str, Vectors]:
    """A vector for each heading: of the question that it stands for."""
    known = dict(zip(old.headings.texts, old.headings.vectors, strict=True)) if old else {}
    wanted = {heading_of(chunk): named(chunk) for chunk in chunks}
    missing = [heading for heading in wanted if heading not in known]
    made = encode_many([wanted[heading] for heading in missing], encoder, "query")
    known.update(zip(missing, made, strict=True))
    return {heading: known[heading] for heading in wanted}
