"""`knowledge.reranker: cross-encoder:<folder>` by the real library: a model with random weights, made and saved on the spot."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder import Encoder
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
from knowledge_base.index import text_of
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Searching, load_reranker
from knowledge_base.retrieval.cross_encoder import LOOKED_AT
from knowledge_base.retrieval.features import FEATURES

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="the extra [transformers] is not installed",
)
QUESTION = "카드를 잃어버렸어요"


def saved(folder: Path, texts: list[str], labels: int = 1) -> Path:
    """A cross-encoder of one layer that knows the letters of `texts`."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    letters = sorted(set("".join([QUESTION, *texts])) - set(" \n"))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=labels,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    assert CrossEncoder(str(folder)).num_labels == labels
    return folder


def table(rows: int) -> Any:
    return np.ones((rows, len(FEATURES)), np.float32)


@pytest.mark.slow
def test_it_orders_what_a_question_finds(bank: Path, tmp_path: Path, hashing: Encoder) -> None:
    from sentence_transformers import CrossEncoder

    build(bank, tmp_path / "index", hashing)
    usual = KnowledgeBase.open(tmp_path / "index", hashing).search(QUESTION, 50)
    texts = [text_of(passage.chunk) for passage in usual]
    folder = saved(tmp_path / "model", texts)
    ways = Searching(reranker=load_reranker(f"cross-encoder:{folder}"))
    found = KnowledgeBase.open(tmp_path / "index", hashing, ways).search(QUESTION, 50)
    opinion = CrossEncoder(str(folder)).predict([(QUESTION, text) for text in texts])
    best = [usual[at].chunk.id for at in np.argsort(-opinion, kind="stable")]
    assert len(usual) > 3 and [passage.chunk.id for passage in found] == best
    assert best != [passage.chunk.id for passage in usual]
    assert all(0 <= passage.score <= 1 for passage in found)
    np.testing.assert_allclose([p.score for p in found], np.sort(opinion)[::-1], atol=1e-3)


@pytest.mark.slow
def test_what_it_does_not_read_stays_behind_in_order(tmp_path: Path) -> None:
    texts = [f"{number}번째 글이에요" for number in range(LOOKED_AT + 5)]
    reranker = load_reranker(f"cross-encoder:{saved(tmp_path / 'model', texts)}")
    scores = reranker.scores(QUESTION, texts, table(len(texts)))
    behind = scores[LOOKED_AT:]
    assert behind.max() < scores[:LOOKED_AT].min() and np.all(np.diff(behind) < 0)
    assert len(reranker.scores(QUESTION, [], table(0))) == 0


@pytest.mark.slow
def test_a_model_of_classes_is_refused(tmp_path: Path) -> None:
    folder = saved(tmp_path / "model", [QUESTION], labels=3)
    with pytest.raises(IndexProblem) as caught:
        load_reranker(f"cross-encoder:{folder}")
    assert "3 classes" in caught.value.en
