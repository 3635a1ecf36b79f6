"""The reranker port: candidates with their features in, one score each out. Back ends are chosen by name in config.yml.

none                    the five views of the first stage, equally weighted
light                   a linear model over `FEATURES`, learned, shipped as light_reranker.json (the default)
cross-encoder:<model>   a model of sentence-transformers that reads question and passage together
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge_base.lexical import Scores
from knowledge_base.retrieval.candidates import VIEWS
from knowledge_base.retrieval.cross_encoder import CrossEncoderReranker
from knowledge_base.retrieval.features import FEATURES, Table

DEFAULT = "light"
NAMES = ("light", "none", "cross-encoder:<model>")
RESOURCE = Path(__file__).parent.parent / "resources" / "light_reranker.json"


class Reranker(Protocol):
    """Orders candidates. Safe to call from several threads."""

    name: str

    def scores(self, question: str, texts: Sequence[str], table: Table) -> Scores:
        """One score a candidate, comparable within the list; `table` is (candidates, features)."""


class NoReranker:
    """The order of the first stage."""

    name = "none"

    def scores(self, question: str, texts: Sequence[str], table: Table) -> Scores:
        """Mean of the views."""
        made: Scores = table[:, : len(VIEWS)].mean(axis=1)
        return made


class LightReranker:
    """Weighted mean of all features, so that scores stay within 0..1."""

    name = "light"

    def __init__(self, weights: Sequence[float] | None = None) -> None:
        given = np.array(weights if weights is not None else _shipped(), np.float32)
        self._weights = given / given.sum()

    def scores(self, question: str, texts: Sequence[str], table: Table) -> Scores:
        """By the learned weights."""
        made: Scores = table @ self._weights
        return made


def load_reranker(name: str = DEFAULT) -> Reranker:
    """The reranker of that name. Raises `IndexProblem` for an unknown one, or one whose model can't be had."""
    if name == "light":
        return LightReranker()
    if name.startswith("cross-encoder:"):
        reranker = CrossEncoderReranker(name.removeprefix("cross-encoder:"))
        reranker.warm_up()  # whoever starts hears of it, not the first customer
        return reranker
    return NoReranker()


def known(name: str) -> bool:
    """Whether there is a reranker of that name."""
    return name in ("light", "none") or name.startswith("cross-encoder:")


def _shipped() -> list[float]:
    weights = json.loads(RESOURCE.read_text(encoding="utf-8"))["weights"]
    return [float(weights[name]) for name in FEATURES]
