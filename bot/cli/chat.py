"""`sangdam chat`: the assistant in the terminal, in this process or on a running server."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from bot.cli.console import assistant_option, progress, run_async
from bot.conversation.in_words import in_words
from bot.server.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.cli.chat_partners import LocalPartner

Message = dict[str, Any]


class Partner(Protocol):
    """Whom the terminal talks to. Messages are the `Message` of docs/reference/web-chat.md."""

    async def say(self, text: str, payload: str | None) -> None:
        """Raises `SangdamError` for a message that isn't taken."""

    def heard(self) -> AsyncIterator[Message]:
        """What the other side says, as it comes."""

    async def close(self) -> None:
        """Hang up."""


@click.command()
@assistant_option
@click.option("--url", help="A running server; without it the assistant runs in this process.")
@click.option(
    "--trace", is_flag=True, help="Show what each message was taken for, and each step with its reason."
)
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add the conversation to this file as a test for 'sangdam test'.",
)
def chat(assistant: Path, url: str | None, trace: bool, record: Path | None) -> None:
    """Talk to the assistant in the terminal. A number presses the button of that number; Ctrl+D ends."""
    if url and (trace or record):
        raise click.UsageError("--trace and --record see the assistant in this process: leave --url out.")
    run_async(_chat(load_settings(assistant), url, trace, record))


async def _chat(settings: Settings, url: str | None, trace: bool, record: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        local = None if url else await _local(settings, Path(folder))
        partner: Partner = local or await _remote(str(url))
        if local and trace:
            local.trace(lambda line: click.secho(line, dim=True))
        click.echo(f"{settings.config.name} · AI 상담. 끝내려면 Ctrl+D를 누르세요.")
        try:
            await _converse(partner)
            if local and record:
                steps = await local.record(record)
                click.echo(
                    f"{record}: {steps}단계를 기록했어요."
                    if steps
                    else "나눈 이야기가 없어 기록하지 않았어요."
                )
        finally:
            await partner.close()


async def _remote(url: str) -> Partner:
    from bot.cli.chat_partners import RemotePartner

    return await RemotePartner.connect(url)


async def _local(settings: Settings, folder: Path) -> LocalPartner:
    from bot.cli.chat_partners import LocalPartner

    with progress("준비") as tell:
        return await LocalPartner.open(settings, folder, tell)


async def _converse(partner: Partner) -> None:
    """Lines of the terminal to the partner, what it says to the terminal, side by side."""
    buttons: list[dict[str, str]] = []
    listening = asyncio.create_task(_print_all(partner, buttons))
    try:
        while True:
            line = await asyncio.to_thread(_read_line)
            if line is None:
                break
            if text := line.strip():
                title, payload = _pressed(text, buttons)
                await _say(partner, title, payload)
        # What was asked last is still answered, for lines that come from a file.
        await asyncio.sleep(0.3)
    finally:
        listening.cancel()


async def _say(partner: Partner, text: str, payload: str | None) -> None:
    from formats import SangdamError

    try:
        await partner.say(text, payload)
    except SangdamError as error:
        click.echo(f"! {error.ko}", err=True)


def _read_line() -> str | None:
    if sys.stdin.isatty():
        click.echo("나> ", nl=False)
    line = sys.stdin.readline()
    return line or None


def _pressed(text: str, buttons: list[dict[str, str]]) -> tuple[str, str | None]:
    """The button that a bare number means, else the text itself."""
    if text.isdigit() and 1 <= int(text) <= len(buttons):
        button = buttons[int(text) - 1]
        return button["title"], button["payload"]
    return text, None


async def _print_all(partner: Partner, buttons: list[dict[str, str]]) -> None:
    async for message in partner.heard():
        buttons[:] = _choices(message)
        _print(message, buttons)


def _choices(message: Message) -> list[dict[str, str]]:
    """What can be pressed: the message's own buttons, then those of its cards; links are none."""
    cards = [button for card in message.get("elements") or () for button in card.get("buttons", ())]
    return [button for button in [*(message.get("buttons") or ()), *cards] if button.get("payload")]


def _print(message: Message, buttons: list[dict[str, str]]) -> None:
    speaker = message["speaker"]
    if speaker["kind"] == "system":
        click.echo(f"-- {message['text']}")
        return
    click.echo(f"{speaker['name']}> {in_words(message['text'], message)}")
    for citation in message.get("citations") or ():
        place = " › ".join([citation["title"], *citation.get("heading", ())])
        click.echo(f"    [출처] {place} ({citation['source']})")
    for number, button in enumerate(buttons, 1):
        click.echo(f"    {number}. {button['title']}")
