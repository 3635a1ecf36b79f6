"""Windows: neighbouring passages of one document taken together, so that a passage is found by what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from knowledge_base.types import Chunk

SIZE = 1600
"""Characters of a window: about a printed page."""

Windows = NDArray[np.int32]


def windows_of(chunks: Sequence[Chunk], lengths: Sequence[int]) -> Windows:
    """The window of each passage. Windows don't overlap and don't cross documents."""
    found = np.zeros(len(chunks), np.int32)
    window, filled, document = -1, 0, None
    for row, (chunk, length) in enumerate(zip(chunks, lengths, strict=True)):
        if chunk.document_id != document or filled + length > SIZE:
            window, filled, document = window + 1, 0, chunk.document_id
        filled += length
        found[row] = window
    return found


def joined(tokens: Sequence[Sequence[str]], windows: Windows) -> list[list[str]]:
    """Tokens of passages put together by window."""
    borders = np.flatnonzero(np.diff(windows, prepend=-1)).tolist()
    ends = [*borders[1:], len(windows)] if borders else []
    return [list(chain.from_iterable(tokens[start:end])) for start, end in zip(borders, ends, strict=True)]
