"""Runs rasa-sdk actions in this process, each bounded in time, its failures contained."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pickle
import pkgutil
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import structlog
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.forms import ValidationAction
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.conversation.actions_port import ActionError, ActionResult
from bot.conversation.domain import Domain
from bot.conversation.tracker import Tracker
from bot.execution.form_validation import slot_validations
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
            remedy="Check the name under `actions.packages` in config.yml, the package's own imports, and that each "
            "action can be made: without arguments, or with services of `actions.services` as types.",
        )


class InProcessRunner:
    """An `ActionRunner` over `rasa_sdk`'s executor."""

    def __init__(
        self, domain: Domain, *, timeout: float = 10.0, services: Mapping[type, Any] | None = None
    ) -> None:
        """`services` are what actions of packages are handed: type of an argument -> the service."""
        self._domain = domain = domain.for_actions()
        self._domain_copy = _Copies(domain.model_dump(by_alias=True, exclude_defaults=True, mode="json"))
        self._slots = {name: spec.initial_value for name, spec in domain.slots.items()}
        self._timeout = timeout
        self._services = services or {}
        self._blind: set[str] = set()
        """Actions that never look at the domain, so that it needn't be copied for them."""
        self._executor = ActionExecutor()

    def register(self, actions: Iterable[Action]) -> None:
        """Add instances; a name that is there already is replaced."""
        for action in actions:
            self._blind.discard(action.name())
            if not getattr(action, "reads_domain", True):
                self._blind.add(action.name())
            self._executor.register_function(action.name(), _off_the_loop(action.run))
            if isinstance(action, ValidationAction):
                for name, run in slot_validations(action, self._slots):
                    self._executor.register_function(name, _listed(run))

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
                    action = self._made(kind, package)
                    self.register([action])
                    found.append(str(action.name()))
        return found

    def _made(self, kind: type[Any], package: str) -> Any:
        try:
            return kind(**self._asked_for(kind))
        except Exception as error:
            raise ActionsUnavailable(
                package, f"{kind.__name__}() raised {type(error).__name__}: {error}"
            ) from error

    def _asked_for(self, kind: type[Any]) -> dict[str, Any]:
        """The services that the arguments of `__init__` name by their types."""
        try:
            hints = get_type_hints(kind.__init__)
        except NameError:
            # Names that only a type checker imports: none of them is a service of ours.
            return {}
        return {
            name: self._services[one]
            for name, hint in hints.items()
            for one in (get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,))
            if one in self._services
        }

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
            # Copies: what an action changes in them changes nothing here.
            "tracker": _Copies(tracker_json(tracker, self._domain, context=context)).another(),
            "domain": self._domain_copy.another() if name not in self._blind else {},
            "version": "3.1",
        }
        try:
            async with asyncio.timeout(self._timeout) as limit:
                result = await self._executor.run(call)
        except TimeoutError as error:
            if not limit.expired():
                raise ActionError(name, "raised", type(error).__name__) from error
            raise ActionError(name, "timeout", f"over {self._timeout:g} s") from None
        except ActionExecutionRejection:
            raise ActionError(name, "raised", "rejected") from None
        except WrongAnswer:
            raise ActionError(name, "bad_result", "a list of events expected") from None
        except (Exception, SystemExit) as error:
            # The place says enough: a message may hold what the customer said.
            log.error("action_raised", action=name, error=type(error).__name__, place=_place(error))
            raise ActionError(name, "raised", type(error).__name__) from error
        body = {"events": result.events, "responses": result.responses} if result else None
        return action_result(name, body, self._slots)

    async def close(self) -> None:
        """See `ActionRunner.close`; actions in process end with it."""


class _Copies:
    """Deep copies of plain data. By pickle, in memory: a third of what `copy.deepcopy` takes."""

    def __init__(self, original: dict[str, Any]) -> None:
        self._frozen = pickle.dumps(original, pickle.HIGHEST_PROTOCOL)

    def another(self) -> dict[str, Any]:
        """One more copy."""
        made: dict[str, Any] = pickle.loads(self._frozen)
        return made


def _off_the_loop(run: Callable[..., Any]) -> Callable[..., Any]:
    """`run` of an action; a plain function, which may block, goes to a thread so that other customers are served."""
    if inspect.iscoroutinefunction(run):
        return _listed(run)

    async def in_thread(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        answer = await asyncio.to_thread(run, dispatcher, tracker, domain)
        return await answer if inspect.isawaitable(answer) else answer

    return _listed(in_thread)


def _listed(run: Callable[..., Any]) -> Callable[..., Any]:
    """Refuses what the SDK would pass over in silence: an answer that is no list of events."""

    async def checked(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        events = await run(dispatcher, tracker, domain)
        if events is not None and not (
            isinstance(events, list)
            and all(isinstance(event, dict) and event.get("event") for event in events)
        ):
            raise WrongAnswer
        return events

    return checked


class WrongAnswer(TypeError):
    """Raised when an action's `run` gives anything but None or a list of events."""


def _place(error: BaseException) -> str:
    """File and line at which it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _modules(package: str) -> Iterator[ModuleType]:
    try:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(getattr(root, "__path__", []), prefix=f"{root.__name__}."):
            yield importlib.import_module(info.name)
    except Exception as error:
        # Whatever a builder's module does when it is imported: a missing package, a typing slip, a failing call.
        raise ActionsUnavailable(package, f"{type(error).__name__}: {error}") from error
