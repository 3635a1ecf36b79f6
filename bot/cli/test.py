"""`sangdam test`: conversation tests over the real assistant, its trained model, its documents and its back office."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from bot.cli.console import assistant_option, configure_logging, progress, run_async
from bot.conversation.e2e.files import LoadedCase, load_cases
from bot.conversation.e2e.run import CaseRunner, Result
from bot.server.settings import Settings, load_settings

DEFAULT = Path("data/conversations")


@click.command()
@assistant_option
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("-k", "match", default="", help="Only cases whose name contains this.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def test(assistant: Path, path: Path | None, match: str, fail_fast: bool, as_json: bool) -> None:
    """Run the conversation tests in PATH (data/conversations of the assistant unless given).

    Exit code 1 if one fails. Nothing is written to the assistant's own database.
    """
    # Failures of actions are part of some tests; the verdict tells of those that aren't.
    configure_logging(logging.CRITICAL)
    settings = load_settings(assistant)
    cases = [case for case in load_cases(path or assistant / DEFAULT) if match in case.name]
    results = run_async(_run(settings, cases, fail_fast))
    failed = [result for result in results if not result.passed]
    if as_json:
        click.echo(json.dumps([_as_json(result) for result in results], ensure_ascii=False))
    else:
        for result in results:
            _show(result)
        click.echo(f"\n{len(results) - len(failed)}개 통과, {len(failed)}개 실패")
    sys.exit(1 if failed or not results else 0)


async def _run(settings: Settings, cases: list[LoadedCase], fail_fast: bool) -> list[Result]:
    from bot.server.companions import Companions
    from bot.server.serve import open_server, prepare

    companions = Companions(settings.config.companions)
    with tempfile.TemporaryDirectory() as folder, progress("준비") as tell:
        companions.start()
        try:
            pipeline = prepare(settings, tell)
            apart = settings.model_copy(update={"database_url": f"sqlite:///{folder}/test.db", "bus_url": ""})
            server = await open_server(apart, pipeline)
            try:
                await companions.ready()
                return await _run_cases(CaseRunner(server.service.engine), cases, fail_fast)
            finally:
                await server.service.close()
        finally:
            companions.stop()


async def _run_cases(runner: CaseRunner, cases: list[LoadedCase], fail_fast: bool) -> list[Result]:
    results = []
    for case in cases:
        results.append(await runner.run(case))
        if fail_fast and not results[-1].passed:
            break
    return results


def _show(result: Result) -> None:
    mark = "통과" if result.passed else "실패"
    click.echo(f"{mark}  {result.case.name}  ({result.seconds:.2f}초)")
    for failure in result.failures:
        place = f"{result.case.file}:{result.case.line}"
        click.echo(f"      {place} {failure.step}번째 단계 «{failure.said}»")
        click.echo(f"        기대: {failure.expected}")
        click.echo(f"        실제: {failure.found}")


def _as_json(result: Result) -> dict[str, Any]:
    failures = [
        {"step": f.step, "said": f.said, "expected": f.expected, "found": f.found} for f in result.failures
    ]
    return {
        "test_case": result.case.name,
        "file": str(result.case.file),
        "line": result.case.line,
        "passed": result.passed,
        "seconds": round(result.seconds, 3),
        "failures": failures,
    }
