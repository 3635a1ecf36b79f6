"""Runs the steps of the Dockerfile without a container engine: COPY and RUN in a temporary folder, then the entry point.

Steps that change the system (apt-get, useradd) are told and passed over. Ends with 0 once the started server is ready.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
SYSTEM = ("apt-get", "useradd", "install -d")
Step = tuple[str, str]


def steps(dockerfile: str) -> list[Step]:
    """(instruction, rest) of each line, continued lines joined, comments left out."""
    joined = re.sub(r"\\\n\s*", "", dockerfile)
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for line in lines:
        instruction, _, rest = line.partition(" ")
        found.append((instruction, rest.strip()))
    return found


def build_stage(found: list[Step]) -> list[Step]:
    """The steps of the first stage."""
    second = [index for index, (instruction, _) in enumerate(found) if instruction == "FROM"][1]
    return found[:second]


def main() -> None:
    """Check it."""
    found = steps((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "app"
        app.mkdir()
        for instruction, rest in build_stage(found):
            _do(instruction, rest, app)
        _start(found, app, Path(folder) / "data")
    print("the image's steps work")


def _do(instruction: str, rest: str, app: Path) -> None:
    if instruction == "COPY":
        *sources, target = rest.split()
        for source in sources:
            _copy(ROOT / source, app / target if target != "./" else app / Path(source).name)
    elif instruction == "RUN":
        if rest.startswith(SYSTEM):
            print(f"passed over: {rest[:60]} …")
            return
        print(f"RUN {rest}", flush=True)
        subprocess.run(["sh", "-c", rest], cwd=app, check=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        ignored = shutil.ignore_patterns("__pycache__", "node_modules", "static")
        shutil.copytree(source, target, ignore=ignored)
    else:
        shutil.copy(source, target)


def _start(found: list[Step], app: Path, data: Path) -> None:
    entry = next(rest for instruction, rest in found if instruction == "ENTRYPOINT")
    command = re.findall(r'"([^"]+)"', entry)
    data.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": f"{app / '.venv/bin'}:/usr/bin:/bin",
        "SANGDAM_HOST": "0.0.0.0",
        "SANGDAM_PORT": str(port),
        "SANGDAM_DATA_DIR": str(data),
        "SANGDAM_API_TOKEN": "check-image",
        "HOME": os.environ.get("HOME", "/"),
    }
    process = subprocess.Popen(command, cwd=app, env=environment)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        sys.exit("the entry point did not serve")
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
