"""The trained pipeline: text to `Understanding`. Never raises for any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from encoder import Encoder
from korean.normalise import has_words
from nlu.config import PipelineConfig
from nlu.entities import EntityExtractor
from nlu.features import LONGEST, Floats
from nlu.intents import VALUE, IntentModel, Split
from nlu.scope import ScopeModel
from nlu.sentiment import abuse_of, sentiment_of
from nlu.signals import signals_of
from nlu.tuned import TunedIntents
from nlu.types import Abuse, Entity, Intent, OutOfScope, Sentiment, Signals, Understanding
from nlu.values import BARE, is_bare

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
    tuned: TunedIntents | None = None
    """A fine-tuned transformer that has a say beside `intents`."""
    learned: dict[str, Any] = field(default_factory=dict)
    """What the training data teach about entities: `words` and `roles`."""
    _extractor: EntityExtractor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        typos = bool(self.config.entities and self.config.entities.typos)
        self._extractor = EntityExtractor(
            self.lookups, self.synonyms, self.regexes, self.learned, typos=typos
        )

    def understand(self, text: str, now: datetime | None = None) -> Understanding:
        """Everything that the configured components find. Text without letters and digits has no intent."""
        head = text[:HEAD]
        if not has_words(head):
            return Understanding(text=text)
        return self._whole(text, head, now, self.intents.char_probabilities(head))

    def understand_at_once(self, text: str, now: datetime | None = None) -> Understanding | None:
        """`understand` where the encoder isn't needed, in about half a millisecond; None where it is."""
        head = text[:HEAD]
        if not has_words(head):
            return Understanding(text=text)
        if self.tuned is not None:
            return None
        by_chars = self.intents.char_probabilities(head)
        if self.encoder is not None and not self._sure(*by_chars):
            return None
        return self._whole(text, head, now, by_chars)

    def _whole(
        self, text: str, head: str, now: datetime | None, by_chars: tuple[Floats, float]
    ) -> Understanding:
        entities = self._entities(head, now or datetime.now(KOREA))
        probabilities, scope = self._classify(head, is_bare(head, entities), *by_chars)
        if self.tuned is not None:
            probabilities = self.tuned.blend(head, self.intents.names, probabilities)
        ranking = self._ranking(probabilities)
        return Understanding(
            text=text,
            intent=ranking[0],
            intent_ranking=ranking,
            entities=tuple(entities),
            sentiment=sentiment_of(head) if self.config.sentiment else _CALM,
            out_of_scope=scope,
            abuse=abuse_of(head) if self.config.abuse else Abuse(score=0.0),
            signals=signals_of(head) if self.config.sentiment else Signals(),
        )

    def understand_many(self, texts: Sequence[str], now: datetime | None = None) -> list[Understanding]:
        """`understand` for each."""
        return [self.understand(text, now) for text in texts]

    def _classify(self, text: str, bare: bool, chars: Floats, coverage: float) -> tuple[Floats, OutOfScope]:
        """The character model alone where it is sure and knows the words; else both halves, and the scope decision.

        Probabilities of the intents: they sum to less than 1 by what the message is worth as a bare value.
        """
        if self.encoder is None or self._sure(chars, coverage):
            return self._intents_only(self.intents.calibrated(chars), bare), _INSIDE
        vector = self.encoder.encode([text[:LONGEST]])[0]
        head = self.intents.head_probabilities(vector)
        mean: Floats = chars if head is None else (chars + head) / np.float32(2)
        calibrated = self.intents.calibrated(mean)
        value = BARE if bare else self.intents.split(calibrated).value
        scope = self._scope(self.intents.split(mean), vector, coverage, value)
        return self._intents_only(calibrated, bare), scope

    def _sure(self, chars: Floats, coverage: float) -> bool:
        """Whether the character model needs no second opinion: not where it finds a stranger."""
        settings, split = self.config.intent, self.intents.split(chars)
        second, first = np.partition(chars, -2)[-2:]
        return settings is not None and bool(
            first - second >= settings.cascade_margin
            and coverage >= settings.cascade_coverage
            and split.stranger < first
        )

    def _intents_only(self, calibrated: Floats, bare: bool) -> Floats:
        """Probability of each intent; one that has nothing but entities is hardly any."""
        split = self.intents.split(calibrated)
        rest = float(split.intents.sum())
        if not bare or VALUE not in self.intents.others or rest <= 1 - BARE:
            return split.intents
        shrunk: Floats = split.intents * np.float32((1 - BARE) / rest)
        return shrunk

    def _scope(self, split: Split, vector: Floats, coverage: float, value: float) -> OutOfScope:
        """A bare value is nobody's business and everybody's: it is not judged to be out of scope."""
        if self.scope is None or self.config.scope is None:
            return _INSIDE
        score = self.scope.score(self.scope.features(split, vector, coverage)) * (1 - value)
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
        found = self._extractor.extract(text, now)
        only = self.config.entities.only
        return [entity for entity in found if only is None or entity.entity in only]


_INSIDE = OutOfScope(score=0.0, decision=False)
_CALM = Sentiment(label="neutral", score=1.0, scores={})
