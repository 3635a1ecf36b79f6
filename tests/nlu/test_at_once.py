"""What is understood at once is what would have been understood anyway, and what needs the encoder is left to it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.server.prepare import load_pipeline
from bot.server.settings import load_settings
from nlu.pipeline import Pipeline

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Seoul"))
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def pipeline(trained: Path) -> Pipeline:
    return load_pipeline(load_settings(ROOT, {"SANGDAM_DATA_DIR": str(trained)}))


@pytest.mark.parametrize("text", ["카드를 잃어버렸어요", "상담원 바꿔 주세요", "안녕하세요", "", "😀", "네"])
def test_the_same_at_once(pipeline: Pipeline, text: str) -> None:
    look = pipeline.look(text)
    assert look.for_encoder is None
    assert pipeline.finish(look, NOW) == pipeline.understand(text, NOW)


@pytest.mark.parametrize("text", ["피자 주문할래요", "주말에 뭐 하고 놀까", "그거 있잖아요 그거"])
def test_what_characters_do_not_know_is_left_to_the_encoder(pipeline: Pipeline, text: str) -> None:
    look = pipeline.look(text)
    assert look.for_encoder == pipeline.for_encoder(text)
    assert pipeline.finish(look, NOW) == pipeline.understand(text, NOW)
