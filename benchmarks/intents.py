"""Intents from few and from many utterances, beside a linear SVM on character n-grams, on public sets.

    python benchmarks/intents.py DATA [--shots 8 16 25 0] [--seeds 2] [--cache var/encoder]

`DATA` holds parakqc, stylekqc and kochat_intent in folders of their names: `train.tsv` is drawn from, `dev.tsv` asked.
0 shots: everything (4,000 utterances by chance, where there are more). Out of scope are the rows that kochat calls OOD.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from encoder import load_encoder
from encoder.keeping import KeepingEncoder
from encoder.remembering import RememberingEncoder
from nlu.config import load_pipeline_config
from nlu.evaluation import evaluate_intents, sample, trained
from nlu.perturb import WAYS, perturb
from nlu.pipeline import Pipeline
from nlu.training_data import Example, TrainingData

ROOT = Path(__file__).parent.parent
MOST = 4_000
OUTSIDE = "OOD"


@dataclass(frozen=True, slots=True)
class Set:
    """A set's files; columns of the text and of what makes its intent."""

    name: str
    train: str
    test: str
    text: int
    intent: tuple[int, ...]


SETS = (
    Set("parakqc", "parakqc/train.tsv", "parakqc/dev.tsv", 3, (1, 2)),
    Set("stylekqc topic", "stylekqc/topic_train.tsv", "stylekqc/topic_dev.tsv", 1, (0,)),
    Set("kochat", "kochat_intent/train.tsv", "kochat_intent/dev.tsv", 0, (1,)),
)


def read(path: Path, of: Set) -> list[Example]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]]
    return [Example(row[of.text], "/".join(row[at] for at in of.intent)) for row in rows]


def svm_accuracy(train: Sequence[Example], tests: Sequence[Example], texts: Sequence[str]) -> float:
    """TF-IDF of character 1-5-grams within words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    seen = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True)
    model = LinearSVC(C=0.5).fit(seen.fit_transform([e.text for e in train]), [e.intent for e in train])
    found = model.predict(seen.transform(texts))
    return sum(a == e.intent for a, e in zip(found, tests, strict=True)) / len(tests)


def speed(pipeline: Pipeline, texts: Sequence[str]) -> tuple[float, float, float]:
    """(p50, p95 in ms alone, texts a second in rounds of 32 on this thread). Nothing is remembered from before."""
    alone = []
    for text in texts[:300]:
        started = time.perf_counter()
        pipeline.understand(text)
        alone.append(1000 * (time.perf_counter() - started))
    alone.sort()
    started = time.perf_counter()
    for start in range(0, len(texts), 32):
        pipeline.understand_many(texts[start : start + 32])
    rate = len(texts) / (time.perf_counter() - started)
    return statistics.median(alone), alone[int(len(alone) * 0.95)], rate


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--shots", type=int, nargs="+", default=[8, 16, 25, 0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "encoder")
    options = parser.parse_args()
    plain = load_encoder(cache_dir=options.cache)
    kept = KeepingEncoder(plain, options.cache)
    config = load_pipeline_config(ROOT / "config.yml").model_copy(update={"tuned": None})
    outside = [e.text for e in read(options.data / SETS[2].test, SETS[2]) if e.intent == OUTSIDE][:600]
    print("set            shots  accuracy    svm  no spaces   jamo  typos    ece  auroc  asked  train s")
    pipeline, tests = None, []
    for of in SETS:
        rows = [e for e in read(options.data / of.train, of) if e.intent != OUTSIDE]
        tests = [e for e in read(options.data / of.test, of) if e.intent != OUTSIDE]
        for shots in options.shots:
            lines = []
            for seed in range(1, options.seeds + 1 if shots else 2):
                whole = random.Random(seed).sample(rows, min(MOST, len(rows)))
                drawn = sample(TrainingData(rows), shots, seed) if shots else TrainingData(whole)
                pipeline, seconds = trained(drawn, config, kept)
                base = evaluate_intents(pipeline, tests, outside)
                spoiled = [evaluate_intents(pipeline, tests, way=way)["accuracy"] for way in WAYS]
                asked = statistics.mean(pipeline.asks_encoder(e.text) for e in tests)
                svm = svm_accuracy(drawn.examples, tests, [e.text for e in tests])
                lines.append(
                    [base["accuracy"], svm, *spoiled, base["ece"], base.get("auroc", 0.0), asked, seconds]
                )
            mean = [statistics.mean(column) for column in zip(*lines, strict=True)]
            figures = "  ".join(f"{value:.3f}" for value in mean[:-1])
            print(f"{of.name:14} {shots or 'all':>5}  {figures}  {mean[-1]:.1f}", flush=True)
    if pipeline is not None:
        pipeline.encoder = RememberingEncoder(plain, 1)
        p50, p95, rate = speed(pipeline, [perturb(e.text, "spaces") for e in tests[:1_200]])
        print(
            f"whole pipeline, a sentence alone: p50 {p50:.2f} ms, p95 {p95:.2f} ms; one thread: {rate:.0f}/s"
        )


if __name__ == "__main__":
    sys.exit(main())
