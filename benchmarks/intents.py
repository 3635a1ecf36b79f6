"""Intents from few and from many utterances, beside a linear SVM on character n-grams, on public sets.

    python benchmarks/intents.py DATA [--sets parakqc kochat ...] [--shots 8 16 25 0] [--seeds 2] [--cache var/encoder]

`DATA` holds the sets in folders of their names. 0 shots: everything (4,000 utterances by chance, where there are more).
What may be chosen was chosen on parakqc, style-both and the reference assistant's utterances; the rest only measures. Sets
without a published split are parted by chance. Out of scope are the rows that kochat calls OOD.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from encoder import Encoder, load_encoder
from encoder.keeping import KeepingEncoder
from encoder.remembering import RememberingEncoder
from nlu.config import load_pipeline_config
from nlu.evaluation import evaluate_intents, sample, trained
from nlu.perturb import Way, perturb
from nlu.pipeline import Pipeline
from nlu.training_data import Example, TrainingData

ROOT = Path(__file__).parent.parent
MOST = 4_000
TESTS = 1_000
OUTSIDE = "OOD"
WAYS: tuple[Way, ...] = ("spaces", "jamo", "typos")
Parts = tuple[list[Example], list[Example]]
"""(to learn from, to ask)."""


def rows(path: Path) -> list[list[str]]:
    """A table's rows below its head."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]]


