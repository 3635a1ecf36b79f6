"""How much each of several models has to say, learned from what they make of texts that none of them has seen.

Their scores are added, each times its weight (a logarithmic opinion pool: Genest and Zidek, "Combining probability
distributions", 1986). Weights that make the held-out labels likeliest also make the probabilities mean what they say: their
sum is an inverse temperature.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, softmax

MOST = 4.0
"""Largest weight of one model: held-out texts that are all got right would make any probability 1."""
FIRM = 5.0
"""Penalty for the squared distance of weights from equal ones, in texts: so many must contradict before it is left."""
EXPECTED = 1.5
"""Sum of the weights where nothing is known: linear models of this kind are less sure held out than they might be."""


def pool_weights(scores: Sequence[Floats], labels: Sequence[int], worth: Any = None) -> NDArray[np.float64]:
    """A weight a model, none below 0. `scores` has a matrix a model, with a row a held-out text and a column a class.

    `worth`: how much each text counts, None: all the same.
    """
    from scipy.optimize import minimize

    stacked, wanted = np.stack(scores).astype(np.float64), np.asarray(labels, int)
    at = (np.arange(len(wanted)), wanted)
    counts = np.ones(len(wanted)) if worth is None else np.asarray(worth) / max(np.mean(worth), 1e-9)
    equal = np.full(len(scores), EXPECTED / len(scores))

    def loss(weights: Any) -> tuple[float, Any]:
        logs = np.tensordot(weights, stacked, 1)
        logs -= logs.max(1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(1, keepdims=True))
        likely = np.exp(logs)
        slopes = [float(counts @ ((likely * one).sum(1) - one[at])) for one in stacked]
        away = weights - equal
        return -float(counts @ logs[at]) + FIRM * float(away @ away), np.array(slopes) + 2 * FIRM * away

    found = minimize(loss, equal, jac=True, bounds=[(0.0, MOST)] * len(scores), method="L-BFGS-B")
    result: NDArray[np.float64] = found.x
    return result


def fit_temperature(probabilities: Floats, labels: Sequence[int]) -> float:
    """The temperature under which held-out labels are likeliest, by search over a fixed grid."""
    logs = np.log(np.maximum(probabilities, 1e-9))
    rows = np.arange(len(labels))
    best, lowest = 1.0, np.inf
    for temperature in np.geomspace(0.2, 3.0, 60):
        likely = softmax((logs / temperature).astype(np.float32))[rows, list(labels)]
        loss = -np.log(np.maximum(likely, 1e-9)).mean()
        if loss < lowest:
            best, lowest = float(temperature), loss
    return best
