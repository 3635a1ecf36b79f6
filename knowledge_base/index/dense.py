"""The dense index: exact while that is fast enough, a graph (HNSW) for many passages, clusters (IVF) for very many."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder import Vectors

FLAT_UP_TO = 20_000
"""Passages up to which every vector is looked at: about 3 ms."""
GRAPH_UP_TO = 500_000
"""Passages up to which the graph's memory (about 650 bytes a passage) and time to build are worth it."""
LINKS, EFFORT_BUILDING, EFFORT_SEARCHING = 24, 64, 200
CLUSTERS_LOOKED_AT = 48

Mask = NDArray[np.bool_]


def kind_for(count: int) -> str:
    """flat, hnsw or ivf, by the number of passages."""
    return "flat" if count <= FLAT_UP_TO else "hnsw" if count <= GRAPH_UP_TO else "ivf"


def _library() -> Any:
    """faiss, as untyped as its own declarations are incomplete."""
    return importlib.import_module("faiss")


class DenseIndex:
    """Nearest passages by inner product, of all or of those that are allowed."""

    def __init__(self, index: Any, kind: str) -> None:
        self._index = index
        self.kind = kind

    @classmethod
    def of(cls, vectors: Vectors, kind: str | None = None) -> DenseIndex:
        """Over unit vectors (passages, dimensions)."""
        faiss = _library()

        count, dimensions = vectors.shape
        kind = kind or kind_for(count)
        inner = faiss.METRIC_INNER_PRODUCT
        if kind == "hnsw":
            index = faiss.IndexHNSWSQ(dimensions, faiss.ScalarQuantizer.QT_8bit, LINKS, inner)
            index.hnsw.efConstruction = EFFORT_BUILDING
        elif kind == "ivf":
            clusters = max(1, int(4 * np.sqrt(count)))
            index = faiss.index_factory(dimensions, f"IVF{clusters},SQ8", inner)
        else:
            index = faiss.IndexFlatIP(dimensions)
        if count:
            wanted = np.ascontiguousarray(vectors, np.float32)
            index.train(wanted[:: max(1, count // 100_000)])
            index.add(wanted)
        return cls(index, kind)

    def save(self, path: Path) -> None:
        """Write it, unless it is as quickly made anew."""
        if self.kind != "flat":
            faiss = _library()

            faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path, vectors: Vectors) -> DenseIndex:
        """What was saved for these vectors; the exact one where nothing was."""
        if not path.is_file():
            return cls.of(vectors, "flat")
        faiss = _library()

        index = faiss.read_index(str(path))
        return cls(index, "ivf" if hasattr(index, "nprobe") else "hnsw")

    def nearest(self, vector: Vectors, count: int, allowed: Mask | None = None) -> NDArray[np.int64]:
        """Rows of the nearest, best first; fewer than `count` where there are no more."""
        faiss = _library()

        bits = None if allowed is None else np.packbits(allowed, bitorder="little")
        chosen = None if bits is None else faiss.IDSelectorBitmap(bits)
        if self.kind == "hnsw":
            parameters = faiss.SearchParametersHNSW(sel=chosen, efSearch=max(EFFORT_SEARCHING, count))
        elif self.kind == "ivf":
            parameters = faiss.SearchParametersIVF(sel=chosen, nprobe=CLUSTERS_LOOKED_AT)
        else:
            parameters = faiss.SearchParameters(sel=chosen)
        _, rows = self._index.search(vector[None].astype(np.float32), count, params=parameters)
        found: NDArray[np.int64] = rows[0][rows[0] >= 0]
        return found
