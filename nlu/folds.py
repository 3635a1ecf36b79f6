"""Parts of data for cross-validation in which nearly the same text is never on both sides."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from nlu.near import near_groups


def folds_of(texts: Sequence[str], labels: Sequence[Hashable], folds: int, seed: int) -> list[int]:
    """Fold of each text: near-duplicates of one label in the same, labels spread evenly. Same seed, same folds.

    A near-duplicate with another label may be on the other side: held together, contradictions would never be noticed.
    """
    groups: defaultdict[tuple[int, Hashable], list[int]] = defaultdict(list)
    for at, group in enumerate(near_groups(texts)):
        groups[group, labels[at]].append(at)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    order.sort(key=len, reverse=True)
    loads: Counter[tuple[Hashable, int]] = Counter()
    totals: Counter[int] = Counter()
    found = [0] * len(texts)
    for members in order:
        label = labels[members[0]]
        fold = min(range(folds), key=lambda f: (loads[label, f], totals[f], f))
        loads[label, fold] += len(members)
        totals[fold] += len(members)
        for at in members:
            found[at] = fold
    return found
