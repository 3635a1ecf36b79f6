"""Takes a newly trained model over while serving. One that can't be used is told of, and the old one goes on answering."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import structlog

from bot.server.prepare import load_pipeline, places
from bot.server.settings import Settings
from bot.server.understanding import PipelineUnderstander
from formats import SangdamError
from nlu.model_file import read_header

EVERY = 2.0
"""Seconds between two looks at the file."""
Stamp = tuple[int, int, int] | None

log = structlog.get_logger(__name__)


class ModelWatch:
    """Looks at the model file of an assistant; `sangdam train` and `sangdam model use` replace it in one step."""

    def __init__(
        self,
        settings: Settings,
        understander: PipelineUnderstander,
        *,
        every: float = EVERY,
    ) -> None:
        self._settings = settings
        self._understander = understander
        self._every = every
        self._file: Path = places(settings).model(settings.config.assistant_id)
        self._seen: Stamp = None
        self.problem: SangdamError | None = None
        """Why the newest file isn't served; None if it is."""

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    async def look(self) -> bool:
        """Whether another model was taken over. A file that is still being written is looked at again when it has changed."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        served = self._understander.pipeline
        try:
            if read_header(self._file).get("version") == served.version:
                self.problem = None
                return False
            pipeline = await asyncio.to_thread(load_pipeline, self._settings, served.encoder)
        except SangdamError as error:
            self.problem = error
            log.error(
                "model_not_taken_over",
                code=error.code,
                reason=error.en,
                remedy=error.remedy,
                still_serving=served.version,
            )
            return False
        self.problem = None
        self._understander.swap(pipeline)
        log.warning("model_taken_over", version=pipeline.version, before=served.version)
        return True

    def status(self) -> dict[str, Any]:
        """Rasa's `/status`, and why a newer file isn't served."""
        problem = self.problem
        return {
            "model_file": self._file.name,
            "model_id": self._understander.pipeline.version,
            "num_active_training_jobs": 0,
            "problem": {"code": problem.code, "en": problem.en, "ko": problem.ko, "remedy": problem.remedy}
            if problem
            else None,
        }

    def _stamp(self) -> Stamp:
        """Changes when the file is replaced or written to; None while there is none."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
