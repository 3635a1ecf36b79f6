"""How often the waiting-time range holds: `python benchmarks/desk_waiting.py [--days 40]`.

Simulated days of a queue, each with another load, number of places, and kind of contact (lengths exponential, lognormal or
nearly equal); a share of the customers is urgent and overtakes, a share gives up. Every customer who has to wait is told the
product's own range, made of the contacts measured so far; who gives up isn't counted.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk.waiting import ServiceTimes, wait_range

HOURS = 9 * 60.0
RECENT = 60
Lengths = Callable[[random.Random, float], float]
KINDS: dict[str, Lengths] = {
    "exponential": lambda chance, mean: chance.expovariate(1 / mean),
    "lognormal": lambda chance, mean: chance.lognormvariate(math.log(mean) - 0.32, 0.8),
    "nearly equal": lambda chance, mean: max(0.5, chance.gauss(mean, mean * 0.25)),
}


@dataclass(order=True)
class Customer:
    """One who came; ordered as the queue serves."""

    serve_at: float
    came: float
    patience: float
    told: tuple[int, int] | None = None


def day(chance: random.Random, kind: str) -> list[tuple[float, tuple[int, int]]]:
    """`(minutes waited, range told)` of those who waited and were served."""
    places, mean, load = chance.choice((1, 2, 3, 6, 9, 15)), chance.uniform(3, 12), chance.uniform(0.75, 1.05)
    between = mean / (places * load)
    busy: list[float] = []
    queue: list[Customer] = []
    lengths: list[float] = []
    served: list[tuple[float, tuple[int, int]]] = []
    now = chance.expovariate(1 / between)

    def serve(at: float) -> None:
        while queue and len(busy) < places:
            customer = heapq.heappop(queue)
            waited = at - customer.came
            if waited > customer.patience:
                continue
            if customer.told is not None:
                served.append((waited, customer.told))
            length = KINDS[kind](chance, mean)
            lengths.append(length)
            heapq.heappush(busy, at + length)

    while now < HOURS or queue:
        while busy and busy[0] <= now:
            ended = heapq.heappop(busy)
            serve(ended)
        if now >= HOURS:
            if not busy:
                break
            now = busy[0]
            continue
        urgent = chance.random() < 0.05
        customer = Customer(now - (30 if urgent else 0), now, chance.expovariate(1 / 60))
        position = 1 + sum(one < customer and now - one.came <= one.patience for one in queue)
        # The queue holds those who gave up until their turn comes; the product's knows who has left.
        told = wait_range(
            position, places, max(0, places - len(busy)), ServiceTimes.of(lengths[-RECENT:], mean)
        )
        customer.told = told if len(busy) >= places else None
        heapq.heappush(queue, customer)
        serve(now)
        now += chance.expovariate(1 / between)
    return served


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    found: dict[str, list[tuple[float, tuple[int, int]]]] = defaultdict(list)
    for kind in KINDS:
        for _ in range(options.days):
            found[kind] += day(chance, kind)
    everything = [one for some in found.values() for one in some]
    print(f"{'contacts':14} {'customers':>9} {'held':>7} {'range, median':>14}")
    for name, some in [*found.items(), ("all", everything)]:
        held = sum(low <= waited <= high for waited, (low, high) in some) / len(some)
        widths = sorted(high - low for _, (low, high) in some)
        print(f"{name:14} {len(some):9} {held:7.1%} {widths[len(widths) // 2]:10} min")


if __name__ == "__main__":
    main()
