"""Readings of files that haven't changed, kept beside the index, so that a build reads only what is new."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.reading import Reading, as_json, from_json, problem_as_json, problem_from_json


class KeptReadings:
    """One file a reading, named by the fingerprint of what was read. What can't be kept is read again next time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, fingerprint: str) -> Reading | DocumentProblem | None:
        """The reading, or why there was none; nothing if it isn't known."""
        try:
            data = json.loads((self._folder / f"{fingerprint}.json").read_text(encoding="utf-8"))
            return problem_from_json(data["problem"]) if "problem" in data else from_json(data["reading"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, fingerprint: str, what: Reading | DocumentProblem) -> None:
        """Keep it. A full disk is no error here: the index itself will tell."""
        data = (
            {"problem": problem_as_json(what)}
            if isinstance(what, DocumentProblem)
            else {"reading": as_json(what)}
        )
        path = self._folder / f"{fingerprint}.json"
        working = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            working.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
            os.replace(working, path)
        except OSError:
            with suppress(OSError):
                working.unlink()

    def drop_others(self, fingerprints: Iterable[str]) -> None:
        """Forget whatever isn't among these."""
        wanted = set(fingerprints)
        for path in self._folder.glob("*"):
            if path.stem not in wanted:
                with suppress(OSError):
                    path.unlink()
