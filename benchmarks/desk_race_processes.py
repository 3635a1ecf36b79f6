"""The race of the floor over two real server processes, one of which is killed in the middle and started again.

    python benchmarks/desk_race_processes.py --postgres postgresql+asyncpg://USER@HOST/DATABASE --redis redis://HOST/15
        [--agents 50] [--customers 500] [--seconds 120] [--kills 2] [--seed 1]

Makes a database of its own beside the named one, and drops it. `benchmarks/desk_race.py` plays the same in fast motion.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import uuid
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from bot.bench.desk_race.race import race
from bot.server.serve import prepare
from bot.server.settings import load_settings

ROOT = Path(__file__).parents[1]


async def main(options: argparse.Namespace) -> int:
    """Prints what happened; 1 if something did that mustn't."""
    settings = load_settings(options.assistant)
    prepare(settings, lambda what, share: None)
    name = f"sangdam_race_{uuid.uuid4().hex[:12]}"
    url = make_url(options.postgres)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    await connection.execute(f"CREATE DATABASE {name}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            result = await race(
                settings,
                Path(folder),
                url.set(database=name).render_as_string(hide_password=False),
                options.redis,
                agents=options.agents,
                customers=options.customers,
                seed=options.seed,
                seconds=options.seconds,
                kills=options.kills,
            )
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()
    print(
        f"{options.agents} agents, {options.customers} customers, 2 processes, killed at {[round(at, 1) for at in result.kills]},"
        f" seed {options.seed}: {result.seconds:.0f} s"
    )
    print(f"at most {result.most_waiting} waiting, {result.looks} looks at the store")
    print(f"longest that somebody waited while a fitting agent was free: {result.longest_idle:.2f} s")
    used = ", ".join(f"{who} {seconds:.0f} s" for who, seconds in result.processor.items())
    print(f"processor time: {used}, of {result.seconds * (os.cpu_count() or 1):.0f} s that the machine had")
    print("done   ", dict(result.sent.done))
    print("refused", dict(result.sent.refused))
    print(f"violations: {len(result.violations)}")
    for violation in result.violations[:20]:
        print(" ", violation)
    return 1 if result.violations else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assistant", type=Path, default=ROOT)
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(asyncio.run(main(parser.parse_args())))
