"""Passages that say the same thing: copies, and older versions beside newer ones. People are shown one, the newest.

A copy has the same words, whatever it is called. An edition has the same name but for its date or version, and nearly the
same words: its numbers may differ, which is why the older one must not be quoted. Two products with a like text have other
names, and are no editions of each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from knowledge_base.index import Index, named
from knowledge_base.lexical import bigrams
from knowledge_base.types import Chunk, Document
from korean.normalise import compact

LONG_ENOUGH = 30
"""Letters from which two equal texts are copies; "연회비는 없어요." is said of many cards."""
ALIKE = 0.6
"""Share of pairs of letters, numbers aside, from which two texts of one name are editions."""
KEPT = 2_000
"""Passages and names whose letters are kept: each answer compares a dozen, and most are asked for again."""
_EDITION = re.compile(
    r"20\d\d(?:\s*[.\-/_년]\s*\d{1,2})?(?:\s*[.\-/_월]\s*\d{1,2})?\s*[년월일도]*|제\s*\d+\s*판|"
    r"(?:\bv|\bver\.?|버전)\s*\d+(?:\.\d+)*|(?<![가-힣])(?:개정|최신|신규|구|변경|시행|이전)[판본]?(?![가-힣])|[()\[\]._\-]",
    re.IGNORECASE,
)
"""What tells editions apart in a name. Other numbers stay: 1종 and 2종 are two things."""
_DATE = re.compile(r"(20\d\d)(?:\s*[.\-/년_]\s*(\d{1,2}))?(?:\s*[.\-/월_]\s*(\d{1,2}))?")


def without_twins(index: Index, rows: Sequence[int]) -> list[int]:
    """The rows in their order, one of those that say the same thing: the first, or what has taken its place since."""
    groups: list[list[int]] = []
    for row in rows:
        near = [group for group in groups if any(_same(index.chunks[row], index.chunks[at]) for at in group)]
        if not near:
            groups.append([row])
            continue
        near[0].append(row)
        for group in near[1:]:
            near[0].extend(group)
            groups.remove(group)
    return [_newest(index, group) for group in groups]


def _newest(index: Index, group: Sequence[int]) -> int:
    """Of the first and its copies the latest edition."""
    best = group[0]
    for _ in group:
        copies = [at for at in group if at == best or _is_copy(index.chunks[best], index.chunks[at])]
        newer = next((at for at in group if any(_is_newer(index, at, copy) for copy in copies)), None)
        if newer is None:
            break
        best = newer
    return best


def _same(one: Chunk, other: Chunk) -> bool:
    if one.document_id == other.document_id:
        return False
    return _is_copy(one, other) or _is_edition(one, other)


def _is_copy(one: Chunk, other: Chunk) -> bool:
    text = _letters(one.text)
    return len(text) >= LONG_ENOUGH and text == _letters(other.text)


def _is_edition(one: Chunk, other: Chunk) -> bool:
    name = _bare_name(named(one))
    return name == _bare_name(named(other)) != "" and _alike(one.text, other.text)


@lru_cache(maxsize=KEPT)
def _letters(text: str) -> str:
    return compact(text)


@lru_cache(maxsize=KEPT)
def _bare_name(name: str) -> str:
    return compact(_EDITION.sub(" ", name))


@lru_cache(maxsize=KEPT)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(bigrams(re.sub(r"\d+", " ", text)))


def _alike(one: str, other: str) -> bool:
    first, second = _pairs(one), _pairs(other)
    return len(first & second) >= ALIKE * len(first | second)


def _is_newer(index: Index, row: int, other: int) -> bool:
    """Whether `row` is a later edition of the other, as far as the documents say."""
    if not _is_edition(index.chunks[row], index.chunks[other]):
        return False
    pair = [index.documents[index.chunks[one].document_id] for one in (row, other)]
    for when in (_valid_from, _version, _dated):
        newer, older = map(when, pair)
        if newer and older and newer != older:
            return newer > older
    return False


def _valid_from(document: Document) -> tuple[str, ...]:
    begins = str(document.metadata.get("valid_from") or "")
    return (begins,) if begins else ()


def _version(document: Document) -> tuple[int, ...]:
    return tuple(
        int(number) for number in re.findall(r"\d{1,9}", str(document.metadata.get("version") or ""))
    )


def _dated(document: Document) -> tuple[int, ...]:
    found = _DATE.search(document.title) or _DATE.search(document.id)
    return tuple(int(part or 0) for part in found.groups()) if found else ()
