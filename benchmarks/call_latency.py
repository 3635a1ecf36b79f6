"""How long a caller waits, and how well they are heard: real speech through a live server.

    python benchmarks/call_latency.py SPEECH_DIR [--calls 20] [--clips 80] [--url ws://.../voice/twilio]

SPEECH_DIR holds transcripts.tsv with the columns `path` and `text`, and the recordings. Without --url a server of the
reference assistant is started under SANGDAM_DATA_DIR (default: var) and stopped again. Each call plays one recording,
cut at its last voiced frame, over Twilio's protocol in real time, and waits for the first audio of the answer. The
character error rate (spaces and punctuation left out) is measured apart, at 16 kHz and over a telephone's 8 kHz mu-law.
Nothing else may keep the machine busy meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.voice.activity import FRAME, SileroActivity
from bot.voice.audio import EARS_RATE, Framer, Pcm, Sound, mulaw_decode, mulaw_encode, resample
from bot.voice.caller import Caller
from bot.voice.ears import Place
from bot.voice.ears.faster_whisper import FasterWhisperOptions
from bot.voice.recordings import read_wav

ROOT = Path(__file__).parent.parent
OUT = ROOT / "benchmarks" / "out" / "call_latency.json"


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording at 16 kHz, cut at the end of speech, and what is said in it."""

    pcm: Pcm
    text: str


def read_clips(folder: Path, limit: int) -> list[Clip]:
    """The first clips of the folder's transcripts."""
    with open(folder / "transcripts.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[:limit]
    clips = []
    for row in rows:
        sound = read_wav(folder / row["path"])
        clips.append(Clip(until_end_of_speech(resample(sound.pcm, sound.rate, EARS_RATE)), row["text"]))
    return clips


def until_end_of_speech(pcm: Pcm) -> Pcm:
    """Without what comes after the last voiced frame."""
    activity = SileroActivity()
    voiced = [at for at, frame in enumerate(Framer(FRAME).push(pcm), 1) if activity.probability(frame) >= 0.5]
    return pcm[: voiced[-1] * FRAME] if voiced else pcm


def letters(text: str) -> str:
    """What the character error rate counts."""
    return re.sub(r"[\W_]", "", text).lower()


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for at, a in enumerate(one, 1):
        before, row[0] = row[0], at
        for column, b in enumerate(other, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (a != b))
    return row[-1]


def telephone(pcm: Pcm) -> Pcm:
    """Through a telephone line and back to 16 kHz."""
    narrow = mulaw_decode(mulaw_encode(resample(pcm, EARS_RATE, 8_000)))
    return resample(narrow, 8_000, EARS_RATE)


async def error_rates(clips: list[Clip], data_dir: Path) -> dict[str, float]:
    """CER at both rates, and the seconds that a recognition takes when nothing else runs."""
    ears = FasterWhisperOptions().make(Place(data_dir))
    await ears.warm_up()
    result: dict[str, float] = {}
    for name, line in (("16k", lambda pcm: pcm), ("8k", telephone)):
        wrong, all_, times = 0, 0, []
        for clip in clips:
            heard_by = line(clip.pcm)
            begun = time.perf_counter()
            heard = await ears.recognise(heard_by)
            times.append(time.perf_counter() - begun)
            said = letters(clip.text)
            wrong, all_ = wrong + distance(said, letters(heard.text)), all_ + len(said)
        result[f"cer_{name}"] = wrong / all_
        result[f"recognise_ms_p50_{name}"] = quantile(times, 0.5) * 1000
    await ears.close()
    return result


async def calls(url: str, clips: list[Clip]) -> dict[str, Any]:
    """One call a clip: milliseconds from the end of speech to the first audio of the answer."""
    waited: list[float] = []
    early = silent = 0
    for number, clip in enumerate(clips, 1):
        async with Caller(url) as caller:
            await caller.answered(0, 20)
            await caller.quiet(0.4, 60)
            before = len(caller.arrivals)
            caller.say(Sound(clip.pcm, EARS_RATE))
            await caller.said()
            cut_in = len(caller.arrivals) > before
            seconds = await caller.answered(caller.spoken_until, 15)
        if cut_in:
            early += 1
        elif seconds is None:
            silent += 1
        else:
            waited.append(seconds * 1000)
        print(f"\r{number}/{len(clips)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return {
        "calls": len(clips),
        "answer_ms_p50": quantile(waited, 0.5),
        "answer_ms_p95": quantile(waited, 0.95),
        "answer_ms_max": max(waited, default=0.0),
        "answered_before_the_end": early,
        "not_answered": silent,
    }


def quantile(values: list[float], share: float) -> float:
    """Linear between neighbours; 0 for no values."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=1000, method="inclusive")[max(0, round(share * 1000) - 1)]


@contextmanager
def server(data_dir: Path) -> Iterator[str]:
    """A server of its own, models loaded, with an empty database."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        database = f"sqlite:///{folder}/calls.db"
        environment = {
            **os.environ,
            "SANGDAM_PORT": str(port),
            "SANGDAM_DATA_DIR": str(data_dir),
            "SANGDAM_DATABASE_URL": database,
        }
        command = [sys.executable, "-m", "bot.cli", "run", "--with-companions"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", process)
            yield f"ws://127.0.0.1:{port}/voice/twilio"
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server is ready; it may have to train first."""
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("the server did not start")


async def measure(url: str, clips: list[Clip], count: int, data_dir: Path) -> dict[str, Any]:
    """Calls first, so that the server has the machine to itself; one more before them loads the models."""
    print("calls", file=sys.stderr)
    await calls(url, clips[:1])
    found = await calls(url, clips[:count])
    print("error rates", file=sys.stderr)
    return {**found, "clips": len(clips), **await error_rates(clips, data_dir)}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("speech", type=Path, metavar="SPEECH_DIR")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--clips", type=int, default=80, help="clips for the error rates")
    parser.add_argument("--url", help="a running server instead of one of its own")
    parser.add_argument("--json", type=Path, default=OUT, metavar="FILE")
    options = parser.parse_args()
    data_dir = Path(os.environ.get("SANGDAM_DATA_DIR") or ROOT / "var").resolve()
    clips = read_clips(options.speech, max(options.clips, options.calls))
    if options.url:
        found = asyncio.run(measure(options.url, clips, options.calls, data_dir))
    else:
        with server(data_dir) as url:
            found = asyncio.run(measure(url, clips, options.calls, data_dir))
    for name, value in found.items():
        print(f"{name:<26}{value:>10.3f}" if "cer" in name else f"{name:<26}{value:>10.0f}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
