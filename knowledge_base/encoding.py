"""Many texts to vectors: alike in length run together, several batches at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from encoder import Encoder, Vectors
from encoder.port import Role

BATCH = 16
"""Texts a call: enough to keep the processor busy, few enough to stay in its cache."""
AT_ONCE = min(2, os.cpu_count() or 1)
"""Calls side by side; more would slow a server that answers meanwhile."""


Tell = Callable[[float], None]
Made = TypeVar("Made")


def encode_many(
    texts: Sequence[str], encoder: Encoder, role: Role = "passage", tell: Tell = lambda _: None
) -> Vectors:
    """Shape (texts, dimensions). `tell` is given the share that is done."""
    vectors = np.zeros((len(texts), encoder.dimensions), np.float32)
    for rows, made in runs(texts, encoder, lambda part: encoder.encode(part, role), tell):
        vectors[rows] = made
    return vectors


def runs(
    texts: Sequence[str], encoder: Encoder, encode: Callable[[list[str]], Made], tell: Tell
) -> Iterator[tuple[list[int], Made]]:
    """Rows of texts that were encoded together, and what was made of them."""
    if not texts:
        return
    encoder.warm_up()
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    done = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = pool.map(lambda rows: encode([texts[row] for row in rows]), batches)
        for rows, one in zip(batches, made, strict=True):
            yield rows, one
            done += len(rows)
            tell(done / len(texts))
