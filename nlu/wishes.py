"""Messages that want two things: 카드 정지하고 주소도 바꿔 주세요. Where one may be parted, and what each part says by itself.

Most clauses that are joined are no two wishes but a wish and why or when (지갑을 잃어버렸는데 카드 정지해 주세요, 퇴근하고 전화
주세요). So a joint counts only where the first part wishes by itself, or the second says that it adds one: 도, 또, 그리고.
Whether both are wishes that the assistant knows is for the classifier to say (`nlu.pipeline`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST = 3
"""Joints of a message that are tried; more clauses are a story."""
SURE = 0.6
"""How likely the intent of each part must be."""
SHORTEST = 4
LONGEST = 300
"""Characters of a message that may be parted."""
"""Letters of a part at least."""

_AND = re.compile(
    r"(?:^|(?<=[\s,.!?~]))(?:아\s)?(?:그리고|그리구|또한|또|추가로|그 전에|그전에|그 다음에|다음으로)(?:요)?[,\s]+"
)
_ADDS = re.compile(r"[가-힣](?<![한정속용제])도(?=\s|[가-힣]{2,})|(?:^|\s)(?:또|추가로)\s")
"""Not 한도, 정도, 속도: words that end as the particle does."""
_WISHES = re.compile(
    r"(?:주세요|주세용|주십시오|주실래요|주시겠어요|주시면\s?\S+|주이소|줘|줘요|줄래요?|주라|싶어요?|싶습니다|싶네요|싶은데요?|"
    r"할게요?|할래요?|[을를]?게요|래요|려고요?|려구요|려고 합니다|려고 해요|합니다|부탁\S*(?: \S+)?|"
    r"(?:야|해야) (?:해요?|돼요?|됩니다|합니다)|까요|나요|돼요|될까요|되나요|신청이?요|요청)$"
)
_TRAILING = re.compile(r"[\s.!?~^ㅋㅎㅠㅜ…,]+$")
_SENTENCE_END = re.compile(r"(?:[.!?~]+|(?<=[요다죠까])[,]?)\s+|\n+")
_STRONG = re.compile(r"([가-힣]*(?:주시고|주고|드리고|싶고|시면서))(?:요|여)?,?\s+")
_PLAIN = re.compile(
    r"(?<![가-힣])([가-힣]*[가-힣](?:고|구|면서))(?:요)?,?\s+(?!싶|있|계시|나면|나니|말|다니|보니|왔|와서|갔|가려)(나서\s+)?"
)
_NO_JOINT = re.compile(r"(?:[다라냐자려][고구]|[았었했였겠됐렸갔왔났]고|그리고|그러고|이고|신고|광고)$")
_WISHING_BUT = re.compile(r"([가-힣]*(?:싶은데|려는데|려고 하는데|야 하는데|야 되는데|건데))(?:요|여)?,?\s+")
_LIST = re.compile(r"(?<=[가-힣])(?:이랑|랑|과|와|및)\s+")
_PLEASANTRY = re.compile(
    r"안녕|반갑|고마|고맙|감사|죄송|미안|수고|실례|저기|알겠|(?:네|예|넵|응|아니|아니요)(?=[\s,.!]|$)"
)
_PLEASANT = 12
"""Letters that a part which begins with a pleasantry may have and still be nothing else."""


def joints(text: str) -> Iterator[tuple[str, str]]:
    """(first part, second part), each said as a sentence of its own; the likeliest joints first, at most `MOST`."""
    if len(text) > LONGEST:
        return
    bare = _TRAILING.sub("", text.strip())
    tried: set[str] = set()
    for first, second in _candidates(bare):
        first, second = _TRAILING.sub("", first.strip()), _AND.sub("", second.strip(), count=1).strip()
        if first in tried or not (_is_part(first) and _is_part(second)):
            continue
        tried.add(first)
        yield first, second
        if len(tried) == MOST:
            return


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    for match in _AND.finditer(text):
        if match.start() > 0:
            yield _finished(text[: match.start()]), text[match.end() :]
    for match in _STRONG.finditer(text):
        yield _finished(text[: match.end(1)]), text[match.end() :]
    for match in _PLAIN.finditer(text):
        rest = text[match.end() :]
        if _NO_JOINT.search(match.group(1)) or not (_ADDS.search(rest) and _WISHES.search(rest)):
            continue
        yield _finished(text[: match.end(1)]), rest
    for match in _WISHING_BUT.finditer(text):
        rest = text[match.end() :]
        if _ADDS.search(rest) and _WISHES.search(rest):
            yield _finished(text[: match.end(1)]), rest
    for match in _SENTENCE_END.finditer(text):
        rest = text[match.end() :]
        if _ADDS.search(rest) and _WISHES.search(rest):
            yield text[: match.start()], rest
    for match in _LIST.finditer(text):
        rest = text[match.end() :]
        if _WISHES.search(rest):
            yield text[: match.start()], rest


_ENDINGS = (
    (re.compile(r"싶(?:고|은데)(?:요|여)?$"), "싶어요"),
    (re.compile(r"(?:주시고|드리고|주시면서)(?:요|여)?$"), "주세요"),
    (re.compile(r"주고(?:요)?$"), "줘"),
    (re.compile(r"(?:려는데|려고 하는데)(?:요)?$"), "려고요"),
    (re.compile(r"야 (?:하|되)는데(?:요)?$"), "야 해요"),
    (re.compile(r"건데(?:요)?$"), "거예요"),
    (re.compile(r"(?:[고구]|으?면서)(?:요)?$"), "고 싶어요"),
)


def _finished(part: str) -> str:
    """A clause as the sentence that it would be alone: its wish is said at the end of the other one."""
    bare = _TRAILING.sub("", part)
    for ending, whole in _ENDINGS:
        if ending.search(bare):
            return ending.sub(whole, bare)
    return bare


def _is_part(text: str) -> bool:
    letters = sum(letter.isalnum() for letter in text)
    return letters >= (_PLEASANT if _PLEASANTRY.match(text) else SHORTEST)
