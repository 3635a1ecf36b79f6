"""Parts of data for cross-validation in which nearly the same text is never on both sides."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from nlu.near import near_groups


def folds_of(texts: Sequence[str], labels: Sequence[Hashable], folds: int, seed: int) -> list[int]:
    """Fold of each text: near-duplicates in the same, labels spread evenly. Same seed, same folds."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for at, group in enumerate(near_groups(texts)):
        groups[group].append(at)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    order.sort(key=len, reverse=True)
    loads: Counter[tuple[Hashable, int]] = Counter()
    totals: Counter[int] = Counter()
    found = [0] * len(texts)
    for members in order:
        label, _ = Counter(labels[at] for at in members).most_common(1)[0]
        fold = min(range(folds), key=lambda f: (loads[label, f], totals[f], f))
        loads[label, fold] += len(members)
        totals[fold] += len(members)
        for at in members:
            found[at] = fold
    return found
