"""Markdown: headings as places, tables as sentences, the head as metadata."""

from __future__ import annotations

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.markdown import read_markdown
from knowledge_base.loaders.text import decode, read_text
from knowledge_base.types import Section


def sections_of(text: str) -> list[Section]:
    return read_markdown(text.encode()).sections


def test_headings_make_paths_and_the_first_one_is_the_title() -> None:
    read = read_markdown("# 안내\n\n앞글\n\n## 가\n하나\n### 나\n둘\n## 다\n셋\n# 또\n넷\n".encode())
    assert read.title == "안내"
    assert [(section.heading, section.text) for section in read.sections] == [
        ((), "앞글"),
        (("가",), "하나"),
        (("가", "나"), "둘"),
        (("다",), "셋"),
        (("또",), "넷"),
    ]


def test_a_numbered_heading_keeps_its_number() -> None:
    assert sections_of("# 안내\n## 1. **대상**\n누구나예요.\n")[0].heading == ("1. 대상",)


def test_underlined_headings_count_too_and_a_rule_is_no_heading() -> None:
    read = read_markdown("안내\n====\n\n글\n\n작은 제목\n-----\n\n더\n\n---\n\n끝\n".encode())
    assert read.title == "안내"
    assert [section.heading for section in read.sections] == [(), ("작은 제목",)]
    assert "---" not in read.sections[1].text


def test_a_table_row_carries_its_headers() -> None:
    found = sections_of(
        "| 카드 | 하루 | 메모 |\n|:--|--:|---|\n| 체크 | **500만** | a\\|b |\n| 신용 | | [보기](x) |\n"
    )
    assert found[0].text == "· 카드: 체크, 하루: 500만, 메모: a|b\n· 카드: 신용, 메모: 보기"


def test_a_table_without_rule_keeps_its_cells() -> None:
    assert sections_of("| 가 | 나 |\n| 다 | 라 |\n")[0].text == "· 가, 나\n· 다, 라"


def test_code_and_comments_are_no_headings() -> None:
    found = sections_of("# 안내\n<!-- # 숨김\n-->글\n```\n# 주석\n| a |\n```\n끝\n")
    assert [section.heading for section in found] == [()]
    assert "# 주석" in found[0].text and "숨김" not in found[0].text


def test_marks_links_and_lists_become_plain() -> None:
    assert sections_of("- **굵게** [링크](https://x)\n2. `코드` ![그림](y)\n> 인용\n")[0].text == (
        "· 굵게 링크\n· 코드 그림\n인용"
    )


def test_the_head_gives_metadata_and_wins_over_the_heading() -> None:
    read = read_markdown(
        "---\ntitle: 이름\naudience: staff\nvalid_until: 2026-12-31\n---\n# 다른 이름\n글\n".encode()
    )
    assert read.title == "이름"
    assert read.metadata == {"title": "이름", "audience": "staff", "valid_until": "2026-12-31"}


def test_windows_lines_and_an_empty_head_are_fine() -> None:
    read = read_markdown("---\r\n---\r\n# 안내\r\n글\r\n".encode())
    assert (read.title, read.metadata) == ("안내", {})


@pytest.mark.parametrize(
    ("head", "code", "says"),
    [
        ("title: [", "bad_metadata", "no YAML"),
        ("- 하나", "bad_metadata", "no mapping"),
        ("autor: 나", "bad_metadata", "autor"),
        ("audience: stuff", "bad_metadata", "stuff"),
        ("valid_until: 2026/12/31", "bad_metadata", "2026/12/31"),
        ("valid_from: '2026-13-01'", "bad_metadata", "2026-13-01"),
        ("valid_from: 2026-13-01", "bad_metadata", "2026-13-01"),
    ],
)
def test_a_wrong_head_is_refused_with_what_is_wrong(head: str, code: str, says: str) -> None:
    with pytest.raises(DocumentProblem) as caught:
        read_markdown(f"---\n{head}\n---\n글\n".encode())
    assert caught.value.code == code
    assert says in caught.value.en and caught.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_encodings_are_known(encoding: str) -> None:
    assert decode("뷁한 안내".encode(encoding)) == "뷁한 안내"


def test_decomposed_letters_are_composed() -> None:
    assert decode("안내".encode()) == "안내"


@pytest.mark.parametrize("data", [b"\x89PNG\x00\x00\x01", b"\xff\xfe\x00\xd8", b"\x80\x81\xff\xff"])
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(DocumentProblem) as caught:
        decode(data)
    assert caught.value.code == "not_text"


def test_plain_text_takes_a_short_first_line_as_title() -> None:
    read = read_text("영업 안내\n\n평일에 열어요.\n주말에 쉬어요.\n".encode())
    assert (read.title, read.sections[0].text) == ("영업 안내", "평일에 열어요.\n주말에 쉬어요.")
    assert read_text("한 줄뿐이에요.".encode()).sections[0].text == "한 줄뿐이에요."
    assert read_text(f"{'긴 ' * 40}\n다음".encode()).title == ""
