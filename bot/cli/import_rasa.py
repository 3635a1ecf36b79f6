"""`sangdam import-rasa SOURCE TARGET`: a Rasa 3 project as an assistant of ours."""

from __future__ import annotations

from pathlib import Path

import click

from bot.conversation.assistant import load_assistant
from bot.rasa_import.notes import TITLES
from bot.rasa_import.write import REPORT, import_project


@click.command("import-rasa")
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
def import_rasa(source: Path, target: Path) -> None:
    """Turn the Rasa 3 project in SOURCE into an assistant in TARGET, a new folder.

    Intents, entities, slots, responses and actions are taken over; forms, rules and short stories become flows. What
    can't be taken over is listed with the reason, here and in TARGET/IMPORT.md.
    """
    notes = import_project(source, target)
    for note in notes.of("left"):
        click.echo(f"{TITLES['left']}: {note.what}: {note.why}", err=True)
    load_assistant(target)
    counts = ", ".join(f"{TITLES[kind]} {len(notes.of(kind))}" for kind in TITLES)
    click.echo(f"{target}: {counts}. 자세한 내용은 {target / REPORT}에 있어요.")
    click.echo(f"다음: sangdam test --assistant {target}")
