"""Tokens of passages: kept small, matched word by word, made anew when the index outgrows what they were fitted on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from encoder import Role, Tokens, Vectors
from encoder.hashing import HashingEncoder
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
from knowledge_base.index import current_version, load_index
from knowledge_base.index.projection import OUTGROWN, WIDTH, Projection
from knowledge_base.index.tokens import PassageTokens
from knowledge_base.knowledge_base import KnowledgeBase

Write = Callable[[str, str | bytes], Path]


class Tokenless:
    """An encoder of vectors alone."""

    name, dimensions = "tokenless", 256
    learns_from: Role = "query"

    def warm_up(self) -> None:
        """Nothing to load."""

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        return HashingEncoder().encode(texts, role)


def drawn(*lengths: int, seed: int = 1, width: int = 96) -> list[Tokens]:
    """Tokens of passages of so many pieces."""
    draw = np.random.default_rng(seed)
    return [
        Tokens(
            np.sort(draw.choice(500, count, replace=False)).astype(np.int32),
            (draw.normal(size=(count, width)) + 3).astype(np.float16),
        )
        for count in lengths
    ]


def kept(passages: Sequence[Tokens]) -> PassageTokens:
    projection = Projection.fitted(passages)
    return PassageTokens.of(projection, [projection.small(held) for held in passages])


def test_each_token_finds_the_nearest_one_of_each_passage(tmp_path: Path) -> None:
    passages = drawn(40, 0, 55, 70)
    kept(passages).save(tmp_path / "tokens")
    tokens = PassageTokens.load(tmp_path / "tokens")
    asked = drawn(7, seed=2)[0]
    near = tokens.nearest(asked, [3, 1, 0])
    unit = tokens.projection.unit
    assert near.shape == (3, 7) and not near[1].any()
    assert np.allclose(near[0], (unit(asked) @ unit(passages[3]).T).max(1), atol=0.02)
    assert np.allclose(near[2], (unit(asked) @ unit(passages[0]).T).max(1), atol=0.02)
    assert tokens.nearest(passages[3], [3]).min() > 0.99


def test_a_rare_piece_weighs_more_and_one_that_is_nowhere_the_most() -> None:
    states = np.ones((3, 8), np.float16)
    passages = [Tokens(np.array([1, 2, 3 + row], np.int32), states) for row in range(6)]
    passages[0] = Tokens(np.array([1, 9], np.int32), states[:2])
    weights = kept(passages).rarity(np.array([1, 2, 9, 400], np.int32))
    assert weights[0] < weights[1] < weights[2] == weights[3]


def test_directions_are_those_in_which_tokens_differ() -> None:
    draw = np.random.default_rng(1)
    states = np.full((400, 96), 5.0)
    states[:, :2] += draw.normal(size=(400, 2)) * 3
    projection = Projection.fitted([Tokens(np.arange(400, dtype=np.int32), states.astype(np.float16))])
    assert projection.directions.shape == (WIDTH, 96)
    assert np.allclose(np.abs(projection.directions[:2, 2:]), 0, atol=0.01)
    assert np.allclose(projection.mean[2:], 5, atol=0.01)


def test_tokens_are_those_of_the_passages_whatever_was_taken_over(
    bank: Path, write: Write, tmp_path: Path
) -> None:
    place, encoder = tmp_path / "index", HashingEncoder()
    build(bank, place, encoder)
    projection = load_index(place, encoder).tokens.projection
    write("새.md", "# 새 안내\n## 하나\n새로 생긴 글이에요.\n")
    assert build(bank, place, encoder).encoded == 1
    index = load_index(place, encoder)
    assert np.array_equal(index.tokens.projection.directions, projection.directions)
    for row, chunk in enumerate(index.chunks):
        _, (held,) = encoder.encode_with_tokens(
            [
                "\n".join(
                    p for p in (chunk.title, " ".join(chunk.heading), chunk.question or "", chunk.text) if p
                )
            ]
        )
        pieces, vectors = projection.small(held)
        assert np.array_equal(index.tokens.of_row(row)[0], pieces)
        assert np.array_equal(index.tokens.of_row(row)[1], vectors)


def test_an_index_that_outgrew_its_projection_gets_a_new_one(
    folder: Path, write: Write, tmp_path: Path
) -> None:
    place, encoder = tmp_path / "index", HashingEncoder()
    write("a.md", "# 하나\n처음 글이에요.\n")
    build(folder, place, encoder)
    for number in range(OUTGROWN + 1):
        write(f"b{number}.md", f"# 제목 {number}\n{number}번째 글이에요.\n")
    report = build(folder, place, encoder)
    assert report.encoded == report.chunks
    assert load_index(place, encoder).tokens.projection.passages == report.chunks


def test_an_index_of_other_tokens_is_refused(bank: Path, tmp_path: Path) -> None:
    place, encoder = tmp_path / "index", HashingEncoder()
    build(bank, place, encoder)
    header = place / f"v-{current_version(place)}" / "header.json"
    header.write_text(json.dumps({**json.loads(header.read_text()), "tokens": "others"}))
    with pytest.raises(IndexProblem) as caught:
        load_index(place, encoder)
    assert caught.value.code == "index_encoder" and "others" in str(caught.value)


def test_an_encoder_without_tokens_finds_passages_all_the_same(bank: Path, tmp_path: Path) -> None:
    encoder = Tokenless()
    build(bank, tmp_path / "index", encoder)
    base = KnowledgeBase.open(tmp_path / "index", encoder)
    assert not len(base.index.tokens.pieces)
    assert base.search("카드 분실 신고 방법")[0].chunk.document_id == "카드/분실.md"
