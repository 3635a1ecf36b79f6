"""`sangdam mask`: a text without personal data, to pass on a transcript or a log."""

from __future__ import annotations

from typing import TextIO

import click

from korean.privacy import Vault, detect
from korean.privacy import mask as masked


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--placeholders", is_flag=True, help="Write <전화번호_1> rather than 010-****-5678.")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 if there is personal data, and say what kinds."
)
def mask(file: TextIO, placeholders: bool, check: bool) -> None:
    """Personal data in FILE (or standard input) masked: numbers, names, addresses, passwords."""
    if check:
        kinds = [item.kind.value for line in file for item in detect(line)]
        for kind in sorted(set(kinds)):
            click.echo(f"{kind}: {kinds.count(kind)}")
        raise SystemExit(1 if kinds else 0)
    vault = Vault()
    for line in file:
        click.echo(vault.conceal(line) if placeholders else masked(line), nl=False)
