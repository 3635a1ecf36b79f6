"""`sangdam train`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bot.cli.console import assistant_option, progress
from bot.server.prepare import train_assistant
from bot.server.settings import load_settings


@click.command()
@assistant_option
@click.option("--force", is_flag=True, help="Train even if nothing has changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def train(assistant: Path, force: bool, as_json: bool) -> None:
    """Train the understanding of an assistant. Nothing changed means nothing to do."""
    settings = load_settings(assistant)
    with progress("학습") as tell:
        info = train_assistant(settings, tell, force=force)
    if as_json:
        body = {"version": info.version, "intents": info.intents, "examples": info.examples}
        click.echo(json.dumps({**body, "seconds": round(info.seconds, 2), "reused": info.reused}))
        return
    for warning in info.warnings:
        click.echo(f"주의: {warning}", err=True)
    done = "바뀐 것이 없어 그대로 써요" if info.reused else f"{info.seconds:.1f}초 걸렸어요"
    click.echo(f"모델 {info.version}: 의도 {info.intents}개, 예문 {info.examples}개. {done}.")
