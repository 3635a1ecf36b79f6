"""Runs rasa-sdk actions in this process, each bounded in time, its failures contained."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import structlog
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.conversation.actions_port import ActionError, ActionResult
from bot.conversation.domain import Domain
from bot.conversation.tracker import Tracker
from bot.execution.results import action_result
from bot.execution.tracker_json import tracker_json
from formats import SangdamError

log = structlog.get_logger(__name__)


class ActionsUnavailable(SangdamError):
    """Raised at start when a package of actions can't be imported."""

    def __init__(self, package: str, detail: str) -> None:
        super().__init__(
            "actions_unavailable",
            ko=f"액션 패키지 {package}를 불러올 수 없어요.",
            en=f"Actions package {package!r} can't be imported: {detail}",
            remedy="Check the name under `actions.packages` in config.yml and the package's own imports.",
        )


class InProcessRunner:
    """An `ActionRunner` over `rasa_sdk`'s executor."""

    def __init__(self, domain: Domain, *, timeout: float = 10.0) -> None:
        self._domain = domain
        self._domain_json = domain.model_dump(by_alias=True, exclude_defaults=True)
        self._timeout = timeout
        self._executor = ActionExecutor()

    def register(self, actions: Iterable[Action]) -> None:
        """Add instances; a name that is there already is replaced."""
        for action in actions:
            self._executor.register_action(action)

    def register_package(self, package: str) -> list[str]:
        """Add every action class of a package and its modules; returns their names. Raises `ActionsUnavailable`."""
        found = []
        for module in _modules(package):
            for _, kind in inspect.getmembers(module, inspect.isclass):
                if (
                    issubclass(kind, Action)
                    and kind.__module__ == module.__name__
                    and not inspect.isabstract(kind)
                ):
                    action: Any = kind()
                    self._executor.register_action(action)
                    found.append(str(action.name()))
        return found

    def knows(self, name: str) -> bool:
        """Whether an action of that name is registered."""
        return name in self._executor.actions

    async def run(self, name: str, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """Raises `ActionError`: unknown_action, timeout, raised, bad_result. The detail never holds customers' words."""
        if not self.knows(name):
            raise ActionError(name, "unknown_action")
        call = {
            "next_action": name,
            "sender_id": tracker.conversation_id,
            "tracker": tracker_json(tracker, self._domain, context=context),
            "domain": self._domain_json,
            "version": "3.1",
        }
        try:
            async with asyncio.timeout(self._timeout):
                result = await self._executor.run(call)
        except TimeoutError:
            raise ActionError(name, "timeout", f"over {self._timeout:g} s") from None
        except ActionExecutionRejection:
            raise ActionError(name, "raised", "rejected") from None
        except Exception as error:
            log.exception("action_raised", action=name, error=type(error).__name__)
            raise ActionError(name, "raised", type(error).__name__) from error
        body = result.model_dump() if hasattr(result, "model_dump") else result
        return action_result(name, body)


def _modules(package: str) -> Iterator[ModuleType]:
    try:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(getattr(root, "__path__", []), prefix=f"{root.__name__}."):
            yield importlib.import_module(info.name)
    except ImportError as error:
        raise ActionsUnavailable(package, str(error)) from error
