"""Trains the models of `nlu.signals`. Run once by maintainers, not at set-up.

    python -m nlu.signals_training DATA [threat|urgency|...]

DATA is a folder with kote/ and 3i4k/ (resources/MODEL_CARD.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

from nlu.features import numbers_alike
from nlu.feelings import RESOURCES, SIGNALS
from nlu.hashed import HashedModel
from nlu.hashed_training import fit_hashed
from nlu.signal_evaluation import read_signalled
from nlu.training_data import read_rows
from nlu.training_shipped import Rows, plain

_OWN, _CALM, _PLAIN, _COMMENT = 10.0, 3.0, 0.3, 0.1
"""Weights: of a sentence written for this, of a neutral service sentence, of plain speech, of a comment."""

# KOTE's numbering of emotions. The other signals are not among them.
_KOTE = {
    "anger": {6, 22},
    "anxiety": {18, 41},
    "frustration": {0, 3, 10, 27},
    "gratitude": {4},
    "confusion": {33},
}
_CUES = {
    "urgency": ("급", "빨리", "당장", "바로", "얼른", "지금"),
    "wants_person": ("상담원", "상담사", "직원", "사람", "담당자"),
    "anxiety": ("당한", "당했", "돌아가", "해킹", "모르는"),
    "confusion": ("모르", "이해", "뭐라고", "다시", "어떻게"),
    "gratitude": ("감사", "고마", "수고"),
}
"""A neutral service sentence with one of these may well show the signal: it teaches nothing."""


def comments(path: Path) -> list[tuple[str, set[int]]]:
    """KOTE: online comments with the numbers of their emotions."""
    return [
        (cells[1], {int(number) for number in cells[2].split(",")})
        for cells in (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        if len(cells) > 2 and cells[2][:1].isdigit()
    ]


def rows_for(name: str, data: Path) -> Rows:
    """(text, `1` or `0`, weight) for one signal."""
    rows: Rows = [
        (text, "1" if name in signals else "0", _OWN)
        for text, signals in read_signalled(RESOURCES / "service_signals.tsv")
    ]
    for _, cells in read_rows(RESOURCES / "service_sentiment.tsv", 2):
        if cells[1] == "neutral" and not any(cue in cells[0] for cue in _CUES.get(name, ())):
            rows.append((cells[0], "0", _CALM))
    cues = _CUES.get(name, ())
    for text, _, _ in plain(data / "3i4k" / "fci_train_val.txt")[::4]:
        if not any(cue in text for cue in cues):
            rows.append((text, "0", _PLAIN))
    if numbers := _KOTE.get(name):
        for text, emotions in comments(data / "kote" / "val.tsv"):
            rows.append((text, "1" if emotions & numbers else "0", _COMMENT))
    return rows


def train(name: str, data: Path) -> HashedModel:
    """The model of one signal."""
    texts, labels, weights = zip(*rows_for(name, data), strict=True)
    shown = [numbers_alike(text) for text in texts]
    return fit_hashed(shown, [label == "1" for label in labels], strength=1.0, weights=weights)


def main() -> None:
    """Train and save; `sangdam evaluate signals` measures."""
    (RESOURCES / "signals").mkdir(exist_ok=True)
    for name in sys.argv[2:] or SIGNALS:
        path = RESOURCES / "signals" / f"{name}.npz"
        model = train(name, Path(sys.argv[1]))
        model.save(path)
        print(f"{name}: {len(model.keys)} weights, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
