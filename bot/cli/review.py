"""`sangdam review`: what the bot got wrong with customers, labelled by one key each, back into the utterance files."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.console import assistant_option, progress, run_async
from bot.server.prepare import places, training_folder
from bot.server.settings import Settings, load_settings
from formats import FormatError

if TYPE_CHECKING:
    from bot.review import ReviewItem, ReviewTarget
    from nlu.training_data import TrainingData

DAY = 86_400


@click.command()
@assistant_option
@click.option(
    "--days", type=click.FloatRange(min=0), default=30, show_default=True, help="How far to look back."
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many items.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON and decide nothing.")
@click.option(
    "--export", type=click.Path(dir_okay=False, path_type=Path), help="Write the list as JSON lines."
)
@click.option(
    "--decisions",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Take decisions from JSON lines: {"key", "intent"}, or {"key", "verdict"} with out_of_scope or skip.',
)
@click.option("--yes", is_flag=True, help="Write decisions to the utterance files without asking.")
def review(
    assistant: Path,
    days: float,
    limit: int | None,
    as_json: bool,
    export: Path | None,
    decisions: Path | None,
    yes: bool,
) -> None:
    """Label messages that the bot wasn't sure of, got corrected or judged for, or handed over.

    Personal data are taken out first. What you decide is kept at once; at the end you see what it changes in the utterance
    files, and they are written when you agree.
    """
    settings = load_settings(assistant)
    target, data = _target(settings)
    items = _items(settings, target, data, days)[:limit]
    if as_json:
        click.echo(json.dumps([item.model_dump() for item in items], ensure_ascii=False))
        return
    if export is not None:
        export.write_text("".join(f"{item.model_dump_json()}\n" for item in items), encoding="utf-8")
        click.echo(f"{len(items)}개를 {export}에 적었어요.")
        return
    if decisions is not None:
        click.echo(f"{_take(decisions, items, target)}개를 정했어요.")
    else:
        from bot.cli.review_terminal import ask

        ask(items, target)
    _write(target, yes)


def _target(settings: Settings) -> tuple[ReviewTarget, TrainingData]:
    from bot.review import Decisions, ReviewTarget
    from nlu.training_data import load_training_data

    data = load_training_data(training_folder(settings))
    kept = Decisions(places(settings).decisions(settings.config.assistant_id))
    return ReviewTarget(training_folder(settings), kept, tuple(data.intents())), data


def _items(settings: Settings, target: ReviewTarget, data: TrainingData, days: float) -> list[ReviewItem]:
    from bot.review import collect, review_list
    from bot.storage.sql import open_store

    async def read() -> list[Any]:
        store = await open_store(settings.database_url)
        try:
            with progress("모으기") as tell:
                return await collect(
                    store,
                    time.time() - days * DAY,
                    settings.roles.nlu_threshold,
                    lambda share: tell("대화를 읽는 중", share),
                )
        finally:
            await store.close()

    known = [*(example.text for example in data.examples), *data.outside]
    return review_list(run_async(read()), known, [d.text for d in target.decisions.all().values()])


def _take(path: Path, items: Sequence[ReviewItem], target: ReviewTarget) -> int:
    """Decisions that a machine or another person made; a key that isn't on the list is refused."""
    from bot.review import decide

    by_key = {item.key: item for item in items}
    taken: list[tuple[ReviewItem, str, str]] = []
    for number, line in enumerate(_lines(path), 1):
        try:
            given = json.loads(line)
            item, intent = by_key[given["key"]], given.get("intent")
            verdict = given.get("verdict") or ("intent" if intent else "")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise FormatError(
                path, number, "no decision about an item of the list", '{"key", "intent"}'
            ) from None
        if verdict == "intent" and intent not in target.intents:
            raise FormatError(path, number, f"no intent {intent!r}", f"one of {', '.join(target.intents)}")
        if verdict not in ("intent", "out_of_scope", "skip"):
            raise FormatError(path, number, f"no verdict {verdict!r}", "intent, out_of_scope or skip")
        taken.append((item, verdict, intent or ""))
    for item, verdict, intent in taken:
        decide(target, item, verdict, intent)
    return len(taken)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(path, 1, f"can't be read ({type(error).__name__})", "JSON lines in UTF-8") from None


def _write(target: ReviewTarget, yes: bool) -> None:
    from bot.review import plan, write

    planned = plan(target)
    if not planned.decisions:
        return
    for change in planned.changes:
        click.echo(change.diff(), nl=False)
    if not yes and not click.confirm(f"예문 {len(planned.decisions)}개를 파일에 적을까요?", default=True):
        click.echo("적지 않았어요. 정한 것은 남아 있고, 다음에 다시 물어요.")
        return
    files = write(target, planned)
    click.echo(f"{', '.join(map(str, files))}에 적었어요. 이제 sangdam train 을 실행하세요.")
