"""Trains the small models that the package ships: sentiment and abuse. Run once by maintainers, not at set-up.

    python -m nlu.training_shipped DATA

DATA is a folder with the public sets as nsmc/, kote/, 3i4k/, curse_detection/ (see resources/MODEL_CARD.md). Prints the
figures of the model card.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nlu.features import numbers_alike
from nlu.hashed import HashedModel, fit_hashed
from nlu.training_data import read_rows

RESOURCES = Path(__file__).parent / "resources"
LABELS = ("negative", "neutral", "positive")
OWN_WEIGHT = 25.0
"""Weight of one of our own service utterances against a film review."""

# KOTE's numbering of emotions.
_KOTE_NEGATIVE = {0, 6, 10, 22}
"""Complaint, anger, disappointment, irritation."""
_KOTE_POSITIVE = {4, 14, 28, 40, 42}
"""Gratitude, comfort, pleasure, happiness, joy."""

Rows = list[tuple[str, str, float]]


def nsmc(path: Path, limit: int | None = None) -> Rows:
    """Film reviews: 0 negative, 1 positive, 2 neutral."""
    names = {"0": "negative", "1": "positive", "2": "neutral"}
    rows: Rows = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) == 3 and cells[2] in names and cells[1].strip():
            rows.append((cells[1], names[cells[2]], 1.0))
    return rows[:limit]


def kote(path: Path) -> Rows:
    """Online comments whose emotions leave no doubt."""
    rows: Rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        emotions = (
            {int(number) for number in cells[2].split(",")}
            if len(cells) > 2 and cells[2][:1].isdigit()
            else set()
        )
        if emotions & _KOTE_NEGATIVE and not emotions & _KOTE_POSITIVE:
            rows.append((cells[1], "negative", 1.0))
        elif emotions & _KOTE_POSITIVE and not emotions & _KOTE_NEGATIVE:
            rows.append((cells[1], "positive", 1.0))
    return rows


_PLAIN = {"0": (1.0, 5_000), "1": (0.3, 8_000), "2": (0.5, 12_000), "3": (0.5, 8_000)}
"""Speech act of 3i4k (fragment, statement, question, command) -> (weight, how many)."""


def plain(path: Path) -> Rows:
    """Fragments, statements, questions and commands of 3i4k: said without a mood."""
    lines = path.read_text(encoding="utf-8").splitlines()
    random.Random(7).shuffle(lines)
    rows: Rows = []
    for act, (weight, count) in _PLAIN.items():
        texts = [line[2:] for line in lines if line.startswith(f"{act}\t") and line[2:].strip()]
        rows += [(text, "neutral", weight) for text in texts[:count]]
    return rows


def own() -> Rows:
    """Service utterances written for this."""
    return [
        (cells[0], cells[1], OWN_WEIGHT) for _, cells in read_rows(RESOURCES / "service_sentiment.tsv", 2)
    ]


def train_sentiment(data: Path) -> HashedModel:
    """Film reviews for the words, plain speech for what is neutral, our own for the service's tone."""
    rows = nsmc(data / "nsmc" / "train_rebuilt.txt") + nsmc(data / "nsmc" / "neutral_rebuilt.txt")
    rows += kote(data / "kote" / "val.tsv") + plain(data / "3i4k" / "fci_train_val.txt") + own()
    texts, labels, weights = zip(*rows, strict=True)
    return fit_hashed([numbers_alike(t) for t in texts], labels, LABELS, strength=2.0, weights=weights)


def train_abuse(data: Path) -> HashedModel:
    """Comments labelled as cursing, and our own utterances, which never are."""
    rows = [
        (c[0], c[1], 1.0)
        for _, c in read_rows(data / "curse_detection" / "train.tsv", 2)
        if c[1] in ("0", "1")
    ]
    rows += [(text, "0", 3.0) for text, _, _ in own()]
    texts, labels, weights = zip(*rows, strict=True)
    return fit_hashed(texts, labels, ("0", "1"), buckets=1 << 17, strength=8.0, weights=weights)


def accuracy(
    model: HashedModel, rows: Rows, among: tuple[str, ...], shown: Callable[[str], str] = str
) -> float:
    """Share of rows whose likeliest label among `among` is right. `shown` is what the model is shown of a text."""
    columns = [model.labels.index(label) for label in among]
    right = sum(
        among[int(np.argmax(model.probabilities(shown(t))[columns]))] == label for t, label, _ in rows
    )
    return right / len(rows)


def main() -> None:
    """Train, measure, save."""
    data = Path(sys.argv[1])
    sentiment = train_sentiment(data)
    dev = nsmc(data / "nsmc" / "dev_rebuilt.txt")
    print(
        f"sentiment nsmc dev (2 classes): {accuracy(sentiment, dev, ('negative', 'positive'), numbers_alike):.4f}"
    )
    sentiment.save(RESOURCES / "sentiment.npz")
    abuse = train_abuse(data)
    curse = [
        (c[0], c[1], 1.0) for _, c in read_rows(data / "curse_detection" / "dev.tsv", 2) if c[1] in ("0", "1")
    ]
    print(f"abuse curse_detection dev: {accuracy(abuse, curse, ('0', '1')):.4f}")
    abuse.save(RESOURCES / "abuse.npz")


if __name__ == "__main__":
    main()
