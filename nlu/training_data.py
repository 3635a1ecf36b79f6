"""Training data: Rasa's nlu.yml (3.1) or TSV `text<TAB>intent`, one file or a folder."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from formats import FormatError, YamlFile, load_yaml

OUTSIDE = "out_of_scope.txt"
"""Name of the file, in the folder of the others, with an assistant's own messages from outside, one a line."""
_ANNOTATED = re.compile(r"\[(?P<text>[^\]]*)\](?:\((?P<short>[^)]*)\)|(?P<long>\{[^}]*\}))")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A marked span of an example; `start`/`end` count in the text without marks."""

    start: int
    end: int
    entity: str
    value: Any = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance of an intent."""

    text: str
    intent: str
    annotations: tuple[Annotation, ...] = ()
    file: str = ""
    line: int = 0


@dataclass
class TrainingData:
    """All of it. What a builder should look at but may leave is found by `nlu.lint`."""

    examples: list[Example] = field(default_factory=list)
    lookups: dict[str, list[str]] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    """Variant -> value."""
    regexes: dict[str, str] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    """Messages that are none of the assistant's business."""

    def intents(self) -> list[str]:
        """Names in alphabetical order."""
        return sorted({example.intent for example in self.examples})

    def digest(self) -> str:
        """Changes exactly when something that is learned from changes."""
        body = [
            sorted((e.text, e.intent, _marks(e)) for e in self.examples),
            sorted((k, sorted(v)) for k, v in self.lookups.items()),
            sorted(self.synonyms.items()),
            sorted(self.regexes.items()),
        ]
        if self.outside:
            body.append(sorted(self.outside))
        return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()[:16]


def _marks(example: Example) -> list[list[Any]]:
    """What the annotations teach, in an order of their own."""
    return [[m.start, m.end, m.entity, m.role or "", m.group or ""] for m in example.annotations]


class _Item(BaseModel):
    """One entry under `nlu:`."""

    model_config = ConfigDict(extra="forbid")

    intent: str | None = None
    synonym: str | None = None
    regex: str | None = None
    lookup: str | None = None
    examples: str | list[str | dict[str, Any]]
    metadata: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> _Item:
        kinds = [self.intent, self.synonym, self.regex, self.lookup]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("exactly one of intent, synonym, regex, lookup")
        return self


class _NluFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str | None = None
    nlu: list[_Item] = []


def load_training_data(path: Path) -> TrainingData:
    """All files of a folder (nlu.yml, TSV, out_of_scope.txt), or one.

    Raises `FormatError` with file and line, also where there is too little to be learned from.
    """
    data = load_utterances(path)
    _check(data, path)
    return data


def load_utterances(path: Path) -> TrainingData:
    """`load_training_data`, however little there is."""
    data = TrainingData()
    files = _files(path)
    if not files:
        raise FormatError(path, 1, "no training data", "nlu.yml or TSV files")
    for file in files:
        if file.suffix == ".tsv":
            data.examples += read_tsv(file)
        elif file.name == OUTSIDE:
            data.outside += [row[0] for _, row in read_rows(file, 1) if not row[0].startswith("#")]
        else:
            _read_yaml(load_yaml(file), data)
    return data


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(
            f for f in path.rglob("*") if f.suffix in (".yml", ".yaml", ".tsv") or f.name == OUTSIDE
        )
    return [path]


def read_tsv(path: Path) -> list[Example]:
    """`text<TAB>intent` a line. Raises `FormatError` for a line of another shape."""
    return [Example(row[0], row[1], (), str(path), number) for number, row in read_rows(path, 2)]


