"""The trained pipeline: text to `Understanding`. Never raises for any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from encoder import Encoder
from korean.morphology import morphology
from korean.normalise import has_words
from nlu.cascade import Cascade
from nlu.config import PipelineConfig
from nlu.entities import EntityExtractor
from nlu.features import LONGEST, Floats
from nlu.feelings import feelings_of
from nlu.intents import VALUE, Glance, IntentModel
from nlu.readable import readable
from nlu.scope import ScopeModel
from nlu.tuned import TunedIntents
from nlu.types import Abuse, Entity, Intent, OutOfScope, Sentiment, Signals, Understanding, Wish
from nlu.values import BARE, is_bare
from nlu.wishes import SURE, joints

KOREA = ZoneInfo("Asia/Seoul")
HEAD = 1_000
"""Characters of a message that are understood; what follows is kept, but says little more."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A message at first sight."""

    glance: Glance
    strange: float
    """Probability, by letters alone, that it is no business of ours."""


@dataclass(frozen=True, slots=True)
class Look:
    """A message half understood."""

    text: str
    seen: _Seen | None
    """None for text without a letter or digit."""
    for_encoder: str | None
    """What the encoder has to be asked; None where letters decide."""


@dataclass(slots=True)
class Pipeline:
    """Immutable once made; safe to call from several threads."""

    config: PipelineConfig
    intents: IntentModel
    glance_scope: ScopeModel
    scope: ScopeModel | None
    cascade: Cascade | None
    """When letters alone decide; None: always."""
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
        return self.understand_many([text], now)[0]

    def understand_many(self, texts: Sequence[str], now: datetime | None = None) -> list[Understanding]:
        """`understand` for each; those that need the encoder go through it together."""
        now = now or datetime.now(KOREA)
        seen = [self._glance(text[:HEAD]) if has_words(text[:HEAD]) else None for text in texts]
        vectors = self._vectors(
            {
                at: self.for_encoder(text)
                for at, (text, glance) in enumerate(zip(texts, seen, strict=True))
                if glance is not None and not self._decided(glance)
            }
        )
        return [
            Understanding(text=text) if glance is None else self._whole(text, now, glance, vectors.get(at))
            for at, (text, glance) in enumerate(zip(texts, seen, strict=True))
        ]

    def look(self, text: str) -> Look:
        """What letters alone tell, in about a third of a millisecond: `finish` makes an `Understanding` of it."""
        seen = self._glance(text[:HEAD]) if has_words(text[:HEAD]) else None
        needed = self.for_encoder(text) if seen is not None and not self._decided(seen) else None
        return Look(text, seen, needed)

    def finish(self, look: Look, now: datetime | None = None) -> Understanding:
        """The rest, as `understand` would have it; asks the encoder for the vector of `look.for_encoder`, if it needs one."""
        if look.seen is None:
            return Understanding(text=look.text)
        vector = None
        if look.for_encoder is not None and self.encoder is not None:
            vector = self.encoder.encode([look.for_encoder], self.encoder.learns_from)[0]
        return self._whole(look.text, now or datetime.now(KOREA), look.seen, vector)

    def asks_encoder(self, text: str) -> bool:
        """Whether letters leave the text to the encoder."""
        return has_words(text[:HEAD]) and not self._decided(self._glance(text[:HEAD]))

    @staticmethod
    def for_encoder(text: str) -> str:
        """What the encoder is given of a text."""
        return readable(text[:LONGEST])

    def warm_up(self) -> None:
        """Load what else the first message would wait for."""
        if self.encoder is not None:
            self.encoder.warm_up()
            morphology().warm_up()

    def _glance(self, head: str) -> _Seen:
        glance = self.intents.glance(head)
        split = self.intents.split(glance.probabilities)
        return _Seen(glance, self.glance_scope.judge(split, glance.vector, glance.coverage))

    def _vectors(self, texts: dict[int, str]) -> dict[int, Floats]:
        if self.encoder is None or not texts:
            return {}
        return dict(
            zip(texts, self.encoder.encode(list(texts.values()), self.encoder.learns_from), strict=True)
        )

    def _whole(self, text: str, now: datetime, seen: _Seen, vector: Floats | None) -> Understanding:
        head = text[:HEAD]
        entities = self._entities(head, now)
        probabilities, scope = self._classify(is_bare(head, entities), seen, vector)
        if self.tuned is not None:
            probabilities = self.tuned.blend(head, self.intents.names, probabilities)
        ranking = self._ranking(probabilities)
        wanted = self.config.sentiment or self.config.abuse
        feelings = feelings_of(head) if wanted else None
        return Understanding(
            text=text,
            intent=ranking[0],
            intent_ranking=ranking,
            entities=tuple(entities),
            sentiment=feelings.sentiment if feelings and self.config.sentiment else _CALM,
            out_of_scope=scope,
            abuse=feelings.abuse if feelings and self.config.abuse else _HARMLESS,
            signals=feelings.signals if feelings and self.config.sentiment else _SHOWS_NOTHING,
            wishes=self._wishes(head, ranking[0]),
        )

    def _wishes(self, text: str, likeliest: Intent) -> tuple[Wish, ...]:
        """Two, if parts of the message are each surely of another intent, and the whole of one of them; else none."""
        for parts in joints(text):
            first, second = self._of_parts(parts)
            if first and second and first.name != second.name and likeliest.name in (first.name, second.name):
                return Wish(text=parts[0], intent=first), Wish(text=parts[1], intent=second)
        return ()

    def _of_parts(self, parts: Sequence[str]) -> list[Intent | None]:
        """The intent of each; None where it isn't sure, or the part no business of ours."""
        seen = [self._glance(part) for part in parts]
        vectors = self._vectors(
            {
                at: self.for_encoder(part)
                for at, (part, glance) in enumerate(zip(parts, seen, strict=True))
                if not self._decided(glance)
            }
        )
        found: list[Intent | None] = []
        for at, (part, glance) in enumerate(zip(parts, seen, strict=True)):
            probabilities, scope = self._classify(is_bare(part, []), glance, vectors.get(at))
            if self.tuned is not None:
                probabilities = self.tuned.blend(part, self.intents.names, probabilities)
            intent = self._ranking(probabilities)[0]
            found.append(intent if intent.confidence >= SURE and not scope.decision else None)
        return found

    def _classify(self, bare: bool, seen: _Seen, vector: Floats | None) -> tuple[Floats, OutOfScope]:
        """By letters alone where they are sure; else, by the encoder's vector as well.

        Probabilities of the intents: they sum to less than 1 by what the message is worth as a bare value.
        """
        probabilities, score, decision = seen.glance.probabilities, seen.strange, self.glance_scope
        if vector is not None:
            probabilities = self.intents.both(seen.glance, vector)
            if self.scope is not None:
                decision = self.scope
                split = self.intents.split(probabilities)
                score = decision.judge(split, self.intents.place(vector), seen.glance.coverage, score)
        value = BARE if bare else self.intents.split(probabilities).value
        # A bare value is nobody's business and everybody's: it is not judged to be out of scope.
        scope = self._scope(score * (1 - value), decision.limit(self.intents.split(probabilities)))
        return self._intents_only(probabilities, bare), scope

    def _decided(self, seen: _Seen) -> bool:
        """Whether letters need no second opinion."""
        if self.encoder is None or self.cascade is None:
            return True
        return self.cascade.decided(seen.glance.probabilities, seen.strange)

    def _intents_only(self, probabilities: Floats, bare: bool) -> Floats:
        """Probability of each intent; one that has nothing but entities is hardly any."""
        split = self.intents.split(probabilities)
        rest = float(split.intents.sum())
        if not bare or VALUE not in self.intents.others or rest <= 1 - BARE:
            return split.intents
        shrunk: Floats = split.intents * np.float32((1 - BARE) / rest)
        return shrunk

    def _scope(self, score: float, fitted: float) -> OutOfScope:
        if self.config.scope is None:
            return _INSIDE
        threshold = self.config.scope.threshold
        limit = fitted if threshold is None else threshold
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
_HARMLESS = Abuse(score=0.0)
_SHOWS_NOTHING = Signals()
