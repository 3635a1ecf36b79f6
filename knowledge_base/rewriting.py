"""Questions that lean on what was asked before, made whole without a language model.

신용카드 연회비 얼마예요?   그럼 체크카드는요?   ->  체크카드 연회비 얼마예요?
카드 재발급 어떻게 해요?    얼마나 걸려요?       ->  카드 재발급 얼마나 걸려요?
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_base.retrieval.query import QUESTION_WORDS
from korean.morphology import Morphology, Token

LOOK_BACK = 3
"""Earlier questions that may lend their subject."""
SHORT = 2
"""Topics up to which a question without an answer is tried again with the earlier subject."""
_LEADING = re.compile(r"^\s*(?:아\s*)?(?:그럼|그러면|그렇다면|그런데|근데|그리고|혹시|만약)[\s,]+")
_POINTING = re.compile(
    r"(?:그거|그것|그건|그게|그걸|이거|이건|이게|거기|그곳|그\s(?:카드|상품|통장|적금|대출|서비스))(?:은|는|이|가|을|를|도)?\s*"
)
_CONTRAST = re.compile(r"(?:은|는|도)\s*(?:요|여|용)?\s*[?!.~]*\s*$")
_NOUNS = ("NNG", "NNP", "SL", "SN", "NR", "XSN", "XPN", "NNB")


def in_context(question: str, earlier: Sequence[str], morphology: Morphology) -> str:
    """The question with its subject taken from the questions before, oldest first; as it is if it needs none."""
    before = ""
    for asked in [*earlier[-LOOK_BACK:], question]:
        before = _completed(asked, before, morphology) if before else asked
    return before


def with_subject(question: str, earlier: Sequence[str], morphology: Morphology) -> str | None:
    """A short question with the subject of the last one before it; None where that adds nothing."""
    if not earlier or len(_topics(question, morphology)) > SHORT:
        return None
    before = in_context(earlier[-1], earlier[:-1], morphology)
    added = [topic for topic in _topics(before, morphology) if topic not in question]
    return f"{' '.join(added)} {question}" if added else None


def _completed(question: str, before: str, morphology: Morphology) -> str:
    leads = bool(_LEADING.match(question))
    rest = _LEADING.sub("", question)
    points = bool(_POINTING.search(rest))
    rest = _POINTING.sub("", rest).strip() or rest
    topics = _topics(rest, morphology)
    if topics and not points and _CONTRAST.search(rest):
        return _contrasted(topics, before, morphology)
    if not topics or points:
        lent = [topic for topic in _topics(before, morphology) if topic not in rest]
        return f"{' '.join(lent)} {rest}".strip()
    if leads and len(topics) == 1:
        lent = [topic for topic in _topics(before, morphology) if topic not in rest]
        return f"{' '.join(lent)} {rest}".strip()
    return question


def _contrasted(topics: list[str], before: str, morphology: Morphology) -> str:
    """The earlier question about another thing of the same kind, or about the same thing in another respect."""
    new = " ".join(topics)
    for old in _topics(before, morphology):
        if old != new and _same_kind(old, new):
            return before.replace(old, new)
    lent = [topic for topic in _topics(before, morphology) if topic not in new]
    return f"{' '.join(lent)} {new}".strip()


def _same_kind(old: str, new: str) -> bool:
    """Whether two names end alike: 신용카드 and 체크카드, 전세대출 and 신용대출."""
    return len(old) > 2 and len(new) > 2 and old[-2:] == new[-2:]


def _topics(text: str, morphology: Morphology) -> list[str]:
    """Runs of nouns as they are written, without those that every question has."""
    found: list[str] = []
    run: list[Token] = []
    for token in [*morphology.tokens(text), None]:
        noun = token is not None and token.tag.split("-")[0] in _NOUNS and token.form not in QUESTION_WORDS
        if token is not None and noun and (not run or token.start == run[-1].end):
            run.append(token)
            continue
        if run and any(part.tag != "NNB" for part in run):
            found.append(text[run[0].start : run[-1].end])
        run = [token] if token is not None and noun else []
    return found
