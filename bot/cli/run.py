"""`sangdam run`: prepare what is missing, start the server, say where it is."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.console import assistant_option, progress, run_async
from bot.server.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.desk.accounts import AccountService

DEMO_USER = "demo"


@click.command()
@assistant_option
@click.option(
    "--with-companions", is_flag=True, help="Also start the programs under `companions` in config.yml."
)
@click.option("--demo", is_flag=True, help="Make a desk user 'demo' with a new password, shown once.")
@click.option(
    "--reload", is_flag=True, help="Take up edited domain, flows and actions while running; for development."
)
def run(assistant: Path, with_companions: bool, demo: bool, reload: bool) -> None:
    """Start the server in the foreground. Trains and indexes first what has changed."""
    run_async(_run(load_settings(assistant), with_companions, demo, reload))


async def _run(settings: Settings, with_companions: bool, demo: bool, reload: bool) -> None:
    # Imported here, so that `sangdam run --help` and a wrong setting answer at once.
    from bot.server.companions import Companions
    from bot.server.reloading import Reloading
    from bot.server.serve import listen, open_server, prepare, until_stopped

    companions = Companions(settings.config.companions if with_companions else ())
    companions.start()
    try:
        with progress("준비") as tell:
            pipeline = prepare(settings, tell)
            tell("서버를 여는 중", 0.95)
            server = await open_server(settings, pipeline)
            runner = await listen(server)
            tell("끝", 1.0)
        try:
            _say_where(settings)
            if demo and settings.loopback:
                await _demo_user(server.accounts)
            watching = None
            if reload:
                # A compiled file counts as fresh for a second after an edit.
                sys.dont_write_bytecode = True
                reloading = Reloading(server.service, lambda words: click.echo(f"  {words}", err=True))
                watching = asyncio.create_task(reloading.follow())
            await until_stopped()
            if watching is not None:
                watching.cancel()
        finally:
            await runner.cleanup()
    finally:
        companions.stop()


def _say_where(settings: Settings) -> None:
    base = settings.public_url
    click.echo(f"\n  {settings.config.name}")
    click.echo(f"  채팅    {base}/")
    click.echo(f"  상담석  {base}/desk")
    click.echo(f"  카카오톡 체험  {base}/kakao\n")


async def _demo_user(accounts: AccountService) -> None:
    """A fresh password at every start; it is kept nowhere, and earlier sign-ins stay valid."""
    password = secrets.token_urlsafe(9)
    if await accounts.find(DEMO_USER) is None:
        await accounts.add_user(DEMO_USER, "김민지", "supervisor", password)
    else:
        await accounts.set_password(DEMO_USER, password, end_sessions=False)
    click.echo(f"  상담석 체험 계정  {DEMO_USER} / {password}   (시작할 때마다 새로 만들어요)\n")
