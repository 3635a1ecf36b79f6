"""Word, slides and workbooks: what a person would read, in the order in which a person reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.docx import read_docx
from knowledge_base.loaders.pptx import read_pptx
from knowledge_base.loaders.xlsx import read_xlsx

Make = Callable[..., bytes]


def test_word_headings_make_paths_and_tables_stand_where_they_are(word: Make) -> None:
    read = read_docx(
        word(
            ("Title", "대여금고 안내"),
            ("Normal", "금고를 빌려 드려요."),
            ("Heading 1", "요금"),
            ("table", [["크기", "요금"], ["소", "3만원"], ["대", "9만원"]]),
            ("Heading 2", "할인"),
            ("List Bullet", "우수 고객은 반값이에요."),
            title="파일 제목",
        )
    )
    assert read.title == "대여금고 안내"
    assert [(section.heading, section.text) for section in read.sections] == [
        ((), "금고를 빌려 드려요."),
        (("요금",), "· 크기: 소, 요금: 3만원\n· 크기: 대, 요금: 9만원"),
        (("요금", "할인"), "· 우수 고객은 반값이에요."),
    ]


def test_word_without_styles_is_read_by_its_numbering(word: Make) -> None:
    read = read_docx(
        word(
            ("Normal", "예금 거래 약관"),
            ("Normal", "제1조 (목적)"),
            ("Normal", "이 약관은 거래를 정해요."),
            ("Normal", "제2조 (이자)"),
            ("Normal", "이자는 매달 드려요."),
        )
    )
    assert read.title == "예금 거래 약관"
    assert [(section.heading, section.text) for section in read.sections] == [
        (("제1조 (목적)",), "이 약관은 거래를 정해요."),
        (("제2조 (이자)",), "이자는 매달 드려요."),
    ]


def test_word_title_comes_from_the_properties_where_the_text_has_none(word: Make) -> None:
    long = (
        "이 문서에는 제목이 없고 바로 본문이 시작되며 첫 문장이 길어서 제목으로 볼 수가 없어요. 정말이에요."
    )
    assert read_docx(word(("Normal", long), title="파일 제목")).title == "파일 제목"


def test_slides_are_places_and_notes_are_not_quoted(slides: Make) -> None:
    read = read_pptx(
        slides(
            ("이음 멤버십", ["등급은 넷이에요."]),
            ("혜택", ["수수료 면제", "금리 우대"]),
            table=[["등급", "면제"], ["골드", "10회"]],
            notes="발표자만 보는 말",
        )
    )
    assert read.title == "이음 멤버십"
    assert [(section.heading, section.text, section.place) for section in read.sections] == [
        ((), "등급은 넷이에요.", "슬라이드 1"),
        (("혜택",), "· 수수료 면제\n· 금리 우대\n· 등급: 골드, 면제: 10회", "슬라이드 2"),
    ]


def test_workbook_rows_carry_headers_and_values_as_shown(workbook: Make) -> None:
    read = read_xlsx(
        workbook(
            {
                "금리": [
                    ["2026년 금리"],
                    [],
                    ["기간", "금리", "한도", "적용일", "우대"],
                    ["12개월", (0.0325, "0.00%"), (55000000.0, "#,##0"), date(2026, 11, 1), True],
                    ["24개월", 3, 1.5, datetime.fromisoformat("2026-11-01T09:30"), None],
                ],
                "비밀": [["가", "나"], ["다", "라"]],
            },
            hidden=["비밀"],
        )
    )
    assert [(section.heading, section.text, section.place) for section in read.sections] == [
        (
            ("금리", "2026년 금리"),
            "· 기간: 12개월, 금리: 3.25%, 한도: 55,000,000, 적용일: 2026-11-01, 우대: 예",
            "금리 시트 4행",
        ),
        (
            ("금리", "2026년 금리"),
            "· 기간: 24개월, 금리: 3, 한도: 1.5, 적용일: 2026-11-01 09:30",
            "금리 시트 5행",
        ),
    ]


def test_a_workbook_may_be_a_faq_list(workbook: Make) -> None:
    read = read_xlsx(
        workbook({"FAQ": [["분류", "질문", "답변"], ["카드", "한도는?", "앱에서요."], ["", "빈 답?", ""]]})
    )
    assert [(s.heading, s.question, s.text, s.place) for s in read.sections] == [
        (("FAQ", "카드"), "한도는?", "앱에서요.", "FAQ 시트 2행")
    ]
    assert read.title == "자주 묻는 질문" and "line 3" in read.gaps[0].en


def test_a_sheet_without_columns_is_told_and_the_others_are_read(workbook: Make) -> None:
    read = read_xlsx(workbook({"메모": [["한 줄"]], "표": [["가", "나"], ["다", "라"]]}))
    assert len(read.sections) == 1 and "메모" in read.gaps[0].en
    with pytest.raises(DocumentProblem) as caught:
        read_xlsx(workbook({"메모": [["한 줄"]]}))
    assert caught.value.code == "no_table"
