"""`sangdam kb build|search` as people and scripts call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main

Write = Callable[[str, str | bytes], Path]
Call = Callable[..., tuple[int, str, str]]

CONFIG = """assistant_id: small
name: 작은 은행
pipeline: [{name: KoreanNormalizer}]
knowledge: {documents: knowledge, encoder: hashing}
"""


@pytest.fixture
def sangdam(
    bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """The command over a small assistant; gives exit code, output and errors."""
    (tmp_path / "config.yml").write_text(CONFIG)
    monkeypatch.setenv("SANGDAM_DATA_DIR", str(tmp_path / "var"))

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(args=["kb", *arguments, "--assistant", str(tmp_path)])
        out, err = capsys.readouterr()
        code = ended.value.code
        return int(code) if isinstance(code, int) else 0, out, err

    return call


def data(out: str) -> dict[str, Any]:
    return json.loads(out)


def test_build_twice_and_search(sangdam: Call) -> None:
    code, out, _ = sangdam("build", "--json")
    first = data(out)
    assert (
        code == 0
        and first["documents"] == 3
        and first["encoded"] == first["chunks"]
        and first["problems"] == []
    )
    assert data(sangdam("build", "--json")[1])["encoded"] == 0
    code, out, _ = sangdam("search", "카드 분실 신고 방법", "--json", "-k", "2")
    found = data(out)
    assert code == 0 and len(found["passages"]) == 2
    assert found["passages"][0]["chunk"]["document_id"] == "카드/분실.md"
    assert found["answer"]["outcome"] in ("answer", "closest", "none")


def test_for_people(sangdam: Call, write: Write) -> None:
    write("깨짐.pdf", b"%PDF-1.4 broken")
    code, out, err = sangdam("build")
    assert code == 0 and "문서 3개" in out and "읽지 못함: 깨짐.pdf" in err
    code, out, _ = sangdam("search", "재발급 수수료")
    assert code == 0 and "카드를 잃어버렸을 때 › 재발급" in out


def test_search_before_build(sangdam: Call) -> None:
    code, out, err = sangdam("search", "수수료")
    assert code == 2 and out == "" and "There is no index" in err and "kb build" in err


def test_no_documents(sangdam: Call, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(CONFIG.replace("documents: knowledge", "documents: nowhere"))
    code, _, err = sangdam("build")
    assert code == 2 and "nowhere" in err and "Traceback" not in err


def test_wrong_settings(sangdam: Call, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(CONFIG.replace("hashing", "no-such"))
    code, _, err = sangdam("build")
    assert code == 2 and "no-such" in err and "hashing" in err
    (tmp_path / "config.yml").write_text(CONFIG.replace("encoder:", "encodr:"))
    code, _, err = sangdam("build")
    assert code == 2 and "config.yml:4" in err and "encodr" in err


@pytest.mark.parametrize("k", ["0", "-1", "x"])
def test_a_count_that_is_none(sangdam: Call, k: str) -> None:
    assert sangdam("search", "수수료", "-k", k)[0] == 2
