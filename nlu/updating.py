"""Bringing an assistant's model up to date. Nothing changed means nothing to do; a model that is worse isn't taken over."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from encoder import Encoder, expected_name, load_encoder
from encoder.keeping import KeepingEncoder
from nlu.config import PipelineConfig, TransformersIntentClassifier, load_pipeline_config
from nlu.errors import ModelError
from nlu.lint import DomainNames, Finding, lint
from nlu.model_file import StoredModel, load_stored
from nlu.training import Progress, fit, model_version
from nlu.training_data import TrainingData, load_training_data
from nlu.tuned import check_tuned
from nlu.versions import Comparison, HeldOut, ModelCard, ModelVersions, compare
from nlu.versions.card import example_key

Outcome = Literal["unchanged", "taken", "refused", "set_aside"]
"""`taken`: the new model is served. `refused`: it did worse, so the old one is. `set_aside`: a person had gone back from it."""
_ENCODING = 0.3
"""Share of the work that is done when all texts have their vectors."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What came of it. `version` is the model of today's data; `served` the one that is served."""

    path: Path
    version: str
    served: str
    outcome: Outcome
    intents: int
    examples: int
    accuracy: float | None
    """Held-out, of `version`; None for a model without a card."""
    seconds: float
    trained: bool
    """Whether anything had to be computed."""
    findings: tuple[Finding, ...] = ()
    """What to mend in the data; looked for only where they have changed."""
    comparison: Comparison | None = None
    """With the model that was served before; None for the first one."""

    @property
    def reused(self) -> bool:
        """Whether everything was as it should be."""
        return self.outcome == "unchanged"


def train(
    config: Path,
    data: Path,
    output: Path,
    cache_dir: Path,
    progress: Progress | None = None,
    *,
    force: bool = False,
    domain: DomainNames | None = None,
) -> ModelInfo:
    """Bring the model at `output` up to date with config.yml and the utterances.

    Only texts that are new are encoded. `force` trains even if nothing has changed, and takes over a model that is worse.
    Raises `FormatError` for data or config, `EncoderError` without the encoder; the old model then stays.
    """
    settings, examples = load_pipeline_config(config), load_training_data(data)
    forward = _Forward(progress) if progress else _silent
    info = _Update(settings, examples, ModelVersions(output), cache_dir, forward).run(force)
    return info if info.reused else replace(info, findings=tuple(lint(examples, domain)))


