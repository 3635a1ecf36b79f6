"""Messages a second beside Rasa Open Source, the same texts, in turns on the same machine.

    python benchmarks/beside_rasa.py /path/of/rasa [--texts recurring|distinct] [--rounds 2] [--messages 1500] [--project FOLDER]

`rasa` is the command of an environment with Python 3.10 and `pip install "setuptools<81" wheel rasa==3.6.21`. Its project is
made of the reference assistant's own utterances, a rule and a response for each intent, DIET and a fallback; its stock
tokenizer deletes Hangul that stands beside digits or Latin letters, so it gets one that doesn't. Training takes some minutes,
once a folder. Ours does more for a message (documents, entities, mood, an event log in SQLite); Rasa keeps its trackers in
memory, as it comes.

`recurring` texts are the assistant's utterances, shuffled, said once before and then again and again, each by a new sender, as a
load client does that evaluates its test set first and then repeats it: what a memory of understood texts saves, counts in full.
`distinct` texts are the same with other words before and after them, none twice: no memory helps at all. Customers are between.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any

import aiohttp

from bot.bench.load import distinct_texts, recurring_texts, webhook_load
from bot.bench.server import Measured, free_port, measured_server
from bot.server.serve import prepare
from bot.server.settings import load_settings
from nlu.training_data import load_training_data

CLIENTS = (1, 8, 32)
TEXTS = {"recurring": recurring_texts, "distinct": distinct_texts}
CONFIG = """recipe: default.v1
assistant_id: peer
language: ko
pipeline:
- name: hangul_tokenizer.HangulTokenizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
  constrain_similarities: true
  entity_recognition: false
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
policies:
- name: RulePolicy
"""
TOKENIZER = '''from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class HangulTokenizer(WhitespaceTokenizer):
    """Takes nothing for an emoji: the range that the stock one deletes holds all of Hangul."""

    def remove_emoji(self, text):
        return text
'''


def write_project(folder: Path, utterances: dict[str, list[str]]) -> None:
    """A Rasa project that answers each intent with one response."""
    # Some names, as `restart`, mean something to Rasa.
    utterances = {f"bank_{name}": said for name, said in utterances.items()}
    nlu = [
        {"intent": name, "examples": "".join(f"- {u}\n" for u in said)} for name, said in utterances.items()
    ]
    domain = {
        "intents": list(utterances),
        "responses": {
            **{f"utter_{name}": [{"text": f"{name} 안내예요."}] for name in utterances},
            "utter_default": [{"text": "잘 모르겠어요."}],
        },
    }
    rules = [
        {"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in utterances
    ] + [{"rule": "fallback", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_default"}]}]
    files = {
        "config.yml": CONFIG,
        "hangul_tokenizer.py": TOKENIZER,
        "credentials.yml": "rest:\n",
        "data/nlu.yml": _yaml(nlu=nlu),
        "data/rules.yml": _yaml(rules=rules),
        "domain.yml": _yaml(**domain),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _yaml(**parts: Any) -> str:
    """JSON is YAML, but Rasa looks for the first names at the beginnings of lines."""
    lines = [f"{name}: {json.dumps(part, ensure_ascii=False)}" for name, part in parts.items()]
    return "\n".join(["version: '3.1'", *lines, ""])


@asynccontextmanager
async def rasa_server(rasa: Path, folder: Path) -> AsyncIterator[Measured]:
    """A running Rasa with the trained model of a project."""
    port = free_port()
    command = [str(rasa), "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port), "-m", "models/m.tar.gz"]
    started = time.perf_counter()
    with (folder / "server.log").open("w") as log:
        process = _start([*command, "--credentials", "credentials.yml"], folder, log)
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while not await _answers(session, url):
                if process.poll() is not None or time.perf_counter() - started > 180:
                    raise SystemExit(f"Rasa did not start; see {folder / 'server.log'}")
                await asyncio.sleep(0.2)
        first = time.perf_counter() - started
        yield Measured(url, process.pid, "", first, first)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _start(command: list[str], folder: Path, log: IO[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=folder, env=_quiet(folder), stdout=log, stderr=log)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    body = {"sender": "first", "message": "안녕하세요"}
    with suppress(aiohttp.ClientError):
        async with session.post(f"{url}/webhooks/rest/webhook", json=body) as response:
            return response.status == 200 and bool(await response.json())
    return False


def _quiet(folder: Path) -> dict[str, str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return environment | {
        "PYTHONPATH": str(folder),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


async def _loads(
    server: Measured, texts: Iterator[str], before: int, messages: int
) -> dict[int, dict[str, Any]]:
    await webhook_load(server, texts, clients=8, messages=before)
    return {
        clients: await webhook_load(server, texts, clients=clients, messages=messages) for clients in CLIENTS
    }


def trained_project(rasa: Path, folder: Path) -> dict[str, list[str]]:
    """The utterances of the reference assistant, once both have learned them."""
    settings = load_settings(Path())
    prepare(settings, lambda what, share: None)
    utterances: dict[str, list[str]] = {}
    for example in load_training_data(settings.assistant_dir / "data" / "nlu").examples:
        utterances.setdefault(example.intent, []).append(example.text)
    if not (folder / "models" / "m.tar.gz").is_file():
        write_project(folder, utterances)
        command = [str(rasa), "train", "--fixed-model-name", "m", "--data", "data"]
        subprocess.run(command, cwd=folder, env=_quiet(folder), check=True)
    return utterances


async def measure(
    rasa: Path, folder: Path, utterances: dict[str, list[str]], kind: str, rounds: int, messages: int
) -> dict[str, Any]:
    """Figures of both, and how many times Rasa's messages a second ours are: the median over the rounds."""
    settings = load_settings(Path())
    said = [text for texts in utterances.values() for text in texts]
    before = len(set(said)) if kind == "recurring" else 60
    runs: dict[str, list[dict[int, dict[str, Any]]]] = {"rasa": [], "sangdam": []}
    for number in range(rounds):
        # The same messages for both, other ones each round.
        async with rasa_server(rasa, folder) as server:
            runs["rasa"].append(await _loads(server, TEXTS[kind](said, seed=number), before, messages))
        async with measured_server(settings) as server:
            runs["sangdam"].append(await _loads(server, TEXTS[kind](said, seed=number), before, messages))
        print(f"round {number + 1}: {_line(runs['rasa'][-1])} | {_line(runs['sangdam'][-1])}", flush=True)
    ratios = {
        clients: round(
            statistics.median(
                ours[clients]["messages_per_s"] / theirs[clients]["messages_per_s"]
                for ours, theirs in zip(runs["sangdam"], runs["rasa"], strict=True)
            ),
            2,
        )
        for clients in CLIENTS
    }
    return {"runs": runs, "times_rasa": ratios}


def _line(loads: dict[int, dict[str, Any]]) -> str:
    return " ".join(
        f"{clients}: {load['messages_per_s']:g}/s p95 {load['p95_ms']:g} ms"
        for clients, load in loads.items()
    )


def main() -> None:
    """Parse, measure, print JSON."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("rasa", type=Path)
    options.add_argument("--project", type=Path, default=Path("var/rasa-peer"))
    options.add_argument("--texts", choices=TEXTS, default="distinct")
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--messages", type=int, default=1500)
    given = options.parse_args()
    rasa, folder = given.rasa.resolve(), given.project.resolve()
    utterances = trained_project(rasa, folder)
    figures = asyncio.run(measure(rasa, folder, utterances, given.texts, given.rounds, given.messages))
    print(json.dumps(figures["times_rasa"]))


if __name__ == "__main__":
    main()
