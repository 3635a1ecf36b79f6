"""The operator's synonyms: words of customers and words of documents that mean the same.

# data/synonyms.yml, or the file that `knowledge.synonyms` in config.yml names
synonyms:
  - [체크카드, 직불카드]
  - [공동인증서, 공인인증서]
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from formats import load_yaml
from korean.normalise import compact

MOST_WORDS = 20


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    synonyms: list[list[str]] = Field(default_factory=list)


class Synonyms:
    """Groups of words. A word is found in a question whatever its spacing; the longest word wins."""

    def __init__(self, groups: list[list[str]] | None = None) -> None:
        self._others: dict[str, tuple[str, list[str]]] = {}
        for group in groups or []:
            for word in group:
                self._others[compact(word)] = (word, [other for other in group if other != word])

    def __len__(self) -> int:
        return len(self._others)

    def of(self, text: str) -> list[tuple[str, str]]:
        """(synonym, the word of the text that it stands for), without what the text says already."""
        if not self._others:
            return []
        rest = said = compact(text)
        found: list[tuple[str, str]] = []
        for key in sorted((key for key in self._others if key in said), key=len, reverse=True):
            if key not in rest:
                continue  # part of a longer word that was found
            rest = rest.replace(key, " ")
            word, others = self._others[key]
            found += [(other, word) for other in others if compact(other) not in said]
        return found


def load_synonyms(file: Path) -> Synonyms:
    """Those of a file, none if there is no file. Raises `FormatError` with the line of what is wrong."""
    if not file.is_file():
        return Synonyms()
    yaml = load_yaml(file)
    groups = yaml.validate(_File).synonyms
    seen: dict[str, str] = {}
    for row, group in enumerate(groups):
        if not 2 <= len(group) <= MOST_WORDS:
            raise yaml.error(("synonyms", row), f"a group of {len(group)}", f"2 to {MOST_WORDS} words")
        for at, word in enumerate(group):
            key = compact(word)
            if not key:
                raise yaml.error(("synonyms", row, at), f"{word!r} holds no letter", "a word")
            if key in seen:
                raise yaml.error(
                    ("synonyms", row, at), f"{word!r} stands there twice", "each word in one group"
                )
            seen[key] = word
    return Synonyms(groups)
