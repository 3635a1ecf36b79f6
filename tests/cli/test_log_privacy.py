"""Whatever goes wrong, no log line and no event of an error quotes a customer's numbers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner

from bot.cli.console import configure_logging, masked_value
from bot.cli.main import cli
from bot.conversation.actions_port import ActionError

RAW = ("010-1234-5678", "900101-1234567", "4111-1111-1111-1111", "홍길동", "테헤란로 123", "hong@example.com")
SAID = f"저는 홍길동이라고 합니다. {', '.join(RAW[:3])}, 서울시 강남구 테헤란로 123, hong@example.com"


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """A logger as the commands configure it; what it writes is in `capsys`."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging()
    yield structlog.get_logger("test")
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = True


def no_raw(text: str) -> bool:
    return text != "" and not any(raw in text for raw in RAW)


def test_a_traceback_quotes_nobody(log, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    try:
        raise ValueError(f"can't read {SAID!r}")
    except ValueError:
        log.exception("crashed", text=SAID)
    assert no_raw(capsys.readouterr().err)


def test_values_inside_of_lists_and_mappings(log, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    log.warning(
        "odd",
        payload={
            "said": [SAID, {SAID: (SAID,)}],
            "phone": 821012345678,
            "count": 3,
            "error": ValueError(SAID),
        },
    )
    shown = capsys.readouterr().err
    assert no_raw(shown) and "821012345678" not in shown
    assert '"count": 3' in shown


def test_lines_of_libraries(log, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    try:
        raise ValueError(SAID)
    except ValueError:
        logging.getLogger("some.library").exception("bad request %s", SAID)
    assert no_raw(capsys.readouterr().err)


def test_what_names_nobody_stays_as_it_is() -> None:
    plain = {"a": 1, "b": 2.5, "c": None, "d": True, "e": ["x", 12]}
    assert masked_value(plain) == plain


def test_an_actions_failure_carries_no_words_into_its_event() -> None:
    error = ActionError("action_pay", "raised", f"ValueError: {SAID}")
    assert no_raw(error.detail) and no_raw(error.en)
    assert "ValueError" in error.detail


def test_the_command_masks_a_file(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(SAID + "\n다시 01012345678\n", encoding="utf-8")
    runner = CliRunner()
    assert no_raw(runner.invoke(cli, ["mask", str(path)]).output)
    hidden = runner.invoke(cli, ["mask", "--placeholders", str(path)]).output
    assert no_raw(hidden) and hidden.count("<전화번호_1>") == 2
    checked = runner.invoke(cli, ["mask", "--check", str(path)])
    assert (checked.exit_code, "rrn: 1" in checked.output) == (1, True)
    path.write_text("안녕하세요\n", encoding="utf-8")
    assert runner.invoke(cli, ["mask", "--check", str(path)]).exit_code == 0
