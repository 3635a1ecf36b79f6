"""`sentence-transformers:<model>`: any stronger encoder, by the extra `[transformers]`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder.contents import fingerprint
from encoder.errors import EncoderError
from encoder.port import Role, Vectors


class SentenceTransformersEncoder:
    """A model by name or folder. Prompts named `query` and `passage` are used where the model has them."""

    learns_from: Role = "query"

    def __init__(self, model: str) -> None:
        self._model_name = model
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Back end and model; of a folder also what it holds."""
        folder = Path(self._model_name)
        held = f"#{fingerprint(folder)}" if folder.is_dir() else ""
        return f"sentence-transformers:{self._model_name}{held}"

    @property
    def dimensions(self) -> int:
        """Numbers a vector; loads the model."""
        self.warm_up()
        # Renamed in sentence-transformers 6; the old name warns there.
        named = getattr(self._model, "get_embedding_dimension", None)
        return int((named or self._model.get_sentence_embedding_dimension)())

    def warm_up(self) -> None:
        """Load the model. Raises `EncoderError` without the package or the model."""
        with self._lock:
            if self._model is not None:
                return
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError as error:
                raise EncoderError(
                    "encoder_missing",
                    "sentence-transformers is not installed.",
                    "pip install 'sangdam[transformers]'",
                ) from error
            try:
                self._model = SentenceTransformer(self._model_name)
            except (OSError, ValueError) as error:
                raise EncoderError(
                    "encoder_model_missing",
                    f"The model {self._model_name!r} can't be loaded: {error}",
                    "Give a folder with the model, or a name where the hub can be reached.",
                ) from error

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """As the model's card says, scaled to length 1."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        self.warm_up()
        prompts = getattr(self._model, "prompts", None) or {}
        wanted = "passage" if role == "passage" else "query"
        prompt = wanted if wanted in prompts else None
        vectors: Vectors = np.asarray(
            self._model.encode(
                list(texts), prompt_name=prompt, normalize_embeddings=True, show_progress_bar=False
            ),
            np.float32,
        )
        return vectors
