"""A text as the encoder should read it. It knows words: letters that fell apart, the wrong keyboard layout and missing spaces
make another sentence of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from korean.morphology import morphology
from korean.normalise import compose_jamo, from_wrong_layout, normalise

_RUN = re.compile(r"[가-힣]{7,}")
"""So many syllables without a space are hardly one word."""


def readable(text: str) -> str:
    """The text mended; spaced by the morphological analyser (about a millisecond) where a run of syllables is too long for a
    word.
    """
    mended = normalise(compose_jamo(from_wrong_layout(text)))
    return morphology().spaced(mended) if _RUN.search(mended) else mended


def all_readable(texts: Sequence[str]) -> list[str]:
    """`readable` of each."""
    return [readable(text) for text in texts]
