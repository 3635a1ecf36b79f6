"""Telephone numbers: mobile, fixed, 070, 050, 080, company lines (1588), with +82, in digits or spoken one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.identifiers.found import Identifier

_GAP = r"[-–—.·/)\s]{0,3}"
_AREA = r"0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50\d?)"
_MOBILE = re.compile(
    rf"(?<![\d-])\(?(?:(?:\+?82{_GAP}(?:\(0\)\s?)?)(0?1[016789])|(01[016789])|(10)(?=[-. ]\d{{4}}[-. ]))"
    rf"{_GAP}(\d{{3,4}}){_GAP}(\d{{4}})(?![\d-])"
)
_FIXED = re.compile(rf"(?<![\d-])\(?({_AREA}){_GAP}(\d{{3,4}}){_GAP}(\d{{4}})(?![\d-])")
_ABROAD = re.compile(
    rf"(?<![\d-])\+82{_GAP}(2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70){_GAP}(\d{{3,4}}){_GAP}(\d{{4}})(?![\d-])"
)
_COMPANY = re.compile(
    r"(?<![\d-])(1[568]\d\d)-(\d{4})(?![\d-])|(?<!\d)(1[568](?:44|66|77|88|99|00))(\d{4})(?!\d)"
)
_DIGIT = "0-9공영일이삼사오육륙칠팔구"
_SPOKEN = re.compile(
    rf"(?<![가-힣\d])(?:공|영|0)(?:(?:\s|-|,|에(?=[\s{_DIGIT}])|다시|하이픈|국에|의){{0,3}}[{_DIGIT}]){{8,10}}"
    rf"(?![0-9])"
)
_SPOKEN_CUE = re.compile(r"[공영일이삼사오육륙칠팔구다하국]")
_GOES_ON = re.compile(
    r"[공영일이삼사오육륙칠팔구](?!(?<=이)(?:에|예|요|고|라|야|거|니|구|죠|지|던|랑|나|입)|(?<=일)(?:\s|까))"
)
"""Another digit, and not the copula."""
_SYLLABLES = str.maketrans("공영일이삼사오육륙칠팔구", "001234566789")
_SHAPE = re.compile(rf"(01[016789]|{_AREA})(\d{{3,4}})(\d{{4}})")


def phones(text: str) -> Iterator[Identifier]:
    """Numbers as 010-1234-5678, 02-123-4567, 1588-0000. `info.line` is mobile, fixed or company."""
    for match in _MOBILE.finditer(text):
        head = match.group(1) or match.group(2) or match.group(3)
        middle, last = match.group(4), match.group(5)
        yield _number(match, f"{head if head[0] == '0' else '0' + head}-{middle}-{last}", "mobile")
    for match in _FIXED.finditer(text):
        yield _number(match, "-".join(match.groups()), "fixed")
    for match in _ABROAD.finditer(text):
        yield _number(match, f"0{match.group(1)}-{match.group(2)}-{match.group(3)}", "fixed")
    for match in _COMPANY.finditer(text):
        if match.group(3) and not _called_phone(text, match):
            continue
        yield _number(
            match, f"{match.group(1) or match.group(3)}-{match.group(2) or match.group(4)}", "company"
        )
    if _may_be_spoken(text):
        yield from _spoken(text)


def _number(match: re.Match[str], value: str, line: str) -> Identifier:
    start = match.start() + (1 if match.group(0).startswith("(") else 0)
    return Identifier(start, match.end(), value, {"line": line})


def _called_phone(text: str, match: re.Match[str]) -> bool:
    """Eight digits in a row may be anything; they are a company's line where a telephone is spoken of."""
    return bool(
        re.search(r"전화|대표|고객센터|번호|연락", text[max(0, match.start() - 12) : match.end() + 12])
    )


def _may_be_spoken(text: str) -> bool:
    return "공" in text or "영" in text or "다시" in text or ("0" in text and bool(_SPOKEN_CUE.search(text)))


def _spoken(text: str) -> Iterator[Identifier]:
    for match in _SPOKEN.finditer(text):
        said = match.group(0)
        if said.isascii():
            continue
        shape = None
        # The copula and the topic after the number begin with a digit's name: 오육칠팔이에요.
        for body in (said, said[:-1].rstrip()) if said[-1] in "이일" else (said,):
            shape = _SHAPE.fullmatch(re.sub(r"[^0-9]", "", body.translate(_SYLLABLES)))
            if shape and not _GOES_ON.match(text, match.start() + len(body)):
                said = body
                break
            shape = None
        if shape:
            line = "mobile" if shape.group(1).startswith("01") else "fixed"
            yield Identifier(
                match.start(), match.start() + len(said), "-".join(shape.groups()), {"line": line}
            )
