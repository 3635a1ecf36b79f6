"""`sangdam evaluate nlu` without files: cross-validation of the assistant's own utterances, and its report."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.console import progress
from bot.server.prepare import domain_names, places, training_folder
from bot.server.settings import Settings
from nlu.cross_validation import FOLDS

if TYPE_CHECKING:
    from nlu.lint import Finding
    from nlu.pipeline import Pipeline
    from nlu.report import Report
    from nlu.training_data import Example, TrainingData

WORST = 12
"""Intents and pairs that are shown in the terminal; the page has all."""


def cross_validate_assistant(
    settings: Settings, folds: int | None, seed: int, out: Path | None, as_json: bool
) -> None:
    """Each utterance asked of a model without it. Raises `FormatError`, `TrainingError`, `EncoderError`."""
    from encoder import load_encoder
    from encoder.keeping import KeepingEncoder
    from nlu.config import load_pipeline_config
    from nlu.cross_validation import cross_validate
    from nlu.lint import lint
    from nlu.report import read_report, summarise, write_report
    from nlu.training import model_version
    from nlu.training_data import load_training_data

    config = load_pipeline_config(settings.assistant_dir / "config.yml")
    data, cache = load_training_data(training_folder(settings)), places(settings).encoder
    with progress("평가") as tell:
        encoder = None
        if config.encoder is not None:
            encoder = KeepingEncoder(load_encoder(config.encoder.encoder, cache_dir=cache), cache)
        answers = cross_validate(
            data, config, encoder, folds=folds or FOLDS, seed=seed, progress=tell, cache_dir=cache
        )
    report = summarise(
        answers,
        name=settings.config.name,
        created_at=time.time(),
        how=f"{folds or FOLDS}겹 교차 검증: 예문마다 그 예문과 거의 같은 말을 빼고 학습한 모델에 물었어요.",
        version=model_version(config, data),
    )
    findings = lint(data, domain_names(settings), (), answers)
    folder = out or places(settings).report(settings.config.assistant_id)
    last = read_report(folder)
    page = write_report(folder, report, findings, last)
    if as_json:
        click.echo(json.dumps(_figures(report, findings, last, page), ensure_ascii=False))
    else:
        _show(report, findings, last, page)


def report_on_test(
    settings: Settings, pipeline: Pipeline, data: TrainingData, tests: Sequence[Example], out: Path
) -> None:
    """The same report on a test file."""
    from nlu.cross_validation import ask
    from nlu.lint import lint
    from nlu.report import read_report, summarise, write_report

    report = summarise(
        ask(pipeline, tests),
        name=settings.config.name,
        created_at=time.time(),
        how=f"예문 {len(data.examples):,}개로 학습하고 시험 문장 {len(tests):,}개로 쟀어요.",
    )
    page = write_report(out, report, lint(data, None, tests), read_report(out))
    click.echo(f"보고서: {page}", err=True)


def _figures(
    report: Report, findings: Sequence[Finding], last: Report | None, page: Path
) -> dict[str, object]:
    return {
        **report.model_dump(include={"tests", "accuracy", "macro_f1", "ece", "area", "version"}),
        "intents": [row.model_dump() for row in report.intents],
        "confusions": [pair.model_dump() for pair in report.confusions],
        "findings": [finding.to_json() for finding in findings],
        "last": last.model_dump(include={"created_at", "accuracy", "macro_f1", "ece"}) if last else None,
        "report": str(page),
    }


def _show(report: Report, findings: Sequence[Finding], last: Report | None, page: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    since = f" (지난번보다 {100 * (report.accuracy - last.accuracy):+.1f}%p)" if last else ""
    console.print(
        f"정확도 {report.accuracy:.1%}{since}, macro F1 {report.macro_f1:.3f}, 보정 오차 {report.ece:.3f}, "
        f"예문 {report.tests}개"
    )
    table = Table("의도", "정밀도", "재현율", "F1", "예문", title="가장 약한 의도", title_justify="left")
    for row in report.intents[:WORST]:
        table.add_row(
            row.intent, f"{row.precision:.3f}", f"{row.recall:.3f}", f"{row.f1:.3f}", str(row.support)
        )
    console.print(table)
    for pair in report.confusions[: WORST // 2]:
        console.print(f"{pair.wanted} → {pair.got or '(없음)'}  {len(pair.utterances)}개", markup=False)
        for said in pair.utterances[:3]:
            console.print(f"    {said.text}  {said.confidence:.0%}  {said.file}:{said.line}", markup=False)
    serious = sum(finding.level != "hint" for finding in findings)
    console.print(f"예문 점검: {len(findings)}건 (고치거나 살펴볼 것 {serious}건)")
    console.print(f"보고서: {page}", soft_wrap=True)
