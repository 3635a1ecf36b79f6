"""`sangdam call`: play a recording as a caller over Twilio's protocol, and show what was heard and said."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click

from bot.cli.console import run_async

NO_ANSWER = 1
"""Exit code where nothing was heard or nothing was answered."""
GREETING = 15.0
LONGEST = 120.0
"""Seconds that the bot's answer may take to be played."""


@dataclass(slots=True)
class Report:
    """What a call brought."""

    conversation_id: str
    heard: list[str] = field(default_factory=list)
    """The caller's words as the server recognised them."""
    lines: list[dict[str, str]] = field(default_factory=list)
    """All that was said, in order: who and what."""
    answer_ms: int | None = None
    """From the end of the recording to the first audio of the answer."""
    owner: str | None = None
    transcript: str = "ok"
    """`ok`, or why there is none."""

    @property
    def answered(self) -> bool:
        """Whether the bot heard something and answered."""
        return self.answer_ms is not None and (bool(self.heard) or self.transcript != "ok")


@click.command()
@click.argument("recording", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.wav")
@click.option("--url", default="", help="Where to call.  [default: ws://127.0.0.1:SANGDAM_PORT/voice/twilio]")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Keep what the caller heard as WAV."
)
@click.option("--at-once", is_flag=True, help="Speak over the greeting instead of waiting for its end.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds to wait for an answer.")
@click.option("--caller", default="", help="Caller's number to announce.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def call(
    recording: Path, url: str, save: Path | None, at_once: bool, wait: float, caller: str, as_json: bool
) -> None:
    """Play FILE.wav in real time as a caller of a running server.

    Set SANGDAM_API_TOKEN to the server's to see the transcript, and SANGDAM_TWILIO_AUTH_TOKEN if it checks signatures.
    Exit code 0: heard and answered; 1: nothing heard or no answer; 2: the call was not taken or the file not read.
    """
    from bot.voice.recordings import read_wav, wav_bytes

    url = url or f"ws://127.0.0.1:{os.environ.get('SANGDAM_PORT') or 8080}/voice/twilio"
    report, line = run_async(_call(url, read_wav(recording), at_once, caller, wait, quiet=as_json))
    if save is not None:
        save.write_bytes(wav_bytes(line))
    if as_json:
        click.echo(json.dumps(_json(report), ensure_ascii=False))
    else:
        _show(report, save)
    sys.exit(0 if report.answered else NO_ANSWER)


async def _call(
    url: str, sound: Any, at_once: bool, number: str, wait: float, *, quiet: bool
) -> tuple[Report, Any]:
    from bot.voice.caller import Caller

    token = os.environ.get("SANGDAM_TWILIO_AUTH_TOKEN") or None
    async with Caller(url, token=token, caller=number) as caller:
        report = Report(caller.conversation_id)
        loop = asyncio.get_running_loop()
        if not at_once and await caller.answered(loop.time() - 1, GREETING) is not None:
            await caller.quiet(0.6, LONGEST)
        if not quiet:
            click.echo(f"재생 중: {sound.ms / 1000:.1f}초", err=True)
        caller.say(sound)
        await caller.said()
        ended = caller.spoken_until
        seconds = await caller.answered(ended, wait)
        if seconds is not None:
            report.answer_ms = round(seconds * 1000)
            await caller.quiet(1.5, LONGEST)
        await _transcript(url, report)
        if report.transcript == "ok" and not report.heard:
            # What came was the line's own word on the silence, no answer.
            report.answer_ms = None
    return report, caller.sound()


async def _transcript(url: str, report: Report) -> None:
    """Read the conversation's tracker, as the telephone's protocol has no text."""
    import aiohttp

    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, "http")
    address = urlunsplit((scheme, parts.netloc, f"/conversations/{report.conversation_id}/tracker", "", ""))
    token = os.environ.get("SANGDAM_API_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
            if response.status != 200:
                hint = "; set SANGDAM_API_TOKEN" if response.status == 401 else ""
                report.transcript = f"{address} answered {response.status}{hint}"
                return
            tracker = await response.json()
    except aiohttp.ClientError as error:
        report.transcript = f"{address}: {type(error).__name__}"
        return
    report.owner = tracker.get("owner")
    for event in tracker.get("events", ()):
        if event.get("event") in ("user", "bot", "agent", "notice"):
            report.lines.append({"who": event["event"], "text": event.get("text", "")})
            if event["event"] == "user":
                report.heard.append(event.get("text", ""))


def _json(report: Report) -> dict[str, Any]:
    return {
        "conversation_id": report.conversation_id,
        "answered": report.answered,
        "answer_ms": report.answer_ms,
        "heard": report.heard,
        "lines": report.lines,
        "owner": report.owner,
        "transcript": report.transcript,
    }


def _show(report: Report, save: Path | None) -> None:
    names = {"user": "고객", "bot": "봇", "agent": "상담원", "notice": "안내"}
    click.echo(f"통화 {report.conversation_id}")
    for line in report.lines:
        click.echo(f"  {names[line['who']]:<4} {line['text']}")
    if report.transcript != "ok":
        click.echo(f"  대화 내용을 읽지 못했어요: {report.transcript}", err=True)
    if report.transcript == "ok" and not report.heard:
        click.echo("  알아들은 말이 없었어요.", err=True)
    elif report.answer_ms is None:
        click.echo("  대답이 없었어요.", err=True)
    else:
        click.echo(f"  말이 끝나고 대답까지 {report.answer_ms:,} ms")
    if save is not None:
        click.echo(f"  저장: {save}")
