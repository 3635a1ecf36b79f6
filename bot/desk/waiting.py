"""How long a customer will wait: an honest range of minutes, or none.

With all places taken, the customer at position p is served at the p-th departure. Departures of c places come at a rate of
c / S, S being the mean length of a contact, so the wait is about gamma distributed with mean p S / c; its spread shrinks
with p, and grows with how much contacts differ in length and with how few of them S was measured on. The range is that
distribution's from LOW to HIGH, by Wilson and Hilferty's approximation (1931), widened to whole minutes.
benchmarks/desk_waiting.py measures how often it holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.3
"""Standard normal quantile of the range's ends: 4 of 5 within, before rounding to whole minutes adds to it."""
ENOUGH = 5
"""Contacts that must have been measured before they replace the configured length."""
OTHERS = 0.03
"""Relative variance of what isn't modelled: people who give up, urgent cases that overtake, breaks."""


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """Length of contacts, in minutes; `spread` is the squared coefficient of variation."""

    mean: float
    spread: float = 1.0
    measured: int = 0

    @classmethod
    def of(cls, minutes: Sequence[float], assumed: float) -> ServiceTimes:
        """From recent contacts, the configured length where there are too few."""
        if len(minutes) < ENOUGH:
            return cls(assumed)
        mean = max(0.25, sum(minutes) / len(minutes))
        variance = sum((one - mean) ** 2 for one in minutes) / (len(minutes) - 1)
        return cls(mean, min(4.0, max(0.2, variance / mean**2)), len(minutes))


def wait_range(
    position: int, places: int, free: int, times: ServiceTimes, *, widen: float = 1.0
) -> tuple[int, int] | None:
    """Whole minutes from and to; None where nobody is there to serve.

    `places` is how many contacts the people who are there hold at once, `free` how many more they could take now.
    """
    if places <= 0:
        return None
    ahead = position - free
    if ahead <= 0:
        return 0, 2
    mean = ahead * times.mean / places
    variance = times.spread / ahead + times.spread / max(times.measured, ENOUGH) + OTHERS
    low, high = (mean * _quantile(variance, z * widen) for z in (-Z, Z))
    return max(0, math.floor(low)), max(2, math.ceil(high))


def _quantile(variance: float, z: float) -> float:
    """Of a gamma distribution with mean 1."""
    base = 1 - variance / 9 + z * math.sqrt(variance / 9)
    return max(0.0, base) ** 3
