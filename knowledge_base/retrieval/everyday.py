"""Everyday words of a question and the words that documents have instead: 뽑다 and 인출, 깨다 and 해지, 잘리다 and 실직.

General Korean, shipped with the product (everyday_words.txt); what a company calls its own things are the operator's synonyms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

RESOURCE = Path(__file__).parent.parent / "resources" / "everyday_words.txt"


@dataclass(frozen=True, slots=True)
class Everyday:
    """`said`: terms that must all stand in a question. The last one of them is what `meant` may stand for."""

    said: tuple[str, ...]
    meant: tuple[str, ...]


@lru_cache(maxsize=1)
def everyday_words() -> dict[str, list[Everyday]]:
    """By the word that is stood for; those that need more words first."""
    found: dict[str, list[Everyday]] = {}
    for line in RESOURCE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        left, _, right = line.partition("=")
        said = tuple(word.strip() for word in left.split("+"))
        found.setdefault(said[-1], []).append(Everyday(said, tuple(right.split())))
    for rules in found.values():
        rules.sort(key=lambda rule: -len(rule.said))
    return found


def meant_by(terms: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """(term of a question, words that may stand for it), by the first rule whose words are all there."""
    rules, there = everyday_words(), set(terms)
    found = []
    for term in dict.fromkeys(terms):
        rule = next((rule for rule in rules.get(term, ()) if there.issuperset(rule.said)), None)
        meant = tuple(word for word in rule.meant if word not in there) if rule else ()
        if meant:
            found.append((term, meant))
    return found
