"""Payment card numbers, whole (with the check digit of ISO/IEC 7812) or by their last four digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.identifiers.found import Identifier

_GAP = r"\s?[-–.·/]?\s?"
_SIXTEEN = re.compile(rf"(?<![\d-])(\d{{4}}){_GAP}(\d{{4}}){_GAP}(\d{{4}}){_GAP}(\d{{4}})(?![\d-])")
_FIFTEEN = re.compile(rf"(?<![\d-])(3[47]\d\d){_GAP}(\d{{6}}){_GAP}(\d{{5}})(?![\d-])")
_NAMED = (
    r"(?:(?:끝|뒤|뒷|마지막)\s?(?:에\s?)?(?:네\s?|4\s?)?(?:자리|번호|숫자)|끝번호|카드\s?끝|카드\s?뒤)"
    r"(?:\s?(?:네\s?|4\s?)자리)?(?:가|는|은|이|숫자는|번호는)?\s*:?\s*"
)
_LAST = re.compile(
    rf"{_NAMED}(\d{{4}})(?!\d)|(?<![\d-])(\d{{4}})(?:으?로\s?끝나|\s?번?(?:으로\s?끝나는)?\s?카드)"
)


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def cards(text: str) -> Iterator[Identifier]:
    """Whole numbers whose check digit is right, in their usual groups."""
    for pattern in (_SIXTEEN, _FIFTEEN):
        for match in pattern.finditer(text):
            if luhn("".join(match.groups())):
                yield Identifier(
                    match.start(), match.end(), "-".join(match.groups()), {"validity": "checked"}
                )


def last_digits(text: str) -> Iterator[Identifier]:
    """The last four digits, where they are named as such."""
    for match in _LAST.finditer(text):
        group = 1 if match.group(1) else 2
        yield Identifier(match.start(group), match.end(group), match.group(group))
