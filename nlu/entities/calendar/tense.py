"""Whether the clause after a day speaks of the past: 월요일에 결제했어요 is last Monday."""

from __future__ import annotations

import re

_FINAL_SSANG_SIOT = 20
_CLAUSE = re.compile(r"[^.?!,\n]{0,30}")
_DONE = re.compile(
    r"(?:결제|이체|송금|입금|출금|인출|신청|가입|해지|주문|발급|등록|접수|청구|구매|사용|상담|통화|문의|요청|연체|변경)(?:한|된|했던|됐던)(?=\s?(?:거|건|것|게|내역|돈|금액|카드|자))"
    r"|(?:받은|보낸|들어온|나간|빠진|빠져나간|찍힌|쓴|산|낸|뽑은|잃어버린|생긴)(?=\s)"
)
_WISH = re.compile(r"으면|을\s?때|어야")


def in_past(text: str, end: int) -> bool:
    """Whether a verb in the past follows in the same clause: 했어요, 보낸 돈. 있 and 겠 are no past, 갔으면 is a wish."""
    found = _CLAUSE.match(text, end)
    clause = found.group(0) if found else ""
    if _DONE.search(clause):
        return True
    for at, char in enumerate(clause):
        if "가" <= char <= "힣" and (ord(char) - 0xAC00) % 28 == _FINAL_SSANG_SIOT and char not in "있겠":
            return not _WISH.match(clause, at + 1)
    return False
