"""Training: from config.yml and the utterances to one model file. Nothing changed means nothing to do."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder, load_encoder
from nlu.config import PipelineConfig, load_pipeline_config
from nlu.errors import ModelError
from nlu.features import Floats
from nlu.intents import IntentModel, fit_temperature
from nlu.model_file import FORMAT, StoredModel, load_stored, read_header, save_model
from nlu.pipeline import Pipeline
from nlu.scope import RESOURCE, fit_scope, scope_features, strangers
from nlu.training_data import TrainingData, load_training_data

Progress = Callable[[str, float], None]
"""Called with what is being done and the share (0..1) that is done."""
FOLDS = 5
RECIPE = 1
"""Raised whenever the same data would be trained differently."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What training made."""

    path: Path
    version: str
    intents: int
    examples: int
    seconds: float
    reused: bool
    warnings: tuple[str, ...]


def train(
    config: Path,
    data: Path,
    output: Path,
    cache_dir: Path,
    progress: Progress | None = None,
    *,
    force: bool = False,
) -> ModelInfo:
    """Train and write `output`; if it was made from the same data and settings it is left as it is.

    Raises `FormatError` for data or config, `EncoderError` without the encoder.
    """
    started = time.perf_counter()
    settings, examples = load_pipeline_config(config), load_training_data(data)
    version = model_version(settings, examples)
    reused = not force and _made_already(output, version)
    if not reused:
        encoder = load_encoder(settings.encoder.encoder, cache_dir=cache_dir) if settings.encoder else None
        stored = fit(examples, encoder, progress or (lambda _what, _share: None))
        stored.header = {"version": version, **stored.header}
        save_model(output, stored)
    return ModelInfo(
        output,
        version,
        len(examples.intents()),
        len(examples.examples),
        time.perf_counter() - started,
        reused,
        tuple(examples.warnings),
    )


def model_version(settings: PipelineConfig, data: TrainingData) -> str:
    """Same data, settings and recipe, same version."""
    parts = [str(FORMAT), str(RECIPE), data.digest(), settings.encoder.encoder if settings.encoder else "-"]
    parts.append(hashlib.sha256(RESOURCE.read_bytes()).hexdigest())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _made_already(output: Path, version: str) -> bool:
    try:
        return bool(read_header(output).get("version") == version)
    except ModelError:
        return False


def fit(data: TrainingData, encoder: Encoder | None, progress: Progress) -> StoredModel:
    """Fit intents, temperature and scope on the examples."""
    names = data.intents()
    texts = [example.text for example in data.examples]
    labels = [names.index(example.intent) for example in data.examples]
    progress("문장을 벡터로 바꾸는 중", 0.0)
    vectors = unspaced = None
    if encoder is not None:
        vectors = encoder.encode(texts)
        progress("문장을 벡터로 바꾸는 중", 0.3)
        unspaced = encoder.encode([text.replace(" ", "") for text in texts])
    both = None if vectors is None or unspaced is None else np.vstack([vectors, unspaced])
    progress("의도를 학습하는 중", 0.45)
    model = IntentModel.fit(names, texts, labels, both)
    held_out, coverage = _held_out(names, texts, labels, vectors, unspaced, progress)
    model.temperature = fit_temperature(held_out, labels)
    scope = None
    if encoder is not None and vectors is not None:
        progress("업무 밖 질문을 가려내는 법을 학습하는 중", 0.85)
        scope = _fit_scope(model, encoder, vectors, held_out, coverage)
    progress("끝", 1.0)
    header = {
        "examples": len(texts),
        "encoder": encoder.name if encoder else None,
        "lookups": data.lookups,
        "synonyms": data.synonyms,
        "regexes": data.regexes,
    }
    return StoredModel(header, model, scope)


def _held_out(
    names: list[str],
    texts: Sequence[str],
    labels: Sequence[int],
    vectors: Floats | None,
    unspaced: Floats | None,
    progress: Progress,
) -> tuple[Floats, Floats]:
    """Each example's (probabilities, coverage) by a model that hasn't seen it."""
    probabilities = np.zeros((len(texts), len(names)), np.float32)
    coverage = np.zeros(len(texts), np.float32)
    fold_of = _folds(labels)
    for fold in range(FOLDS):
        train_rows, test_rows = np.flatnonzero(fold_of != fold).tolist(), np.flatnonzero(fold_of == fold).tolist()
        both = None
        if vectors is not None and unspaced is not None:
            both = np.vstack([vectors[train_rows], unspaced[train_rows]])
        model = IntentModel.fit(names, [texts[i] for i in train_rows], [labels[i] for i in train_rows], both)
        for row in test_rows:
            chars, coverage[row] = model.char_probabilities(texts[row])
            head = model.head_probabilities(vectors[row]) if vectors is not None else None
            probabilities[row] = chars if head is None else (chars + head) / 2
        progress("교차 검증으로 확신도를 맞추는 중", 0.5 + 0.3 * (fold + 1) / FOLDS)
    return probabilities, coverage


def _folds(labels: Sequence[int]) -> Any:
    """Fold of each example; each intent is spread evenly."""
    seen: dict[int, int] = {}
    folds = np.zeros(len(labels), int)
    for row, label in enumerate(labels):
        folds[row] = (seen.get(label, 0) + label) % FOLDS
        seen[label] = seen.get(label, 0) + 1
    return folds


def _fit_scope(
    model: IntentModel, encoder: Encoder, vectors: Floats, held_out: Floats, coverage: Floats
) -> Any:
    """Examples against strangers, each seen as new: its own fold is left out of the bank that it is compared with."""
    outside_texts = strangers()
    outside = encoder.encode(list(outside_texts))
    fold_in, fold_out = np.arange(len(vectors)) % FOLDS, np.arange(len(outside)) % FOLDS
    rows, is_out = [], []
    for row, vector in enumerate(vectors):
        inside = vectors[fold_in != fold_in[row]]
        rows.append(scope_features(held_out[row], vector, float(coverage[row]), inside, outside))
        is_out.append(False)
    for row, (text, vector) in enumerate(zip(outside_texts, outside, strict=True)):
        chars, known = model.char_probabilities(text)
        head = model.head_probabilities(vector)
        mean: Floats = chars if head is None else (chars + head) / np.float32(2)
        rows.append(scope_features(mean, vector, known, vectors, outside[fold_out != fold_out[row]]))
        is_out.append(True)
    return fit_scope(np.array(rows, np.float32), is_out, vectors, outside)


def load_model(path: Path, config: Path, cache_dir: Path) -> Pipeline:
    """The pipeline of a model file. Raises `ModelError`, `EncoderError`, `FormatError`."""
    settings, stored = load_pipeline_config(config), load_stored(path)
    encoder = load_encoder(settings.encoder.encoder, cache_dir=cache_dir) if settings.encoder else None
    trained_with = stored.header.get("encoder")
    if (encoder.name if encoder else None) != trained_with:
        raise ModelError("model_encoder", f"The model was trained with encoder {trained_with!r}.")
    header = stored.header
    return Pipeline(
        settings,
        stored.intents,
        stored.scope,
        encoder,
        header.get("lookups", {}),
        header.get("synonyms", {}),
        header.get("regexes", {}),
        header.get("version", ""),
    )
