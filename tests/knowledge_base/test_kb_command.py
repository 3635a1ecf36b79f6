"""`sangdam kb build|search` as people and scripts call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.server.crawl_schedule import CrawlState, CrawlStates

Write = Callable[[str, str | bytes], Path]
Call = Callable[..., tuple[int, str, str]]

CONFIG = """assistant_id: small
name: 작은 은행
pipeline: [{name: KoreanNormalizer}]
knowledge:
  documents: knowledge
  encoder: hashing
  crawls: [{name: 공지, starts: ["https://127.0.0.1/"], every: 6h}]
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
    assert code == 2 and "config.yml:6" in err and "encodr" in err


@pytest.mark.parametrize("k", ["0", "-1", "x"])
def test_a_count_that_is_none(sangdam: Call, k: str) -> None:
    assert sangdam("search", "수수료", "-k", k)[0] == 2


def test_added_documents_are_found_and_removed_again(sangdam: Call, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "빈.md.meta.yml").write_text("audience: staff\n")
    (more / "둘").mkdir()
    (more / "둘" / "주차.md").write_text("# 주차\n둘째 영업점에는 주차장이 없어요.\n")
    (more / "둘" / "주차.md.meta.yml").write_text("audience: staff\n")
    (more / "주차.md").write_text("# 주차 안내\n영업점 주차장은 한 시간 동안 무료예요.\n")
    (more / "빈.md").write_text("")
    code, out, _ = sangdam("add", str(more), "--valid-until", "2099-12-31", "--json")
    result = data(out)
    assert code == 1 and result["added"] == ["added/more/둘/주차.md", "added/more/주차.md"]
    assert [problem["code"] for problem in result["problems"]] == ["empty"]
    assert result["index"]["documents"] == 5
    found = data(sangdam("search", "영업점 주차장 무료", "--json")[1])
    assert found["passages"][0]["chunk"]["document_id"] == "added/more/주차.md"
    assert "added/more/둘/주차.md" not in {passage["chunk"]["document_id"] for passage in found["passages"]}
    assert sangdam("remove", "added/more/주차.md", "added/more/둘/주차.md")[0] == 0
    code, _, err = sangdam("remove", "added/more/주차.md")
    assert code == 1 and "unknown_document" in err
    assert data(sangdam("build", "--json")[1])["documents"] == 3


def test_what_is_said_of_added_documents_is_checked(sangdam: Call, write: Write) -> None:
    path = write("새 글.md", "# 새 글\n글이에요.\n")
    code, _, err = sangdam("add", str(path), "--valid-until", "내년")
    assert code == 2 and "valid_until" in err and "2026-12-31" in err
    assert sangdam("add", str(path), "--audience", "everybody")[0] == 2
    code, _, err = sangdam("add", "없는 파일.md", "--no-build")
    assert code == 1 and "unreadable" in err and "Traceback" not in err


def test_addresses_inside_a_network_are_not_crawled(sangdam: Call) -> None:
    code, out, _ = sangdam("crawl", "http://127.0.0.1:1/", "http://169.254.169.254/", "--json", "--no-build")
    assert code == 1
    assert [problem["code"] for problem in data(out)["problems"]] == ["bad_address", "private_address"]
    code, out, _ = sangdam("add", "http://[::1]/", "--json", "--no-build")
    assert code == 1 and data(out)["problems"][0]["code"] == "private_address"
    assert sangdam("crawl")[0] == 2


def test_a_list_of_addresses(sangdam: Call, tmp_path: Path) -> None:
    listed = tmp_path / "pages.txt"
    listed.write_text("# 우리 쪽\n\nhttp://10.0.0.1/a\n")
    code, out, _ = sangdam("crawl", "--list", str(listed), "--json", "--no-build")
    assert code == 1 and data(out)["problems"][0]["file"] == "http://10.0.0.1/a"


def test_building_again_says_that_nothing_changed(sangdam: Call, write: Write) -> None:
    write("깨짐.pdf", b"%PDF-1.4 broken")
    first = data(sangdam("build", "--json")[1])
    again = data(sangdam("build", "--json")[1])
    assert again == {**first, "encoded": 0, "reused": True, "seconds": again["seconds"]}
    assert again["problems"][0]["code"] == "broken_pdf"
    assert "바뀐 것이 없어요" in sangdam("build")[1]


def test_crawls_are_told(sangdam: Call, tmp_path: Path) -> None:
    code, out, _ = sangdam("crawls")
    assert code == 0 and "공지 (6h마다)" in out and "아직 수집하지 않았어요" in out
    failed = {"file": "https://a.example/x", "code": "refused", "reason": "500.", "remedy": "Later."}
    CrawlStates(tmp_path / "var" / "documents" / "small").keep(
        "공지",
        CrawlState.model_validate({"started_at": 0, "finished_at": 60, "failed": 1, "problems": [failed]}),
    )
    code, out, err = sangdam("crawls")
    assert "1970-01-01 09:01에 끝남" in out and "다음 수집: 1970-01-01 15:00" in out
    assert "https://a.example/x" in err and "서버가 거절했어요." in err
    told = json.loads(sangdam("crawls", "--json")[1])["crawls"][0]
    assert (told["name"], told["next_at"], told["problems"]) == ("공지", 6 * 3600, [failed])
