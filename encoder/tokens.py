"""Tokens beside vectors, whether the encoder has them or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from encoder.port import Encoder, Role, TokenEncoder, Tokens, Vectors


def token_space(encoder: Encoder) -> str:
    """Fingerprint of the encoder's tokens; empty where it gives none."""
    return encoder.token_space if isinstance(encoder, TokenEncoder) else ""


def encode_with_tokens(encoder: Encoder, texts: Sequence[str], role: Role) -> tuple[Vectors, list[Tokens]]:
    """Vectors and tokens from one run; no tokens from an encoder that has none."""
    if isinstance(encoder, TokenEncoder) and encoder.token_space:
        return encoder.encode_with_tokens(texts, role)
    return encoder.encode(texts, role), [no_tokens() for _ in texts]


def no_tokens() -> Tokens:
    """Of a text without any, or of an encoder that gives none."""
    return Tokens(np.zeros(0, np.int32), np.zeros((0, 0), np.float16))


def each_once(pieces: NDArray[np.int32], states: Vectors) -> Tokens:
    """A piece that a text has several times, as the mean of them."""
    unique, place, often = np.unique(pieces, return_inverse=True, return_counts=True)
    sums = np.zeros((len(unique), states.shape[1]), np.float32)
    np.add.at(sums, place, states)
    return Tokens(unique, (sums / often[:, None]).astype(np.float16))


def joined(parts: Sequence[Tokens]) -> Tokens:
    """Of a text that was read in windows: a piece of several windows as the first one has it."""
    if len(parts) == 1:
        return parts[0]
    pieces, first = np.unique(np.concatenate([part.pieces for part in parts]), return_index=True)
    return Tokens(pieces, np.concatenate([part.states for part in parts])[first])
