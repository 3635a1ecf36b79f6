"""`sangdam user add|list`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.console import assistant_option, run_async
from bot.desk.accounts import AccountService
from bot.server.settings import Settings, load_settings
from bot.storage.sql import open_store


@click.group()
def user() -> None:
    """Manage the people who use the desk."""


@user.command("add")
@assistant_option
@click.argument("username")
@click.option("--name", default="", help="As customers see it; the user name if left out.")
@click.option("--role", type=click.Choice(["agent", "supervisor", "admin"]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(assistant: Path, username: str, name: str, role: str, password_stdin: bool) -> None:
    """Add a person. The password is asked for, or read from standard input; it never stands in the command."""
    password = _password(password_stdin)
    run_async(_add(load_settings(assistant), username, name or username, role, password))
    click.echo(f"{username}: {role}")


async def _add(settings: Settings, username: str, name: str, role: str, password: str) -> None:
    store = await open_store(settings.database_url)
    try:
        await AccountService(store.accounts).add_user(username, name, role, password)
    finally:
        await store.close()


@user.command("list")
@assistant_option
def list_users(assistant: Path) -> None:
    """Show everybody."""

    async def read() -> None:
        store = await open_store(load_settings(assistant).database_url)
        try:
            for person in await AccountService(store.accounts).users():
                state = "disabled" if person.disabled else person.state
                click.echo(f"{person.username}\t{person.name}\t{person.role}\t{state}")
        finally:
            await store.close()

    run_async(read())


@user.command("password")
@assistant_option
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(assistant: Path, username: str, password_stdin: bool) -> None:
    """Give a person a new password. It ends all sessions under the old one."""
    password = _password(password_stdin)

    async def change() -> None:
        store = await open_store(load_settings(assistant).database_url)
        try:
            await AccountService(store.accounts).set_password(username, password)
        finally:
            await store.close()

    run_async(change())
    click.echo(f"{username}: 비밀번호를 바꿨어요.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("비밀번호", hide_input=True, confirmation_prompt=True))
