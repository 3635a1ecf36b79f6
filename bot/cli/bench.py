"""`sangdam bench`: start-up, memory, load, growth and handoff of this assistant on this machine."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import click

from bot.cli.console import Tell, assistant_option, progress, run_async
from bot.server.settings import Settings, load_settings
from nlu.training_data import load_training_data


@click.command()
@assistant_option
@click.option("--messages", default=1_500, show_default=True, help="Messages for each number of clients.")
@click.option("--turns", default=1_000, show_default=True, help="Length of the conversation that grows.")
@click.option("--handoffs", default=50, show_default=True, help="Customers who ask for a person.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the figures to this file, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def bench(assistant: Path, messages: int, turns: int, handoffs: int, out: Path | None, as_json: bool) -> None:
    """Measure the assistant on a server of its own, with a fresh database. Takes about two minutes."""
    settings = load_settings(assistant)
    with progress("측정") as tell:
        figures = run_async(_measure(settings, messages, turns, handoffs, tell))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))


async def _measure(
    settings: Settings, messages: int, turns: int, handoffs: int, tell: Tell
) -> dict[str, Any]:
    from bot.bench.handoff import handoff_latency
    from bot.bench.load import distinct_texts, growth, webhook_load
    from bot.bench.server import measured_server
    from bot.server.serve import prepare

    # Derived files first: what is measured is a start with nothing to train.
    prepare(settings, lambda what, share: tell(what, share * 0.1))
    utterances = [
        example.text for example in load_training_data(settings.assistant_dir / "data" / "nlu").examples
    ]
    texts = distinct_texts(utterances)
    async with measured_server(settings) as server:
        figures: dict[str, Any] = {
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
            "startup": {
                "ready_s": round(server.ready_s, 2),
                "first_answer_s": round(server.first_answer_s, 2),
                "rss_mib": server.memory_mib()[0],
            },
        }
        await webhook_load(server, texts, clients=1, messages=100)
        figures["webhook"] = []
        for index, clients in enumerate((1, 8, 32)):
            tell(f"고객 {clients}명", 0.15 + index * 0.2)
            figures["webhook"].append(await webhook_load(server, texts, clients=clients, messages=messages))
        tell(f"대화 {turns}턴", 0.75)
        figures["growth"] = await growth(server, utterances, turns)
        tell("상담원 연결", 0.95)
        figures["handoff_to_screen"] = await handoff_latency(server, handoffs)
        figures["memory_mib"] = dict(zip(("rss", "peak"), server.memory_mib(), strict=True))
    return figures


def _table(figures: dict[str, Any]) -> str:
    start, memory, grown = figures["startup"], figures["memory_mib"], figures["growth"]
    hand = figures["handoff_to_screen"]
    lines = [
        f"ready {start['ready_s']} s, first answer {start['first_answer_s']} s after start; "
        f"{start['rss_mib']} MiB then, {memory['rss']} MiB at the end, {memory['peak']} MiB at most",
        "",
        "| clients | messages/s | p50 ms | p95 ms | server cores |",
        "|---|---|---|---|---|",
        *(
            f"| {r['clients']} | {r['messages_per_s']} | {r['p50_ms']} | {r['p95_ms']} | {r['server_cores']} |"
            for r in figures["webhook"]
        ),
        "",
        "turn: median ms  " + ", ".join(f"{turn}: {value}" for turn, value in grown["turns"].items()),
        f"last turn / first turn: {grown['last_to_first']}",
        f"request for a person -> on the agent's screen: p50 {hand['p50_ms']} ms, p95 {hand['p95_ms']} ms",
    ]
    return "\n".join(lines)
