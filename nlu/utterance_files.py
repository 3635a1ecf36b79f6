"""Adds utterances to the files that a builder wrote, line by line, so that comments, order and formatting stay as they are."""

from __future__ import annotations

import difflib
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formats import FormatError, load_yaml
from nlu.training_data import OUTSIDE, load_utterances

_BRACKETS = str.maketrans({"[": "(", "]": ")"})
"""In an utterance they would begin an annotation."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file as it is and as it would be; `before` is None for a new one."""

    path: Path
    before: str | None
    after: str

    def diff(self) -> str:
        """As `diff -u` shows it."""
        name = str(self.path)
        lines = difflib.unified_diff(
            (self.before or "").splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            name if self.before is not None else "/dev/null",
            name,
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def add_utterances(
    folder: Path, additions: Sequence[tuple[str, str]], outside: Sequence[str] = ()
) -> list[FileChange]:
    """The changes that add (text, intent) pairs to the intents' own files, and texts from outside to `out_of_scope.txt`.

    Nothing is written. Raises `FormatError` for an intent without examples, or files that can't be read.
    """
    texts: dict[Path, str] = {}
    homes = {intent: _home(folder, intent) for _, intent in additions}
    # From the end of each file to its head: lines above stay where the parser saw them.
    for intent, (path, _) in sorted(homes.items(), key=lambda item: item[1][1], reverse=True):
        lines = [_plain(text) for text, wanted in additions if wanted == intent]
        before = texts.get(path) or _read(path)
        texts[path] = (
            _into_tsv(before, intent, lines)
            if path.suffix == ".tsv"
            else _into_yaml(path, before, intent, lines)
        )
    if outside:
        path = (folder if folder.is_dir() else folder.parent) / OUTSIDE
        before = _read(path) if path.exists() else _HEAD
        texts[path] = _ended(before) + "".join(f"{_plain(text)}\n" for text in outside)
    changes = [
        FileChange(path, _read(path) if path.exists() else None, after) for path, after in texts.items()
    ]
    for change in changes:
        _check(change, sum(homes[intent][0] == change.path for _, intent in additions))
    return changes


_HEAD = (
    "# Messages that are no business of this assistant, one a line: it learns to tell them from its own.\n"
)


def apply(changes: Sequence[FileChange]) -> list[Path]:
    """Write each file whole or not at all. Raises `FormatError`, before anything is written, if one has changed meanwhile."""
    for change in changes:
        now = _read(change.path) if change.path.exists() else None
        if now != change.before:
            raise FormatError(change.path, 1, "was changed meanwhile", "the file as it was when it was read")
    for change in changes:
        working = change.path.with_name(f"{change.path.name}.{os.getpid()}.tmp")
        working.write_text(change.after, encoding="utf-8", newline="")
        os.replace(working, change.path)
    return [change.path for change in changes]


def _home(folder: Path, intent: str) -> tuple[Path, int]:
    """The file and line in which the intent stands first."""
    for example in load_utterances(folder).examples:
        if example.intent == intent:
            return Path(example.file), example.line
    raise FormatError(folder, 1, f"intent {intent!r} has no examples", "an intent that nlu.yml knows")


def _into_tsv(before: str, intent: str, lines: Sequence[str]) -> str:
    return _ended(before) + "".join(f"{line}\t{intent}\n" for line in lines)


def _into_yaml(path: Path, before: str, intent: str, lines: Sequence[str]) -> str:
    """After the last example of the intent's block, indented as the others are."""
    file = load_yaml(path)
    blocks = [at for at, item in enumerate(file.data.get("nlu", [])) if item.get("intent") == intent]
    rows = before.splitlines(keepends=True)
    head = file.line(("nlu", blocks[0], "examples")) - 1
    indent = len(rows[head]) - len(rows[head].lstrip(" -"))
    if re.search(r"examples:\s*[\[\"'>]", rows[head]):
        return _ended(before) + _block(intent, lines, _margin(rows))
    last, first = head, None
    for at in range(head + 1, len(rows)):
        text = rows[at].strip()
        margin = len(rows[at]) - len(rows[at].lstrip(" "))
        # A list may stand as deep as its key; a block is always deeper.
        inside = margin > indent or (margin == indent and text.startswith("- ") and first in (None, margin))
        if text and not inside:
            break
        if text.startswith("- "):
            first = margin if first is None else first
            if margin == first:
                last = at
        elif text and not text.startswith("#"):
            last = at
    as_block = bool(re.search(r"examples:\s*\|", rows[head]))
    margin_text = " " * (first if first is not None else indent + 2)
    new = [f"{margin_text}- {line if as_block else json.dumps(line, ensure_ascii=False)}\n" for line in lines]
    return "".join([*rows[:last], _ended(rows[last]), *new, *rows[last + 1 :]])


def _block(intent: str, lines: Sequence[str], margin: str) -> str:
    """An entry of its own, for examples that aren't written one a line."""
    body = "".join(f"{margin}    - {line}\n" for line in lines)
    return f"{margin}- intent: {intent}\n{margin}  examples: |\n{body}"


def _margin(rows: Sequence[str]) -> str:
    """How far entries are indented in this file."""
    found = next((row for row in rows if re.match(r"\s*- (intent|synonym|lookup|regex):", row)), "")
    return found[: len(found) - len(found.lstrip(" "))]


def _plain(text: str) -> str:
    """On one line, without what would be read as an annotation."""
    return " ".join(text.translate(_BRACKETS).split())


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        raise FormatError(path, 1, "not UTF-8 text", "a file saved as UTF-8") from None
    except OSError as error:
        raise FormatError(path, 1, f"can't be read ({error.strerror})", "a readable file") from None


def _check(change: FileChange, added: int) -> None:
    """That the new text is read as meant; a file that is written in an unforeseen way is refused, not spoilt."""
    if change.path.name == OUTSIDE:
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / change.path.name
        copy.write_text(change.after, encoding="utf-8", newline="")
        after = len(load_utterances(copy).examples)
        copy.write_text(change.before or "", encoding="utf-8", newline="")
        before = len(load_utterances(copy).examples)
    if after - before != added:
        raise FormatError(
            change.path,
            1,
            "examples are written in a way that can't be added to",
            "examples: | with one utterance a line",
        )
