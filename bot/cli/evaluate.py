"""`sangdam evaluate nlu|kb|sentiment|abuse|signals|entities`: figures on files whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import click

from bot.cli.console import assistant_option, progress
from bot.server.prepare import knowledge_encoder, places, searching
from bot.server.settings import load_settings

_FILE = click.Path(dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_LABELLED = click.option("--test", "test", type=_FILE, required=True, help="TSV: text, label.")


@click.group()
def evaluate() -> None:
    """Measure understanding or knowledge."""


@evaluate.command()
@assistant_option
@click.option("--train", "train", type=click.Path(path_type=Path), help="nlu.yml or TSV.")
@click.option("--test", "test", type=_FILE, help="TSV: text, intent.")
@click.option("--shots", type=click.IntRange(min=2), help="Train on so many examples an intent.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw of the shots.")
@click.option("--oos", type=_FILE, help="Texts that are no business of the assistant, one a line.")
@click.option("--perturb", "way", type=click.Choice(["spaces", "jamo", "typos"]), help="Spoil the test.")
@click.option("--folds", type=click.IntRange(min=2, max=20), help="Of the cross-validation (5).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the report.")
@_JSON
def nlu(
    assistant: Path,
    train: Path | None,
    test: Path | None,
    shots: int | None,
    seed: int,
    oos: Path | None,
    way: str | None,
    folds: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Measure understanding with the pipeline of the assistant's config.yml.

    With --train and --test: learn from one file, measure on another. With neither: cross-validate the assistant's own
    utterances and write a report (HTML, SVG, JSON) that says what to mend and what has changed since the last one.
    """
    if (train is None) != (test is None):
        raise click.UsageError("--train and --test go together; leave both out to cross-validate.")
    if train is None or test is None:
        if shots is not None or oos is not None or way is not None:
            raise click.UsageError("--shots, --oos and --perturb need --train and --test.")
        from bot.cli.cross_validation import cross_validate_assistant

        cross_validate_assistant(load_settings(assistant), folds, seed, out, as_json)
        return
    from encoder import load_encoder
    from nlu import evaluation
    from nlu.config import load_pipeline_config
    from nlu.perturb import Way
    from nlu.training_data import load_training_data

    settings, config = load_settings(assistant), load_pipeline_config(assistant / "config.yml")
    data, tests = load_training_data(train), evaluation.read_tests(test)
    evaluation.check_labels(tests, data)
    outside = evaluation.read_texts(oos) if oos else []
    if shots is not None:
        data = evaluation.sample(data, shots, seed)
    with progress("평가") as tell:
        name = config.encoder.encoder if config.encoder else None
        encoder = load_encoder(name, cache_dir=places(settings).encoder) if name else None
        pipeline, seconds = evaluation.trained(data, config, encoder, tell, places(settings).encoder)
        report = evaluation.evaluate_intents(pipeline, tests, outside, cast("Way | None", way), tell)
        if out is not None:
            from bot.cli.cross_validation import report_on_test

            report_on_test(settings, pipeline, data, tests, out)
    trained = {"intents": len(data.intents()), "examples": len(data.examples), "train_s": round(seconds, 2)}
    _show({**trained, **report}, as_json)


@evaluate.command()
@assistant_option
@click.option(
    "--documents", type=click.Path(exists=True, path_type=Path), required=True, help="Folder, or JSON lines."
)
@click.option("--questions", type=_FILE, required=True, help="JSON lines: query, gold.")
@_JSON
def kb(assistant: Path, documents: Path, questions: Path, as_json: bool) -> None:
    """Build an index of DOCUMENTS and ask it the questions."""
    from knowledge_base.evaluation import evaluate as measure

    settings = load_settings(assistant)
    with progress("평가") as tell:
        report = measure(documents, questions, knowledge_encoder(settings), tell, searching(settings))
    _show(report, as_json)


@evaluate.command()
@_LABELLED
@_JSON
def sentiment(test: Path, as_json: bool) -> None:
    """The shipped mood model; labels positive, neutral, negative."""
    from nlu import evaluation

    tests = evaluation.read_labelled(test, ("positive", "neutral", "negative"))
    _show(evaluation.evaluate_labels(tests, evaluation.sentiment_scores), as_json)


@evaluate.command()
@_LABELLED
@_JSON
def abuse(test: Path, as_json: bool) -> None:
    """The shipped abuse model; labels 1 (abusive) and 0."""
    from nlu import evaluation

    tests = evaluation.read_labelled(test, ("0", "1"))
    _show(evaluation.evaluate_labels(tests, evaluation.abuse_scores), as_json)


@evaluate.command()
@click.option("--test", "test", type=_FILE, required=True, help="TSV: text, signals with commas between.")
@_JSON
def signals(test: Path, as_json: bool) -> None:
    """The shipped models of anger, anxiety, urgency, threats and the like; `-` for none."""
    from nlu.feelings import signals_of
    from nlu.signal_evaluation import evaluate_signals, read_signalled

    _show(evaluate_signals(read_signalled(test), signals_of), as_json)


@evaluate.command()
@click.option("--test", "test", type=_FILE, required=True, help="JSON lines: text, now, entities.")
@_JSON
def entities(test: Path, as_json: bool) -> None:
    """Dates, amounts, numbers, names and the rest: found with the exact value or not, and where nothing should be."""
    from nlu.entity_evaluation import evaluate_entities

    report = evaluate_entities(test)
    missed = report["missed"] if as_json else report.pop("missed")
    _show(report, as_json)
    if not as_json:
        for miss in missed:
            expected, found = (json.dumps(miss[key], ensure_ascii=False) for key in ("expected", "found"))
            click.echo(f"{test}:{miss['line']}: {miss['text']} → {expected}, found {found}")


def _show(report: dict[str, Any], as_json: bool) -> None:
    """One JSON object, or a table a person reads."""
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False)
    for name, value in _flat(report).items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    Console().print(table)


def _flat(report: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested figures under dotted names."""
    found: dict[str, Any] = {}
    for name, value in report.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found
