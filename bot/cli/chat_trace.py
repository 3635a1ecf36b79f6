"""`sangdam chat --trace`: the trace of the conversation as it goes on, line by line."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversation.engine import Engine
from bot.conversation.store import Commit
from bot.conversation.trace import TraceLine, Tracing
from bot.conversation.tracker import Tracker


class Trace:
    """Tells what each turn did once it is stored."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def watch(self, engine: Engine) -> None:
        """Before all other listeners, so that the reasons come before the words."""
        tracing = Tracing(engine.assistant, engine.roles.nlu_threshold)

        async def committed(commit: Commit, tracker: Tracker) -> None:
            for line in tracing.lines(commit.conversation_id, commit.events):
                # What is said stands in the terminal already.
                if line.kind not in ("customer", "reply"):
                    self._tell(f"  · {_shown(line)}")

        engine.conversations.listeners.insert(0, committed)


def _shown(line: TraceLine) -> str:
    name = f" [{line.name}]" if line.name else ""
    return f"{line.ko}{name}" + (f" ← {line.why}" if line.why else "")
