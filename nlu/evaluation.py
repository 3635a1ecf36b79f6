"""How good understanding is, on utterances whose meaning is known. `sangdam evaluate` prints what these return."""

from __future__ import annotations

import difflib
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder
from formats import FormatError
from nlu.config import PipelineConfig, TransformersIntentClassifier
from nlu.feelings import abuse_of, sentiment_of
from nlu.perturb import Way, perturb
from nlu.pipeline import KOREA, Pipeline
from nlu.training import Progress, fit, pipeline_of
from nlu.training_data import Example, TrainingData, read_rows, read_tsv
from nlu.tuned import TunedIntents, load_tuned
from nlu.types import Understanding

ACCEPTED = 0.95
"""Share of in-scope messages that are accepted where false acceptance is measured."""
BINS = 15
"""Of equal width, for the expected calibration error."""
_WARM_UP = 5


def sample(data: TrainingData, shots: int, seed: int) -> TrainingData:
    """At most `shots` examples an intent, drawn by chance."""
    chance = random.Random(seed)
    chosen: list[Example] = []
    for intent in data.intents():
        examples = [example for example in data.examples if example.intent == intent]
        chosen += chance.sample(examples, min(shots, len(examples)))
    return TrainingData(chosen, data.lookups, data.synonyms, data.regexes, data.outside)


def trained(
    data: TrainingData,
    config: PipelineConfig,
    encoder: Encoder | None,
    progress: Progress | None = None,
    cache_dir: Path | None = None,
) -> tuple[Pipeline, float]:
    """A pipeline trained in memory, and the seconds that took. `cache_dir` holds what fine-tuning builds, if there is any."""
    started = time.perf_counter()
    stored = fit(data, encoder, progress or (lambda _what, _share: None))
    stored.header["version"] = "evaluated"
    pipeline = pipeline_of(config, stored, encoder)
    if config.tuned is not None:
        pipeline.tuned = _tuned(data, config.tuned, progress, cache_dir)
    return pipeline, time.perf_counter() - started


def _tuned(
    data: TrainingData,
    settings: TransformersIntentClassifier,
    progress: Progress | None,
    cache_dir: Path | None,
) -> TunedIntents:
    """Fine-tuned in a folder that is gone once it is loaded."""
    from nlu.tuned.training import tune

    def told(share: float) -> None:
        if progress is not None:
            progress("트랜스포머를 미세 조정하는 중", share)

    with tempfile.TemporaryDirectory() as folder:
        tune(data, settings, Path(folder), cache_dir or Path(folder) / "base", told)
        return load_tuned(Path(folder), settings.max_tokens)


