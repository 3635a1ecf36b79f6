"""The `sangdam` command: help at once, exit codes, errors in one line with a remedy, never a stack trace."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import COMMANDS

PASSWORD = "a-long-enough-password"


def test_help_names_every_command(sangdam: Any) -> None:
    shown = sangdam("--help")
    assert shown.returncode == 0
    assert [name for name in COMMANDS if f"  {name} " not in shown.stdout] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str) -> None:
    from click.testing import CliRunner

    from bot.cli.main import cli

    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0 and "Usage:" in shown.output


def test_an_unknown_command_is_a_usage_error(sangdam: Any) -> None:
    wrong = sangdam("fly")
    assert wrong.returncode == 2 and "No such command" in wrong.stderr


def test_people_are_added_listed_and_given_new_passwords(sangdam: Any) -> None:
    added = sangdam(
        "user", "add", "minji", "--name", "김민지", "--role", "agent", "--password-stdin", stdin=PASSWORD
    )
    assert (added.returncode, added.stdout) == (0, "minji: agent\n"), added.stderr
    again = sangdam("user", "add", "minji", "--role", "agent", "--password-stdin", stdin=PASSWORD)
    assert again.returncode == 2 and "Traceback" not in again.stderr and "minji" in again.stderr
    assert sangdam("user", "list").stdout == "minji\t김민지\tagent\toffline\n"
    changed = sangdam("user", "password", "minji", "--password-stdin", stdin=PASSWORD + "2")
    assert changed.returncode == 0
    assert sangdam("user", "password", "nobody", "--password-stdin", stdin=PASSWORD).returncode == 2


@pytest.mark.parametrize("password", ["", "short"])
def test_a_weak_password_is_refused(sangdam: Any, password: str) -> None:
    refused = sangdam("user", "add", "minji", "--role", "agent", "--password-stdin", stdin=password)
    assert refused.returncode == 2 and refused.stderr.startswith("sangdam: ")
    assert not password or password not in refused.stderr


def test_the_database_is_brought_up_to_date_once(sangdam: Any) -> None:
    first, second = sangdam("db", "upgrade"), sangdam("db", "upgrade")
    assert first.stdout.startswith("- -> ") and "up to date" in second.stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SANGDAM_PORT": "eighty"}, "SANGDAM_PORT"),
        ({"SANGDAM_HOST": "0.0.0.0"}, "SANGDAM_API_TOKEN"),
        ({"SANGDAM_DATABASE_URL": "oracle://x"}, "oracle"),
    ],
)
def test_a_start_that_can_not_work_is_refused_in_words(
    sangdam: Any, trained: Path, environment: dict[str, str], words: str
) -> None:
    refused = sangdam("run", **{"SANGDAM_DATA_DIR": str(trained), **environment})
    assert refused.returncode == 2 and words in refused.stderr and "Traceback" not in refused.stderr


def test_a_taken_port_is_said(sangdam: Any, trained: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        environment = {
            "SANGDAM_DATA_DIR": str(trained),
            "SANGDAM_DATABASE_URL": f"sqlite:///{tmp_path}/x.db",
            "SANGDAM_PORT": str(other.getsockname()[1]),
        }
        refused = sangdam("run", **environment)
    assert refused.returncode == 2 and "is in use" in refused.stderr


def test_a_folder_without_an_assistant_is_refused(sangdam: Any, tmp_path: Path) -> None:
    refused = sangdam("train", "--assistant", str(tmp_path))
    assert refused.returncode == 2 and "config.yml:1: no such file" in refused.stderr


def test_training_twice_has_nothing_to_do(sangdam: Any, trained: Path) -> None:
    told = json.loads(sangdam("train", "--json", SANGDAM_DATA_DIR=str(trained)).stdout)
    assert told["reused"] is True and told["intents"] >= 12


def test_the_conversation_tests_of_the_reference_assistant_pass(sangdam: Any, trained: Path) -> None:
    told = sangdam("test", "--json", "--coverage", "-j", "2", SANGDAM_DATA_DIR=str(trained))
    told_of = json.loads(told.stdout)
    assert [result for result in told_of["results"] if not result["passed"]] == []
    assert told.returncode == 0 and len(told_of["results"]) >= 15
    [loss] = [flow for flow in told_of["coverage"] if flow["flow"] == "card_loss"]
    assert loss["steps"][0] >= 0.8 * loss["steps"][1], "two processes' coverage is added up"


def test_each_way_of_saying_it_meets_the_back_office_as_it_was(
    sangdam: Any, trained: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ways.yml"
    path.write_text(
        "test_cases:\n  - test_case: 정지\n    steps:\n"
        "      - user: [체크카드 잃어버렸어요, 체크카드를 분실했어요]\n"
        "      - user: 010-1234-5678\n      - user: 네 정지해 주세요\n"
        "        assertions: [{action_executed: action_block_card}]\n",
        encoding="utf-8",
    )
    told = sangdam("test", str(path), SANGDAM_DATA_DIR=str(trained))
    assert "2개 통과, 0개 실패" in told.stdout, told.stdout


def test_a_failing_conversation_test_is_told_with_its_place(
    sangdam: Any, trained: Path, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text(
        "test_cases:\n  - test_case: 틀린 기대\n    steps:\n      - user: 안녕하세요\n        assertions: [{owner: agent}]\n",
        encoding="utf-8",
    )
    junit = tmp_path / "junit.xml"
    told = sangdam("test", str(path), "--junit", str(junit), SANGDAM_DATA_DIR=str(trained))
    assert told.returncode == 1
    assert 'failures="1"' in junit.read_text(encoding="utf-8")
    assert f"{path}:4" in told.stdout and "the owner is 'bot'" in told.stdout and "1개 실패" in told.stdout


def test_chat_answers_lines_of_a_file(sangdam: Any, trained: Path) -> None:
    lines = "카드를 잃어버렸어요\n010-1234-5678\n2\n해외에서 카드 쓰면 수수료가 얼마예요?\n"
    told = sangdam("chat", stdin=lines, SANGDAM_DATA_DIR=str(trained))
    assert told.returncode == 0, told.stderr
    assert "등록된 휴대전화 번호를" in told.stdout
    assert "    2. 체크카드" in told.stdout
    assert "끝자리 1907 체크카드를" in told.stdout, "2 pressed the second button"
    assert "[출처] " in told.stdout


def test_chat_tells_its_reasons_and_becomes_a_test(sangdam: Any, trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "recorded.yml"
    lines = "카드를 잃어버렸어요\n010-1234-5678\n2\n아니요\n"
    for _ in range(2):
        told = sangdam("chat", "--trace", "--record", str(path), stdin=lines, SANGDAM_DATA_DIR=str(trained))
        assert told.returncode == 0, told.stderr
        assert "‘카드 분실 신고’ 업무를 시작해요 [start flow]" in told.stdout
        assert "‘카드 분실 신고’: ‘전화번호’를 물어봤어요 [card_loss/" in told.stdout
        assert "← else (slots.block_confirmed = false)" in told.stdout, "why the branch was taken"
        assert "4단계를 기록했어요" in told.stdout
    passed = sangdam("test", str(path), SANGDAM_DATA_DIR=str(trained))
    assert passed.returncode == 0 and "2개 통과" in passed.stdout, passed.stdout


def test_chat_with_a_running_server_speaks_its_web_chat(sangdam: Any, start_server: Any) -> None:
    server = start_server()
    told = sangdam("chat", "--url", server.url, stdin="안녕하세요\n1\n")
    assert told.returncode == 0, told.stderr
    assert "1. 카드 분실 신고" in told.stdout and "등록된 휴대전화 번호를" in told.stdout


def test_chat_without_a_server_says_so(sangdam: Any) -> None:
    refused = sangdam("chat", "--url", "http://127.0.0.1:9")
    assert refused.returncode == 2 and "sangdam run" in refused.stderr


def test_bench_measures_a_server_of_its_own(sangdam: Any, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "figures.json"
    told = sangdam(
        *("bench", "--messages", "20", "--turns", "12", "--handoffs", "2", "--out", str(out)),
        SANGDAM_DATA_DIR=str(trained),
    )
    assert told.returncode == 0, told.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert [row["clients"] for row in figures["webhook"]] == [1, 8, 32]
    assert figures["handoff_to_screen"]["n"] == 2 and set(figures["growth"]["turns"]) == {"1", "12"}
    assert "| 32 |" in told.stdout
