"""`voice` in config.yml: back ends by name, options checked, what is wrong refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.server.settings import Settings, load_settings
from bot.voice.ears.faster_whisper import FasterWhisperOptions
from bot.voice.mouth.openai_compatible import OpenAiMouthOptions
from formats import FormatError

HEAD = "assistant_id: a\nname: 은행\npipeline: [{name: KoreanNormalizer}]\n"


def load(tmp_path: Path, voice: str, head: str = HEAD) -> Settings:
    (tmp_path / "config.yml").write_text(head + voice)
    return load_settings(tmp_path, {})


def test_nothing_said_is_the_embedded_defaults(tmp_path: Path) -> None:
    voice = load(tmp_path, "").voice
    assert voice.ears == FasterWhisperOptions()
    assert voice.prompts.reminder == "듣고 있어요. 말씀해 주세요."


def test_back_ends_and_prompts_by_name(tmp_path: Path) -> None:
    text = """voice:
  ears: faster-whisper
  ears_options: {beam_size: 1, window: 15}
  mouth: openai-compatible
  mouth_options: {url: "http://localhost:8000/v1/", model: tts, voice: sunny}
  turn_taking_options: {silence_ms: 700}
  call: {reminder_after: 5}
  prompts: {goodbye: 안녕히 계세요.}
"""
    settings = load(tmp_path, text)
    assert settings.voice.ears == FasterWhisperOptions(beam_size=1, window=15)
    assert settings.voice.mouth == OpenAiMouthOptions(
        url="http://localhost:8000/v1", model="tts", voice="sunny"
    )
    assert settings.voice.prompts.goodbye == "안녕히 계세요."
    assert settings.config.voice.call.reminder_after == 5


def test_english_assistants_have_english_prompts(tmp_path: Path) -> None:
    assert "listening" in load(tmp_path, "", HEAD + "language: en\n").voice.prompts.reminder


@pytest.mark.parametrize(
    ("voice", "line", "expected"),
    [
        ("voice:\n  ears: fastest-whisper\n", 5, "one of faster-whisper, whisper"),
        ("voice:\n  mouth: mumble\n", 5, "one of espeak"),
        ("voice:\n  turn_taking: guess\n", 5, "one of silence"),
        ("voice:\n  enabled: true\n  ears_options: {beams: 5}\n", 6, "beams"),
        ("voice:\n  ears_options: {window: 90}\n", 5, "window"),
        ("voice:\n  mouth_options:\n    speed: fast\n", 6, "speed"),
        ("voice:\n  mouth: openai-compatible\n  mouth_options: {url: 'ftp://x', model: m}\n", 6, "url"),
        ("voice:\n  turn_taking_options: {silence_ms: 1}\n", 5, "silence_ms"),
        ("voice:\n  prompts: {hello: 안녕}\n", 5, "hello"),
        ("voice:\n  call: {barge_in: 1}\n", 5, "barge_in"),
        ("voice:\n  eers: x\n", 5, "ears"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(tmp_path: Path, voice: str, line: int, expected: str) -> None:
    with pytest.raises(FormatError) as refused:
        load(tmp_path, voice)
    assert refused.value.line == line
    assert expected in str(refused.value)
