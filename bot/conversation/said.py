"""What a message says beside its intent: which of its values are meant, and whether there is more to it than a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.conversation.domain import SlotMapping
from nlu.types import Entity, Understanding

BARE_ANSWER = 8
"""Letters around a value in a message that still is nothing but an answer: 제 번호는 … 입니다."""

_TAKEN_BACK = re.compile(r"\s*(?:을|를|이|가|은|는|로|으로|에)?\s*(?:말고|아니고|아니라|대신)")
_CORRECTING = re.compile(
    r"^\s*(?:아니다|아니|아뇨|앗|아차|참|아|사실은|사실|죄송해요|죄송한데)(?=[\s,.]|$)|잘못\s?(?:말했|말씀드렸|적었|썼|불렀)\S*|"
    r"바꿀게요?|바꿔\s?주(?:세요|실래요)|바꿔\s?줘요?|고칠게요?|할게요?|해\s?주세요|해\s?줘요?|말고|아니고|아니라"
)
_ENDING = re.compile(r"(?:이에요|예요|에요|입니다|이요|요|으로요|로요|으로|로|걸로|거)$")
_LEAST = 2
"""Letters by which one of several choices is known."""


def fits(mapping: SlotMapping, entity: Entity) -> bool:
    """Whether the mapping takes its value from this entity."""
    return (
        mapping.entity == entity.entity
        and (mapping.role is None or mapping.role == entity.role)
        and (mapping.group is None or mapping.group == entity.group)
    )


def meant(text: str, entities: Sequence[Entity]) -> Sequence[Entity]:
    """Without those that the customer takes back, if another is named instead: 3만원 말고 5만원이요."""
    kept = [entity for entity in entities if not _TAKEN_BACK.match(text, entity.end)]
    return kept or entities


def taken_back(understanding: Understanding) -> list[Any]:
    """Values that the customer takes back: the three of 3만원 말고 5만원이요."""
    text = understanding.text
    return [entity.value for entity in understanding.entities if _TAKEN_BACK.match(text, entity.end)]


def letters_beside(understanding: Understanding) -> int:
    """Letters of the message that belong to no entity."""
    inside = {at for entity in understanding.entities for at in range(entity.start, entity.end)}
    return sum(letter.isalnum() for at, letter in enumerate(understanding.text) if at not in inside)


def letters_beside_correction(understanding: Understanding, label: str) -> int:
    """The same without words that only correct, and without the name of what is corrected: 아니 번호는 … 로 바꿀게요."""
    rest, at = "", 0
    for entity in sorted(understanding.entities, key=lambda entity: entity.start):
        rest += f"{understanding.text[at : entity.start]} "
        at = max(at, entity.end)
    rest = _CORRECTING.sub(" ", rest + understanding.text[at:])
    for name in _names(label):
        rest = rest.replace(name, " ")
    return sum(letter.isalnum() for letter in rest)


def names_it(text: str, label: str) -> bool:
    """Whether a slot is called by its label, or by a part of it that can stand alone: 금액 for 희망 대출 금액."""
    return any(name in text for name in _names(label))


def _names(label: str) -> list[str]:
    """The label, its words, and the end of a long word: 번호 of 전화번호."""
    words = [word for word in label.split() if len(word) >= _LEAST]
    ends = [word[-2:] for word in words if len(word) >= 2 * _LEAST]
    return [label, *words, *ends]


def part_of_one(text: str, values: Iterable[Any]) -> Any:
    """The one choice of which the whole message is a part: 신용 for 신용카드. None for none or several."""
    said = _ENDING.sub("", re.sub(r"[\s.,!~]", "", text))
    found = [value for value in values if said in str(value).replace(" ", "")]
    return found[0] if len(said) >= _LEAST and len(found) == 1 else None


_ABOUT_ME = r"(?:(?:제|내|저의|나의|저에\s?대한|저에\s?관한|나에\s?대한)\s*)"
_DELETE = r"(?:지워|삭제해?|잊어|없애|폐기해?)"
_PLEASE = r"\s*(?:버려)?\s*(?:주세요|주실래요|주시겠어요|줘요?|주십시오|주시면\s?(?:돼요|좋겠어요)|달라고요|요)?[\s.!~]*$"
_FORGET = re.compile(
    rf"^\W*(?:{_ABOUT_ME}(?:개인\s?)?(?:정보|기억|것|거)\S*\s*(?:다|모두|전부|좀|이제|그만)?\s*{_DELETE}{_PLEASE}|"
    rf"(?:기억한|기억해\s?둔|저장한|저장해\s?둔)\s*(?:개인\s?)?(?:정보|것|거|내용)\S*\s*(?:다|모두|전부|좀)?\s*{_DELETE}{_PLEASE}|"
    rf"{_ABOUT_ME}?(?:(?:개인\s?)?정보\S*|이제|더는|앞으로|아무것도)?\s*기억하지\s*(?:마|말아|말)\S*{_PLEASE}|"
    rf"(?:저|나)를?\s*잊어{_PLEASE})"
)
_KNOWN = re.compile(
    rf"(?:{_ABOUT_ME}|저를|나를|뭘|뭐를|무엇을|어떤\s?(?:걸|것을|정보를?))\s*(?:(?:정보\S*|뭘|뭐를?|무엇을|어떤\s?(?:걸|것을|정보를?))\s*)*"
    r"(?:기억하|기억해\s?두|저장하|저장해\s?두)\S*\s*(?:있|계)\S*"
)


_AGREES = re.compile(
    r"^\W*(?:네|예|응|좋아요|그럼|그럼요)?[\s,.]*기억해\s*(?:둬|두|주|줘|도)\S*\s*(?:돼요|좋아요|괜찮아요)?[\s.!~]*$"
)


def agrees_to_remember(text: str) -> bool:
    """Whether that is a yes to the question what may be remembered: 기억해 주세요, 기억해 둬도 돼요."""
    return _AGREES.search(text.strip()) is not None


def wants_forgetting(text: str) -> bool:
    """Whether the customer wants all that is remembered of them to be deleted: 제 정보 지워 주세요, 기억하지 마세요."""
    return _FORGET.search(text.strip()) is not None


def asks_what_is_known(text: str) -> bool:
    """Whether the customer asks what is remembered of them: 저에 대해 뭘 기억하고 있어요?"""
    return _KNOWN.search(text.strip()) is not None
