"""Many texts to vectors: alike in length run together, several batches at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from encoder import Encoder, Vectors
from encoder.port import Role

BATCH = 16
"""Texts a call: enough to keep the processor busy, few enough to stay in its cache."""
AT_ONCE = min(2, os.cpu_count() or 1)
"""Calls side by side; more would slow a server that answers meanwhile."""


def encode_many(
    texts: Sequence[str],
    encoder: Encoder,
    role: Role = "passage",
    tell: Callable[[float], None] = lambda _: None,
) -> Vectors:
    """Shape (texts, dimensions). `tell` is given the share that is done."""
    vectors = np.zeros((len(texts), encoder.dimensions), np.float32)
    if not texts:
        return vectors
    encoder.warm_up()
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

    def encode(rows: list[int]) -> Vectors:
        return encoder.encode([texts[row] for row in rows], role)

    done = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for rows, made in zip(batches, pool.map(encode, batches), strict=True):
            vectors[rows] = made
            done += len(rows)
            tell(done / len(texts))
    return vectors
