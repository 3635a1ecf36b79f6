"""Roles and groups learned from annotations: [서울]{"entity": "city", "role": "from"}에서 [부산]{…"to"}으로.

A naive Bayes model over what stands beside the span: the particle after it, the words around it, its place among spans of
the same kind. An entity that was never annotated with a role gets none.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from nlu.entities.found import Found
from nlu.training_data import Example

Kind = Literal["role", "group"]
_PARTICLES = (
    "에서부터", "으로부터", "로부터", "에게서", "한테서", "에서", "부터", "까지", "으로", "에게", "한테", "로", "에", "을", "를",
    "이", "가", "은", "는", "와", "과", "랑", "하고", "의", "행", "발", "도", "만", "쯤",
)  # fmt: skip
_SAME = {
    "을": "를",
    "이": "가",
    "은": "는",
    "과": "와",
    "랑": "와",
    "하고": "와",
    "으로": "로",
    "으로부터": "로부터",
}
_PARTICLE = re.compile("|".join(_PARTICLES))
_WORD = re.compile(r"[가-힣A-Za-z0-9]+")
_SMOOTHING = 0.3
_SURE = 0.55
"""Least probability of a role that is given."""


class RoleModel:
    """Counts of what was seen beside each label. `to_json` and `from_json` keep it in the model file."""

    def __init__(self, counts: dict[str, dict[str, dict[str, int]]]) -> None:
        self._counts = counts
        """`kind:entity` -> label -> feature -> count; the feature "" counts the label itself."""

    @classmethod
    def learn(cls, examples: Iterable[Example]) -> RoleModel:
        """From annotated examples; entities without roles and groups are left out."""
        counts: dict[str, dict[str, dict[str, int]]] = {}
        for example in examples:
            marks = example.annotations
            for mark in marks:
                same = [(m.start, m.end) for m in marks if m.entity == mark.entity]
                features = list(_features(example.text, mark.start, mark.end, same))
                for kind, label in (("role", mark.role), ("group", mark.group)):
                    seen = counts.setdefault(f"{kind}:{mark.entity}", {}).setdefault(label or "", {})
                    for feature in ("", *features):
                        seen[feature] = seen.get(feature, 0) + 1
        return cls({key: labels for key, labels in counts.items() if set(labels) != {""}})

    @classmethod
    def from_json(cls, counts: dict[str, Any] | None) -> RoleModel:
        """What `to_json` gave."""
        return cls(counts or {})

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries."""
        return self._counts

    def assign(self, text: str, found: Sequence[Found]) -> list[Found]:
        """The same spans, with learned roles and groups."""
        if not self._counts:
            return list(found)
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for item in found:
            places[item.entity].append((item.start, item.end))
        return [self._labelled(text, item, places[item.entity]) for item in found]

    def _labelled(self, text: str, item: Found, same: Sequence[tuple[int, int]]) -> Found:
        features = list(_features(text, item.start, item.end, same))
        role = self._label(f"role:{item.entity}", features)
        group = self._label(f"group:{item.entity}", features)
        return replace(item, role=role or item.role, group=group or item.group)

    def _label(self, key: str, features: Sequence[str]) -> str | None:
        labels = self._counts.get(key)
        if not labels:
            return None
        total = sum(seen[""] for seen in labels.values())
        vocabulary = len({feature for seen in labels.values() for feature in seen})
        scores = {}
        for label, seen in labels.items():
            score = math.log(seen[""] / total)
            for feature in features:
                score += math.log((seen.get(feature, 0) + _SMOOTHING) / (seen[""] + _SMOOTHING * vocabulary))
            scores[label] = score
        best = max(scores, key=lambda label: scores[label])
        share = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
        return best if best and share >= _SURE else None


def _features(text: str, start: int, end: int, same: Sequence[tuple[int, int]]) -> Iterator[str]:
    """What stands after, before, and where among the spans of the same entity."""
    after = text[end:]
    particle = _PARTICLE.match(after)
    name = particle.group(0) if particle else "-"
    yield f"after={_SAME.get(name, name)}"
    rest = after[len(name) :] if particle else after
    if follows := _WORD.search(rest):
        yield f"next={follows.group(0)[:2]}"
    if before := _WORD.findall(text[:start]):
        yield f"before={before[-1]}"
    order = sorted(same)
    yield f"place={order.index((start, end))}/{len(order)}"


def annotated_words(examples: Iterable[Example], known: frozenset[str]) -> dict[str, list[str]]:
    """Entity -> words that were annotated as it: what Rasa's extractor would have learned from. `known` is left out."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        for mark in example.annotations:
            word = example.text[mark.start : mark.end].strip()
            if mark.entity not in known and len(word) > 1:
                words[mark.entity][word] += 1
    return {entity: sorted(found) for entity, found in words.items()}
