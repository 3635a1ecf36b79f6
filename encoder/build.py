"""Builds the default encoder from packaged weights: 4-bit file -> float graph -> 8-bit, one scale an output channel.

Done once a machine, in a folder of its own. A build that was cut short leaves nothing behind, and one that was damaged
since is known by its digests and made anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from encoder.graph import GraphBuilder, save_graph
from encoder.tokenizer import kept_pieces, tokenizer_json
from encoder.weights import read_weights, weights_file

RECIPE = 4
"""Raised whenever the same weights would be built differently."""
VECTORS = 2
"""Raised whenever texts would get other vectors, so that what was made of them is made anew."""
LOWER, UPPER, TOKENIZER = "lower.onnx", "upper.onnx", "tokenizer.json"
_DIGESTS = "digests.json"

log = structlog.get_logger(__name__)


def built_encoder(cache_dir: Path) -> Path:
    """The folder with graphs and tokenizer, built if it isn't there or isn't whole. Raises `EncoderError` without weights."""
    source = weights_file()
    folder = cache_dir / f"e5-small-int8-r{RECIPE}-{source.stat().st_size:x}"
    if _whole(folder):
        return folder
    cache_dir.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=".building-", dir=cache_dir))
    try:
        _build(source, working)
        _put(working, folder)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return folder


def _whole(folder: Path) -> bool:
    """Whether all files are as they were when they were built."""
    try:
        wanted = json.loads((folder / _DIGESTS).read_text(encoding="utf-8"))
        return bool(wanted == _digests(folder))
    except (OSError, ValueError):
        return False


def _digests(folder: Path) -> dict[str, str]:
    found = {}
    for name in (LOWER, UPPER, TOKENIZER):
        with (folder / name).open("rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _put(working: Path, folder: Path) -> None:
    """Move the finished build to its place; a damaged one there goes, one that another process finished stays."""
    try:
        os.rename(working, folder)
    except OSError:
        if _whole(folder):
            return
        log.warning("encoder_damaged", folder=folder.name)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            os.rename(working, folder)
        except OSError:
            if not _whole(folder):
                raise


def _build(source: Path, folder: Path) -> None:
    log.info("encoder_building", source=source.name)
    weights = read_weights(source)
    kept = kept_pieces(weights.pieces)
    (folder / TOKENIZER).write_text(tokenizer_json(weights, kept), encoding="utf-8")
    _quantise(GraphBuilder(weights, kept).lower(), folder / LOWER)
    _quantise(GraphBuilder(weights, kept).upper(), folder / UPPER)
    (folder / _DIGESTS).write_text(json.dumps(_digests(folder)), encoding="utf-8")


def _quantise(graph: Any, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain = path.with_suffix(".float.onnx")
    save_graph(graph, str(plain))
    with _silent_root_logger():
        quantize_dynamic(
            str(plain),
            str(path),
            per_channel=True,  # one scale a tensor costs too much likeness (cosine 0.987)
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"DefaultTensorType": 1},
        )
    plain.unlink()


@contextmanager
def _silent_root_logger() -> Iterator[None]:
    """The quantiser advises on the root logger to pre-process graphs; this one is made fused."""
    root = logging.getLogger()
    before, root.disabled = root.disabled, True
    try:
        yield
    finally:
        root.disabled = before
