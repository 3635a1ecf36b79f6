"""Training: from utterances to a model, and back from its file. Whether a model is needed and taken over: `nlu.updating`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder, expected_name, load_encoder
from korean.normalise import compact
from korean.register import other_request, request_register
from nlu.cascade import fit_cascade
from nlu.config import PipelineConfig, load_pipeline_config
from nlu.entities import BUILT_IN, RoleModel, annotated_words
from nlu.errors import ModelError
from nlu.features import Floats, softmax
from nlu.folds import folds_of
from nlu.intents import MANY, STRANGER, VALUE, IntentModel, IntentParts, Part
from nlu.model_file import FORMAT, StoredModel, load_stored
from nlu.near import novelty
from nlu.pipeline import Pipeline
from nlu.pooling import pool_weights
from nlu.readable import all_readable
from nlu.scope import FEATURES, RESOURCE, ScopeModel, fit_scope, nearness, scope_features, strangers
from nlu.training_data import TrainingData
from nlu.tuned import TunedIntents, load_tuned, tuned_folder
from nlu.values import RESOURCE as VALUES
from nlu.values import value_examples

Progress = Callable[[str, float], None]
"""Called with what is being done and the share (0..1) that is done."""
FOLDS = 5
SELDOM = 5
"""How many requests at one level of politeness there are to one at the other, where that one is added."""
RECIPE = 13
"""Raised whenever the same data would be trained differently."""


def model_version(settings: PipelineConfig, data: TrainingData) -> str:
    """Same data, settings and recipe, same version."""
    parts = [str(FORMAT), str(RECIPE), data.digest(), settings.encoder.encoder if settings.encoder else "-"]
    if settings.tuned is not None:
        parts.append(settings.tuned.model_dump_json())
    parts += [hashlib.sha256(resource.read_bytes()).hexdigest() for resource in (RESOURCE, VALUES)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def fit(data: TrainingData, encoder: Encoder | None, progress: Progress) -> StoredModel:
    """Fit intents, what each part of them counts, scope and cascade on the examples."""
    corpus = Corpus.of(data)
    progress("문장을 벡터로 바꾸는 중", 0.0)
    vectors = None if encoder is None else encoder.encode(all_readable(corpus.texts), encoder.learns_from)
    progress("의도를 학습하는 중", 0.45)
    parts = corpus.fit(range(len(corpus.texts)), vectors)
    held = _held_out(corpus, vectors, progress)
    by_letters = corpus.weights(held.scores[: Part.ENCODER], held.worth)
    by_all = None if vectors is None else corpus.weights(held.scores, held.worth)
    model = parts.together(by_letters.tolist(), None if by_all is None else by_all.tolist())
    progress("업무 밖 질문을 가려내는 법을 학습하는 중", 0.85)
    letters = held.probabilities(by_letters)
    glance_scope, strange = _fit_scope(
        model, corpus, held, letters, model.student.encode(corpus.texts), np.zeros(len(letters), np.float32)
    )
    scope, cascade, decided = None, None, letters
    if vectors is not None and by_all is not None:
        both = held.probabilities(by_all)
        scope, _ = _fit_scope(model, corpus, held, both, model.place(vectors), strange)
        cascade = fit_cascade(letters, both, corpus.labels, strange, corpus.stranger, held.worth)
        alone = [cascade.decided(row, float(score)) for row, score in zip(letters, strange, strict=True)]
        decided = np.where(np.array(alone)[:, None], letters, both)
    progress("끝", 1.0)
    header = {
        "examples": len(data.examples),
        "encoder": encoder.name if encoder else None,
        "lookups": data.lookups,
        "synonyms": data.synonyms,
        "regexes": data.regexes,
        "learned": learned_entities(data),
    }
    return StoredModel(header, model, glance_scope, scope, cascade, _answers(model, decided[: corpus.ours]))


def _answers(model: IntentModel, held_out: Floats) -> list[tuple[str, float]]:
    """(intent, confidence) of each row."""
    shares = [model.split(probabilities).intents for probabilities in held_out]
    return [(model.names[int(share.argmax())], round(float(share.max()), 4)) for share in shares]


def learned_entities(data: TrainingData) -> dict[str, Any]:
    """Words that were annotated, and roles and groups by what stands beside them."""
    return {
        "words": annotated_words(data.examples, BUILT_IN),
        "roles": RoleModel.learn(data.examples).to_json(),
    }


@dataclass(frozen=True, slots=True)
class Corpus:
    """All texts that are learned from: examples, then bare values, then strangers. Labels count through names, others."""

    names: list[str]
    others: tuple[str, ...]
    texts: list[str]
    labels: list[int]
    ours: int
    """How many of the texts are examples."""
    sources: list[int]
    """Text that each is or was made from: the last ones are requests said at another level of politeness."""

    @classmethod
    def of(cls, data: TrainingData) -> Corpus:
        """The examples and what is learned beside them."""
        names = data.intents()
        values, known = value_examples(data), {compact(example.text) for example in data.examples}
        outside = [text for text in (*strangers(), *data.outside) if compact(text) not in known]
        others = (VALUE, STRANGER) if values else (STRANGER,)
        labels = [names.index(example.intent) for example in data.examples]
        labels += [len(names)] * len(values) + [len(names) + len(others) - 1] * len(outside)
        texts = [example.text for example in data.examples] + values + outside
        sources = list(range(len(texts)))
        if len(texts) <= MANY:
            _add_requests(texts, labels, sources, len(data.examples))
        return cls(names, others, texts, labels, len(data.examples), sources)

    @property
    def stranger(self) -> int:
        """Label of the strangers, the last one."""
        return len(self.names) + len(self.others) - 1

    def fit(self, rows: Sequence[int], vectors: Floats | None) -> IntentParts:
        """Models of some of the rows."""
        texts, labels = [self.texts[row] for row in rows], [self.labels[row] for row in rows]
        return IntentParts.fit(
            self.names, texts, labels, None if vectors is None else vectors[rows], self.others
        )

    def weights(self, held_out: Sequence[Floats], worth: Any) -> Any:
        """How much each part counts. The examples alone say it: what is learned beside them is ours, not customers'."""
        ours, count = slice(0, self.ours), len(self.names)
        return pool_weights([scores[ours, :count] for scores in held_out], self.labels[ours], worth[ours])

    def folds(self) -> Any:
        """Fold of each text; what was made from another has the same."""
        own = sum(source == at for at, source in enumerate(self.sources))
        return np.array(folds_of(self.texts[:own], self.labels[:own], FOLDS, 0))[self.sources]


