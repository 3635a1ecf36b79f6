"""An encoder that remembers single questions: understanding and retrieval encode the same message one after the other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from encoder.port import Encoder, Role, Vectors

REMEMBERED = 1_000
"""Vectors that are kept: 1.5 MB at 384 numbers each."""


class RememberingEncoder:
    """In front of another encoder. Only calls with one text are remembered; safe for several threads."""

    def __init__(self, encoder: Encoder, remembered: int = REMEMBERED) -> None:
        self._encoder = encoder
        self._remembered = remembered
        self._vectors: OrderedDict[tuple[str, Role], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Of the encoder behind: vectors are the same."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """Of the encoder behind."""
        return self._encoder.dimensions

    @property
    def learns_from(self) -> Role:
        """Of the encoder behind."""
        return self._encoder.learns_from

    def warm_up(self) -> None:
        """Load the encoder behind."""
        self._encoder.warm_up()

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """As the encoder behind; what is returned for a single text must not be changed by the caller."""
        if len(texts) != 1:
            return self._encoder.encode(texts, role)
        key = (texts[0], role)
        with self._lock:
            known = self._vectors.get(key)
            if known is not None:
                self._vectors.move_to_end(key)
                return known
        made = self._encoder.encode(texts, role)
        self._keep([key], made)
        return made

    def knows(self, text: str, role: Role = "query") -> bool:
        """Whether `encode` of this text alone would cost nothing."""
        return (text, role) in self._vectors

    def learn(self, texts: Sequence[str], role: Role = "query") -> None:
        """Encode several texts in one run and remember each: cheaper than one after the other."""
        self._keep([(text, role) for text in texts], self._encoder.encode(texts, role))

    def _keep(self, keys: Sequence[tuple[str, Role]], vectors: Vectors) -> None:
        vectors.setflags(write=False)
        with self._lock:
            for row, key in enumerate(keys):
                self._vectors[key] = vectors[row : row + 1]
            while len(self._vectors) > self._remembered:
                self._vectors.popitem(last=False)
