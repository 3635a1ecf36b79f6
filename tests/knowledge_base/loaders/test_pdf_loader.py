"""PDF as a person reads it: columns, tables, headings, and no running heads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders import pdf
from knowledge_base.loaders.reading import Reading, mended
from korean.morphology import morphology

MakePdf = Callable[..., bytes]


def read_pdf(data: bytes) -> Reading:
    """As a build reads it: lines that were broken inside a word are mended."""
    return mended(pdf.read_pdf(data), morphology().joins)


SENTENCES = [
    "이음 입출금통장은 개인이라면 누구나 가입할 수 있어요.",
    "이자는 매일 마지막 잔액으로 계산해서 넣어 드려요.",
    "급여를 받으시면 출금 수수료를 열 번 면제해 드려요.",
    "통장을 오래 쓰지 않으면 거래중지계좌로 바뀌어요.",
]


def body(
    lines: list[str], left: float = 50, top: float = 120, step: float = 18
) -> list[tuple[float, float, float, str]]:
    return [(left, top + step * at, 10, line) for at, line in enumerate(lines)]


def test_large_letters_are_title_and_headings(make_pdf: MakePdf) -> None:
    page = [(50, 40, 22, "상품설명서"), (50, 90, 15, "가입 대상"), *body(SENTENCES[:2])]
    page += [(50, 200, 15, "우대 서비스"), *body(SENTENCES[2:], top=230)]
    read = read_pdf(make_pdf([page]))
    assert read.title == "상품설명서"
    assert [(section.heading, section.page) for section in read.sections] == [
        (("가입 대상",), 1),
        (("우대 서비스",), 1),
    ]
    assert read.sections[0].text == "\n".join(SENTENCES[:2])


def test_two_columns_are_read_one_after_the_other(make_pdf: MakePdf) -> None:
    left = [f"왼쪽 {n}번째 줄은 칸을 채워 쓰여 있어요." for n in range(1, 6)]
    right = [f"오른쪽 {n}번째 줄도 칸을 채워 쓰여 있어요." for n in range(1, 6)]
    page = [(50, 40, 20, "두 단으로 된 안내")]
    for one, other in zip(body(left, 40), body(right, 320), strict=True):
        page += [one, other]  # as word processors write it: row by row
    text = read_pdf(make_pdf([page])).sections[0].text
    assert text.split("\n") == [*left, *right]


def test_a_table_gives_rows_with_headers_once(make_pdf: MakePdf) -> None:
    rows = [("구분", "수수료"), ("신용카드", "5,000원"), ("체크카드", "2,000원")]
    page = [(50, 40, 20, "재발급 수수료표"), (50, 80, 10, "표로 정리했어요.")]
    rules = [(50.0, 100.0 + 20 * n, 350.0, 100.0 + 20 * n) for n in range(4)]
    rules += [(x, 100.0, x, 160.0) for x in (50.0, 200.0, 350.0)]
    for at, (name, fee) in enumerate(rows):
        page += [(60, 104 + 20 * at, 10, name), (210, 104 + 20 * at, 10, fee)]
    page.append((50, 180, 10, "자세한 것은 영업점에 물어보세요."))
    text = read_pdf(make_pdf([page], rules={0: rules})).sections[0].text
    assert text.split("\n") == [
        "표로 정리했어요.",
        "· 구분: 신용카드, 수수료: 5,000원",
        "· 구분: 체크카드, 수수료: 2,000원",
        "자세한 것은 영업점에 물어보세요.",
    ]


def test_heads_feet_and_page_numbers_are_dropped(make_pdf: MakePdf) -> None:
    pages = [
        [(50, 20, 8, "이음은행 약관 2026년판"), *body([SENTENCES[n]]), (280, 800, 8, f"- {n + 1} -")]
        for n in range(4)
    ]
    read = read_pdf(make_pdf(pages))
    assert [section.text for section in read.sections[-3:]] == SENTENCES[1:]
    assert [section.page for section in read.sections[-3:]] == [2, 3, 4]


def test_broken_lines_are_joined_with_a_space_only_between_words(make_pdf: MakePdf) -> None:
    page = [
        (50, 40, 20, "약관"),
        *body(
            [
                "거래중지계좌는 신분증을 가지고 영업",
                "점에서 풀 수 있어요.",
                "여기에 더해서 연체이자율은 최대",
                "연 20%를 넘지 않아요.",
            ]
        ),
    ]
    text = read_pdf(make_pdf([page])).sections[0].text
    assert "영업점에서 풀 수 있어요." in text
    assert "최대 연 20%를" in text


def test_scanned_pages_are_told_and_the_others_kept(make_pdf: MakePdf) -> None:
    read = read_pdf(make_pdf([body(SENTENCES[:3]), [], body(SENTENCES[3:])], pictures=[1]))
    assert {section.page for section in read.sections} == {1, 3}
    assert read.gaps[0].code == "scanned_pdf" and "page 2" in read.gaps[0].en


def test_a_wholly_scanned_file_is_refused(make_pdf: MakePdf) -> None:
    with pytest.raises(DocumentProblem) as caught:
        read_pdf(make_pdf([[], []], pictures=[0, 1]))
    assert caught.value.code == "scanned_pdf"


def test_damaged_and_encrypted_files_are_told_apart(make_pdf: MakePdf) -> None:
    good = make_pdf([body(SENTENCES)])
    locked = good.replace(
        b"trailer<<",
        b"trailer<</Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]"
        % (b"41" * 32, b"42" * 32),
    )
    for data, code in (
        (locked, "encrypted"),
        (b"%PDF-1.5\nnothing", "broken_pdf"),
        (b"x" * 500, "broken_pdf"),
    ):
        with pytest.raises(DocumentProblem) as caught:
            read_pdf(data)
        assert caught.value.code == code


def test_the_terms_of_the_reference_bank() -> None:
    read = read_pdf(Path("data/knowledge/accounts/deposit-account-terms.pdf").read_bytes())
    assert read.title == "이음 입출금통장 상품설명서"
    by_heading = {section.heading[-1]: section.text for section in read.sections if section.heading}
    assert "영업점에서 풀 수 있어요." in by_heading["해지와 거래 제한"]
    assert by_heading["우대 서비스"].startswith("· 조건: 급여이체 50만원 이상, 혜택: ")
