"""Trains the small models that the package ships: mood, polarity, abuse. Run once by maintainers, not at set-up.

    python -m nlu.training_shipped DATA [mood|polarity|abuse ...]

DATA is a folder with the public sets as nsmc/, kote/, 3i4k/, curse_detection/, korean_hate_speech/, kodoli/ (see
resources/MODEL_CARD.md). Prints the figures of the model card.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable
from pathlib import Path

from nlu.features import numbers_alike
from nlu.hashed import HashedModel
from nlu.hashed_training import fit_hashed
from nlu.training_data import read_rows

RESOURCES = Path(__file__).parent / "resources"
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


def curses(path: Path) -> Rows:
    """Comments labelled 1 as cursing, 0 as not."""
    return [(c[0], c[1], 1.0) for _, c in read_rows(path, 2) if c[1] in ("0", "1")]


def hate(path: Path) -> Rows:
    """Comments on celebrities, 1 where they offend or hate."""
    levels = {"none": "0", "offensive": "1", "hate": "1"}
    return [(c[0], levels[c[3]], 0.15) for _, c in read_rows(path, 4) if c[3] in levels]


def kodoli(path: Path) -> Rows:
    """Online comments, 1 where they abuse; milder than curses, sarcasm among them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["sentences"], str(int(row["abuse"] == "ABS")), 0.1) for row in csv.DictReader(file)]


def train_polarity(data: Path) -> HashedModel:
    """Positive rather than negative: film reviews above all, with comments and our own for the service's tone."""
    rows = nsmc(data / "nsmc" / "train_rebuilt.txt") + kote(data / "kote" / "val.tsv") + own()
    return _trained([row for row in rows if row[1] != "neutral"], "positive")


def train_mood(data: Path) -> HashedModel:
    """Whether there is any mood: reviews and comments against what people say plainly."""
    reviews = nsmc(data / "nsmc" / "train_rebuilt.txt") + nsmc(data / "nsmc" / "neutral_rebuilt.txt")
    rows = reviews + kote(data / "kote" / "val.tsv") + plain(data / "3i4k" / "fci_train_val.txt") + own()
    return _trained([(numbers_alike(text), str(label != "neutral"), w) for text, label, w in rows], "True")


def train_abuse(data: Path) -> HashedModel:
    """Curses and insults, against comments without and our own utterances."""
    rows = curses(data / "curse_detection" / "train.tsv") + hate(data / "korean_hate_speech" / "train.tsv")
    rows += kodoli(data / "kodoli" / "train.csv")
    harmless = (RESOURCES / "inoffensive.txt").read_text(encoding="utf-8").splitlines()
    rows += [(text, "0", 3.0) for text in (*(text for text, _, _ in own()), *harmless)]
    return _trained(rows, "1")


def _trained(rows: Rows, yes: str) -> HashedModel:
    texts, labels, weights = zip(*rows, strict=True)
    return fit_hashed(texts, [label == yes for label in labels], weights=weights)


def accuracy(model: HashedModel, rows: Rows, yes: str) -> float:
    """Share of rows whose label is `yes` where the model says so, and isn't where it doesn't."""
    return sum((model.probability(text) > 0.5) == (label == yes) for text, label, _ in rows) / len(rows)


TRAINERS: dict[str, Callable[[Path], HashedModel]] = {
    "mood": train_mood,
    "polarity": train_polarity,
    "abuse": train_abuse,
}


def main() -> None:
    """Train, save, measure on the dev parts."""
    data = Path(sys.argv[1])
    for name in sys.argv[2:] or TRAINERS:
        model = TRAINERS[name](data)
        model.save(RESOURCES / f"{name}.npz")
        size = (RESOURCES / f"{name}.npz").stat().st_size / 1e6
        print(f"{name}: {len(model.keys)} weights, {size:.2f} MB")
        if name == "polarity":
            print(f"NSMC dev: {accuracy(model, nsmc(data / 'nsmc' / 'dev_rebuilt.txt'), 'positive'):.4f}")
        if name == "abuse":
            print(
                f"curse_detection dev: {accuracy(model, curses(data / 'curse_detection' / 'dev.tsv'), '1'):.4f}"
            )


if __name__ == "__main__":
    main()
