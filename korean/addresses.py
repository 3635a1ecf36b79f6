"""Postal addresses by road name (도로명) or lot number (지번), with building, unit and postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.identifiers.found import Identifier

_METRO = r"(?:서울|부산|대구|인천|광주|대전|울산|세종)(?:특별자치시|특별시|광역시|시)?"
_PROVINCE = (
    r"(?:경기|강원|제주)(?:특별자치도|도)?|충청[북남]도|충[북남]|전라[북남]도|전북특별자치도|전[북남]|"
    r"경상[북남]도|경[북남]"
)
_REGION = rf"(?:{_METRO}|{_PROVINCE})"
_CITY = r"(?!관람|필요|접수|이용|신청|사용|변경|입금|출금|발급)[가-힣]{1,4}(?:시|군|구)(?![가-힣])"
_TOWN = r"[가-힣]{1,5}[읍면](?![가-힣])"
_NO_ROAD = r"(?!(?:바|따|별|그대|이대|저대|제대|새)로\s)"
_ROAD = rf"{_NO_ROAD}[가-힣A-Za-z0-9·]{{1,12}}?(?:대로|로|길)(?:\s?\d{{1,4}}(?:번|가|나|다)?길)?"
_HOUSE = (
    r"(?:지하\s?)?\d{1,5}(?:-\d{1,5})?(?:번지)?(?!\d|[-/.:]\d|\s?(?:만|억|천|백|원|개|건|명|번(?!지)|시|분|일|"
    r"월|년|%|달러|층|호|동))"
)
_DONG = r"[가-힣]{1,5}\d{0,2}(?:동|가|리)(?![가-힣])"
_LOT = (
    r"(?:산\s?)?\d{1,5}(?:-\d{1,5})?(?:번지)?(?!\d|[-/.:]\d|\s?(?:만|억|천|백|원|개|건|명|번(?!지)|시|분|일|월|"
    r"년|%|달러|층|호|동))"
)
_BUILDING = (
    r"[가-힣A-Za-z0-9]{1,15}(?:아파트|빌딩|타워|오피스텔|빌라|맨션|주공|자이|푸르지오|래미안|힐스테이트|센터|"
    r"프라자|상가)(?:\s?\d{1,2}차|\s?\d{1,2}단지)?"
)
_UNIT = r"(?:(?:제?\s?\d{1,4}|[가-하A-Za-z])동(?:\s?\d{1,4}호)?|(?:지하\s?|[Bb])?\d{1,4}[층호](?:\s?\d{1,4}호)?)(?![가-힣]*선)"
_DETAIL = rf"(?:,?\s?(?:\([가-힣0-9, ]{{2,20}}\)|{_BUILDING}|{_UNIT}))"
_AREA = rf"(?:{_REGION}\s?(?:{_CITY}\s?){{0,2}}|(?:{_CITY}\s?){{1,2}})"
_BY_ROAD = rf"(?P<area>{_AREA}(?:{_TOWN}\s?)?|{_TOWN}\s)?(?P<road>{_ROAD})\s?(?P<house>{_HOUSE})(?P<detail>{_DETAIL}{{0,4}})"
_BY_LOT = rf"(?P<area>{_AREA}(?:{_TOWN}\s?)?|{_TOWN}\s)(?P<dong>{_DONG})\s?(?P<house>{_LOT})(?P<detail>{_DETAIL}{{0,4}})"
_PARTICLE = r"(?:에서|에|으로|로|인데|이에요|예요|입니다|은|는|까지|쪽|부터|의)(?![가-힣]{3})"
_BY_AREA = (
    rf"(?P<area>{_REGION}\s(?:{_CITY}\s)?{_CITY.replace('(?![가-힣])', f'(?:(?![가-힣])|(?={_PARTICLE}))')}(?:\s{_TOWN})?)"
    rf"(?:\s?(?P<dong>[가-힣]{{1,5}}\d{{0,2}}(?:동|가|리)(?:(?![가-힣])|(?={_PARTICLE}))))?(?P<detail>{_DETAIL}{{0,4}})"
)
_FRONT = r"(?<![가-힣A-Za-z0-9])"
_PATTERNS = tuple(re.compile(_FRONT + body) for body in (_BY_ROAD, _BY_LOT, _BY_AREA))
_UNIT_ALONE = re.compile(rf"(?<![가-힣\d-])(?:{_BUILDING}\s?)?(\d{{1,4}}동\s?\d{{1,4}}호)(?!선)")
_POSTCODE = re.compile(
    r"(?:우편\s?번호|\(우\)|우\))\s?(?:는|은|가|이|:)?\s*(\d{5})(?!\d)|(?<!\d)\(?(\d{5})\)?(?=\s(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충|전[북남라]|경[북남상]|제주))"
)
_CALLED = re.compile(r"주소|배송|배달|집|이사|살[아고]|거주|사는|보내|받|도착|근무|회사")
_CUE = re.compile(r"[로길동리가읍면구군시호]\s?[\d가-힣]|번지|우편|\(우\)")


def addresses(text: str) -> Iterator[Identifier]:
    """As written, with single spaces. `info.level`: road, lot, area (no house) or unit (동, 호 alone)."""
    if not _CUE.search(text):
        return
    taken: list[tuple[int, int]] = []
    for level, pattern in zip(("road", "lot", "area"), _PATTERNS, strict=True):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            if level == "road" and not _is_address(text, match, parts):
                continue
            if _overlaps(match, taken) or (level == "area" and not _ends_well(text, match)):
                continue
            taken.append(match.span())
            yield _address(match, level)
    for match in _UNIT_ALONE.finditer(text):
        if not _overlaps(match, taken):
            taken.append(match.span())
            yield _address(match, "unit")


def _is_address(text: str, match: re.Match[str], parts: dict[str, str | None]) -> bool:
    """A road and a number alone may be 앱으로 5: there must be an area, a unit, or talk of an address."""
    if parts["area"] or parts["detail"]:
        return True
    road = parts["road"] or ""
    if re.search(r"(?:으로|[^가-힣]로)$", road) or len(road) < 3:
        return False
    return bool(_CALLED.search(text))


def _ends_well(text: str, match: re.Match[str]) -> bool:
    """An area must not break off inside a word: 서울 마포구청."""
    found = match.group(0).rstrip()
    return len(found.split()) >= 2 and not re.match(
        r"[가-힣]{0,2}(?:청|역|점|민|장)", text[match.start() + len(found) :][:3]
    )


def _overlaps(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in taken)


def _address(match: re.Match[str], level: str) -> Identifier:
    written = match.group(0).rstrip(" ,")
    return Identifier(
        match.start(), match.start() + len(written), " ".join(written.split()), {"level": level}
    )


def postcodes(text: str) -> Iterator[Identifier]:
    """Five digits that are called a postcode, or stand before a region."""
    for match in _POSTCODE.finditer(text):
        group = 1 if match.group(1) else 2
        yield Identifier(match.start(group), match.end(group), match.group(group))
