"""`sangdam kb gaps`: what customers ask and the documents don't answer."""

from __future__ import annotations

import csv
import dataclasses
import json
import time
from pathlib import Path

import click

from bot.cli.console import assistant_option, run_async
from bot.review.unanswered import unanswered_questions
from bot.server.prepare import knowledge_encoder, open_knowledge
from bot.server.settings import load_settings
from bot.storage.sql import open_store
from knowledge_base.gaps import Gap, Unanswered, find_gaps

DAY = 86_400.0
_REASONS = {"none": "답 없음", "closest": "비슷한 제목만", "down": "도움이 안 됐어요"}


@click.command()
@assistant_option
@click.option("--days", type=click.FloatRange(min=0, min_open=True), default=30, show_default=True)
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many gaps.")
@click.option(
    "--draft",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a FAQ list (CSV) with the questions, its answers to be filled in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def gaps(assistant: Path, days: float, most: int, draft: Path | None, as_json: bool) -> None:
    """Put questions without a good answer together by meaning, the most pressing first."""
    settings = load_settings(assistant)
    since = time.time() - days * DAY

    async def read() -> list[Unanswered]:
        store = await open_store(settings.database_url)
        try:
            return await unanswered_questions(store, since)
        finally:
            await store.close()

    asked = run_async(read())
    encoder = knowledge_encoder(settings)
    found = find_gaps(asked, encoder, open_knowledge(settings, encoder))[:most] if asked else []
    if draft is not None:
        _write_draft(draft, found)
    if as_json:
        body = {
            "questions": len(asked),
            "gaps": [{**dataclasses.asdict(gap), "draft": gap.draft()} for gap in found],
        }
        click.echo(json.dumps(body, ensure_ascii=False))
        return
    if not found:
        click.echo(f"지난 {days:g}일 동안 답하지 못한 질문이 없어요.")
    for number, gap in enumerate(found, 1):
        reasons = ", ".join(f"{_REASONS[name]} {count}" for name, count in gap.reasons.items())
        click.echo(f"{number}. {gap.question}  ({gap.times}번, 대화 {gap.conversations}개: {reasons})")
        for example in gap.examples[1:]:
            click.echo(f"     · {example}")
        if gap.nearest:
            click.echo(f"     가장 가까운 안내: {gap.nearest[0]} ({gap.nearest[1]})")


def _write_draft(place: Path, found: list[Gap]) -> None:
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ("question", "answer", "category"))
        writer.writeheader()
        writer.writerows(gap.draft() for gap in found)
