"""What a build found, for people and for machines."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import click

from knowledge_base.build import BuildReport
from knowledge_base.errors import in_korean
from knowledge_base.loaders import Problem

SHOWN = 20
"""Problems that are listed; the others are counted, and all of them are in `--json`."""


def build_json(report: BuildReport) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "version": report.version,
        "documents": report.documents,
        "chunks": report.chunks,
        "encoded": report.encoded,
        "reused": report.reused,
        "seconds": round(report.seconds, 2),
        "problems": problems_json(report.problems),
    }


def problems_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems as plain data."""
    return [dataclasses.asdict(problem) for problem in problems]


def say_build(report: BuildReport) -> None:
    """What was left out and why, then the sums."""
    say_problems(report.problems)
    new = "바뀐 것이 없어요" if report.reused else f"새로 {report.encoded}개"
    click.echo(f"문서 {report.documents}개, 단락 {report.chunks}개({new}), {report.seconds:.1f}초.")


def say_problems(problems: Sequence[Problem]) -> None:
    """One document a block: what, why, what to do."""
    for problem in problems[:SHOWN]:
        click.echo(f"읽지 못함: {problem.file}", err=True)
        click.echo(f"          {in_korean(problem.code)} [{problem.code}] {problem.reason}", err=True)
        click.echo(f"          → {problem.remedy}", err=True)
    if len(problems) > SHOWN:
        click.echo(f"읽지 못함: 그 밖에 {len(problems) - SHOWN}개 (--json으로 모두 볼 수 있어요)", err=True)
