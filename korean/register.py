"""How politely a sentence speaks (상대 높임): 해요체, 합쇼체 or plain, by its ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Register = Literal["해요체", "합쇼체", "반말"]

_SENTENCE = re.compile(r"[^.!?\n…]+[.!?…]*")
_CLOSERS = "\"'”’)]} ~^ㅎㅋ"
_FORMAL = re.compile(r"(?:니다|니까|십시오|십시요|시오)$")
_POLITE = re.compile(r"(?:요|죠)$")
_PLAIN = re.compile(
    r"(?:[가-힣](?<!니)다|[했됐었았겠있없]어|할게|줄게|해라|하자|하니|할래|거야|이야|해줘|하세|한다|됩니까요)$"
)


def register(sentence: str) -> Register | None:
    """The register of one sentence; None for what has no ending that tells, such as a heading or a label.

    >>> register("카드를 정지했어요."), register("카드를 정지했습니다."), register("카드를 정지했다."), register("상담원 연결")
    ('해요체', '합쇼체', '반말', None)
    """
    stopped = sentence.rstrip(_CLOSERS)[-1:] in (".", "!", "?", "…")
    bare = sentence.rstrip(_CLOSERS + ".!?…")
    if _FORMAL.search(bare):
        return "합쇼체"
    if _POLITE.search(bare):
        return "해요체"
    # Without a full stop 바다 and 과자 are words, not endings.
    return "반말" if stopped and _PLAIN.search(bare) else None


_REQUESTS: dict[Register, re.Pattern[str]] = {
    "해요체": re.compile(r"(?:줘요|주세요|주십시오)(?=[.!?~ㅠㅜㅋ\s]*$)"),
    "반말": re.compile(r"줘(?=[.!?~ㅠㅜㅋ\s]*$)"),
}


def request_register(sentence: str) -> Register | None:
    """해요체 (합쇼체 counts as that) or 반말 of a request that ends in 주다; None for anything else."""
    return next((level for level, ending in _REQUESTS.items() if ending.search(sentence)), None)


def other_request(sentence: str) -> str:
    """The request in 해요체 if it is in 반말, in 반말 if it is politer; anything else as it is.

    >>> other_request("카드 정지해 주세요."), other_request("사람 불러줘"), other_request("카드 분실")
    ('카드 정지해 줘.', '사람 불러주세요', '카드 분실')
    """
    level = request_register(sentence)
    return (
        sentence if level is None else _REQUESTS[level].sub("주세요" if level == "반말" else "줘", sentence)
    )


def registers(text: str) -> Iterator[tuple[str, Register]]:
    """Each sentence of a text that has one, with it."""
    for match in _SENTENCE.finditer(text):
        found = register(match.group().strip())
        if found is not None:
            yield match.group().strip(), found
