"""Several runners as one: an action runs with the first that knows it."""

from __future__ import annotations

from typing import Any

from bot.conversation.actions_port import ActionError, ActionResult, ActionRunner
from bot.conversation.tracker import Tracker


class RoutedRunner:
    """An `ActionRunner` over others, the nearest first: what is in process is not asked for on a server."""

    def __init__(self, *runners: ActionRunner) -> None:
        self._runners = runners

    def knows(self, name: str) -> bool:
        """Whether any of them does."""
        return any(runner.knows(name) for runner in self._runners)

    async def run(self, name: str, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """Raises `ActionError`."""
        for runner in self._runners:
            if runner.knows(name):
                return await runner.run(name, tracker, context)
        raise ActionError(name, "unknown_action")

    async def close(self) -> None:
        """Close them all."""
        for runner in self._runners:
            await runner.close()
