"""Training: from config.yml and the utterances to one model file. Nothing changed means nothing to do."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder, expected_name, load_encoder
from korean.normalise import compact
from nlu.config import PipelineConfig, load_pipeline_config
from nlu.errors import ModelError
from nlu.features import Floats
from nlu.intents import STRANGER, VALUE, IntentModel, fit_temperature
from nlu.model_file import FORMAT, StoredModel, load_stored, save_model
from nlu.pipeline import Pipeline
from nlu.scope import RESOURCE, ScopeModel, fit_scope, scope_features, strangers
from nlu.training_data import TrainingData, load_training_data
from nlu.values import RESOURCE as VALUES
from nlu.values import value_examples

Progress = Callable[[str, float], None]
"""Called with what is being done and the share (0..1) that is done."""
FOLDS = 5
RECIPE = 3
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
    reused = not force and _made_already(output, version, settings, cache_dir)
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
    parts += [hashlib.sha256(resource.read_bytes()).hexdigest() for resource in (RESOURCE, VALUES)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _made_already(output: Path, version: str, settings: PipelineConfig, cache_dir: Path) -> bool:
    """Whether the model is of this version, whole, and of the encoder that will be loaded beside it."""
    try:
        header = load_stored(output).header
    except ModelError:
        return False
    if header.get("version") != version:
        return False
    if settings.encoder is None:
        return header.get("encoder") is None
    name = settings.encoder.encoder
    usual = expected_name(name)
    # The default falls back to a slower one where it can't be built; only loading it tells.
    return (
        header.get("encoder") == (usual or name)
        or header.get("encoder") == load_encoder(name, cache_dir=cache_dir).name
    )


def fit(data: TrainingData, encoder: Encoder | None, progress: Progress) -> StoredModel:
    """Fit intents, temperature and scope on the examples."""
    corpus = Corpus.of(data)
    progress("문장을 벡터로 바꾸는 중", 0.0)
    vectors = unspaced = None
    if encoder is not None:
        vectors = encoder.encode(corpus.texts)
        progress("문장을 벡터로 바꾸는 중", 0.3)
        unspaced = encoder.encode([text.replace(" ", "") for text in corpus.texts])
    progress("의도를 학습하는 중", 0.45)
    model = corpus.fit(range(len(corpus.texts)), vectors, unspaced)
    held_out, coverage = _held_out(corpus, vectors, unspaced, progress)
    model.temperature = fit_temperature(held_out, corpus.labels)
    scope = None
    if vectors is not None:
        progress("업무 밖 질문을 가려내는 법을 학습하는 중", 0.85)
        scope = _fit_scope(model, corpus, vectors, held_out, coverage)
    progress("끝", 1.0)
    header = {
        "examples": len(data.examples),
        "encoder": encoder.name if encoder else None,
        "lookups": data.lookups,
        "synonyms": data.synonyms,
        "regexes": data.regexes,
    }
    return StoredModel(header, model, scope)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All texts that are learned from: examples, then bare values, then strangers. Labels count through names, others."""

    names: list[str]
    others: tuple[str, ...]
    texts: list[str]
    labels: list[int]
    ours: int
    """How many of the texts are examples."""

    @classmethod
    def of(cls, data: TrainingData) -> Corpus:
        """The examples and what is learned beside them."""
        names = data.intents()
        values, known = value_examples(data), {compact(example.text) for example in data.examples}
        outside = [text for text in strangers() if compact(text) not in known]
        others = (VALUE, STRANGER) if values else (STRANGER,)
        labels = [names.index(example.intent) for example in data.examples]
        labels += [len(names)] * len(values) + [len(names) + len(others) - 1] * len(outside)
        texts = [example.text for example in data.examples] + values + outside
        return cls(names, others, texts, labels, len(data.examples))

    def fit(self, rows: Sequence[int], vectors: Floats | None, unspaced: Floats | None) -> IntentModel:
        """A model of some of the rows."""
        both = None
        if vectors is not None and unspaced is not None:
            both = np.vstack([vectors[rows], unspaced[rows]])
        texts, labels = [self.texts[row] for row in rows], [self.labels[row] for row in rows]
        return IntentModel.fit(self.names, texts, labels, both, self.others)


def _held_out(
    corpus: Corpus, vectors: Floats | None, unspaced: Floats | None, progress: Progress
) -> tuple[Floats, Floats]:
    """Each text's (probabilities, coverage) by a model that hasn't seen it."""
    probabilities = np.zeros((len(corpus.texts), len(corpus.names) + len(corpus.others)), np.float32)
    coverage = np.zeros(len(corpus.texts), np.float32)
    fold_of = _folds(corpus.labels)
    for fold in range(FOLDS):
        model = corpus.fit(np.flatnonzero(fold_of != fold).tolist(), vectors, unspaced)
        for row in np.flatnonzero(fold_of == fold).tolist():
            chars, coverage[row] = model.char_probabilities(corpus.texts[row])
            head = model.head_probabilities(vectors[row]) if vectors is not None else None
            probabilities[row] = chars if head is None else (chars + head) / 2
        progress("교차 검증으로 확신도를 맞추는 중", 0.5 + 0.3 * (fold + 1) / FOLDS)
    return probabilities, coverage


def _folds(labels: Sequence[int]) -> Any:
    """Fold of each text; each class is spread evenly."""
    seen: dict[int, int] = {}
    folds = np.zeros(len(labels), int)
    for row, label in enumerate(labels):
        folds[row] = (seen.get(label, 0) + label) % FOLDS
        seen[label] = seen.get(label, 0) + 1
    return folds


def _fit_scope(
    model: IntentModel, corpus: Corpus, vectors: Floats, held_out: Floats, coverage: Floats
) -> ScopeModel:
    """Examples against strangers, each seen as new: its own fold is left out of the bank that it is compared with."""
    stranger = len(corpus.names) + len(corpus.others) - 1
    ours = np.arange(corpus.ours)
    theirs = np.flatnonzero(np.array(corpus.labels) == stranger)
    fold = np.arange(len(vectors)) % FOLDS
    inside, outside = vectors[ours], vectors[theirs]
    rows = []
    for row in [*ours.tolist(), *theirs.tolist()]:
        near, far = vectors[ours[fold[ours] != fold[row]]], vectors[theirs[fold[theirs] != fold[row]]]
        split = model.split(held_out[row])
        rows.append(scope_features(split, vectors[row], float(coverage[row]), near, far))
    is_out = [False] * len(ours) + [True] * len(theirs)
    return fit_scope(np.array(rows, np.float32), is_out, inside, outside)


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
