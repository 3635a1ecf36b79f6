"""An encoder that remembers single questions: understanding and retrieval encode the same message one after the other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from encoder.port import Encoder, Role, Tokens, Vectors
from encoder.tokens import encode_with_tokens, token_space

REMEMBERED = 1_000
"""Texts that are kept: 3 MB at 384 numbers and some tokens each."""

Made = tuple[Vectors, Tokens | None]
"""The vector of a text, shape (1, dimensions), and its tokens if they came with it."""


class RememberingEncoder:
    """In front of another encoder. Only calls with one text are remembered; safe for several threads."""

    def __init__(self, encoder: Encoder, remembered: int = REMEMBERED) -> None:
        self._encoder = encoder
        self._remembered = remembered
        self._made: OrderedDict[tuple[str, Role], Made] = OrderedDict()
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

    @property
    def token_space(self) -> str:
        """Of the encoder behind."""
        return token_space(self._encoder)

    def warm_up(self) -> None:
        """Load the encoder behind."""
        self._encoder.warm_up()

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """As the encoder behind; what is returned for a single text must not be changed by the caller."""
        if len(texts) != 1:
            return self._encoder.encode(texts, role)
        return self._known(texts[0], role)[0]

    def encode_with_tokens(self, texts: Sequence[str], role: Role = "query") -> tuple[Vectors, list[Tokens]]:
        """As the encoder behind; what is returned for a single text must not be changed by the caller."""
        if len(texts) == 1:
            vector, tokens = self._known(texts[0], role)
            if tokens is not None:
                return vector, [tokens]
        return encode_with_tokens(self._encoder, texts, role)

    def knows(self, text: str, role: Role = "query") -> bool:
        """Whether `encode` of this text alone would cost nothing."""
        return (text, role) in self._made

    def learn(self, texts: Sequence[str], role: Role = "query") -> None:
        """Encode several texts in one run and remember each: cheaper than one after the other."""
        self._make(texts, role)

    def _known(self, text: str, role: Role) -> Made:
        key = (text, role)
        with self._lock:
            known = self._made.get(key)
            if known is not None:
                self._made.move_to_end(key)
                return known
        return self._make([text], role)[0]

    def _make(self, texts: Sequence[str], role: Role) -> list[Made]:
        if role == "query" and self.token_space:
            # Who looks for passages asks for the tokens next; they come from the same run.
            vectors, tokens = encode_with_tokens(self._encoder, texts, role)
            made: list[Made] = [(vectors[row : row + 1], held) for row, held in enumerate(tokens)]
        else:
            vectors = self._encoder.encode(texts, role)
            made = [(vectors[row : row + 1], None) for row in range(len(texts))]
        vectors.setflags(write=False)
        for one, _ in made:
            one.setflags(write=False)
        with self._lock:
            self._made.update(zip(((text, role) for text in texts), made, strict=True))
            while len(self._made) > self._remembered:
                self._made.popitem(last=False)
        return made
