"""Builds the default encoder from packaged weights: 4-bit file -> float graph -> 8-bit, one scale an output channel.

Done once a machine, in a folder whose name carries the weights' digest; a build that was cut short leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import structlog

from encoder.graph import GraphBuilder, save_graph
from encoder.tokenizer import kept_pieces, tokenizer_json
from encoder.weights import read_weights, weights_file

RECIPE = 1
"""Raised whenever the same weights would be built differently."""
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"

log = structlog.get_logger(__name__)


def built_encoder(cache_dir: Path) -> Path:
    """The folder with model and tokenizer, built if it isn't there. Raises `EncoderError` without weights."""
    source = weights_file()
    folder = cache_dir / f"e5-small-int8-r{RECIPE}-{source.stat().st_size:x}"
    if (folder / MODEL).is_file() and (folder / TOKENIZER).is_file():
        return folder
    cache_dir.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=".building-", dir=cache_dir))
    try:
        _build(source, working)
        try:
            os.rename(working, folder)
        except OSError:
            # Another process was faster; its result is as good.
            if not (folder / MODEL).is_file():
                raise
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return folder


def _build(source: Path, folder: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    log.info("encoder_building", source=source.name)
    weights = read_weights(source)
    kept = kept_pieces(weights.pieces)
    (folder / TOKENIZER).write_text(tokenizer_json(weights, kept), encoding="utf-8")
    plain = folder / "float.onnx"
    save_graph(GraphBuilder(weights, kept).build(), str(plain))
    quantize_dynamic(
        str(plain),
        str(folder / MODEL),
        per_channel=True,  # one scale a tensor costs too much likeness (cosine 0.987)
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Attention"],
        extra_options={"DefaultTensorType": 1},
    )
    plain.unlink()
