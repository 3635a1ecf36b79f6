"""`sangdam model list|use`: the versions of an assistant's model, and the way back to an earlier one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from bot.cli.console import assistant_option
from bot.server.prepare import places
from bot.server.settings import load_settings

STATES = {"kept": "", "refused": "더 나빠서 쓰지 않음", "set_aside": "되돌림"}


@click.group()
def model() -> None:
    """Look at the versions of the trained model, and go back to an earlier one."""


@model.command("list")
@assistant_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(assistant: Path, as_json: bool) -> None:
    """All versions that are kept, newest first."""
    from nlu.versions import ModelVersions

    versions = ModelVersions(_current(assistant))
    active, cards = versions.active(), versions.cards()
    if as_json:
        rows = [{**card.model_dump(exclude={"held_out"}), "served": card.version == active} for card in cards]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not cards:
        click.echo("아직 학습한 모델이 없어요. sangdam train 을 실행하세요.")
    for card in cards:
        mark = "*" if card.version == active else " "
        when = datetime.fromtimestamp(card.created_at).astimezone().strftime("%Y-%m-%d %H:%M")
        size = f"의도 {len(card.intents)}개, 예문 {card.examples}개"
        state = "사용 중" if card.version == active else STATES[card.state]
        click.echo(f"{mark} {card.version[:8]}  {when}  정확도 {card.accuracy:.1%}  {size}  {state}".rstrip())


@model.command()
@assistant_option
@click.argument("version")
def use(assistant: Path, version: str) -> None:
    """Serve VERSION (its first characters will do). A running service swaps to it without a restart."""
    from nlu.updating import roll_back

    card, before = roll_back(_current(assistant), version)
    since = f" (앞서 쓰던 모델: {before[:8]})" if before and before != card.version else ""
    click.echo(f"이제 이 모델을 써요: {card.version[:8]}{since}")


def _current(assistant: Path) -> Path:
    settings = load_settings(assistant)
    return places(settings).model(settings.config.assistant_id)
