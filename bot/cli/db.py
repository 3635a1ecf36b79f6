"""`sangdam db upgrade`."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.console import assistant_option, run_async
from bot.server.settings import load_settings
from bot.storage.sql import upgrade as upgrade_database


@click.group()
def db() -> None:
    """Manage the database."""


@db.command()
@assistant_option
def upgrade(assistant: Path) -> None:
    """Bring the tables up to date. The server does the same when it starts."""
    before, after = run_async(upgrade_database(load_settings(assistant).database_url))
    click.echo(f"{before or '-'} -> {after}" if before != after else f"{after}: up to date")
