"""config.yml and the environment: refused with file, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.server.serve import UnsafeBinding, check_binding
from bot.server.settings import SettingsError, load_settings
from formats import FormatError

CONFIG = """assistant_id: small
name: 작은 은행
pipeline:
  - name: KoreanNormalizer
"""


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / "config.yml").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("nam: x", 5, "unknown key 'nam'"),
        ("knowledge: {documnts: x}", 5, "unknown key 'documnts'"),
        ("actions:\n  packages: []\n  timeout: 0", 7, "timeout"),
        ("actions: {timeout: soon}", 5, "timeout"),
        ("channels:\n  kakao:\n    answer_within: 9", 7, "answer_within"),
        ("channels: {fax: {}}", 5, "unknown key 'fax'"),
        ("language: fr", 5, "language"),
        ("desk: {wrapup_codes: []}", 5, "wrapup_codes"),
        ("desk:\n  wrapup_codes:\n    - {code: a}", 7, "label"),
        ("policies:\n  - name: MagicPolicy", 6, "MagicPolicy"),
        ("policies:\n  - name: FlowPolicy\n    treshold: 1", 7, "treshold"),
        ("escalation:\n  - name: anger", 6, "anger"),
        ("escalation:\n  - name: negative_sentiment\n    messages: many", 7, "messages"),
        ("llm:\n  translation:\n    timeout: 0", 7, "timeout"),
        ("llm:\n  translation:\n    enabled: 2", 7, "enabled"),
        ("llm:\n  translation: {language: en}", 6, "unknown key 'language'"),
        ("engine: dialogflow", 5, "engine"),
        ("engine: rasa", 5, "no Rasa server is named"),
        ("engine: rasa\nrasa:\n  url: localhost:5005", 7, "url"),
        ("rasa:\n  url: http://localhost:5005\n  token: x", 7, "unknown key 'token'"),
        ("rasa:\n  timeout: 0", 6, "timeout"),
        ("rasa:\n  handoff: {intent: [a]}", 6, "unknown key 'intent'"),
        ("name: zweiter", 5, "duplicate"),
        ("a: [", 6, ""),
    ],
)
def test_a_wrong_config_names_the_line(tmp_path: Path, more: str, line: int, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        load_settings(write(tmp_path, CONFIG + more + "\n"), {})
    assert caught.value.file.endswith("config.yml")
    assert abs(caught.value.line - line) <= 1 and says in caught.value.problem
    assert f"config.yml:{caught.value.line}: " in caught.value.en


@pytest.mark.parametrize(
    "text", ["", "- a\n", "name: x\n", "\x00", "assistant_id: a\nname: b\npipeline: []\n"]
)
def test_a_config_that_lacks_the_needed(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError):
        load_settings(write(tmp_path, text), {})


def test_no_config_at_all(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        load_settings(tmp_path, {})
    assert "no such file" in caught.value.en


def test_the_near_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        load_settings(write(tmp_path, CONFIG + "greting: 안녕\n"), {})
    assert "did you mean 'greeting'?" in caught.value.expected


def test_defaults_and_what_the_environment_overrides(tmp_path: Path) -> None:
    folder = write(tmp_path, CONFIG + "storage: {database: 'postgresql://db/a', bus: 'redis://r'}\n")
    plain = load_settings(write(tmp_path, CONFIG), {"SANGDAM_DATA_DIR": str(tmp_path)})
    assert (plain.host, plain.port, plain.api_token) == ("127.0.0.1", 8080, None)
    assert plain.database_url == f"sqlite:///{tmp_path.resolve() / 'sangdam.db'}"
    assert plain.public_url == "http://localhost:8080"
    write(tmp_path, CONFIG + "storage: {database: 'postgresql://db/a', bus: 'redis://r'}\n")
    assert load_settings(folder, {}).database_url == "postgresql://db/a"
    environment = {
        "SANGDAM_DATABASE_URL": "postgresql://db/b",
        "SANGDAM_BUS_URL": "redis://s",
        "SANGDAM_HOST": "0.0.0.0",
        "SANGDAM_PORT": "9000",
        "SANGDAM_API_TOKEN": "t",
        "SANGDAM_KAKAO_SECRET": "k",
        "SANGDAM_PUBLIC_URL": "https://chat.bank.example/",
    }
    told = load_settings(folder, environment)
    assert (told.database_url, told.bus_url) == ("postgresql://db/b", "redis://s")
    assert (told.host, told.port, told.api_token, told.kakao_secret) == ("0.0.0.0", 9000, "t", "k")
    assert told.public_url == "https://chat.bank.example"


def test_rasa_is_told_by_config_and_environment(tmp_path: Path) -> None:
    given = {
        "SANGDAM_RASA_URL": "http://rasa:5005",
        "SANGDAM_RASA_TOKEN": "t",
        "SANGDAM_RASA_JWT_SECRET": "s",
    }
    found = load_settings(write(tmp_path, CONFIG + "engine: rasa\nrasa: {timeout: 3}\n"), given)
    assert (found.rasa.url, found.rasa.timeout) == ("http://rasa:5005", 3.0)
    assert (found.rasa_token, found.rasa_jwt_secret) == ("t", "s")
    with pytest.raises(SettingsError):
        load_settings(write(tmp_path, CONFIG), {"SANGDAM_RASA_URL": "rasa:5005"})


def test_empty_variables_count_as_none(tmp_path: Path) -> None:
    told = load_settings(
        write(tmp_path, CONFIG), {"SANGDAM_API_TOKEN": "", "SANGDAM_PORT": "", "SANGDAM_HOST": ""}
    )
    assert (told.api_token, told.port, told.host) == (None, 8080, "127.0.0.1")


@pytest.mark.parametrize("port", ["x", "-1", "65536", "80.5", "²", "1" * 5000])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, CONFIG), {"SANGDAM_PORT": port})
    assert "SANGDAM_PORT" in caught.value.en and caught.value.remedy


@pytest.mark.parametrize(
    ("host", "token", "safe"),
    [
        ("127.0.0.1", "", True),
        ("127.8.8.8", "", True),
        ("localhost", "", True),
        ("::1", "", True),
        ("0.0.0.0", "", False),
        ("::", "", False),
        ("192.168.0.2", "", False),
        ("bank.example", "", False),
        ("localhost.evil.example", "", False),
        ("0.0.0.0", "t", True),
    ],
)
def test_an_open_door_needs_a_token(tmp_path: Path, host: str, token: str, safe: bool) -> None:
    told = load_settings(write(tmp_path, CONFIG), {"SANGDAM_HOST": host, "SANGDAM_API_TOKEN": token})
    if safe:
        check_binding(told)
        return
    with pytest.raises(UnsafeBinding) as caught:
        check_binding(told)
    assert "SANGDAM_API_TOKEN" in caught.value.en and "127.0.0.1" in caught.value.remedy


def test_the_reference_assistant_is_right() -> None:
    told = load_settings(Path(__file__).parents[2], {})
    assert (
        told.config.assistant_id == "ieum-bank" and told.escalation and "fee_question" in told.roles.knowledge
    )
