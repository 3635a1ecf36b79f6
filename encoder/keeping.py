"""An encoder that keeps what it made on disk, so that training encodes only the texts that are new.

One file an encoder, named by its fingerprint: another model, or another build of it, never finds these vectors. The file
is a cache and nothing else: damaged or gone, it is made anew.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from encoder.port import Encoder, Role, Vectors

KEPT = 50_000
"""Vectors that are kept, those used last first: 80 MB at 384 numbers each."""
CHUNK = 128
"""Texts that are encoded between two reports of progress."""
FOLDER = "vectors"


class KeepingEncoder:
    """In front of another encoder. Safe for several threads; several processes keep what the last of them wrote."""

    def __init__(
        self, encoder: Encoder, cache_dir: Path, told: Callable[[float], None] | None = None
    ) -> None:
        self._encoder = encoder
        self._folder = cache_dir / FOLDER
        self._told = told
        self._vectors: OrderedDict[bytes, Vectors] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Of the encoder behind: vectors are the same."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """Of the encoder behind."""
        return self._encoder.dimensions

    @property
    def learns_from(self) -> Role:
        """Of the encoder behind."""
        return self._encoder.learns_from

    def warm_up(self) -> None:
        """Load the encoder behind."""
        self._encoder.warm_up()

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """As the encoder behind; only texts that no earlier call or process brought are encoded."""
        keys = [_key(text, role) for text in texts]
        with self._lock:
            if self._vectors is None:
                self._vectors = self._read()
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
            if new:
                self._make(self._vectors, new, role)
            for key in keys:
                self._vectors.move_to_end(key)
            found = [self._vectors[key] for key in keys]
            while len(self._vectors) > KEPT:
                self._vectors.popitem(last=False)
        if not found:
            return self._encoder.encode([], role)
        result: Vectors = np.stack(found)
        return result

    def _make(self, vectors: OrderedDict[bytes, Vectors], new: dict[bytes, str], role: Role) -> None:
        items = list(new.items())
        for start in range(0, len(items), CHUNK):
            chunk = items[start : start + CHUNK]
            made = self._encoder.encode([text for _, text in chunk], role)
            vectors.update(zip([key for key, _ in chunk], made, strict=True))
            if self._told is not None:
                self._told((start + len(chunk)) / len(items))
        self._write(vectors)

    @property
    def _file(self) -> Path:
        return self._folder / f"{hashlib.sha256(self.name.encode()).hexdigest()[:16]}.npz"

    def _read(self) -> OrderedDict[bytes, Vectors]:
        """What is kept for this encoder; nothing where the file can't be read or is another encoder's."""
        try:
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as data:
                keys, vectors = data["keys"], np.asarray(data["vectors"], np.float32)
                if str(data["name"]) != self.name or len(keys) != len(vectors):
                    return OrderedDict()
        except Exception:
            # zip, zlib and numpy each have errors of their own for a damaged file; it is made anew either way.
            return OrderedDict()
        return OrderedDict((bytes(key), vector) for key, vector in zip(keys, vectors, strict=True))

    def _write(self, vectors: OrderedDict[bytes, Vectors]) -> None:
        """Whole or not at all. A disk that is full costs the next training time, not this one its result."""
        last = list(vectors.items())[-KEPT:]
        keys = np.array([np.frombuffer(key, np.uint8) for key, _ in last])
        working = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with working.open("wb") as file:
                np.savez(file, name=np.array(self.name), keys=keys, vectors=np.stack([v for _, v in last]))
            os.replace(working, self._file)
        except OSError:
            with suppress(OSError):
                working.unlink(missing_ok=True)


def _key(text: str, role: Role) -> bytes:
    """Of the text and how it is meant."""
    return hashlib.sha256(f"{role}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]
