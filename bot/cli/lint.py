"""`sangdam lint`: what to mend in training data, flows and responses, with file and line."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.console import assistant_option, progress
from bot.server.prepare import domain_names, places, training_folder
from bot.server.settings import Settings, load_settings
from formats import FormatError

if TYPE_CHECKING:
    from bot.conversation.cautions import Caution
    from nlu.cross_validation import Answer
    from nlu.lint import Finding
    from nlu.training_data import TrainingData

LEVELS = {"error": "오류", "warning": "주의", "hint": "참고"}


strict_option = click.option(
    "--strict", is_flag=True, help="Exit with 1 for warnings too, not for errors alone."
)


@click.group(invoke_without_command=True)
@assistant_option
@strict_option
@click.pass_context
def lint(context: click.Context, assistant: Path, strict: bool) -> None:
    """Check what builders write: flows, responses and utterances, or one of them alone."""
    if context.invoked_subcommand is not None:
        # Options before the name of a check count for it.
        given = {"assistant": str(assistant), "strict": strict}
        context.default_map = dict.fromkeys(lint.commands, given)
        return
    levels: set[str] = set()
    for title, check in (("흐름", _flow_cautions), ("응답", _response_cautions)):
        click.secho(title, bold=True)
        found = check(assistant)
        tell_cautions(found, as_json=False)
        levels |= {one.level for one in found}
    click.secho("예문", bold=True)
    utterances = _findings(load_settings(assistant), None, False)
    click.echo("\n".join(lines(utterances)))
    sys.exit(_code(levels | {one.level for one in utterances}, strict))


def _code(levels: Collection[str], strict: bool) -> int:
    return int("error" in levels or (strict and "warning" in levels))


@lint.command()
@assistant_option
@strict_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def flows(assistant: Path, strict: bool, as_json: bool) -> None:
    """Find what flows and domain may not do as their writer thinks. What makes no sense is refused, as at the start."""
    found = _flow_cautions(assistant)
    tell_cautions(found, as_json=as_json)
    sys.exit(_code({one.level for one in found}, strict))


def _flow_cautions(assistant: Path) -> list[Caution]:
    from bot.conversation.assistant import load_assistant
    from bot.conversation.cautions import find_cautions

    return list(find_cautions(load_assistant(assistant), assistant / "domain.yml"))


@lint.command()
@assistant_option
@strict_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def responses(assistant: Path, strict: bool, as_json: bool) -> None:
    """Find what customers would stumble over: mixed registers, both forms of a particle, wrong spaces, no wording at all."""
    found = _response_cautions(assistant)
    tell_cautions(found, as_json=as_json)
    sys.exit(_code({one.level for one in found}, strict))


def _response_cautions(assistant: Path) -> list[Caution]:
    from bot.conversation.domain import load_domain
    from bot.conversation.response_lint import lint_responses

    file = assistant / "domain.yml"
    return lint_responses(load_domain(file), file)


def tell_cautions(found: Sequence[Caution], *, as_json: bool) -> None:
    """For a person, one a finding with its remedy, then how many there were; or as JSON."""
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.file}:{one.line}: {LEVELS[one.level]}: {one.problem} [{one.code}]")
        click.echo(f"    → {one.remedy}")
    counts = {level: sum(one.level == level for one in found) for level in LEVELS}
    total = ", ".join(f"{name} {counts[level]}건" for level, name in LEVELS.items() if counts[level])
    click.echo(total or "찾은 문제가 없어요.")


@lint.command()
@assistant_option
@click.option(
    "--test",
    "test",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TSV that mustn't be learned from.",
)
@click.option(
    "--labels", is_flag=True, help="Also look for wrong labels; cross-validates, hence takes longer."
)
@strict_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def nlu(assistant: Path, test: Path | None, labels: bool, strict: bool, as_json: bool) -> None:
    """Find what makes understanding fail: contradictions, too few utterances, tests that were learned."""
    found = _findings(load_settings(assistant), test, labels)
    if as_json:
        click.echo(json.dumps([finding.to_json() for finding in found], ensure_ascii=False))
    else:
        click.echo("\n".join(lines(found)))
    sys.exit(_code({finding.level for finding in found}, strict))


def lines(findings: Sequence[Finding]) -> list[str]:
    """For a person, one a finding, then how many there were."""
    shown = []
    for finding in findings:
        place = finding.place.beside(Path.cwd())
        other = f" (↔ {finding.other.beside(Path.cwd())})" if finding.other else ""
        shown.append(
            f"{place}: {LEVELS[finding.level]}: {finding.title}: {finding.ko}{other} [{finding.code}]"
        )
    counts = {level: sum(f.level == level for f in findings) for level in LEVELS}
    total = ", ".join(f"{name} {counts[level]}건" for level, name in LEVELS.items() if counts[level])
    return [*shown, total or "찾은 문제가 없어요."]


def _findings(settings: Settings, test: Path | None, labels: bool) -> list[Finding]:
    from nlu.evaluation import read_tests
    from nlu.lint import Finding, Place
    from nlu.lint import lint as check
    from nlu.training_data import load_training_data

    try:
        data = load_training_data(training_folder(settings))
        tests = read_tests(test) if test is not None else []
    except FormatError as error:
        return [Finding("unreadable", "error", Place(error.file, error.line), error.problem, error.en)]
    return check(data, domain_names(settings), tests, _answers(settings, data) if labels else ())


def _answers(settings: Settings, data: TrainingData) -> list[Answer]:
    from encoder import load_encoder
    from encoder.keeping import KeepingEncoder
    from nlu.config import load_pipeline_config
    from nlu.cross_validation import cross_validate

    config = load_pipeline_config(settings.assistant_dir / "config.yml")
    cache = places(settings).encoder
    with progress("점검") as tell:
        encoder = load_encoder(config.encoder.encoder, cache_dir=cache) if config.encoder else None
        return cross_validate(
            data, config, KeepingEncoder(encoder, cache) if encoder else None, progress=tell, cache_dir=cache
        )
