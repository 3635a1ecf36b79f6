"""`sangdam kb build|search`, and the group of all `sangdam kb` commands."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bot.cli import kb_decide, kb_gaps
from bot.cli.console import assistant_option, progress
from bot.cli.kb_crawls import list_crawls
from bot.cli.kb_report import build_json, say_build
from bot.cli.kb_sources import add, crawl, remove
from bot.server.prepare import build_knowledge, knowledge_encoder, require_knowledge
from bot.server.settings import load_settings
from knowledge_base.errors import IndexProblem


@click.group()
def kb() -> None:
    """Build and search the knowledge base."""


for _command in (kb_decide.calibrate, kb_decide.list_versions, kb_decide.back, kb_gaps.gaps):
    kb.add_command(_command)


@kb.command("build")
@assistant_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build_index(assistant: Path, as_json: bool) -> None:
    """Read the documents and bring the index up to date. A running server takes it over by itself."""
    settings = load_settings(assistant)
    with progress("색인") as tell:
        report = build_knowledge(settings, knowledge_encoder(settings), tell)
    if report is None:
        folder = settings.config.knowledge.documents
        raise IndexProblem(
            "no_documents", f"There is no folder {folder}.", "Make it, or name another in config.yml."
        )
    if as_json:
        click.echo(json.dumps(build_json(report), ensure_ascii=False))
    else:
        say_build(report)


kb.add_command(add)
kb.add_command(crawl)
kb.add_command(list_crawls)
kb.add_command(remove)


@kb.command()
@assistant_option
@click.argument("question")
@click.option("-k", type=click.IntRange(1, 100), default=5, show_default=True, help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def search(assistant: Path, question: str, k: int, as_json: bool) -> None:
    """Show the best passages for QUESTION and what would be answered."""
    settings = load_settings(assistant)
    base = require_knowledge(settings)
    answer, passages = base.answer(question), base.search(question, k)
    if as_json:
        found = [passage.model_dump() for passage in passages]
        click.echo(json.dumps({"answer": answer.model_dump(), "passages": found}, ensure_ascii=False))
        return
    click.echo(f"{answer.outcome} ({answer.confidence:.2f}) {answer.text}\n")
    for choice in answer.choices:
        click.echo(f"혹시 이걸 찾으세요? {choice.title}")
    for passage in passages:
        place = " › ".join((passage.chunk.title, *passage.chunk.heading))
        click.echo(f"{passage.score:.3f}  {place}\n       {' '.join(passage.chunk.text.split())[:110]}")
