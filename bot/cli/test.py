"""`sangdam test`: conversation tests over the real assistant, its trained model, its documents and its back office."""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path

import click

from bot.cli.console import assistant_option, configure_logging, progress
from bot.cli.test_runs import Ran, run_cases
from bot.conversation.e2e.coverage import FlowCoverage, coverage
from bot.conversation.e2e.files import load_cases
from bot.conversation.e2e.report import as_json, coverage_json, coverage_lines, verdict, write_junit
from bot.server.settings import load_settings

DEFAULT = Path("data/conversations")


@click.command()
@assistant_option
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("-k", "match", default="", help="Only cases whose name contains this.")
@click.option(
    "-j",
    "jobs",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Files that run side by side, each in a process of its own; 0: one a processor.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option(
    "--coverage", "whole", is_flag=True, help="List the steps and branches that no test went through."
)
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit's XML here.")
@click.option("--json", "as_data", is_flag=True, help="Print the results as JSON.")
def test(
    assistant: Path,
    path: Path | None,
    match: str,
    jobs: int,
    fail_fast: bool,
    whole: bool,
    junit: Path | None,
    as_data: bool,
) -> None:
    """Run the conversation tests in PATH (data/conversations of the assistant unless given).

    Exit code 1 if one fails. Nothing is written to the assistant's own database.
    """
    # Failures of actions are part of some tests; the verdict tells of those that aren't.
    configure_logging(logging.CRITICAL)
    settings = load_settings(assistant)
    cases = [case for case in load_cases(path or assistant / DEFAULT) if match in case.name]
    with progress("준비") as tell:
        ran = run_cases(settings, cases, jobs or os.cpu_count() or 1, fail_fast=fail_fast, tell=tell)
    covered = coverage(ran.flows, ran.taken)
    if junit is not None:
        write_junit(junit, ran.results)
    _tell(ran, covered, whole=whole, as_data=as_data)
    sys.exit(1 if any(not result.passed for result in ran.results) or not ran.results else 0)


def _tell(ran: Ran, covered: list[FlowCoverage], *, whole: bool, as_data: bool) -> None:
    results = [as_json(result) for result in ran.results]
    if as_data:
        body = {"results": results, "coverage": coverage_json(covered)} if whole else results
        click.echo(json.dumps(body, ensure_ascii=False))
        return
    for result in ran.results:
        click.echo("\n".join(verdict(result)))
    passed = sum(result.passed for result in ran.results)
    click.echo(f"\n{passed}개 통과, {len(ran.results) - passed}개 실패")
    if ran.results:
        click.echo("\n".join(coverage_lines(covered, whole=whole)))
