"""The `pipeline` of config.yml: components by name with their parameters, checked with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formats import YamlFile, load_yaml


class _Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KoreanNormalizer(_Parameters):
    """Composes, cuts repetition short, turns keyboard slips back."""


class CharNgramFeaturizer(_Parameters):
    """Character n-grams that ignore spaces."""


class SentenceEncoderFeaturizer(_Parameters):
    """Vectors by the encoder of that name; left out, only characters are used."""

    encoder: str = "e5-small-int8"


class KoreanIntentClassifier(_Parameters):
    """Letters first, the encoder when they are unsure; when that is, training learns from the utterances."""

    ranking: int = Field(default=10, ge=1, le=100)


class TransformersIntentClassifier(_Parameters):
    """A transformer fine-tuned to the intents, which has a say beside the other classifier. Extra `[transformers]`."""

    model: str = "e5-small"
    """The packaged encoder, a folder, or a name on the hub."""
    epochs: int = Field(default=8, ge=1, le=100)
    batch: int = Field(default=16, ge=1, le=256)
    learning_rate: float | None = Field(default=None, gt=0, le=0.1)
    """Left out: 0.0001 for all weights, 0.001 for adapters."""
    lora_rank: int = Field(default=0, ge=0, le=256)
    """Rank of low-rank adapters; 0 tunes all weights but the words' own."""
    max_tokens: int = Field(default=96, ge=8, le=512)
    seed: int = 0


class OutOfScopeDetector(_Parameters):
    """Learned decision; `threshold` replaces the fitted one."""

    threshold: float | None = Field(default=None, ge=0, le=1)


class KoreanEntityExtractor(_Parameters):
    """Dates, times, amounts, numbers and the assistant's own lists; `only` limits it to some."""

    only: list[str] | None = None
    typos: bool = False
    """Words of the own lists are recognised with one wrong letter: 채크카드 for 체크카드."""


class SentimentClassifier(_Parameters):
    """The shipped models of mood and signals."""


class AbuseClassifier(_Parameters):
    """The shipped abuse model."""


COMPONENTS: dict[str, type[_Parameters]] = {
    kind.__name__: kind
    for kind in (
        KoreanNormalizer,
        CharNgramFeaturizer,
        SentenceEncoderFeaturizer,
        KoreanIntentClassifier,
        TransformersIntentClassifier,
        OutOfScopeDetector,
        KoreanEntityExtractor,
        SentimentClassifier,
        AbuseClassifier,
    )
}


class PipelineConfig(BaseModel):
    """What the pipeline is made of; a component that isn't listed is None."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: KoreanIntentClassifier | None = None
    tuned: TransformersIntentClassifier | None = None
    encoder: SentenceEncoderFeaturizer | None = None
    scope: OutOfScopeDetector | None = None
    entities: KoreanEntityExtractor | None = None
    sentiment: SentimentClassifier | None = None
    abuse: AbuseClassifier | None = None


_PLACES = {
    "KoreanIntentClassifier": "intent",
    "TransformersIntentClassifier": "tuned",
    "SentenceEncoderFeaturizer": "encoder",
    "OutOfScopeDetector": "scope",
    "KoreanEntityExtractor": "entities",
    "SentimentClassifier": "sentiment",
    "AbuseClassifier": "abuse",
}


def load_pipeline_config(path: Path) -> PipelineConfig:
    """From config.yml. Raises `FormatError` for an unknown component or parameter."""
    file = load_yaml(path)
    items = file.data.get("pipeline") if isinstance(file.data, dict) else None
    if not isinstance(items, list) or not items:
        raise file.error(("pipeline",), "no pipeline", "pipeline: a list of components")
    return pipeline_config(file, items)


def pipeline_config(file: YamlFile, items: list[dict[str, Any]]) -> PipelineConfig:
    """Check each component's name and parameters."""
    found: dict[str, Any] = {}
    for index, item in enumerate(items):
        name = item.get("name") if isinstance(item, dict) else None
        kind = COMPONENTS.get(str(name))
        if kind is None:
            raise file.error(
                ("pipeline", index), f"unknown component {name!r}", f"one of {', '.join(COMPONENTS)}"
            )
        parameters = {key: value for key, value in item.items() if key != "name"}
        try:
            component = kind.model_validate(parameters)
        except ValidationError as error:
            first = error.errors()[0]
            key = str(first["loc"][0]) if first["loc"] else ""
            expected = ", ".join(kind.model_fields) or "no parameters"
            raise file.error(("pipeline", index, key), f"{name}: {key!r}: {first['msg']}", expected) from None
        if place := _PLACES.get(str(name)):
            found[place] = component
    return PipelineConfig.model_validate(found)
