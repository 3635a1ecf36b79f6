"""`sangdam chat --record`: the conversation becomes a case of a test file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.conversation.e2e.files import load_cases
from bot.conversation.e2e.recording import as_test_file, recorded
from bot.conversation.e2e.stand_ins import say_secrets
from bot.conversation.events import Event
from formats import FormatError


def add_recording(
    path: Path,
    events: Sequence[Event],
    values: Mapping[str, str] | None = None,
    secrets: frozenset[str] = frozenset(),
) -> int:
    """Add a case to a new or existing file, under a name of its own; the number of its steps, 0 if nobody spoke.

    `values` say what stands for the slots in `secrets`, of which nothing is kept.
    Raises `FormatError` for a file that holds no tests.
    """
    name = f"기록 {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
    # The terminal is no channel of its own for wordings: tests run as on any text channel.
    said, _ = say_secrets(events, values or {}, secrets)
    case = recorded(name, said, channel="rest")
    if not case["steps"]:
        return 0
    text = as_test_file([case])
    if path.exists() and path.read_text(encoding="utf-8").strip():
        load_cases(path)
        before = path.read_text(encoding="utf-8").rstrip("\n")
        if not before.splitlines()[-1].startswith((" ", "-", "#")):
            raise FormatError(path, 1, "test_cases isn't the last key", "a file whose cases come last")
        text = f"{before}\n{text.split(chr(10), 1)[1]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    load_cases(path)
    return len(case["steps"])
