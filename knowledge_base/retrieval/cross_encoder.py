"""`cross-encoder:<model>`: a model that reads question and passage together. Slow, and the best there is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge_base.errors import IndexProblem
from knowledge_base.lexical import Scores
from knowledge_base.retrieval.features import Table

LOOKED_AT = 20
"""Candidates that the model reads; the others stay behind them."""
LONGEST = 512
"""Tokens of question and passage together."""


class CrossEncoderReranker:
    """Any cross-encoder that sentence-transformers loads, such as `BAAI/bge-reranker-v2-m3`."""

    def __init__(self, model: str) -> None:
        self.name = f"cross-encoder:{model}"
        self._model_name = model
        self._lock = threading.Lock()
        self._model: Any = None

    def warm_up(self) -> None:
        """Load the model. Raises `IndexProblem` with the remedy where it can't be had."""
        with self._lock:
            if self._model is not None:
                return
            try:
                from sentence_transformers import CrossEncoder

                model: Any = CrossEncoder(self._model_name, max_length=LONGEST)
            except ImportError as error:
                raise IndexProblem(
                    "reranker_missing",
                    "A cross-encoder needs sentence-transformers.",
                    "pip install 'sangdam[transformers]', or set knowledge.reranker to light.",
                ) from error
            except (OSError, ValueError) as error:
                raise IndexProblem(
                    "reranker_missing",
                    f"The model {self._model_name} can't be loaded ({type(error).__name__}).",
                    "Name a folder with the model, or let it be downloaded once.",
                ) from error
            if model.num_labels != 1:
                raise IndexProblem(
                    "reranker_missing",
                    f"The model {self._model_name} tells {model.num_labels} classes apart, and gives no score.",
                    "Name a cross-encoder with one output, such as BAAI/bge-reranker-v2-m3.",
                )
            self._model = model

    def scores(self, question: str, texts: Sequence[str], table: Table) -> Scores:
        """The model's opinion of the first candidates, from 0 to 1; those not read follow in their order."""
        self.warm_up()
        read = list(texts[:LOOKED_AT])
        made = np.zeros(len(texts), np.float32)
        if read:
            raw = self._model.predict([(question, text) for text in read], show_progress_bar=False)
            made[: len(read)] = _within_one(np.asarray(raw, np.float32))
        made[len(read) :] = -np.arange(1, len(texts) - len(read) + 1)
        return made


def _within_one(raw: Scores) -> Scores:
    """Through a sigmoid, unless the model's own activation has done it."""
    if raw.min() >= 0 and raw.max() <= 1:
        return raw
    made: Scores = (1 / (1 + np.exp(-raw))).astype(np.float32)
    return made
