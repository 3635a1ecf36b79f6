"""Reads files for another process: `python -m knowledge_base.loaders.worker MEGABYTES`.

On standard input comes a path a line, on standard output goes a JSON object a line. Whatever the parsers print goes to
standard error. Memory is limited where the system can do that.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.readers import read_file
from knowledge_base.loaders.reading import as_json, problem_as_json


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _limit_memory(int(sys.argv[1]))
    for line in sys.stdin:
        answers.write(json.dumps(_answer(Path(json.loads(line))), ensure_ascii=True) + "\n")
        answers.flush()


def _answer(path: Path) -> dict[str, Any]:
    try:
        return {"reading": as_json(read_file(path))}
    except DocumentProblem as problem:
        if isinstance(problem.__cause__, MemoryError):
            problem = too_much_memory()
        return {"problem": problem_as_json(problem)}
    except MemoryError:
        return {"problem": problem_as_json(too_much_memory())}
    except OSError as error:
        return {"problem": problem_as_json(unreadable(error))}


def too_much_memory() -> DocumentProblem:
    """A file whose parser wants more memory than it may have."""
    return DocumentProblem(
        "too_much_memory", "Reading it takes too much memory.", "Split it or save it anew."
    )


def unreadable(error: OSError) -> DocumentProblem:
    """A file that the system doesn't give out."""
    reason = f"{type(error).__name__}: {os.strerror(error.errno or 0)}."
    return DocumentProblem("unreadable", reason, "Check the file's rights.")


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: only the time is limited
    limit = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main()