def _add_requests(texts: list[str], labels: list[int], sources: list[int], ours: int) -> None:
    """The examples' requests in 반말 as well, where they have hardly any, or in 해요체: nobody is a stranger for saying 해줘."""
    levels = [request_register(text) for text in texts[:ours]]
    counts = {level: levels.count(level) for level in ("반말", "해요체")}
    known = {compact(text) for text in texts}
    for at, level in enumerate(levels):
        if level is None or counts[level] < SELDOM * min(counts.values()):
            continue
        other = other_request(texts[at])
        if compact(other) not in known:
            texts.append(other)
            labels.append(labels[at])
            sources.append(at)


@dataclass(frozen=True, slots=True)
class HeldOutRows:
    """What models that haven't seen a text make of it, a row a text."""

    fold: Any
    """Which of the models that is; near-duplicates have the same."""
    scores: list[Floats]
    """Of each part."""
    coverage: Floats
    worth: Any
    """How much each says of what customers will write: less, the more alike another example of its intent is."""

    def probabilities(self, weights: Sequence[float]) -> Floats:
        """Of the first parts together, as many as there are weights."""
        used = self.scores[: len(weights)]
        return softmax(
            sum(
                (np.float32(w) * s for w, s in zip(weights, used, strict=True)),
                np.zeros_like(self.scores[0]),
            )
        )


