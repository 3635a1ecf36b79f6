"""e5's sentence-piece tokenizer over a vocabulary that leaves out pieces of scripts that don't occur here."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder.weights import E5Weights

BEGIN, END, UNKNOWN = 0, 2, 3
_SPECIAL = 5
"""Leading pieces that always stay: <s> <pad> </s> <unk> and the first real one."""
_RUN = re.compile(" {2,}")


def kept_pieces(pieces: Sequence[str]) -> NDArray[np.int64]:
    """Indexes of the pieces that stay: all with Hangul or Han, Latin, digits, symbols, and every single character."""
    return np.array([i for i, piece in enumerate(pieces) if i < _SPECIAL or _keep(piece.replace("▁", ""))])


def _keep(piece: str) -> bool:
    return len(piece) <= 1 or all(_familiar(char) for char in piece)


def _familiar(char: str) -> bool:
    if char.isascii() or "가" <= char <= "힣" or "ㄱ" <= char <= "ㆎ" or "一" <= char <= "鿿":
        return True
    return unicodedata.category(char)[0] in "PSNZ"


def tokenizer_json(weights: E5Weights, kept: NDArray[np.int64]) -> str:
    """Vocabulary, scores and normalisation as the text that `Tokenizer.load` reads."""
    vocabulary: list[tuple[str, float]] = []
    seen: set[str] = set()
    for index in kept.tolist():
        piece = weights.pieces[index]
        if piece in seen:
            piece = (
                f"\x00{index}"  # a double can't be looked up; its row stays, so that rows and pieces agree
            )
        seen.add(piece)
        vocabulary.append((piece, float(weights.scores[index])))
    table = {str(point): text for point, text in weights.normalisation.items()}
    return json.dumps({"vocabulary": vocabulary, "normalisation": table}, ensure_ascii=False)


class E5Tokenizer:
    """Text to ids of the pruned vocabulary."""

    def __init__(self, vocabulary: list[tuple[str, float]], normalisation: dict[int, str]) -> None:
        from tokenizers import Tokenizer, models, pre_tokenizers

        self._normalisation = normalisation
        self._inner: Any = Tokenizer(models.Unigram(vocabulary, unk_id=UNKNOWN, byte_fallback=False))
        self._inner.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        self.speaking: NDArray[np.bool_] = np.array(
            [any(char.isalnum() for char in piece) for piece, _ in vocabulary]
        )
        """Which pieces are more than a mark."""

    @classmethod
    def load(cls, path: Path) -> E5Tokenizer:
        """From the file that `tokenizer_json` made."""
        data = json.loads(path.read_text(encoding="utf-8"))
        table = {int(point): text for point, text in data["normalisation"].items()}
        return cls([(piece, score) for piece, score in data["vocabulary"]], table)

    def skipped(self, prefix: str) -> int:
        """Ids of a window before those of the text."""
        return 1 + len(self._inner.encode(prefix.strip(), add_special_tokens=False).ids)

    def windows(self, prefix: str, texts: Sequence[str], longest: int, most: int) -> list[list[list[int]]]:
        """For each text one or more lists of at most `longest` ids, each with begin, prefix and end.

        A text that is too long is cut into windows that overlap by an eighth; at most `most` of them are read.
        """
        clean = [_RUN.sub(" ", f"{prefix}{text}".translate(self._normalisation)) for text in texts]
        encoded = self._inner.encode_batch([*clean, prefix.strip()], add_special_tokens=False)
        head: list[int] = encoded[-1].ids
        room = longest - len(head) - 2
        return [
            [[BEGIN, *head, *part, END] for part in _overlapping(item.ids[len(head) :], room, most)]
            for item in encoded[:-1]
        ]


def _overlapping(ids: list[int], room: int, most: int) -> list[list[int]]:
    """The ids in windows of `room`; a single one if they fit."""
    step = room - room // 8
    starts = range(0, max(len(ids) - room // 8, 1), step)
    return [ids[start : start + room] for start in starts[:most]]
