"""FAQ lists as spreadsheets write them."""

from __future__ import annotations

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.faq import read_csv, read_faq_lines


def test_bom_quotes_and_line_breaks_in_cells() -> None:
    text = (
        '분류,질문,답변\r\n카드,"한도, 어떻게 올려요?","앱에서\r\n""한도""를 눌러요."\r\n,이체는?,됩니다.\r\n'
    )
    sections = read_csv(text.encode("utf-8-sig")).sections
    assert sections[0].question == "한도, 어떻게 올려요?"
    assert sections[0].text.replace("\r", "") == '앱에서\n"한도"를 눌러요.'
    assert [section.heading for section in sections] == [("카드",), ()]


def test_excel_writes_cp949() -> None:
    assert read_csv("질문,답변\n뷁?,네.\n".encode("cp949")).sections[0].question == "뷁?"


def test_header_may_be_english_and_spaced() -> None:
    assert read_csv(b" Question , ANSWER \nhow?,so.\n").sections[0].text == "so."


@pytest.mark.parametrize("header", ["질문", "", "하나\n둘"])
def test_without_named_columns_it_says_what_to_name(header: str) -> None:
    with pytest.raises(DocumentProblem) as caught:
        read_csv(f"{header}\n하나\n".encode())
    assert caught.value.code == "no_table"
    assert "질문" in caught.value.remedy


def test_other_tables_give_each_row_with_its_headers_and_line() -> None:
    read = read_csv("구분;금액;비고\n\n창구;3,000원;\nATM;700원;밤에는\n".encode())
    assert [(section.text, section.place, section.question) for section in read.sections] == [
        ("· 구분: 창구, 금액: 3,000원", "3행", None),
        ("· 구분: ATM, 금액: 700원, 비고: 밤에는", "4행", None),
    ]


def test_a_line_above_the_columns_is_their_heading() -> None:
    read = read_csv("2026년 수수료,\n구분,금액\n창구,600원\n".encode())
    assert [(section.heading, section.text) for section in read.sections] == [
        (("2026년 수수료",), "· 구분: 창구, 금액: 600원")
    ]


def test_half_filled_rows_are_told_by_line_and_the_others_kept() -> None:
    read = read_csv("질문,답변\n하나?,네.\n둘?,\n,셋\n\n넷?,아니요.,남는 칸\n".encode())
    assert [section.question for section in read.sections] == ["하나?", "넷?"]
    assert "line 3, 4" in read.gaps[0].en


def test_json_lines_are_a_faq_list_too() -> None:
    lines = (
        '{"question": "몇 시?", "answer": "네 시요.", "category": "영업점"}\n\n{"question": "하나"}\n[1]\n'
    )
    read = read_faq_lines(lines.encode())
    assert [(s.heading, s.question, s.text, s.place) for s in read.sections] == [
        (("영업점",), "몇 시?", "네 시요.", "1행")
    ]
    assert "line 3, 4" in read.gaps[0].en


def test_json_lines_without_an_entry_are_refused() -> None:
    with pytest.raises(DocumentProblem) as caught:
        read_faq_lines(b'{"id": "1"}\n')
    assert caught.value.code == "no_faq_entries" and "question" in caught.value.remedy
