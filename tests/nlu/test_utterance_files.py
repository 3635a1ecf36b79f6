"""Adding utterances leaves everything else in the file as its writer left it."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats import FormatError
from nlu.training_data import OUTSIDE, load_utterances
from nlu.utterance_files import add_utterances, apply

BLOCK = """# head
version: "3.1"
nlu:
  - intent: a   # first
    examples: |
      - 하나
      # a comment between

      - 둘

  # of b
  - intent: b
    examples: |
      - 셋
"""

REST = "  - intent: b\n    examples: |\n      - 셋\n"


def added(tmp_path: Path, content: str, *additions: tuple[str, str], name: str = "nlu.yml") -> str:
    """The file with the additions; checked to be read as meant, and to differ in nothing but new lines."""
    (tmp_path / name).write_bytes(content.encode())
    (change,) = add_utterances(tmp_path, additions)
    apply([change])
    after = (tmp_path / name).read_bytes().decode()
    found = [(e.text, e.intent) for e in load_utterances(tmp_path).examples]
    assert all(addition in found for addition in additions)
    lines = after.splitlines()
    rest = [line for line in lines if not any(text in line for text, _ in additions)]
    assert rest == content.splitlines()
    return after


def test_after_the_last_example_of_its_intent(tmp_path: Path) -> None:
    after = added(tmp_path, BLOCK, ("새 말", "a"), ("또 새 말", "a"), ("다른 말", "b"))
    assert "      - 둘\n      - 새 말\n      - 또 새 말\n\n  # of b" in after
    assert after.endswith("      - 셋\n      - 다른 말\n")


def test_without_a_newline_at_the_end(tmp_path: Path) -> None:
    assert added(tmp_path, BLOCK.rstrip("\n"), ("다른 말", "b")).endswith("- 셋\n      - 다른 말\n")


@pytest.mark.parametrize(
    "content",
    [
        "nlu:\n- intent: a\n  examples: |\n    - 하나\n    - 둘\n- intent: b\n  examples: |\n    - 셋\n",
        "nlu:\n- intent: a\n  examples: |-\n      - 하나\n\n\n- intent: b\n  examples: |\n    - 셋\n",
        'nlu:\n  - intent: a\n    examples:\n      - "하나"\n      - text: 둘\n        metadata: x\n'
        + REST.replace("|\n      ", "\n    "),
        "nlu:\n  - intent: a\n    metadata:\n      note: x\n    examples: |\n      - 하나\n" + REST,
        "nlu:\n  - intent: a\n    examples: |\n      - [하나](n)\n    metadata:\n      note: x\n" + REST,
    ],
    ids=["flush", "strip", "list", "metadata before", "metadata after"],
)
def test_ways_in_which_builders_write(tmp_path: Path, content: str) -> None:
    added(tmp_path, content, ("새: 말 # 이에요", "a"), ("끝말", "b"))


def test_examples_in_one_line_get_a_block_of_their_own(tmp_path: Path) -> None:
    content = "nlu:\n  - intent: a\n    examples: [하나, 둘]\n"
    (tmp_path / "nlu.yml").write_text(content)
    (change,) = add_utterances(tmp_path, [("새 말", "a")])
    assert change.after == content + "  - intent: a\n    examples: |\n      - 새 말\n"


def test_windows_line_ends_stay_readable(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_bytes(BLOCK.replace("\n", "\r\n").encode())
    (change,) = add_utterances(tmp_path, [("새 말", "a")])
    apply([change])
    assert len(load_utterances(tmp_path).examples) == 4


def test_tsv(tmp_path: Path) -> None:
    assert added(tmp_path, "하나\ta\n셋\tb", ("새 말", "a"), name="nlu.tsv").endswith("셋\tb\n새 말\ta\n")


def test_marks_and_line_breaks_of_customers_are_no_annotations(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(BLOCK)
    (change,) = add_utterances(tmp_path, [("[사진](보냄)\n봐주세요", "a")])
    assert "- (사진)(보냄) 봐주세요\n" in change.after


def test_from_outside_goes_to_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(BLOCK)
    (change,) = add_utterances(tmp_path, [], ["피자 주문"])
    assert (change.path.name, change.before) == (OUTSIDE, None) and change.diff().startswith("--- /dev/null")
    apply([change])
    (again,) = add_utterances(tmp_path, [], ["날씨"])
    apply([again])
    assert load_utterances(tmp_path).outside == ["피자 주문", "날씨"]


def test_an_intent_without_examples_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(BLOCK)
    with pytest.raises(FormatError, match="'c' has no examples"):
        add_utterances(tmp_path, [("말", "c")])


def test_the_diff_shows_what_is_added(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(BLOCK)
    (change,) = add_utterances(tmp_path, [("새 말", "a")])
    assert [line for line in change.diff().splitlines() if line.startswith("+ ")] == ["+      - 새 말"]
