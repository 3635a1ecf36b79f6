"""What the understanding of one message is made of. Plain data; `Understanding.to_rasa()` is `/model/parse`'s shape."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SentimentLabel = Literal["positive", "neutral", "negative"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Intent(_Frozen):
    """A candidate intent. `confidence` is a calibrated probability in 0..1."""

    name: str
    confidence: float


class Wish(_Frozen):
    """One of several things that a message wants, said by itself: 카드 정지하고 주소도 바꿔 주세요 -> 카드 정지하고 싶어요."""

    text: str
    intent: Intent


class Entity(_Frozen):
    """A span of the message with its normalised value. `start`/`end` are code-point offsets into the original text."""

    entity: str
    start: int
    end: int
    text: str
    value: Any
    """JSON: a date is `2026-11-24`, a time `15:30`, an amount in won an int, a phone number `010-1234-5678`; all are listed in
    docs/reference/entities.md."""
    role: str | None = None
    group: str | None = None
    confidence: float = 1.0
    extractor: str = ""
    info: dict[str, Any] = Field(default_factory=dict)
    """What else is known: `grain`, `from`/`to` of a span, `unit` of a count, `validity` of a number. Rasa's `additional_info`."""


class Sentiment(_Frozen):
    """The mood of the message. `scores` sum to 1 over positive, neutral, negative."""

    label: SentimentLabel
    score: float
    scores: dict[str, float] = Field(default_factory=dict)


class OutOfScope(_Frozen):
    """Whether this is the assistant's business at all. `score` is the probability that it is not; `decision` the verdict."""

    score: float
    decision: bool


class Abuse(_Frozen):
    """Probability in 0..1 that the message abuses or threatens the person at the other end."""

    score: float


class Signals(_Frozen):
    """What matters in service besides the mood: a probability in 0..1 for each; several may be high at once."""

    anger: float = 0.0
    anxiety: float = 0.0
    frustration: float = 0.0
    gratitude: float = 0.0
    confusion: float = 0.0
    urgency: float = 0.0
    threat: float = 0.0
    """Of violence, or of complaints, courts and the press."""
    wants_person: float = 0.0


class Understanding(_Frozen):
    """Everything that was understood of one message. `intent` is None for text without any readable content."""

    text: str
    intent: Intent | None = None
    intent_ranking: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    sentiment: Sentiment = Sentiment(label="neutral", score=1.0, scores={})
    out_of_scope: OutOfScope = OutOfScope(score=0.0, decision=False)
    abuse: Abuse = Abuse(score=0.0)
    signals: Signals = Signals()
    wishes: tuple[Wish, ...] = ()
    """In their order, where there are two; none where there is one. The intent is then the likelier of theirs."""

    def to_rasa(self) -> dict[str, Any]:
        """Rasa's parse result (`intent`, `intent_ranking`, `entities`) plus `sentiment`, `out_of_scope`, `abuse`, `signals`,
        `wishes`.
        """
        return {
            "text": self.text,
            "intent": self.intent.model_dump() if self.intent else {"name": None, "confidence": 0.0},
            "intent_ranking": [intent.model_dump() for intent in self.intent_ranking],
            "entities": [
                {
                    "entity": e.entity,
                    "start": e.start,
                    "end": e.end,
                    "value": e.value,
                    "text": e.text,
                    "confidence_entity": e.confidence,
                    "extractor": e.extractor,
                    **({"role": e.role} if e.role else {}),
                    **({"group": e.group} if e.group else {}),
                    **({"additional_info": e.info} if e.info else {}),
                }
                for e in self.entities
            ],
            "sentiment": self.sentiment.model_dump(),
            "out_of_scope": self.out_of_scope.model_dump(),
            "abuse": self.abuse.model_dump(),
            "signals": self.signals.model_dump(),
            "wishes": [wish.model_dump() for wish in self.wishes],
        }
