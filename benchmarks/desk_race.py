"""The race of the floor at full size: `python benchmarks/desk_race.py [--agents 50] [--customers 500] [--url URL]`.

Without a URL on SQLite in a new file; with `postgresql://USER@HOST/DATABASE` (an empty database) by two workers.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from pathlib import Path

import structlog

from bot.conversation.assistant import load_assistant
from bot.desk.race import Race
from bot.storage.sql import open_store

ROOT = Path(__file__).parents[1]


async def main(options: argparse.Namespace) -> int:
    """Prints what happened; 1 if something did that mustn't."""
    with tempfile.TemporaryDirectory() as folder:
        shared = options.url.startswith("postgres")
        url = options.url or f"sqlite:///{folder}/race.db"
        stores = [await open_store(url) for _ in range(2 if shared else 1)]
        race = Race(
            list(stores),
            load_assistant(ROOT),
            agents=options.agents,
            customers=options.customers,
            seed=options.seed,
            exclusive=not shared,
        )
        began = time.perf_counter()
        report = await race.run(acts_at_once=options.at_once)
        took = time.perf_counter() - began
        for store in stores:
            await store.close()
    print(f"{options.agents} agents, {options.customers} customers, seed {options.seed}, {took:.0f} s")
    print(f"rounds {report.rounds}, offers {report.offers}, longest wait {report.longest_wait:.0f} logical s")
    print("done   ", dict(report.done))
    print("refused", dict(report.refused))
    print(f"violations: {len(report.violations)}")
    for violation in report.violations[:20]:
        print(" ", violation)
    return 1 if report.violations else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--url", default="")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    raise SystemExit(asyncio.run(main(parser.parse_args())))
