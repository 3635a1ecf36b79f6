"""How well an assistant understands what it wasn't trained on, from its own examples: each is asked of a model without it.

Near-duplicates stay together: if 카드 분실이요 was learned, 카드 분실요 is no question. So the figures are lower than a
random split gives, and closer to what customers will see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from encoder import Encoder
from nlu.config import PipelineConfig
from nlu.errors import TrainingError
from nlu.evaluation import trained
from nlu.folds import folds_of
from nlu.pipeline import KOREA, Pipeline
from nlu.training import Progress
from nlu.training_data import Example, TrainingData

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood of an example whose intent is known. `intent` is empty where nothing was."""

    example: Example
    intent: str
    confidence: float
    """Calibrated."""
    wanted_confidence: float
    """Of the example's own intent; 0 if it isn't in the ranking."""
    out_of_scope: bool

    @property
    def right(self) -> bool:
        """Whether the intent is the example's."""
        return self.intent == self.example.intent


def cross_validate(
    data: TrainingData,
    config: PipelineConfig,
    encoder: Encoder | None,
    *,
    folds: int = FOLDS,
    seed: int = 0,
    progress: Progress | None = None,
    cache_dir: Path | None = None,
) -> list[Answer]:
    """An answer for each example, in their order. Raises `TrainingError` if there are too few to be parted."""
    fold_of = folds_of([e.text for e in data.examples], [e.intent for e in data.examples], folds, seed)
    answers: list[Answer | None] = [None] * len(data.examples)
    tell = progress or (lambda _what, _share: None)
    for fold in sorted(set(fold_of)):
        tell(f"교차 검증 {fold + 1}/{folds}", fold / folds)
        rest = [e for e, f in zip(data.examples, fold_of, strict=True) if f != fold]
        if len({e.intent for e in rest}) < 2:
            raise TrainingError(
                "Too few examples that differ to be parted for cross-validation.",
                "Write more utterances, in different words.",
            )
        pipeline, _ = trained(
            TrainingData(rest, data.lookups, data.synonyms, data.regexes, data.outside),
            config,
            encoder,
            None,
            cache_dir,
        )
        asked = [at for at, f in enumerate(fold_of) if f == fold]
        for at, answer in zip(asked, ask(pipeline, [data.examples[at] for at in asked]), strict=True):
            answers[at] = answer
    tell("끝", 1.0)
    return [answer for answer in answers if answer is not None]


def ask(pipeline: Pipeline, examples: Sequence[Example], progress: Progress | None = None) -> list[Answer]:
    """What the pipeline understands of each."""
    now = datetime.now(KOREA)
    found = []
    for number, example in enumerate(examples):
        result = pipeline.understand(example.text, now)
        sure = {intent.name: intent.confidence for intent in result.intent_ranking}
        found.append(
            Answer(
                example,
                result.intent.name if result.intent else "",
                result.intent.confidence if result.intent else 0.0,
                sure.get(example.intent, 0.0),
                result.out_of_scope.decision,
            )
        )
        if progress is not None and number % 100 == 0:
            progress("재는 중", number / len(examples))
    return found
