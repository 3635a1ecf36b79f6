"""The encoder port: sentences in, unit vectors out. Back ends live beside this file and are chosen by name.

An encoder may also give a vector for each token of a text, for matching word by word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Role = Literal["query", "passage", "features"]
"""What a vector is for: to search with, to be found, or to learn classes from."""


class Encoder(Protocol):
    """Turns texts into vectors. Construction is light; `warm_up` loads the model. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Stable fingerprint of model and back end, stored with everything made from its vectors."""

    @property
    def dimensions(self) -> int:
        """Numbers a vector."""

    @property
    def learns_from(self) -> Role:
        """The role that is best to learn classes from: `query` where an encoder has no `features` of their own."""

    def warm_up(self) -> None:
        """Load the model. Raises `EncoderError` with the remedy where it cannot be had."""

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Shape (len(texts), dimensions), float32, each row of length 1. An empty list gives shape (0, dimensions)."""


class Tokens(NamedTuple):
    """The different tokens of a text, those that say something."""

    pieces: NDArray[np.int32]
    """(tokens,): numbers in the encoder's vocabulary, rising."""
    states: NDArray[np.float16]
    """(tokens, hidden): the model's last states."""


@runtime_checkable
class TokenEncoder(Protocol):
    """What an encoder that can match word by word has besides."""

    @property
    def token_space(self) -> str:
        """Stable fingerprint of pieces and states; empty where the encoder behind gives none."""

    def encode_with_tokens(self, texts: Sequence[str], role: Role = "query") -> tuple[Vectors, list[Tokens]]:
        """As `encode`, and the tokens of each text, from the same run of the model. Not for `features`."""