@dataclass(slots=True)
class _Update:
    """One run of `train`."""

    settings: PipelineConfig
    data: TrainingData
    versions: ModelVersions
    cache_dir: Path
    progress: Progress

    def run(self, force: bool) -> ModelInfo:
        started = time.perf_counter()
        version = model_version(self.settings, self.data)
        if not force and self._usable(self.versions.current, version):
            return self._info(version, "unchanged", started, self.versions.card(version))
        card = None if force else self._made_before(version)
        trained = card is None
        if card is None:
            card = self._train(version)
        comparison = self._compare(card)
        outcome = "taken" if force else self._verdict(card, comparison)
        if outcome == "taken":
            self.versions.serve(version)
        else:
            self.versions.mark(version, outcome if outcome == "set_aside" else "refused")
        self.versions.prune()
        return replace(self._info(version, outcome, started, card), trained=trained, comparison=comparison)

    def _info(self, version: str, outcome: Outcome, started: float, card: ModelCard | None) -> ModelInfo:
        return ModelInfo(
            self.versions.current,
            version,
            self.versions.active() or "",
            outcome,
            len(self.data.intents()),
            len(self.data.examples),
            card.accuracy if card else None,
            time.perf_counter() - started,
            False,
        )

    def _made_before(self, version: str) -> ModelCard | None:
        """The card of a model of the same data that was kept: refused, set aside, or left for other data and come back to."""
        card = self.versions.card(version)
        return card if card is not None and self._usable(self.versions.file(version), version) else None

    def _train(self, version: str) -> ModelCard:
        stored = fit(self.data, self._encoder(), self._first_part())
        stored.header = {"version": version, **stored.header}
        if self.settings.tuned is not None:
            self._tune(self.settings.tuned, version, stored)
        pairs = list(zip(self.data.examples, stored.held_out, strict=True))
        card = ModelCard(
            version=version,
            created_at=time.time(),
            encoder=stored.header["encoder"],
            intents=self.data.intents(),
            examples=len(pairs),
            accuracy=round(sum(e.intent == answer for e, (answer, _) in pairs) / len(pairs), 4),
            held_out={
                example_key(e.text): HeldOut(label=e.intent, intent=answer, confidence=sure)
                for e, (answer, sure) in pairs
            },
        )
        self.versions.keep(stored, card)
        return card

    def _first_part(self) -> Progress:
        """Progress of what comes before fine-tuning, which takes longer by far; all of it where there is none."""
        if self.settings.tuned is None:
            return self.progress
        return lambda what, share: self.progress(what, share * 0.2) if share < 1 else None

    def _tune(self, settings: TransformersIntentClassifier, version: str, stored: StoredModel) -> None:
        """Beside the model of letters; where it is surer of a held-out example, its answer counts."""
        from nlu.tuned.training import tune

        def told(share: float) -> None:
            self.progress("트랜스포머를 미세 조정하는 중", share)

        result = tune(self.data, settings, self.versions.tuned(version), self.cache_dir, told)
        stored.header["tuned"] = True
        for at, answer in result.held_out.items():
            if answer[1] >= stored.held_out[at][1]:
                stored.held_out[at] = answer

    def _encoder(self) -> Encoder | None:
        if self.settings.encoder is None:
            return None
        encoder = load_encoder(self.settings.encoder.encoder, cache_dir=self.cache_dir)
        told = self.progress
        return KeepingEncoder(
            encoder, self.cache_dir, lambda share: told("문장을 벡터로 바꾸는 중", share * _ENCODING)
        )

    def _compare(self, card: ModelCard) -> Comparison | None:
        """With the model that is served; None if there is none, it has no card, or it is this one."""
        served = self.versions.card(self.versions.active())
        if served is None or served.version == card.version:
            return None
        return compare(self.data.examples, card.held_out, served)

    def _verdict(self, card: ModelCard, comparison: Comparison | None) -> Outcome:
        if comparison is None or not self._served_usable():
            # There is nothing to keep: config.yml may name another encoder now, under which the old model can't be read.
            return "taken"
        if card.state == "set_aside":
            return "set_aside"
        return "refused" if comparison.worse else "taken"

    def _served_usable(self) -> bool:
        return self._usable(self.versions.current, self.versions.active() or "")

    def _usable(self, path: Path, version: str) -> bool:
        """Whether the file is of this version, whole, and of the encoder that will be loaded beside it."""
        try:
            header = load_stored(path).header
            if header.get("tuned"):
                check_tuned(self.versions.tuned(version))
        except ModelError:
            return False
        if header.get("version") != version or bool(header.get("tuned")) != (self.settings.tuned is not None):
            return False
        if self.settings.encoder is None:
            return header.get("encoder") is None
        return header.get("encoder") == self._encoder_name(self.settings.encoder.encoder, header)

    def _encoder_name(self, name: str, header: dict[str, Any]) -> str:
        """What the encoder calls itself. Only where that isn't the usual name it is loaded to tell."""
        usual = expected_name(name)
        if header.get("encoder") == (usual or name):
            return usual or name
        # The default falls back to a slower one where it can't be built.
        return load_encoder(name, cache_dir=self.cache_dir).name


class _Forward:
    """Progress that never goes back, whoever tells it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._share = 0.0

    def __call__(self, what: str, share: float) -> None:
        self._share = max(self._share, share)
        self._progress(what, self._share)


def _silent(_what: str, _share: float) -> None:
    """Progress that nobody watches."""


def roll_back(output: Path, name: str) -> tuple[ModelCard, str | None]:
    """Serve an earlier version: (its card, the version that was served). Training on the same data won't undo it.

    Raises `ModelError` for an unknown or broken one.
    """
    versions = ModelVersions(output)
    card, before = versions.find(name), versions.active()
    versions.serve(card.version)
    if before is not None and before != card.version:
        versions.mark(before, "set_aside")
    return card, before
