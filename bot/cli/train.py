"""`sangdam train`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.console import assistant_option, progress
from bot.cli.lint import lines
from bot.server.prepare import train_assistant
from bot.server.settings import load_settings

if TYPE_CHECKING:
    from nlu.updating import ModelInfo
    from nlu.versions import Comparison

SHOWN = 10
"""Utterances that are shown of those that a model lost."""


@click.command()
@assistant_option
@click.option(
    "--force", is_flag=True, help="Train even if nothing has changed; take over even a worse model."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def train(assistant: Path, force: bool, as_json: bool) -> None:
    """Train the understanding of an assistant.

    Nothing changed means nothing to do. A model that is worse than the one in use is kept aside, and the exit code is 1.
    """
    settings = load_settings(assistant)
    with progress("학습") as tell:
        info = train_assistant(settings, tell, force=force)
    if as_json:
        click.echo(json.dumps(_figures(info), ensure_ascii=False))
    else:
        serious = [finding for finding in info.findings if finding.level != "hint"]
        if serious:
            click.echo("\n".join(lines(serious)), err=True)
        click.echo("\n".join(_summary(info)))
    sys.exit(1 if info.outcome == "refused" else 0)


def _figures(info: ModelInfo) -> dict[str, Any]:
    found = info.comparison
    return {
        "version": info.version,
        "served": info.served,
        "outcome": info.outcome,
        "intents": info.intents,
        "examples": info.examples,
        "accuracy": info.accuracy,
        "points": found.points if found else None,
        "lost": len(found.lost) if found else 0,
        "gained": len(found.gained) if found else 0,
        "seconds": round(info.seconds, 2),
        "reused": info.reused,
        "trained": info.trained,
        "findings": [finding.to_json() for finding in info.findings],
    }


def _summary(info: ModelInfo) -> list[str]:
    """Lines for a person."""
    accuracy = "" if info.accuracy is None else f", 교차 검증 정확도 {info.accuracy:.1%}"
    made = f"{info.seconds:.1f}초 걸렸어요" if info.trained else "새로 학습할 것은 없었어요"
    head = f"모델 {info.version[:8]}: 의도 {info.intents}개, 예문 {info.examples}개{accuracy}."
    lines = [f"{head} {'바뀐 것이 없어 그대로 써요' if info.reused else made}."]
    found = info.comparison
    if found is not None and found.examples:
        lines.append(_difference(found))
    if info.outcome == "refused" and found is not None:
        lines += _lost(found)
        lines.append(f"새 모델이 더 나빠서 바꾸지 않았어요. 쓰던 모델을 그대로 써요: {info.served[:8]}")
        lines.append("예문을 고쳐 다시 학습하거나, 그래도 쓰려면 sangdam train --force 를 실행하세요.")
    if info.outcome == "set_aside":
        lines.append(f"사람이 되돌린 모델이라 바꾸지 않았어요. 쓰던 모델을 그대로 써요: {info.served[:8]}")
        lines.append("다시 쓰려면 sangdam train --force 를 실행하세요.")
    return lines


def _difference(found: Comparison) -> str:
    same = f"이전 모델과 함께 아는 예문 {found.examples}개에서"
    moved = f"{found.before:.1%} → {found.after:.1%} ({found.points:+.1f}%p)"
    return f"{same} {moved}, {len(found.gained)}개를 더 맞히고 {len(found.lost)}개를 놓쳐요."


def _lost(found: Comparison) -> list[str]:
    shown = [
        f"  {example.file}:{example.line}  {example.text}  {example.intent} → {found.wrong_now[example.text]}"
        for example in found.lost[:SHOWN]
    ]
    rest = len(found.lost) - len(shown)
    return ["이제 틀리는 예문", *shown, *([f"  그 밖에 {rest}개"] if rest > 0 else [])]