def _held_out(corpus: Corpus, vectors: Floats | None, progress: Progress) -> HeldOutRows:
    count, classes = len(corpus.texts), len(corpus.names) + len(corpus.others)
    parts = Part.ENCODER if vectors is None else Part.ENCODER + 1
    scores = [np.zeros((count, classes), np.float32) for _ in range(parts)]
    coverage = np.zeros(count, np.float32)
    fold_of = corpus.folds()
    for fold in range(FOLDS):
        models = corpus.fit(np.flatnonzero(fold_of != fold).tolist(), vectors)
        asked = np.flatnonzero(fold_of == fold)
        if len(asked):
            texts = [corpus.texts[row] for row in asked]
            rows = models.rows(texts, None if vectors is None else vectors[asked])
            for whole, found in zip(scores, models.scores(rows), strict=True):
                whole[asked] = found
            coverage[asked] = rows.coverage
        progress("교차 검증으로 확신도를 맞추는 중", 0.5 + 0.3 * (fold + 1) / FOLDS)
    return HeldOutRows(fold_of, scores, coverage, novelty(corpus.texts, corpus.labels, fold_of) ** 2)


def _fit_scope(
    model: IntentModel,
    corpus: Corpus,
    held: HeldOutRows,
    probabilities: Floats,
    vectors: Floats,
    earlier: Floats,
) -> tuple[ScopeModel, Floats]:
    """(the decision, its score of every text): examples against strangers.

    Each is seen as new: its own fold is left out of the banks that it is compared with.
    """
    labels = np.array(corpus.labels)
    ours, theirs = np.flatnonzero(labels < len(corpus.names)), np.flatnonzero(labels == corpus.stranger)
    rows = np.zeros((len(labels), len(FEATURES)), np.float32)
    for fold in range(FOLDS):
        asked = np.flatnonzero(held.fold == fold)
        near, far = (
            nearness(vectors[asked], vectors[bank[held.fold[bank] != fold]]) for bank in (ours, theirs)
        )
        for row, inside, outside in zip(asked.tolist(), near.tolist(), far.tolist(), strict=True):
            rows[row] = scope_features(
                model.split(probabilities[row]),
                inside,
                outside,
                float(held.coverage[row]),
                float(earlier[row]),
            )
    asked = np.concatenate([ours, theirs])
    is_out = [False] * len(ours) + [True] * len(theirs)
    fitted = fit_scope(rows[asked], is_out, held.worth[asked], vectors[ours], vectors[theirs])
    return fitted, np.array([fitted.score(row) for row in rows], np.float32)


def load_model(path: Path, config: Path, cache_dir: Path, encoder: Encoder | None = None) -> Pipeline:
    """The pipeline of a model file; `encoder` is used if it is the one that config.yml names, so that none is loaded twice.

    Raises `ModelError`, `EncoderError`, `FormatError`.
    """
    settings, stored = load_pipeline_config(config), load_stored(path)
    trained_with = stored.header.get("encoder")
    if settings.encoder is None:
        encoder = None
    elif encoder is None or encoder.name != trained_with or not _is_meant(encoder, settings.encoder.encoder):
        encoder = load_encoder(settings.encoder.encoder, cache_dir=cache_dir)
    if (encoder.name if encoder else None) != trained_with:
        raise ModelError("model_encoder", f"The model was trained with encoder {trained_with!r}.")
    return pipeline_of(settings, stored, encoder, _load_tuned(path, settings, stored))


def _load_tuned(path: Path, settings: PipelineConfig, stored: StoredModel) -> TunedIntents | None:
    """The fine-tuned classifier that belongs to the model. Raises `ModelError`."""
    if bool(stored.header.get("tuned")) != (settings.tuned is not None):
        has = "with" if stored.header.get("tuned") else "without"
        raise ModelError("model_encoder", f"The model was trained {has} TransformersIntentClassifier.")
    if settings.tuned is None:
        return None
    return load_tuned(tuned_folder(path, stored.header.get("version", "")), settings.tuned.max_tokens)


def _is_meant(encoder: Encoder, name: str) -> bool:
    """Whether this is what config.yml calls `name`."""
    return encoder.name in (name, expected_name(name))


def pipeline_of(
    settings: PipelineConfig, stored: StoredModel, encoder: Encoder | None, tuned: TunedIntents | None = None
) -> Pipeline:
    """A stored model, ready to be asked."""
    header = stored.header
    return Pipeline(
        settings,
        stored.intents,
        stored.glance_scope,
        stored.scope,
        stored.cascade,
        encoder,
        header.get("lookups", {}),
        header.get("synonyms", {}),
        header.get("regexes", {}),
        header.get("version", ""),
        tuned,
        header.get("learned", {}),
    )
