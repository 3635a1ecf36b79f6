"""A finding: a stable code, how bad it is, where it stands, and what it says in Korean and English."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nlu.training_data import Example

Level = Literal["error", "warning", "hint"]
"""`error`: the model will answer wrongly. `warning`: it may. `hint`: worth a look."""

CODES = {
    "same_in_two_intents": "같은 말이 두 의도에 있어요",
    "near_in_two_intents": "거의 같은 말이 두 의도에 있어요",
    "test_in_training": "시험 문장이 학습 예문에 있어요",
    "test_label_unknown": "시험 문장의 의도를 학습 예문이 몰라요",
    "intent_without_examples": "예문이 없는 의도예요",
    "intent_unknown": "domain.yml에 없는 의도예요",
    "entity_unknown": "domain.yml에 없는 개체예요",
    "too_few_examples": "예문이 너무 적어요",
    "unbalanced_intents": "의도마다 예문 수가 너무 달라요",
    "suspicious_label": "의도가 잘못 붙은 것 같아요",
    "repeated_example": "같은 의도에 같은 말이 또 있어요",
    "unreadable": "파일을 읽을 수 없어요",
}
"""Code -> title."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; `file` is empty for data that came from no file."""

    file: str
    line: int

    @classmethod
    def of(cls, example: Example) -> Place:
        """Of an example."""
        return cls(example.file, example.line)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else ""

    def beside(self, folder: Path) -> str:
        """As `str`, with the file as seen from `folder`."""
        try:
            return f"{Path(self.file).resolve().relative_to(folder.resolve())}:{self.line}"
        except ValueError:
            return str(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `other` is the second place, where two contradict each other."""

    code: str
    level: Level
    place: Place
    ko: str
    en: str
    other: Place | None = None

    @property
    def title(self) -> str:
        """Korean heading of its kind."""
        return CODES[self.code]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        other = {"other": {"file": self.other.file, "line": self.other.line}} if self.other else {}
        return {
            "code": self.code,
            "level": self.level,
            "file": self.place.file,
            "line": self.place.line,
            "ko": self.ko,
            "en": self.en,
            **other,
        }
