"""FAQ lists as spreadsheets write them."""

from __future__ import annotations

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.faq_csv import read_faq


def test_bom_quotes_and_line_breaks_in_cells() -> None:
    text = (
        '분류,질문,답변\r\n카드,"한도, 어떻게 올려요?","앱에서\r\n""한도""를 눌러요."\r\n,이체는?,됩니다.\r\n'
    )
    sections = read_faq(text.encode("utf-8-sig")).sections
    assert sections[0].question == "한도, 어떻게 올려요?"
    assert sections[0].text.replace("\r", "") == '앱에서\n"한도"를 눌러요.'
    assert [section.heading for section in sections] == [("카드",), ()]


def test_excel_writes_cp949() -> None:
    assert read_faq("질문,답변\n뷁?,네.\n".encode("cp949")).sections[0].question == "뷁?"


def test_header_may_be_english_and_spaced() -> None:
    assert read_faq(b" Question , ANSWER \nhow?,so.\n").sections[0].text == "so."


@pytest.mark.parametrize("header", ["문의,응답", "질문", "", "question;answer"])
def test_a_wrong_header_says_which_columns_were_found(header: str) -> None:
    with pytest.raises(DocumentProblem) as caught:
        read_faq(f"{header}\n하나,둘\n".encode())
    assert caught.value.code == "no_faq_columns"
    assert "질문" in caught.value.remedy


def test_half_filled_rows_are_told_by_line_and_the_others_kept() -> None:
    read = read_faq("질문,답변\n하나?,네.\n둘?,\n,셋\n\n넷?,아니요.,남는 칸\n".encode())
    assert [section.question for section in read.sections] == ["하나?", "넷?"]
    assert "line 3, 4" in read.gaps[0].en
