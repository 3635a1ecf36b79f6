"""`sangdam`: the root of all commands. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import importlib
from typing import Any

import click

from bot.cli.console import guarded

COMMANDS = {
    "run": ("bot.cli.run", "run", "Start the server."),
    "train": ("bot.cli.train", "train", "Train the understanding of an assistant."),
    "model": ("bot.cli.model", "model", "List the versions of the model, go back to an earlier one."),
    "kb": ("bot.cli.kb", "kb", "Build and search the knowledge base."),
    "chat": ("bot.cli.chat", "chat", "Talk to the assistant in the terminal."),
    "call": ("bot.cli.call", "call", "Play a recording as a caller."),
    "test": ("bot.cli.test", "test", "Run conversation tests."),
    "flows": ("bot.cli.flows", "flows", "Look at the flows."),
    "lint": ("bot.cli.lint", "lint", "Check training data before customers do."),
    "evaluate": ("bot.cli.evaluate", "evaluate", "Measure understanding or knowledge."),
    "review": ("bot.cli.review", "review", "Label what the bot got wrong, back into the utterances."),
    "import-rasa": ("bot.cli.import_rasa", "import_rasa", "Turn a Rasa 3 project into an assistant."),
    "user": ("bot.cli.user", "user", "Manage the people who use the desk."),
    "customer": ("bot.cli.customer", "customer", "Look at customers, merge and part them, forget them."),
    "db": ("bot.cli.db", "db", "Manage the database."),
    "mask": ("bot.cli.mask", "mask", "Mask personal data in a text."),
    "bench": ("bot.cli.bench", "bench", "Measure speed and memory of a running assistant."),
}
"""Name -> (module, function, one line of help)."""


class LazyGroup(click.Group):
    """Commands that are imported when they are called, so that `sangdam --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        if name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[name]
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own lines, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="sangdam")
def cli() -> None:
    """Sangdam (상담): a Korean-first AI contact centre."""


def main(**options: Any) -> None:
    """Entry point: errors of ours become one line with a remedy and exit code 2."""
    guarded(cli, **options)
