"""Letters are looked for in a spelled-out text exactly where they are among its runs of letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.lexical import grams, inside, spelled

KOREAN = st.text(alphabet="가나다카드론 ab1-.,\n", max_size=40)


@given(KOREAN, KOREAN, st.sampled_from([2, 3]))
def test_inside_is_membership(text: str, question: str, size: int) -> None:
    held = set(grams(text, size))
    for gram in grams(question, size):
        assert (inside(gram, size) in spelled(text)) == (gram in held)


@pytest.mark.parametrize("text", ["", "!?", "  "])
def test_a_text_without_words_holds_nothing(text: str) -> None:
    assert inside("카드", 2) not in spelled(text) and inside("카", 2) not in spelled(text)
