"""What a person decided about items of the review list: lines in a file of the data folder, appended and never changed.

A file, not a table: decisions belong to the utterance files, which lie beside it on the builder's machine and not in the
database that customers' conversations are in. Each line is written in one piece, so two reviewers lose nothing of each other;
the last line about an item counts.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formats import FormatError

Verdict = Literal["intent", "out_of_scope", "skip"]


class Decision(BaseModel):
    """About one item. `text` is free of personal data, as in the item."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    text: str
    verdict: Verdict
    intent: str = ""
    """Of the verdict `intent`."""
    written: bool = False
    """Whether it stands in the utterance files; a skipped item never will."""
    at: float = Field(default_factory=time.time)
    """Seconds since the epoch, UTC."""
    by: str = ""
    """Who decided, if that is known."""

    @property
    def pending(self) -> bool:
        """Whether the utterance files still have to learn of it."""
        return self.verdict != "skip" and not self.written


class Decisions:
    """All decisions on an assistant's items."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, Decision]:
        """The last one of each item, in the order in which they were made. Raises `FormatError` with the line."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            problem = f"can't be read ({type(error).__name__})"
            raise FormatError(self.path, 1, problem, "decisions, one a line") from None
        found: dict[str, Decision] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                decision = Decision.model_validate_json(line)
            except ValidationError:
                raise FormatError(
                    self.path, number, "not a decision", "a line that 'sangdam review' wrote"
                ) from None
            found.pop(decision.key, None)
            found[decision.key] = decision
        return found

    def add(self, decisions: Iterable[Decision]) -> None:
        """Append. The file is readable by its owner alone: it holds what customers said."""
        lines = "".join(f"{decision.model_dump_json()}\n" for decision in decisions)
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(lines.encode())

    def forget(self, keys: Iterable[str]) -> None:
        """Take decisions back: their items are asked again. Raises `FormatError`."""
        gone = set(keys)
        kept = [decision for key, decision in self.all().items() if key not in gone]
        working = self.path.with_suffix(f".{os.getpid()}.tmp")
        working.unlink(missing_ok=True)
        Decisions(working).add(kept)
        if kept:
            os.replace(working, self.path)
        else:
            self.path.unlink(missing_ok=True)
