"""What a reader gives back; also as JSON, for readers that work in a process of their own and for keeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.types import Section

BREAK = "\ue000"
"""Stands where a line was broken, perhaps inside a word: who has a morphological analyser decides, see `mended`."""
NEAR = 12
"""Letters on both sides of a break that tell whether it was inside a word; more only cost time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as its reader understood it. `gaps` are parts that it could not read, though the rest is good."""

    title: str
    sections: list[Section]
    metadata: dict[str, str] = field(default_factory=dict)
    gaps: tuple[DocumentProblem, ...] = ()


def mended(reading: Reading, joins: Callable[[str, str], bool]) -> Reading:
    """Every `BREAK` closed, or made a space. `joins(left, right)`: whether both ends are parts of one word."""
    if not any(BREAK in section.text for section in reading.sections):
        return reading
    return replace(
        reading,
        sections=[
            section.model_copy(update={"text": _mended(section.text, joins)}) for section in reading.sections
        ],
    )


def _mended(text: str, joins: Callable[[str, str], bool]) -> str:
    first, *rest = text.split(BREAK)
    for part in rest:
        around = first.rpartition("\n")[2][-NEAR:], part.partition("\n")[0][:NEAR]
        first += ("" if joins(*around) else " ") + part
    return first


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading as plain data."""
    return {
        "title": reading.title,
        "sections": [section.model_dump(exclude_defaults=True) for section in reading.sections],
        "metadata": reading.metadata,
        "gaps": [problem_as_json(gap) for gap in reading.gaps],
    }


def from_json(data: dict[str, Any]) -> Reading:
    """The reading back. Raises `ValueError`, `KeyError` and `TypeError` for anything else."""
    return Reading(
        title=str(data["title"]),
        sections=[Section.model_validate(section) for section in data["sections"]],
        metadata={str(key): str(value) for key, value in data["metadata"].items()},
        gaps=tuple(problem_from_json(gap) for gap in data["gaps"]),
    )


def problem_as_json(problem: DocumentProblem) -> dict[str, Any]:
    """A problem as plain data."""
    return {"code": problem.code, "en": problem.args[0], "remedy": problem.remedy, "beside": problem.beside}


def problem_from_json(data: dict[str, Any]) -> DocumentProblem:
    """The problem back."""
    beside = str(data.get("beside", ""))
    return DocumentProblem(str(data["code"]), str(data["en"]), str(data["remedy"]), beside=beside)
