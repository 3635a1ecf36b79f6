"""What a language model's commands are worth, on the first messages of the bank's customers in the conversation tests.

    python benchmarks/model_commands.py --url http://127.0.0.1:8000/v1 --model NAME [--timeout 30] [--limit 40]

Asks any server that speaks OpenAI's chat completions, by the product's own prompt and grammar, what each message asks for;
which flow is right is known from the tests. Prints how often the model answered in time, how often its answer held to the
grammar, how often it named the right flow, and what counts in the end: right with the trained understanding alone, and with
the model beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from bot.conversation.assistant import load_assistant
from bot.conversation.by_model import ModelCommandSettings, ModelProposer
from bot.conversation.clock import KOREA
from bot.conversation.command_generator import CommandGenerator
from bot.conversation.commands import Command, StartFlow
from bot.conversation.e2e.files import load_cases
from bot.conversation.tracker import Tracker
from bot.server.serve import prepare
from bot.server.settings import load_settings
from generator import Message
from generator.openai_compatible import OpenAICompatibleGenerator

ROOT = Path(__file__).parents[1]


class Timed:
    """The model, with what it said and how long it took."""

    def __init__(self, model: OpenAICompatibleGenerator) -> None:
        self._model = model
        self.name = model.name
        self.seconds: list[float] = []
        self.said: list[str] = []

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """As the port says."""
        started, said = time.perf_counter(), ""
        async for piece in self._model.stream(messages, max_tokens=max_tokens):
            said += piece
            yield piece
        self.seconds.append(time.perf_counter() - started)
        self.said.append(said)

    async def close(self) -> None:
        """As the port says."""
        await self._model.close()


def openings(limit: int) -> list[tuple[str, str]]:
    """(first message, flow that it must start), each message once."""
    found: dict[str, str] = {}
    for loaded in load_cases(ROOT / "data" / "conversations"):
        first = loaded.case.steps[0]
        started = [a.flow_started for a in first.assertions if isinstance(a.flow_started, str)]
        if started and first.text:
            found.setdefault(first.text, started[0])
    every = max(1, len(found) // limit)
    return list(found.items())[::every][:limit]


def starts(commands: Sequence[Command]) -> list[str]:
    """The flows that commands start."""
    return [command.flow for command in commands if isinstance(command, StartFlow)]


async def run(url: str, model_name: str, timeout: float, limit: int, show: bool) -> None:
    """Ask about all of them, one after the other, and print."""
    settings = load_settings(ROOT)
    pipeline = prepare(settings, lambda *_: None)
    assistant = load_assistant(ROOT)
    trained = CommandGenerator(assistant, settings.roles)
    model = Timed(OpenAICompatibleGenerator(url, model_name))
    asked = ModelCommandSettings(mode="always", timeout=timeout, pause=0)
    counts = dict.fromkeys(("in time", "in the grammar", "model right", "trained right", "together right"), 0)
    cases = openings(limit)
    for text, flow in cases:
        understanding = pipeline.understand(text, datetime.now(KOREA))
        tracker = Tracker("c")
        own = trained.generate(tracker, understanding)
        proposer = ModelProposer(assistant, settings.roles, model, asked)
        before = len(model.said)
        proposal = await proposer.propose(tracker, understanding, own)
        counts["in time"] += len(model.said) > before
        counts["in the grammar"] += proposal.by == "model"
        counts["model right"] += proposal.by == "model" and starts(proposal.commands) == [flow]
        counts["trained right"] += starts(own) == [flow]
        counts["together right"] += starts(proposal.commands) == [flow]
        if show:
            print(
                f"{text} | {flow} | {model.said[-1] if len(model.said) > before else '-'!r} | {proposal.by}"
            )
    await model.close()
    for name, count in counts.items():
        print(f"{name:<16}{count:>4} / {len(cases)}")
    if model.seconds:
        print(f"median {statistics.median(model.seconds):.2f} s, longest {max(model.seconds):.2f} s")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--timeout", type=float, default=30.0)
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--show", action="store_true", help="print each answer")
    given = parser.parse_args()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    asyncio.run(run(given.url, given.model, given.timeout, given.limit, given.show))


if __name__ == "__main__":
    main()
