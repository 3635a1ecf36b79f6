"""`sangdam run --reload`: domain, flows and actions that were edited are taken up while the server runs, for who builds them.

What can't be used is told of with its place, and the old version goes on. Training data, config.yml and `sangdam`'s own code
need a restart.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import structlog

from bot.conversation.assistant import load_assistant
from bot.server.references import check_references
from bot.server.service import Service, make_runner
from formats import SangdamError

EVERY = 0.5
"""Seconds between two looks at the files."""
Tell = Callable[[str], None]
Stamps = dict[Path, tuple[int, int]]

log = structlog.get_logger(__name__)


class Reloading:
    """Looks at the files of an assistant and swaps what was made of them."""

    def __init__(self, service: Service, tell: Tell, *, every: float = EVERY) -> None:
        self._service = service
        self._tell = tell
        self._every = every
        self._seen = self._stamps()

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    async def look(self) -> bool:
        """Whether a new version was taken up."""
        stamps = await asyncio.to_thread(self._stamps)
        if stamps == self._seen:
            return False
        self._seen = stamps
        try:
            await self._take_up()
        except SangdamError as error:
            self._tell(f"다시 읽지 못했어요. 앞 버전으로 계속해요: {error.en} {error.remedy}".rstrip())
            log.error("not_reloaded", code=error.code, detail=error.en)
            return False
        self._tell("바뀐 도메인, 흐름, 액션을 다시 읽었어요.")
        return True

    async def _take_up(self) -> None:
        """All or nothing. Raises what loading raises, and then nothing is changed."""
        service = self._service
        assistant = load_assistant(service.settings.assistant_dir)
        check_references(service.settings, assistant)
        before = self._unloaded()
        try:
            runner = make_runner(service.settings, assistant, service.services)
        except BaseException:
            for name in list(self._modules()):
                del sys.modules[name]
            sys.modules.update(before)
            raise
        old = service.engine.machine.runner
        # One object is held by all parts: they see the new version with the next message.
        service.assistant.take_over(assistant)
        service.conversations.responses = assistant.responses
        service.engine.machine.runner = runner
        await old.close()

    def _unloaded(self) -> dict[str, ModuleType]:
        """Take the packages of actions out of memory, so that they are read anew."""
        before = {name: sys.modules[name] for name in self._modules()}
        for name in before:
            del sys.modules[name]
        importlib.invalidate_caches()
        return before

    def _modules(self) -> Iterator[str]:
        packages = self._service.settings.config.actions.packages
        for name in list(sys.modules):
            if any(name == package or name.startswith(f"{package}.") for package in packages):
                yield name

    def _stamps(self) -> Stamps:
        folder, found = self._service.settings.assistant_dir, {}
        paths = [folder / "domain.yml", *(folder / "data" / "flows").rglob("*.y*ml")]
        for package in self._service.settings.config.actions.packages:
            module = sys.modules.get(package)
            for place in getattr(module, "__path__", ()):
                paths += Path(place).rglob("*.py")
            if module is not None and module.__file__ and not hasattr(module, "__path__"):
                paths.append(Path(module.__file__))
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path] = (stat.st_mtime_ns, stat.st_size)
        return found
