"""Runs `sangdam` as a person does: a process with arguments, standard input and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
Sangdam = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def sangdam(tmp_path: Path) -> Sangdam:
    """`sangdam("user", "list", stdin=…, SANGDAM_PORT="0")`; the data folder is empty unless given."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SANGDAM_", "CORE_BANKING_"))}
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            input=stdin,
            text=True,
            capture_output=True,
            cwd=ROOT,
            env={**kept, "SANGDAM_DATA_DIR": str(tmp_path), **environment},
            timeout=120,
        )

    return run
