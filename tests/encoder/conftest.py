"""The default encoder, built once a checkout and shared by all tests."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from encoder.onnx_int8 import OnnxInt8Encoder

CACHE = Path(__file__).parent.parent.parent / "var" / "encoder"


@pytest.fixture(scope="session")
def cache() -> Path:
    """The folder with the built encoder."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / ".lock", "w") as lock:
        # Several workers start at once; one builds, the others find it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        OnnxInt8Encoder(CACHE).warm_up()
    return CACHE


@pytest.fixture(scope="session")
def e5(cache: Path) -> OnnxInt8Encoder:
    """Loaded."""
    encoder = OnnxInt8Encoder(cache)
    encoder.warm_up()
    return encoder
