"""Messages that are nothing but a value: a number, a date, a name. They answer a question and are nobody's wish.

Examples with such values in them would make any of these look like their intent. So bare values are learned as a class of
their own, which is never told as an intent: what probability it takes, no intent has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from korean.normalise import compact
from nlu.entities import BUILT_IN
from nlu.training_data import TrainingData
from nlu.types import Entity

RESOURCE = Path(__file__).parent / "resources" / "bare_values.txt"
BARE = 0.97
"""Least probability of "only a value" for a message of which entities leave nothing."""
_OWN_INTENT = 2
"""So many examples that are bare values make an intent of them, as `inform` in Rasa's projects."""
_SAYING = 2
"""So many own kinds of words in a message make a saying of it."""
_ENDINGS = ("", "요", "이요", "로 할게요")
_BESIDE = re.compile(
    r"^(?:(?:제|저의|내)?(?:휴대폰|핸드폰|전화|계좌|카드|연락처|메일|이메일|주소|이름|금액|날짜|시간|번호){0,2}(?:은|는|이|가))?"
    r"(?:(?:으로|로)(?:할게요|해주세요|부탁해요|부탁드려요)?|에|까지|부터|쯤|쯤에|정도|경)?"
    r"(?:이요|요|예요|이에요|에요|입니다|이고요|이고)?$"
)
"""What may stand beside a value in a message that still says nothing else."""


@lru_cache(maxsize=1)
def bare_values() -> tuple[str, ...]:
    """The resource's lines."""
    lines = RESOURCE.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def value_examples(data: TrainingData) -> list[str]:
    """What to learn as "only a value" beside these data; nothing if they have an intent for that."""
    if _has_own_intent(data):
        return []
    taken = {compact(example.text) for example in data.examples}
    words = [word for listed in data.lookups.values() for word in listed[:20]]
    found = [*bare_values(), *(word + ending for word in words for ending in _ENDINGS)]
    return [text for text in found if compact(text) not in taken]


def _has_own_intent(data: TrainingData) -> bool:
    counts: dict[str, int] = {}
    for example in data.examples:
        spans = [(mark.start, mark.end) for mark in example.annotations]
        if spans and leaves_nothing(example.text, spans):
            counts[example.intent] = counts.get(example.intent, 0) + 1
    return any(count >= _OWN_INTENT for count in counts.values())


def is_bare(text: str, entities: Sequence[Entity]) -> bool:
    """Whether the message is its entities and nothing else that matters.

    Two of the assistant's own kinds of words say something about each other: 금융인증서 만료 is no bare value.
    """
    own = {entity.entity for entity in entities} - BUILT_IN
    spans = [(entity.start, entity.end) for entity in entities]
    return bool(entities) and len(own) < _SAYING and leaves_nothing(text, spans)


def leaves_nothing(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether only particles and endings are left outside of the spans."""
    inside = {at for start, end in spans for at in range(start, end)}
    return bool(_BESIDE.match(compact("".join(char for at, char in enumerate(text) if at not in inside))))
