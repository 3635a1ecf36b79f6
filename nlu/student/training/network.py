"""The student while it learns: its network with the gradients written out, so that numpy and scipy are enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, softmax

_EPSILON = np.float32(1e-5)
_SHARPNESS = np.float32(1 / 0.05)
"""Of the likeness to the other sentences of a batch."""
COSINE, AMONG, PAIRS = np.float32(4), np.float32(0.5), np.float32(20)
"""What the parts of the loss weigh: distance to the teacher's vector; telling it from the others'; likeness of all pairs."""


@dataclass(slots=True)
class Adam:
    """Adam for one array; `rows` limits a step to some of its rows, whose moments alone then move."""

    value: Floats
    first: Floats = field(init=False)
    second: Floats = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.first, self.second = np.zeros_like(self.value), np.zeros_like(self.value)

    def step(self, gradient: Floats, rate: float, rows: NDArray[np.int64] | None = None) -> None:
        """One step down."""
        self.steps += 1
        at: Any = slice(None) if rows is None else rows
        first = self.first[at] * np.float32(0.9) + gradient * np.float32(0.1)
        second = self.second[at] * np.float32(0.999) + gradient * gradient * np.float32(0.001)
        self.first[at], self.second[at] = first, second
        scale = rate * np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        self.value[at] -= np.float32(scale) * first / (np.sqrt(second) + np.float32(1e-8))


@dataclass(slots=True)
class Network:
    """Rows of n-grams summed, scaled (layer norm), one hidden layer, scaled to length 1."""

    parts: dict[str, Adam]

    @classmethod
    def fresh(cls, known: int, width: int, hidden: int, dimensions: int, seed: int) -> Network:
        """With random weights."""
        chance = np.random.default_rng(seed)

        def normal(*shape: int, scale: float) -> Floats:
            return (chance.standard_normal(shape) * scale).astype(np.float32)

        values = {
            "rows": normal(known, width, scale=0.02),
            "gain": np.ones(width, np.float32),
            "bias": np.zeros(width, np.float32),
            "hidden": normal(width, hidden, scale=(2 / width) ** 0.5),
            "hidden_bias": np.zeros(hidden, np.float32),
            "out": normal(hidden, dimensions, scale=(1 / hidden) ** 0.5),
            "out_bias": np.zeros(dimensions, np.float32),
        }
        return cls({name: Adam(value) for name, value in values.items()})

    def learn(self, counts: Any, teacher: Floats, row_rate: float, rate: float) -> float:
        """One step on a batch: `counts` (texts, known n-grams) sparse, `teacher` unit rows. Returns the loss before it."""
        value = {name: part.value for name, part in self.parts.items()}
        used = np.unique(counts.indices)
        narrow = counts[:, used]
        summed = narrow @ value["rows"][used]
        centred = summed - summed.mean(1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(1, keepdims=True) + _EPSILON)
        scaled = centred / spread
        normed = scaled * value["gain"] + value["bias"]
        before = normed @ value["hidden"] + value["hidden_bias"]
        inner = np.maximum(before, 0)
        raw = inner @ value["out"] + value["out_bias"]
        length = np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), np.float32(1e-6))
        vectors = raw / length
        loss, d_vectors = _loss(vectors, teacher)
        d_raw = (d_vectors - vectors * (vectors * d_vectors).sum(1, keepdims=True)) / length
        d_inner = (d_raw @ value["out"].T) * (before > 0)
        d_normed = d_inner @ value["hidden"].T
        d_scaled = d_normed * value["gain"]
        mean = d_scaled.mean(1, keepdims=True)
        d_summed = (d_scaled - mean - scaled * (d_scaled * scaled).mean(1, keepdims=True)) / spread
        gradients = {
            "gain": (d_normed * scaled).sum(0),
            "bias": d_normed.sum(0),
            "hidden": normed.T @ d_inner,
            "hidden_bias": d_inner.sum(0),
            "out": inner.T @ d_raw,
            "out_bias": d_raw.sum(0),
        }
        self.parts["rows"].step(narrow.T @ d_summed, row_rate, used)
        for name, gradient in gradients.items():
            self.parts[name].step(gradient, rate)
        return loss


def _loss(vectors: Floats, teacher: Floats) -> tuple[float, Floats]:
    """(loss, its gradient by the vectors)."""
    count = np.float32(len(vectors))
    alike = (vectors * teacher).sum(1).mean()
    gradient = -COSINE / count * teacher
    wanted = teacher @ teacher.T
    scores = vectors @ teacher.T
    likely, goal = softmax(scores * _SHARPNESS), softmax(wanted * _SHARPNESS)
    gradient += (AMONG * _SHARPNESS / count) * ((likely - goal) @ teacher)
    off = vectors @ vectors.T - wanted
    gradient += (4 * PAIRS / count**2) * (off @ vectors)
    crossed = -(goal * np.log(np.maximum(likely, 1e-12))).sum(1).mean()
    loss = COSINE * (1 - alike) + AMONG * crossed + PAIRS * (off * off).mean()
    result: Floats = gradient.astype(np.float32)
    return float(loss), result
