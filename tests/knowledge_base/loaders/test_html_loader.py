"""HTML: the main text in any encoding, without what frames it."""

from __future__ import annotations

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.html import read_html

PAGE = """<!doctype html><html><head>{head}<title>예금 안내 - 이음은행</title></head><body>
<header><h1>이음은행</h1><nav><a href="/">홈</a><a href="/c">카드 상품 모두 보기</a></nav></header>
<main><article><h1>정기예금 안내</h1>
<p>정기예금은 목돈을 정해 둔 기간 동안 맡기는 예금이에요. 만기가 되면 이자를 더해서 돌려드려요.</p>
<h2>금리</h2><p>12개월 금리는 연 3.05%예요. 세금을 떼기 전의 금리이고 만기까지 바뀌지 않아요.</p>
<table><tr><th>기간</th><th>금리</th></tr><tr><td>6개월</td><td>2.75%</td></tr><tr><td>12개월</td><td>3.05%</td></tr></table>
</article></main><footer>사업자등록번호 000-00-00000 고객센터 1588-0000</footer>
<script>var secret = "추적"</script><style>p{{color:red}}</style></body></html>"""


def page(head: str = '<meta charset="utf-8">') -> str:
    return PAGE.format(head=head)


def test_main_text_with_headings_and_table_and_without_chrome() -> None:
    read = read_html(page().encode())
    text = "\n".join(section.text for section in read.sections)
    assert read.title == "정기예금 안내"
    assert [section.heading for section in read.sections] == [(), ("금리",)]
    assert "기간: 12개월, 금리: 3.05%" in text
    for noise in ("추적", "사업자등록번호", "카드 상품", "color"):
        assert noise not in text


@pytest.mark.parametrize("name", ["euc-kr", "ks_c_5601-1987"])
def test_korean_encodings_are_read_as_cp949(name: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={name}">'
    text = page(head).replace("목돈", "뷁한 목돈")
    assert "뷁한 목돈" in read_html(text.encode("cp949")).sections[0].text


def test_a_page_that_lies_about_its_encoding_is_read_all_the_same() -> None:
    assert "목돈" in read_html(page('<meta charset="euc-kr">').encode()).sections[0].text


def test_a_short_page_keeps_its_headings() -> None:
    read = read_html(
        "<body><nav>메뉴</nav><main><h1>공지</h1><h2>시간</h2><p>아홉 시.</p></main></body>".encode()
    )
    assert read.title == "공지"
    assert [(section.heading, section.text) for section in read.sections] == [(("시간",), "아홉 시.")]


def test_metadata_comes_from_meta_tags_and_is_checked() -> None:
    head = '<meta charset="utf-8"><meta name="audience" content="staff"><meta name="valid_until" content="2026-01-31">'
    assert read_html(page(head).encode()).metadata == {"audience": "staff", "valid_until": "2026-01-31"}
    with pytest.raises(DocumentProblem):
        read_html(page('<meta name="valid_until" content="soon">').encode())


def test_a_page_of_script_has_no_text() -> None:
    assert read_html(b"<html><body><script>alert(1)</script></body></html>").sections == []


def test_the_language_is_that_of_the_page_if_it_is_one() -> None:
    page = "<html lang='{}'><body><main><h1>안내</h1><p>글이에요.</p></main></body></html>"
    assert read_html(page.format("en-US").encode()).metadata == {"language": "en-US"}
    assert read_html(page.format("한국어").encode()).metadata == {}
