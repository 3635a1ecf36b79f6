"""Names of people, by how they are introduced: 제 이름은 홍길동이에요, 홍길동 님, 예금주 홍길동. Precision before recall.

A name is a surname and one or two syllables that Koreans give to children; without an introduction or a title nothing is
taken for one, except a message that is nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from korean.identifiers.found import Identifier
from korean.morphology import morphology

_RESOURCE = Path(__file__).parent / "resources" / "no_names.txt"
_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소"
    "석선설마길연위표명기반라왕금옥육인맹제모탁국은편용"
)
_DOUBLE = "남궁|황보|제갈|선우|독고|서문|사공|동방"
_GIVEN = (
    "가강건겸경계고관광교구국규균근금기길나남내년노녀누늘다단달담대덕도동두득라람란랑래량려련렬로록루름리린림마만매명모묵"
    "무문미민바반방배백범벽별병보복봉비빈산상새샘서석선설섭성세소솔송수숙순슬승시식신심아안애양언에연열엽영예오옥온완"
    "용우욱운웅원월유윤율으은을의이익인일임자재전정제조종주준중지진찬창채천철청초춘충치태택평필하학한해향헌혁현형혜호홍"
    "화환회효후훈휘흠흥희"
)
_NAME = rf"(?:(?:{_DOUBLE})[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{2}}|[{_SURNAMES}][{_GIVEN}])"
_FULL = rf"(?:(?:{_DOUBLE})[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{2}})"
_SPACED = rf"(?:{_NAME}|(?<![가-힣])[{_SURNAMES}] [{_GIVEN}]{{2}})"
_COPULA = r"(?=\s?(?:이?(?:에요|예요|라고|고요|고|요|거든요|인데|며)|입니다|인데|님|씨)|\s(?:맞|아니|인가|본인)|\s?$|[.,!?])"
_ROLE = (
    r"(?:이름|성함|성명|예금주|수취인|수신인|신청인|신청자|명의자|계좌주|소유주|대표자|보호자|받는\s?(?:사람|분)|"
    r"보내는\s?(?:사람|분)|보낸\s?(?:사람|분)|받으실\s?분)"
)
_SURE = (
    re.compile(rf"{_ROLE}\s?(?:은|는|이|가)?\s?[:=]?\s*({_SPACED}){_COPULA}"),
    re.compile(rf"(?:이름|성함|성명|예금주|수취인)\s?[:=]\s*({_NAME})(?=\s)"),
    re.compile(
        rf"(?<![가-힣])(?:저는|전|나는|여기는|본인은|저)\s({_FULL})(?=\s?(?:이?라고|입니다|이에요|예요|인데|이고))"
    ),
    re.compile(
        rf"(?<![가-힣])({_FULL})(?=\s?(?:님|씨)(?![앗족름티디])|\s(?:고객님|선생님|대리님|과장님|팀장님|차장님|부장님))"
    ),
)
"""The words around them say that a name stands there."""
_PARTY = re.compile(rf"(?<![가-힣])({_FULL})(?=\s?(?:이?한테|에게|께|이름으로|명의로|앞으로))")
_TRANSFER = re.compile(r"송금|이체|입금|보내|부쳐|부치|빌려|\d\s?(?:만|천)?\s?원")
"""Money goes to people: then 홍길동에게 is one, whether or not the analyser knows the name."""
_LIKELY = (
    re.compile(rf"(?<![가-힣])({_NAME})(?=\s?(?:님|씨)(?![앗족름티디]))"),
    re.compile(
        rf"(?<![가-힣])({_FULL})(?=이?(?:라고\s?(?:합니다|해요|하는데|하고요)|라는\s?(?:사람|분|이름)))"
    ),
    _PARTY,
    re.compile(rf"(?<![가-힣])({_FULL})(?=입니다|이라고\s?합니다)"),
    re.compile(rf"^\s*({_FULL})(?=(?:이요|이에요|예요|입니다|이라고\s?합니다|라고\s?합니다)?[\s.!~]*$)"),
)
"""Other words may stand there too (고양이한테): the analyser must know them for a name."""
_CUE = re.compile(
    r"[님씨]|입니다|합니다|이름|성함|성명|예금주|인[은이:=\s]|자[는가:=\s]|주[는가:=\s]|사람|분[은이:\s]|저는|전\s|나는|여기는|본인|저\s|라[고는]|한테|에게|께|명의|앞으로"
)
_SHORT = 12
"""Letters of a message that may be nothing but a name."""


def names(text: str) -> Iterator[Identifier]:
    """Each name once; `value` has no space."""
    if not _CUE.search(text) and len(text) > _SHORT:
        return
    seen: set[int] = set()
    paid = bool(_TRANSFER.search(text))
    for pattern in (*_SURE, *_LIKELY):
        for match in pattern.finditer(text):
            start, name = match.start(1), match.group(1).replace(" ", "")
            if start in seen or name in _no_names() or name[:2] in _no_names():
                continue
            if (
                pattern in _LIKELY
                and not (paid and pattern is _PARTY)
                and not _known_name(text, start, len(match.group(1)))
            ):
                continue
            seen.add(start)
            yield Identifier(start, match.end(1), name)


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    lines = _RESOURCE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _known_name(text: str, start: int, length: int) -> bool:
    """Whether the analyser finds a proper noun in the name: surname and given name may be two."""
    tokens = morphology().tokens(text[start : start + _SHORT])
    return any(token.tag.startswith("NNP") for token in tokens if token.start < length)
