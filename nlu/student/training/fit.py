"""Teaches the student where the encoder puts each sentence, and rounds it to 8 bits."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.features import Floats
from nlu.perturb import perturb
from nlu.student.model import Student
from nlu.student.ngrams import Hashes, ngram_hashes
from nlu.student.training.network import Network

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the student is made. Sizes: known n-grams, numbers a row, hidden numbers."""

    known: int = 72_000
    width: int = 128
    hidden: int = 512
    epochs: int = 5
    batch: int = 768
    row_rate: float = 4e-3
    rate: float = 1.5e-3
    spoiled: float = 0.35
    """Share of the sentences that are also learned with slips of the keyboard, as the same sentence."""
    held_out: int = 2_000
    seed: int = 0


def spoil(texts: Sequence[str], share: float, seed: int) -> tuple[list[str], list[int]]:
    """(some of the texts with slips, which ones they are)."""
    chance = random.Random(seed)
    chosen = [at for at in range(len(texts)) if chance.random() < share]
    return [perturb(texts[at], chance.choice(("typos", "typos", "jamo")), seed) for at in chosen], chosen


def teach(
    name: str, texts: Sequence[str], vectors: Floats, recipe: Recipe, told: Told
) -> tuple[Student, float]:
    """(the student, its mean cosine to the teacher on sentences held out).

    `vectors` are the teacher's, a row a text. The student learns them around their mean: they lie in a narrow cone.
    """
    teacher = vectors - vectors.mean(0)
    teacher /= np.maximum(np.linalg.norm(teacher, axis=1, keepdims=True), 1e-9)
    order = np.random.default_rng(recipe.seed).permutation(len(texts))
    asked, learned = order[: recipe.held_out], order[recipe.held_out :]
    spoiled, whose = spoil([texts[at] for at in learned], recipe.spoiled, recipe.seed)
    keys, counts = _counts([texts[at] for at in learned] + spoiled, recipe.known)
    targets = np.concatenate([learned, learned[whose]])
    network = Network.fresh(len(keys), recipe.width, recipe.hidden, teacher.shape[1], recipe.seed)
    chance = np.random.default_rng(recipe.seed)
    steps = recipe.epochs * (len(targets) // recipe.batch)
    step = 0
    for epoch in range(recipe.epochs):
        losses = []
        mixed = chance.permutation(len(targets))
        for start in range(0, len(mixed) - recipe.batch + 1, recipe.batch):
            rows = mixed[start : start + recipe.batch]
            pace = min(1.0, step / 50) * (1 - step / steps) + 0.003
            losses.append(
                network.learn(
                    counts[rows], teacher[targets[rows]], recipe.row_rate * pace, recipe.rate * pace
                )
            )
            step += 1
        student = _rounded(name, keys, network)
        alike = _alike(student, [texts[at] for at in asked], teacher[asked])
        told(f"epoch {epoch + 1}/{recipe.epochs}: loss {np.mean(losses):.3f}, held-out cosine {alike:.4f}")
    return student, alike


def _counts(texts: Sequence[str], known: int) -> tuple[Hashes, Any]:
    """(hashes of the most frequent n-grams, a sparse row of counts a text)."""
    from scipy.sparse import csr_matrix

    hashes, starts = ngram_hashes(texts)
    distinct, times = np.unique(hashes, return_counts=True)
    keys = np.sort(distinct[np.argsort(-times, kind="stable")[:known]])
    at = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
    found = keys[at] == hashes
    ends = np.concatenate([[0], np.cumsum(found)])[starts]
    ones = np.ones(int(found.sum()), np.float32)
    return keys, csr_matrix((ones, at[found].astype(np.int32), ends), shape=(len(texts), len(keys)))


def _rounded(name: str, keys: Hashes, network: Network) -> Student:
    """In 8 bits, one scale a row."""
    values = {part: adam.value.copy() for part, adam in network.parts.items()}
    rows = values.pop("rows")
    scales = np.maximum(np.abs(rows).max(1) / 127, 1e-9).astype(np.float16).astype(np.float32)
    scales = np.maximum(scales, np.float32(6e-8))
    rounded = np.clip(np.rint(rows / scales[:, None]), -127, 127).astype(np.int8)
    return Student(keys=keys, rows=rounded, scales=scales, name=name, **values)


def _alike(student: Student, texts: Sequence[str], teacher: Floats) -> float:
    return float((student.encode(texts) * teacher).sum(1).mean())
