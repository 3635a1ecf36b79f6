"""Reads CTranslate2's model.bin (binary version 6), and names Whisper's tensors as OpenAI's implementation does."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.voice.errors import WeightsMissing

Tensor = npt.NDArray[np.floating]
_FLOATS: dict[int, Any] = {0: np.dtype("<f4"), 4: np.dtype("<f2")}
"""The type ids under which unquantised weights are stored."""
_ATTENTION = {"self_attention": "attn", "attention": "cross_attn"}


def whisper_checkpoint(path: Path) -> tuple[dict[str, int], dict[str, Tensor]]:
    """`ModelDimensions` and state of an unquantised Whisper, as OpenAI's checkpoints hold them. Raises `WeightsMissing`."""
    state: dict[str, Tensor] = {}
    heads = {}
    for name, value in tensors(path):
        if name.endswith("/num_heads"):
            heads[name.split("/", maxsplit=1)[0]] = int(value)
        elif value.ndim:
            state.update(_renamed(name, value))
    return _dimensions(state, heads), state


def tensors(path: Path) -> Iterator[tuple[str, Any]]:
    """Names and values in the file's order; scalars as arrays without dimensions, quantised weights left out."""
    data = memoryview(path.read_bytes())
    version, at = struct.unpack_from("<I", data)[0], 4
    spec, at = _string(data, at)
    if version < 5 or spec != "WhisperSpec":
        raise WeightsMissing(f"{path.name} is no Whisper model of CTranslate2.", "Another folder.")
    _revision, count = struct.unpack_from("<II", data, at)
    at += 8
    for _ in range(count):
        name, at = _string(data, at)
        rank = data[at]
        shape = struct.unpack_from(f"<{rank}I", data, at + 1)
        kind, size = struct.unpack_from("<BI", data, at + 1 + 4 * rank)
        at += 6 + 4 * rank
        body, at = data[at : at + size], at + size
        if kind in _FLOATS:
            yield name, np.frombuffer(body, _FLOATS[kind]).reshape(shape)
        elif size <= 4 and not rank:
            yield name, np.array(int.from_bytes(body, "little", signed=True))


def _string(data: memoryview, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<H", data, at)
    return bytes(data[at + 2 : at + 2 + length]).rstrip(b"\0").decode(), at + 2 + length


def _renamed(name: str, value: Tensor) -> dict[str, Tensor]:
    """One tensor under its other name; fused projections are parted."""
    side, rest = name.split("/", maxsplit=1)
    if match := re.fullmatch(r"layer_(\d+)/(.+)", rest):
        return {f"{side}.blocks.{match[1]}.{key}": part for key, part in _in_block(match[2], value)}
    plain = {
        "embeddings/weight": "token_embedding.weight",
        "position_encodings/encodings": "positional_embedding",
        "layer_norm/gamma": f"{'ln_post' if side == 'encoder' else 'ln'}.weight",
        "layer_norm/beta": f"{'ln_post' if side == 'encoder' else 'ln'}.bias",
    }
    return {f"{side}.{plain.get(rest, rest.replace('/', '.'))}": value}


def _in_block(rest: str, value: Tensor) -> Iterator[tuple[str, Tensor]]:
    part, layer, kind = rest.split("/")
    kind = {"gamma": "weight", "beta": "bias"}.get(kind, kind)
    if part == "ffn":
        yield {"layer_norm": "mlp_ln", "linear_0": "mlp.0", "linear_1": "mlp.2"}[layer] + f".{kind}", value
        return
    attention = _ATTENTION[part]
    if layer == "layer_norm":
        yield f"{attention}_ln.{kind}", value
        return
    # Self-attention fuses query, key and value; attention to the encoder has the query apart.
    projections = {
        ("attn", "linear_0"): ("query", "key", "value"),
        ("attn", "linear_1"): ("out",),
        ("cross_attn", "linear_0"): ("query",),
        ("cross_attn", "linear_1"): ("key", "value"),
        ("cross_attn", "linear_2"): ("out",),
    }[attention, layer]
    for projection, piece in zip(projections, np.split(value, len(projections)), strict=True):
        # Whisper's keys have no bias; the file holds zeros for it.
        if (projection, kind) != ("key", "bias"):
            yield f"{attention}.{projection}.{kind}", piece


def _dimensions(state: dict[str, Tensor], heads: dict[str, int]) -> dict[str, int]:
    def layers(side: str) -> int:
        return len({name.split(".")[2] for name in state if name.startswith(f"{side}.blocks.")})

    audio, text = state["encoder.positional_embedding"], state["decoder.positional_embedding"]
    return {
        "n_mels": state["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": audio.shape[0],
        "n_audio_state": audio.shape[1],
        "n_audio_head": heads["encoder"],
        "n_audio_layer": layers("encoder"),
        "n_vocab": state["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": text.shape[0],
        "n_text_state": text.shape[1],
        "n_text_head": heads["decoder"],
        "n_text_layer": layers("decoder"),
    }