def parted(examples: list[Example]) -> Parts:
    """A set without a split of its own: a tenth is asked."""
    random.Random(5).shuffle(examples)
    tenth = max(len(examples) // 10, 1)
    return examples[tenth:], examples[:tenth]


def parakqc(data: Path) -> Parts:
    """16: what it is about, and whether it asks or demands. Paraphrases of one wish are never on both sides."""
    both = [
        [Example(r[3], f"{r[1]}/{r[2]}") for r in rows(data / "parakqc" / f"{n}.tsv")]
        for n in ("train", "dev")
    ]
    return both[0], both[1]


def style(data: Path, kind: str, name: str) -> list[Example]:
    """One table of stylekqc."""
    return [Example(r[1], r[0]) for r in rows(data / "stylekqc" / f"{kind}_{name}.tsv")]


def style_topic(data: Path) -> Parts:
    """6: what it is about."""
    return style(data, "topic", "train"), style(data, "topic", "dev")


def style_both(data: Path) -> Parts:
    """24: what it is about, and whether it asks or demands."""
    both = []
    for name in ("train", "dev"):
        acts = {e.text: e.intent for e in style(data, "act", name)}
        both.append([Example(e.text, f"{e.intent}/{acts[e.text]}") for e in style(data, "topic", name)])
    return both[0], both[1]


def kochat(data: Path) -> Parts:
    """4 trades, written by templates; and OOD."""
    train, test = (
        [Example(r[0], r[1]) for r in rows(data / "kochat_intent" / f"{n}.tsv")] for n in ("train", "dev")
    )
    return [e for e in train if e.intent != OUTSIDE], [e for e in test if e.intent != OUTSIDE]


def acts(data: Path) -> Parts:
    """7 kinds of sentence, by 3i4k."""
    lines = (data / "3i4k" / "fci_train_val.txt").read_text(encoding="utf-8-sig").splitlines()
    return parted([Example(r[1], r[0]) for r in (line.split("\t") for line in lines) if len(r) == 2])


def chat(data: Path) -> Parts:
    """3 kinds of everyday talk, by chatbot_data; its labels are noisy."""
    with open(data / "chatbot_data" / "ChatbotData.csv", encoding="utf-8-sig", newline="") as file:
        return parted([Example(r[0], r[2].strip()) for r in list(csv.reader(file))[1:]])


def functions(data: Path) -> Parts:
    """25 functions that an assistant may call, by functionchat: three wishes to learn from, one to ask."""
    found: dict[str, list[str]] = {}
    path = data / "functionchat" / "FunctionChat-Singlecall.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        found[item["function_name"]] = [query["content"] for query in item["query"]]
    learned = [Example(text, name) for name, texts in found.items() for text in texts[:-1]]
    return learned, [Example(texts[-1], name) for name, texts in found.items()]


def trades(data: Path) -> Parts:
    """17 topics of four sets together, as an assistant with many duties has."""
    sets = {"s": style_topic(data), "k": kochat(data), "c": chat(data), "p": parakqc(data)}
    sides = []
    for side in (0, 1):
        chance, least = random.Random(side), min(len(parts[side]) for parts in sets.values())
        sides.append(
            [
                Example(e.text, f"{name}{e.intent.split('/')[0]}")
                for name, parts in sets.items()
                for e in (parts[side] if side == 0 else chance.sample(parts[side], least))
            ]
        )
    return sides[0], sides[1]


SETS: dict[str, Callable[[Path], Parts]] = {
    "parakqc": parakqc,
    "style-topic": style_topic,
    "style-both": style_both,
    "kochat": kochat,
    "acts": acts,
    "chat": chat,
    "functions": functions,
    "trades": trades,
}


def svm_accuracy(train: Sequence[Example], tests: Sequence[Example]) -> float:
    """TF-IDF of character 1-5-grams within words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    seen = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True)
    model = LinearSVC(C=0.5).fit(seen.fit_transform([e.text for e in train]), [e.intent for e in train])
    found = model.predict(seen.transform([e.text for e in tests]))
    return sum(a == e.intent for a, e in zip(found, tests, strict=True)) / len(tests)


def speed(pipeline: Pipeline, texts: Sequence[str]) -> tuple[float, float, float]:
    """(p50, p95 in ms alone, texts a second in rounds of 32 on this thread). Nothing is remembered from before."""
    pipeline.warm_up()
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


def measure(
    drawn: TrainingData, tests: list[Example], outside: list[str], encoder: Encoder, pipeline: Pipeline
) -> list[float]:
    """What the table's columns say."""
    spoiled = [perturb(e.text, way) for e in tests for way in WAYS]
    # In one go: one by one, what is kept would be written a thousand times.
    encoder.encode(
        [pipeline.for_encoder(text) for text in [e.text for e in tests] + spoiled + outside],
        encoder.learns_from,
    )
    base = evaluate_intents(pipeline, tests, outside)
    return [
        base["accuracy"],
        svm_accuracy(drawn.examples, tests),
        *(evaluate_intents(pipeline, tests, way=way)["accuracy"] for way in WAYS),
        base["ece"],
        base["auroc"],
        base["false_accept_rate"],
        base["oos_detected"],
        base["in_scope_accepted"],
        statistics.mean(pipeline.asks_encoder(e.text) for e in tests),
    ]


def main() -> None:
    """Print a row a set and number of examples."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--shots", type=int, nargs="+", default=[8, 16, 25, 0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--tests", type=int, default=TESTS)
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "encoder")
    options = parser.parse_args()
    plain = load_encoder(cache_dir=options.cache)
    kept = KeepingEncoder(plain, options.cache)
    config = load_pipeline_config(ROOT / "config.yml").model_copy(update={"tuned": None})
    outside = [r[0] for r in rows(options.data / "kochat_intent" / "dev.tsv") if r[1] == OUTSIDE][:600]
    columns = "accuracy    svm  no sp.   jamo  typos    ece  auroc  f.acc  detec  accep  asked  train s"
    print(f"set          shots  {columns}")
    pipeline, tests = None, []
    for name in options.sets:
        learned, asked = SETS[name](options.data)
        tests = random.Random(1).sample(asked, min(options.tests, len(asked)))
        for shots in options.shots:
            lines = []
            for seed in range(1, options.seeds + 1 if shots else 2):
                whole = random.Random(seed).sample(learned, min(MOST, len(learned)))
                drawn = sample(TrainingData(learned), shots, seed) if shots else TrainingData(whole)
                pipeline, seconds = trained(drawn, config, kept)
                lines.append([*measure(drawn, tests, outside, kept, pipeline), seconds])
            mean = [statistics.mean(column) for column in zip(*lines, strict=True)]
            figures = "  ".join(f"{value:.3f}" for value in mean[:-1])
            print(f"{name:12} {shots or 'all':>5}     {figures}  {mean[-1]:.1f}", flush=True)
    if pipeline is not None:
        pipeline.encoder = RememberingEncoder(plain, 1)
        p50, p95, rate = speed(pipeline, [perturb(e.text, "spaces") for e in tests[:1_200]])
        print(
            f"whole pipeline, a sentence alone: p50 {p50:.2f} ms, p95 {p95:.2f} ms; one thread: {rate:.0f}/s"
        )


if __name__ == "__main__":
    sys.exit(main())
