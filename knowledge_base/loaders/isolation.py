"""Parsers of foreign files in a process of their own: one that hangs, crashes or eats memory costs only its document."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.reading import Reading, from_json, problem_from_json

WORKER = "knowledge_base.loaders.worker"
TIME = 90.0
"""Seconds that one file may take."""
MEMORY = 2_000
"""Megabytes of address space that the parsers may take."""
_PASSED_ON = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TEMP")
"""Of the environment: a foreign file's parser has no business with passwords and keys."""


class ParserProcess:
    """A context in which files are read elsewhere. The process starts with the first file, and anew after a failure."""

    def __init__(self, seconds: float = TIME, megabytes: int = MEMORY) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, path: Path) -> Reading:
        """The reading. Raises `DocumentProblem` for every way in which a file can fail."""
        process = self._started()
        if process.stdin is None:
            raise RuntimeError("the process was started without a pipe")
        try:
            process.stdin.write(json.dumps(str(path.resolve())) + "\n")
            process.stdin.flush()
            line = self._answers.get(timeout=self._seconds)
        except queue.Empty:
            self._stop()
            raise DocumentProblem(
                "too_slow", f"Reading it took more than {self._seconds:.0f} s.", "Split it or save it anew."
            ) from None
        except OSError:
            line = ""
        if not line:
            self._stop()
            raise DocumentProblem(
                "parser_died", "Its parser crashed, or ran out of memory.", "Split it or save it anew."
            )
        return _told(json.loads(line))

    def _started(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._answers = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", WORKER, str(self._megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=_environment(),
        )
        if self._process.stdout is not None:
            self._reader = threading.Thread(
                target=_pump, args=(self._process.stdout, self._answers), name="parser", daemon=True
            )
            self._reader.start()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._reader is not None:
            self._reader.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _pump(pipe: IO[str], answers: queue.Queue[str]) -> None:
    """Lines to the queue; an empty one says that the process has ended."""
    with suppress(ValueError, OSError):  # the pipe is closed when the process is stopped
        for line in pipe:
            answers.put(line)
    answers.put("")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    package = str(Path(__file__).parents[2])
    # One thread each: the parsers use none, and the stacks of idle ones count against the memory.
    return {
        **kept,
        "PYTHONPATH": package,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }


def _told(answer: dict[str, Any]) -> Reading:
    if "problem" in answer:
        raise problem_from_json(answer["problem"])
    return from_json(answer["reading"])
