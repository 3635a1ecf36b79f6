"""The packaged multilingual-e5-small as a folder that `transformers` loads, so that it can be fine-tuned without a download."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from encoder.errors import EncoderError
from encoder.tokenizer import BEGIN, END, UNKNOWN, kept_pieces, tokenizer_json
from encoder.weights import E5Weights, read_weights, weights_file

NAME = "e5-small"
PREFIX = "query: "
"""What the model was trained to see before a message."""
_PAD = 1
_RECIPE = 1
"""Raised whenever the same weights would be written differently."""


def transformers_folder(cache_dir: Path) -> Path:
    """The folder, written at first use (250 MB, a few seconds). Raises `EncoderError` without weights or the extra."""
    source = weights_file()
    folder = cache_dir / f"{NAME}-transformers-r{_RECIPE}-{source.stat().st_size:x}"
    if (folder / "config.json").is_file():
        return folder
    cache_dir.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=".writing-", dir=cache_dir))
    try:
        _write(read_weights(source), working)
        try:
            working.rename(folder)
        except OSError:
            # Another process was first.
            if not (folder / "config.json").is_file():
                raise
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return folder


def _write(weights: E5Weights, folder: Path) -> None:
    try:
        from safetensors.numpy import save_file
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    except ImportError as error:
        raise EncoderError(
            "encoder_missing", "transformers is not installed.", "pip install 'sangdam[transformers]'"
        ) from error
    kept = kept_pieces(weights.pieces)
    table = json.loads(tokenizer_json(weights, kept))["vocabulary"]
    inner: Any = Tokenizer(
        models.Unigram([(piece, score) for piece, score in table], unk_id=UNKNOWN, byte_fallback=False)
    )
    inner.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    inner.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    ends = [("<s>", BEGIN), ("</s>", END)]
    inner.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    inner.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    inner.save(str(folder / "tokenizer.json"))
    _json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": "<s>",
            "eos_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "model_max_length": 512,
        },
    )
    save_file(_tensors(weights, kept), str(folder / "model.safetensors"), metadata={"format": "pt"})
    _json(
        folder / "config.json",
        {
            "model_type": "bert",
            "architectures": ["BertModel"],
            "vocab_size": len(kept),
            "hidden_size": weights.hidden,
            "num_hidden_layers": weights.layers,
            "num_attention_heads": weights.heads,
            "intermediate_size": weights.feed_forward,
            "max_position_embeddings": weights.tensor("emb.pos").size // weights.hidden,
            "type_vocab_size": weights.tensor("emb.type").size // weights.hidden,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": _PAD,
        },
    )


def _tensors(weights: E5Weights, kept: Any) -> dict[str, Any]:
    """Under the names that BertModel has."""
    hidden, tensor = weights.hidden, weights.tensor
    found: dict[str, Any] = {
        "embeddings.word_embeddings.weight": tensor("emb.word")[kept],
        "embeddings.position_embeddings.weight": tensor("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b"),
    }
    # The package has none, as nobody uses it; without it loading would complain.
    found["pooler.dense.weight"] = np.zeros((hidden, hidden))
    found["pooler.dense.bias"] = np.zeros(hidden)
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "fi": "intermediate.dense",
        "fo": "output.dense",
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(weights.layers):
        for short, name in parts.items():
            columns = weights.feed_forward if short == "fo" else hidden
            found[f"encoder.layer.{layer}.{name}.weight"] = tensor(f"l{layer}.{short}.w", columns)
            found[f"encoder.layer.{layer}.{name}.bias"] = tensor(f"l{layer}.{short}.b")
        for short, name in norms.items():
            found[f"encoder.layer.{layer}.{name}.weight"] = tensor(f"l{layer}.{short}.w")
            found[f"encoder.layer.{layer}.{name}.bias"] = tensor(f"l{layer}.{short}.b")
    return {name: np.ascontiguousarray(value, np.float32) for name, value in found.items()}


def _json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
