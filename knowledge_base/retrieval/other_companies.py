"""Financial companies that a question names and the documents don't: what 국민은행 offers, another bank can't tell."""

from __future__ import annotations

import re

from knowledge_base.index import Index
from knowledge_base.lexical import bigrams

_NAMES = (
    "국민|신한|우리|하나|농협|기업|산업|수협|제일|씨티|카카오|토스|케이|부산|대구|광주|전북|경남|제주|삼성|현대|롯데|비씨|"
    "kb|nh|ibk|sc|im"
)
_COMPANY = re.compile(
    rf"(?<![가-힣a-z])(?:(?:{_NAMES})\s?(?:은행|카드|뱅크)|카뱅|케뱅|새마을금고|신협|저축은행)"
)
_AT_THE_OTHER_END = re.compile(
    r"\s?(?:계좌|통장|카드)?(?:으로|로|에서|에다|한테|에게|에|이랑|랑|하고|보다)(?![가-힣])"
)
"""Money goes there or comes from there: the question is about us."""


def names_another_company(index: Index, question: str) -> bool:
    """Whether the question is put to a company that no passage names."""
    text = question.lower()
    for found in _COMPANY.finditer(text):
        known = all(index.lexical.grams.frequency(pair) for pair in bigrams(found.group()))
        if not known and not _AT_THE_OTHER_END.match(text, found.end()):
            return True
    return False
