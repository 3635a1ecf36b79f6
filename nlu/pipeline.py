"""The trained pipeline: text to `Understanding`. Never raises for any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from encoder import Encoder
from korean.normalise import has_words
from nlu.config import PipelineConfig
from nlu.entities import extract
from nlu.features import Floats
from nlu.intents import IntentModel
from nlu.scope import ScopeModel
from nlu.sentiment import abuse_of, sentiment_of
from nlu.types import Abuse, Entity, Intent, OutOfScope, Sentiment, Understanding

KOREA = ZoneInfo("Asia/Seoul")
HEAD = 1_000
"""Characters of a message that are understood; what follows is kept, but says little more."""


@dataclass(slots=True)
class Pipeline:
    """Immutable once made; safe to call from several threads."""

    config: PipelineConfig
    intents: IntentModel
    scope: ScopeModel | None
    encoder: Encoder | None
    lookups: dict[str, list[str]] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    regexes: dict[str, str] = field(default_factory=dict)
    version: str = ""

    def understand(self, text: str, now: datetime | None = None) -> Understanding:
        """Everything that the configured components find. Text without letters and digits has no intent."""
        head = text[:HEAD]
        if not has_words(head):
            return Understanding(text=text)
        probabilities, scope = self._classify(head)
        ranking = self._ranking(probabilities)
        return Understanding(
            text=text,
            intent=ranking[0],
            intent_ranking=ranking,
            entities=tuple(self._entities(head, now or datetime.now(KOREA))),
            sentiment=sentiment_of(head) if self.config.sentiment else _CALM,
            out_of_scope=scope,
            abuse=abuse_of(head) if self.config.abuse else Abuse(score=0.0),
        )

    def understand_many(self, texts: Sequence[str], now: datetime | None = None) -> list[Understanding]:
        """`understand` for each."""
        return [self.understand(text, now) for text in texts]

    def _classify(self, text: str) -> tuple[Floats, OutOfScope]:
        """The character model alone where it is sure and knows the words; else both halves, and the scope decision."""
        chars, coverage = self.intents.char_probabilities(text)
        settings = self.config.intent
        second, first = np.partition(chars, -2)[-2:]
        sure = settings is not None and (
            first - second >= settings.cascade_margin and coverage >= settings.cascade_coverage
        )
        if sure or self.encoder is None:
            return self.intents.calibrated(chars), OutOfScope(score=0.0, decision=False)
        vector = self.encoder.encode([text])[0]
        head = self.intents.head_probabilities(vector)
        mean: Floats = chars if head is None else (chars + head) / np.float32(2)
        return self.intents.calibrated(mean), self._scope(mean, vector, coverage)

    def _scope(self, probabilities: Floats, vector: Floats, coverage: float) -> OutOfScope:
        if self.scope is None or self.config.scope is None:
            return OutOfScope(score=0.0, decision=False)
        score = self.scope.score(self.scope.features(probabilities, vector, coverage))
        threshold = self.config.scope.threshold
        limit = self.scope.threshold if threshold is None else threshold
        return OutOfScope(score=round(score, 4), decision=score >= limit)

    def _ranking(self, probabilities: Floats) -> tuple[Intent, ...]:
        count = self.config.intent.ranking if self.config.intent else 10
        order = np.argsort(-probabilities)[:count]
        return tuple(
            Intent(name=self.intents.names[i], confidence=round(float(probabilities[i]), 4)) for i in order
        )

    def _entities(self, text: str, now: datetime) -> list[Entity]:
        if self.config.entities is None:
            return []
        found = extract(text, now, self.lookups, self.synonyms, self.regexes)
        only = self.config.entities.only
        return [entity for entity in found if only is None or entity.entity in only]


_CALM = Sentiment(label="neutral", score=1.0, scores={})