def read_rows(path: Path, columns: int) -> list[tuple[int, list[str]]]:
    """(line, cells) of a TSV file. Raises `FormatError` for missing cells or text that is not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FormatError(path, 1, "no such file", "a readable file") from None
    except OSError as error:
        raise FormatError(path, 1, f"can't be read ({error.strerror})", "a readable file") from None
    except UnicodeDecodeError:
        raise FormatError(path, 1, "not UTF-8 text", "a file saved as UTF-8") from None
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) < columns or not all(cell.strip() for cell in cells[:columns]):
            raise FormatError(path, number, f"{len(cells)} cells", f"{columns} cells separated by tabs")
        rows.append((number, [cell.strip() for cell in cells]))
    return rows


def _read_yaml(file: YamlFile, data: TrainingData) -> None:
    for index, item in enumerate(file.validate(_NluFile).nlu):
        place = ("nlu", index, "examples")
        lines = _lines(file, item.examples, place)
        if not lines:
            raise file.error(
                place, f"{item.intent or item.synonym or item.lookup or item.regex!r} has no examples"
            )
        if item.intent is not None:
            data.examples += [_example(file, line, text, item.intent, data) for line, text in lines]
        elif item.synonym is not None:
            data.synonyms.update({text: item.synonym for _, text in lines})
        elif item.lookup is not None:
            data.lookups.setdefault(item.lookup, []).extend(text for _, text in lines)
        elif item.regex is not None:
            data.regexes[item.regex] = "|".join(f"(?:{_pattern(file, line, text)})" for line, text in lines)


def _lines(
    file: YamlFile, examples: str | list[str | dict[str, Any]], place: tuple[str | int, ...]
) -> list[tuple[int, str]]:
    """(line, utterance) of each. Raises `FormatError` for a row that isn't written as one."""
    head = file.line(place)
    if isinstance(examples, str):
        rows = [(head + number, row.strip()) for number, row in enumerate(examples.splitlines(), 1)]
        for line, row in rows:
            if row and not row.startswith("#") and row != "-" and not row.startswith("- "):
                raise FormatError(file.path, line, f"{row!r} is no example", "a line that starts with '- '")
        return [(line, text) for line, row in rows if row.startswith("- ") and (text := row[2:].strip())]
    found = []
    for index, item in enumerate(examples):
        text = item if isinstance(item, str) else str(item.get("text", ""))
        if text.strip():
            found.append((file.line((*place, index)), text.strip().removeprefix("- ").strip()))
    return found


def _pattern(file: YamlFile, line: int, text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise FormatError(
            file.path, line, f"regex {text!r}: {error}", "a Python regular expression"
        ) from None
    return text


_BROKEN = re.compile(r"\]\s?[({]|\[[^\]]*\[[^\]]*\]")
"""What is left of an annotation that wasn't read as one."""


def _example(file: YamlFile, line: int, marked: str, intent: str, data: TrainingData) -> Example:
    """The plain text and its annotations. Raises `FormatError` for a broken mark."""
    plain, at, annotations = "", 0, []
    for match in _ANNOTATED.finditer(marked):
        if "[" in match.group("text"):
            raise FormatError(file.path, line, f"annotations overlap in {marked!r}", "one mark after another")
        plain += marked[at : match.start()]
        start = len(plain)
        plain += match.group("text")
        at = match.end()
        annotations.append(_annotation(file, line, match, start, len(plain)))
        value = annotations[-1].value
        if isinstance(value, str) and value != match.group("text"):
            data.synonyms.setdefault(match.group("text"), value)
    plain += marked[at:]
    if _BROKEN.search(plain):
        raise FormatError(file.path, line, f"annotation in {marked!r} isn't closed", "[word](entity)")
    if not plain.strip():
        raise FormatError(file.path, line, f"{marked!r} has no text", "an utterance")
    return Example(plain, intent, tuple(annotations), str(file.path), line)


def _annotation(file: YamlFile, line: int, match: re.Match[str], start: int, end: int) -> Annotation:
    if (short := match.group("short")) is not None:
        entity, _, value = short.partition(":")
        if not entity.strip() or start == end:
            raise FormatError(file.path, line, f"annotation {match.group(0)!r} has no name", "[word](entity)")
        return Annotation(start, end, entity.strip(), value or None)
    try:
        given = json.loads(match.group("long"))
        entity = given["entity"]
        if not isinstance(entity, str) or not entity:
            raise TypeError
        return Annotation(start, end, entity, given.get("value"), given.get("role"), given.get("group"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FormatError(
            file.path, line, f"annotation {match.group('long')!r} can't be read", '{"entity": "name"} as JSON'
        ) from None


def _check(data: TrainingData, path: Path) -> None:
    counts = Counter(example.intent for example in data.examples)
    if len(counts) < 2:
        raise FormatError(path, 1, f"{len(counts)} intents", "two or more")
    for example in data.examples:
        if counts[example.intent] < 2:
            problem = f"intent {example.intent!r} has one example"
            raise FormatError(example.file or path, example.line or 1, problem, "two or more, better fifteen")