def evaluate_intents(
    pipeline: Pipeline,
    tests: Sequence[Example],
    outside: Sequence[str] = (),
    way: Way | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """accuracy, macro_f1, ece, latency_ms; with texts from outside also auroc and false_accept_rate."""
    texts = [perturb(example.text, way) if way else example.text for example in tests]
    found, seconds = _understood(pipeline, texts, progress)
    wanted = [example.intent for example in tests]
    got = [result.intent.name if result.intent else "" for result in found]
    sure = [result.intent.confidence if result.intent else 0.0 for result in found]
    right = [w == g for w, g in zip(wanted, got, strict=True)]
    report: dict[str, Any] = {
        "tests": len(tests),
        "accuracy": round(sum(right) / len(right), 4),
        "macro_f1": macro_f1(wanted, got),
        "ece": calibration_error(sure, right),
        "latency_ms": _milliseconds(seconds),
    }
    if outside:
        strange, _ = _understood(pipeline, outside, progress)
        report |= _scope(found, strange)
    return report


def _understood(
    pipeline: Pipeline, texts: Sequence[str], progress: Progress | None
) -> tuple[list[Understanding], list[float]]:
    """One by one, as messages come; the first few are said twice, as a service is warm."""
    now = datetime.now(KOREA)
    for text in texts[:_WARM_UP]:
        pipeline.understand(text, now)
    found, seconds = [], []
    for number, text in enumerate(texts):
        started = time.perf_counter()
        found.append(pipeline.understand(text, now))
        seconds.append(time.perf_counter() - started)
        if progress is not None and number % 100 == 0:
            progress("재는 중", number / len(texts))
    return found, seconds


def _scope(inside: Sequence[Understanding], outside: Sequence[Understanding]) -> dict[str, float]:
    ours = np.array([result.out_of_scope.score for result in inside])
    theirs = np.array([result.out_of_scope.score for result in outside])
    limit = np.quantile(ours, ACCEPTED)
    return {
        "oos_tests": len(outside),
        "auroc": auroc(ours, theirs),
        "false_accept_rate": round(float((theirs <= limit).mean()), 4),
        "oos_detected": round(float(np.mean([result.out_of_scope.decision for result in outside])), 4),
        "in_scope_accepted": round(float(np.mean([not r.out_of_scope.decision for r in inside])), 4),
    }


def auroc(low: Any, high: Any) -> float:
    """Chance that one of `high` scores above one of `low`; ties count half."""
    low, high = np.sort(np.asarray(low, float)), np.asarray(high, float)
    below = np.searchsorted(low, high, "left")
    level = np.searchsorted(low, high, "right") - below
    return round(float((below + level / 2).sum() / (len(low) * len(high))), 4)


def macro_f1(wanted: Sequence[str], got: Sequence[str]) -> float:
    """Mean F1 over the labels that are wanted or were given."""
    scores = []
    for label in sorted(set(wanted) | (set(got) - {""})):
        hits = sum(w == label and g == label for w, g in zip(wanted, got, strict=True))
        total = wanted.count(label) + got.count(label)
        scores.append(2 * hits / total if total else 0.0)
    return round(statistics.fmean(scores), 4)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: how far confidence is from accuracy, over bins, weighted by their size."""
    sure, true = np.asarray(confidences, float), np.asarray(right, float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(sure[bins == b].mean() - true[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)
    ]
    return round(float(sum(gaps)), 4)


def evaluate_labels(
    tests: Sequence[tuple[str, str]], scores: Callable[[str], dict[str, float]]
) -> dict[str, Any]:
    """accuracy, macro_f1, latency_ms of a labeller; the labels that occur are the candidates."""
    candidates = sorted({label for _, label in tests})
    got, seconds = [], []
    for text, _ in tests:
        started = time.perf_counter()
        found = scores(text)
        seconds.append(time.perf_counter() - started)
        got.append(max(candidates, key=lambda label: found.get(label, 0.0)))
    wanted = [label for _, label in tests]
    right = sum(w == g for w, g in zip(wanted, got, strict=True))
    return {
        "tests": len(tests),
        "accuracy": round(right / len(tests), 4),
        "macro_f1": macro_f1(wanted, got),
        "latency_ms": _milliseconds(seconds),
    }


def sentiment_scores(text: str) -> dict[str, float]:
    """A score a mood."""
    return sentiment_of(text).scores


def abuse_scores(text: str) -> dict[str, float]:
    """`1` abusive, `0` not."""
    score = abuse_of(text).score
    return {"1": score, "0": 1 - score}


def read_labelled(path: Path, allowed: Iterable[str]) -> list[tuple[str, str]]:
    """`text<TAB>label` lines. Raises `FormatError` for a label that isn't allowed."""
    allowed = tuple(allowed)
    rows = []
    for number, cells in read_rows(path, 2):
        if number == 1 and cells[1] == "label":
            continue
        if cells[1] not in allowed:
            raise FormatError(path, number, f"label {cells[1]!r}", f"one of {', '.join(allowed)}")
        rows.append((cells[0], cells[1]))
    return _some(rows, path)


def read_tests(path: Path) -> list[Example]:
    """`text<TAB>intent` lines; a head line `text<TAB>intent` is skipped."""
    rows = read_tsv(path)
    return _some([row for row in rows if (row.line, row.text) != (1, "text")], path)


def check_labels(tests: Sequence[Example], data: TrainingData) -> None:
    """Raises `FormatError` for the first test whose intent nothing is learned for: it could only be wrong."""
    known = set(data.intents())
    for test in tests:
        if test.intent not in known:
            near = difflib.get_close_matches(test.intent, known, 1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            expected = f"{hint}one of {', '.join(sorted(known))}"
            raise FormatError(
                test.file, test.line, f"intent {test.intent!r} isn't in the training data", expected
            )


def read_texts(path: Path) -> list[str]:
    """One text a line."""
    return _some([line.strip() for _, line in _lines(path)], path)


def _lines(path: Path) -> list[tuple[int, str]]:
    return [(number, cells[0]) for number, cells in read_rows(path, 1)]


def _some(rows: list[Any], path: Path) -> list[Any]:
    if not rows:
        raise FormatError(path, 1, "nothing in it", "at least one line")
    return rows


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    last = len(ordered) - 1
    return {
        "p50": round(1000 * ordered[last // 2], 3),
        "p95": round(1000 * ordered[min(last, int(len(ordered) * 0.95))], 3),
    }
