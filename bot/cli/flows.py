"""`sangdam flows show`: what the flows do, as text or as pictures."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.console import assistant_option
from bot.conversation.assistant import load_assistant
from bot.conversation.flows.drawing import flow_svg, outline
from formats import SangdamError


@click.group()
def flows() -> None:
    """Look at the flows of an assistant."""


@flows.command()
@assistant_option
@click.argument("names", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a picture of each flow (SVG) into this folder.",
)
@click.option("--patterns", is_flag=True, help="The repair patterns too.")
def show(assistant: Path, names: tuple[str, ...], out: Path | None, patterns: bool) -> None:
    """Show the flows NAMES, all business flows unless given. Checks them first, as `sangdam run` would."""
    loaded = load_assistant(assistant)
    known = loaded.flows if patterns or names else loaded.business_flows
    for name in names:
        if name not in known:
            raise SangdamError(
                "unknown_flow",
                ko=f"{name} 흐름이 없어요.",
                en=f"There is no flow {name!r}.",
                remedy=f"One of {', '.join(loaded.business_flows)}.",
            )
    for flow in [known[name] for name in names] if names else list(known.values()):
        if out is None:
            click.echo(
                "\n".join([click.style(f"{flow.name} ({flow.id})", bold=True), *outline(flow, loaded), ""])
            )
            continue
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"{flow.id}.svg"
        path.write_text(flow_svg(flow, loaded), encoding="utf-8")
        click.echo(str(path))
