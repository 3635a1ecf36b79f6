"""What customers ask and the documents don't answer: questions without an answer or with a bad one, put together by meaning.

Each gap has the question that stands for it, how often and in what way it failed, examples without personal data, the
passage that comes nearest, and the draft of a FAQ entry to be filled in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from encoder import Encoder, Vectors
from knowledge_base.encoding import encode_many
from knowledge_base.index import named
from knowledge_base.knowledge_base import KnowledgeBase
from korean.normalise import compact, has_words
from korean.privacy import mask

Reason = Literal["none", "closest", "down"]
WEIGHT: dict[str, float] = {"none": 1.0, "closest": 0.5, "down": 1.5}
"""A wrong answer is worse than none, a near miss is half an answer."""
APART = 0.085
"""Distance (1 - cosine) up to which groups of questions are the same matter, for the default encoder."""
EXAMPLES = 5
MOST = 3_000
"""Different questions that are put together; the most frequent ones where there are more."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that failed: no answer, only near misses, or an answer that the customer called bad."""

    question: str
    reason: Reason
    conversation_id: str
    at: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions about one matter. `nearest`: title and document of the passage that comes closest, if there is one."""

    question: str
    weight: float
    times: int
    conversations: int
    reasons: dict[str, int]
    last_at: float
    examples: tuple[str, ...]
    nearest: tuple[str, str] | None

    def draft(self) -> dict[str, str]:
        """A FAQ entry whose answer is to be written."""
        return {"question": self.question, "answer": "", "category": self.nearest[0] if self.nearest else ""}


def find_gaps(asked: Sequence[Unanswered], encoder: Encoder, base: KnowledgeBase | None = None) -> list[Gap]:
    """The heaviest first. `base` is asked for the nearest passages."""
    masked: dict[str, list[Unanswered]] = {}
    words: dict[str, str] = {}
    for one in asked:
        text = mask(" ".join(one.question.split()))
        if has_words(text):
            key = compact(text)
            words.setdefault(key, text)
            masked.setdefault(key, []).append(one)
    keys = sorted(masked, key=lambda key: (-len(masked[key]), key))[:MOST]
    if not keys:
        return []
    vectors = encode_many([words[key] for key in keys], encoder, "query")
    gaps = [
        _gap([keys[row] for row in rows], masked, words, vectors[rows], base) for rows in _groups(vectors)
    ]
    return sorted(gaps, key=lambda gap: (-gap.weight, gap.question))


def _groups(vectors: Vectors) -> list[list[int]]:
    """Rows by group."""
    if len(vectors) == 1:
        return [[0]]
    from sklearn.cluster import AgglomerativeClustering

    grouping = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=APART
    )
    labels = grouping.fit_predict(vectors)
    return [np.flatnonzero(labels == label).tolist() for label in range(int(labels.max()) + 1)]


def _gap(
    keys: list[str],
    asked: dict[str, list[Unanswered]],
    words: dict[str, str],
    vectors: Vectors,
    base: KnowledgeBase | None,
) -> Gap:
    times = np.array([len(asked[key]) for key in keys], np.float32)
    middle = (vectors * times[:, None]).sum(axis=0)
    order = np.argsort(-(vectors @ middle), kind="stable")
    every = [one for key in keys for one in asked[key]]
    question = words[keys[int(order[0])]]
    return Gap(
        question=question,
        weight=sum(WEIGHT[one.reason] for one in every),
        times=len(every),
        conversations=len({one.conversation_id for one in every}),
        reasons=dict(Counter(one.reason for one in every)),
        last_at=max(one.at for one in every),
        examples=tuple(words[keys[int(at)]] for at in order[:EXAMPLES]),
        nearest=_nearest(base, question),
    )


def _nearest(base: KnowledgeBase | None, question: str) -> tuple[str, str] | None:
    found = base.search(question, 1) if base is not None else []
    return (named(found[0].chunk), found[0].chunk.document_id) if found else None
