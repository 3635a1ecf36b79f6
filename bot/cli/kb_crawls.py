"""`sangdam kb crawls`: what became of the sites that the running server reads on a schedule."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path

import click

from bot.cli.console import assistant_option
from bot.cli.kb_report import say_problems
from bot.conversation.clock import KOREA
from bot.server.crawl_schedule import CrawlSpec, CrawlState, CrawlStates, next_run
from bot.server.prepare import places
from bot.server.settings import load_settings
from knowledge_base.loaders import Problem


@click.command("crawls")
@assistant_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_crawls(assistant: Path, as_json: bool) -> None:
    """Tell of the crawls in config.yml: when they ran, what they found, when they run next."""
    settings = load_settings(assistant)
    kept = CrawlStates(places(settings).added(settings.config.assistant_id)).all()
    found = [(spec, kept.get(spec.name, CrawlState())) for spec in settings.config.knowledge.crawls]
    if as_json:
        told = [
            {"name": spec.name, **state.model_dump(), "next_at": next_run(spec, state)}
            for spec, state in found
        ]
        click.echo(json.dumps({"crawls": told}, ensure_ascii=False))
        return
    if not found:
        click.echo("config.yml의 knowledge.crawls에 정기 수집이 없어요.")
    for spec, state in found:
        _say(spec, state)


def _say(spec: CrawlSpec, state: CrawlState) -> None:
    rhythm = f"매일 {spec.at}" if spec.at else f"{spec.every}마다"
    click.echo(f"{spec.name} ({rhythm})")
    if state.started_at is None:
        click.echo("    아직 수집하지 않았어요. 서버가 켜지면 시작해요.")
        return
    if state.running(time.time()):
        click.echo(f"    {_when(state.started_at)}부터 수집하고 있어요.")
        return
    if state.finished_at is None:
        click.echo(f"    {_when(state.started_at)}에 시작한 수집이 중간에 멈췄어요. 서버가 다시 시작해요.")
        return
    click.echo(
        f"    {_when(state.finished_at)}에 끝남: 새로 읽은 쪽 {state.new}개, 그대로인 쪽 {state.unchanged}개, "
        f"없어진 쪽 {state.gone}개, 건너뛴 주소 {state.skipped}개, 읽지 못한 쪽 {state.failed}개."
    )
    if state.problem:
        click.echo(f"    저장하지 못했어요: {state.problem}")
    click.echo(f"    다음 수집: {_when(next_run(spec, state))}")
    say_problems([Problem(one.file, one.code, one.reason, one.remedy) for one in state.problems])


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, KOREA):%Y-%m-%d %H:%M}"
