"""Questions that an index asks of itself, where an operator has none: its headings as customers would say them.

Answerable ones are made of a heading or FAQ question and words of the passage; unanswerable ones are what no company's
documents answer.
"""

from __future__ import annotations

import random
from pathlib import Path

from knowledge_base.evaluation import Question
from knowledge_base.index import Index, named
from korean.morphology import Morphology

OUTSIDE = Path(__file__).parent / "resources" / "outside.txt"
MOST = 200
"""Passages that are asked about."""
_WAYS = ("{} 알려 주세요", "{} 어떻게 돼요?", "{} 궁금해요", "{}", "{} 문의드려요", "{} 뭐예요")


def own_questions(index: Index, morphology: Morphology, seed: int = 7) -> list[Question]:
    """In an order that is the same for the same index."""
    chance = random.Random(seed)
    rows = [row for row, chunk in enumerate(index.chunks) if named(chunk)]
    rows = sorted(chance.sample(rows, min(MOST, len(rows))))
    found = [
        Question(_as_asked(index, row, morphology, chance), (index.chunks[row].document_id,)) for row in rows
    ]
    return found + [Question(text, ()) for text in outside()]


def outside() -> list[str]:
    """Questions that are nobody's business."""
    lines = OUTSIDE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _as_asked(index: Index, row: int, morphology: Morphology, chance: random.Random) -> str:
    """The heading's words without particles, some left out, sometimes with a word of the passage."""
    chunk = index.chunks[row]
    last = chunk.question or (chunk.heading[-1] if chunk.heading else "")
    words = [
        token.form
        for token in morphology.tokens(last or chunk.title)
        if token.tag[0] in "NS" and token.form.isalnum()
    ]
    if len(words) < 2 and last:
        title = [t.form for t in morphology.tokens(chunk.title) if t.tag in ("NNG", "NNP", "SL")]
        words = title[-2:] + words
    if len(words) > 3:
        words.remove(chance.choice(words))
    spans = index.sentences.spans_of(row)
    if spans and chance.random() < 0.5:
        start, end = chance.choice(spans)
        nouns = [t.form for t in morphology.tokens(chunk.text[start:end]) if t.tag in ("NNG", "NNP")]
        if nouns:
            words.append(chance.choice(nouns))
    return chance.choice(_WAYS).format(" ".join(words) or named(chunk))
