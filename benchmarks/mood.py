"""Mood and abuse beside a linear support vector machine on TF-IDF of character n-grams, trained on the same sets.

    python -m benchmarks.mood --data DATA [--reviews ratings_test.txt]

DATA holds nsmc/ and curse_detection/ (nlu/resources/MODEL_CARD.md). Reviews and comments are those of the dev parts; with
--reviews another file of nsmc/. Prints accuracy, and milliseconds a message (median, 95th percentile) one by one.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from nlu.feelings import abuse_of, sentiment_of, warm_up
from nlu.training_shipped import curses, nsmc

TIMED = 2_000
"""Messages of a set whose time is taken."""

Labelled = Sequence[tuple[str, str]]


def reviews(path: Path) -> Labelled:
    """(text, positive or negative)."""
    return [(text, label) for text, label, _ in nsmc(path) if label != "neutral"]


def comments(path: Path) -> Labelled:
    """(text, 1 or 0)."""
    return [(text, label) for text, label, _ in curses(path)]


def baseline(rows: Labelled) -> Pipeline:
    """What a practitioner would try first."""
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2), LinearSVC(C=0.5)
    )
    return model.fit([text for text, _ in rows], [label for _, label in rows])


def measured(tests: Labelled, label_of: Callable[[str], Any]) -> str:
    """accuracy | p50 | p95."""
    right, spent = 0, []
    for number, (text, label) in enumerate(tests):
        started = time.perf_counter()
        right += label_of(text) == label
        if number < TIMED:
            spent.append((time.perf_counter() - started) * 1000)
    last = statistics.quantiles(spent, n=20)[-1]
    return f"{right / len(tests):.4f} | {statistics.median(spent):.2f} | {last:.2f}"


def polarity(text: str) -> str:
    """The likelier one of the two moods that reviews have."""
    scores = sentiment_of(text).scores
    return max(("negative", "positive"), key=lambda label: scores[label])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reviews", default="dev_rebuilt.txt")
    parser.add_argument("--comments", default="dev.tsv")
    given = parser.parse_args()
    films, cursing = given.data / "nsmc", given.data / "curse_detection"
    warm_up()
    print("| set | model | accuracy | ms p50 | ms p95 |\n|---|---|---|---|---|")
    for name, train, tests, ours in (
        ("NSMC", reviews(films / "train_rebuilt.txt"), reviews(films / given.reviews), polarity),
        (
            "curse_detection",
            comments(cursing / "train.tsv"),
            comments(cursing / given.comments),
            lambda text: "1" if abuse_of(text).score > 0.5 else "0",
        ),
    ):
        model = baseline(train)
        of = f"{name}, {len(tests):,}"
        print(f"| {of} | TF-IDF, LinearSVC | {measured(tests, lambda text, m=model: m.predict([text])[0])} |")
        print(f"| {of} | shipped | {measured(tests, ours)} |", flush=True)


if __name__ == "__main__":
    main()
