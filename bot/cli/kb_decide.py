"""`sangdam kb calibrate|versions|back`: when it answers, and which index it answers from."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bot.cli.console import assistant_option, progress
from bot.server.prepare import knowledge_encoder, places, require_knowledge
from bot.server.settings import load_settings
from knowledge_base.index import current_version, go_back, versions

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command()
@assistant_option
@click.option(
    "--questions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON lines: query, gold; gold empty if there is no answer. Made of the headings if left out.",
)
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the price of answering more as SVG.",
)
@_JSON
def calibrate(assistant: Path, questions: Path | None, picture: Path | None, as_json: bool) -> None:
    """Fit to this assistant's documents when there is an answer, a near miss, or none.

    A running server takes it over with the next version of the index, or at its next start.
    """
    from knowledge_base import calibrate as fitting
    from knowledge_base.evaluation import read_questions
    from knowledge_base.risk_coverage import picture as draw

    settings = load_settings(assistant)
    encoder, base = knowledge_encoder(settings), require_knowledge(settings)
    given = read_questions(questions) if questions else []
    with progress("질문") as tell:
        seen = fitting.observe(base, given, tell=lambda share: tell("받은 질문", share * 0.7))
        others = fitting.observe_own(base, tell=lambda share: tell("제목으로 만든 질문", 0.7 + share * 0.3))
    others += fitting.shipped_observations(encoder.name)
    found = fitting.calibrated(seen, others, encoder.name)
    fitting.keep(found.model, places(settings).index(settings.config.assistant_id))
    if picture is not None:
        threshold = float(found.model["answer_from"])
        picture.write_text(draw(found.points, threshold, settings.config.name), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(found.model, ensure_ascii=False))
        return
    figures = found.model["figures"]
    click.echo(
        f"답이 있는 질문의 {figures['correct']:.1%}에 바르게 답하고, 답이 없는 질문의 {figures['refused']:.1%}를 거절해요. "
        f"답하는 기준 {found.model['answer_from']}, 비슷한 제목을 보여 주는 기준 {found.model['closest_from']}."
    )


@click.command("versions")
@assistant_option
@_JSON
def list_versions(assistant: Path, as_json: bool) -> None:
    """List the indexes on disk, the newest first; the one that is served has a star."""
    settings = load_settings(assistant)
    folder = places(settings).index(settings.config.assistant_id)
    now, found = current_version(folder), versions(folder)
    if as_json:
        click.echo(json.dumps({"current": now, "versions": found}))
        return
    for version in found:
        click.echo(f"{'*' if version == now else ' '} {version}")


@click.command()
@assistant_option
@click.argument("version", required=False)
def back(assistant: Path, version: str | None) -> None:
    """Serve an older index again: VERSION, or the newest of the others. The next build serves the newest documents."""
    settings = load_settings(assistant)
    click.echo(go_back(places(settings).index(settings.config.assistant_id), version))
