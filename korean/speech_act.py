"""Whether a sentence asks something, by its ending and its question words."""

from __future__ import annotations

import re

_QUESTION_WORD = re.compile(
    r"얼마|언제|어떻게|어떡|어디(?!에\s*쓸)|어느|왜(?=\s|[가-힣])|무엇|무슨|뭐(?:예요|에요|야|죠|가|를|라)?(?=$|[\s?])|"
    r"뭔가요|뭔데|몇\s?(?:시|개|일|명|번|퍼센트|프로|년|살|주|달|군데)|누가|누구"
)
_ASKING_END = re.compile(
    r"(?:까요?|나요|ㄴ가요|은가요|는가요|인가요|던가요|가요|는지요?|을지요?|려나요|ㄹ지요|습니까|ㅂ니까|니까|"
    r"죠|지요|는데요\?|냐|니|나\?|래요\?|대요\?)$"
)
_REASON_END = re.compile(r"(?:라서요?|아서요?|어서요?|여서요?|해서요?|려고요?|거든요)$")
_FINAL_BIEUP = 17
"""Place of ㅂ among the final consonants of a Hangul syllable block."""
_TRAILING = re.compile(r"[\s.!~ㅋㅎㅠㅜ…^]+$")


def asks(text: str) -> bool:
    """True for a question: a question mark, an asking ending (-나요, -까요, -ㅂ니까), or a question word in the last clause.

    A reason (-아서요, -려고요, -니까요) is no question, whatever words it holds.
    """
    bare = _TRAILING.sub("", text.strip())
    if bare.endswith("?"):
        return True
    if not bare or _REASON_END.search(bare) or _because(bare):
        return False
    last = re.split(r"(?<=[.!?])\s+|\n", bare)[-1]
    return bool(_ASKING_END.search(last) or _QUESTION_WORD.search(last))


_YES = re.compile(
    r"(?:네네|네|넵|넹|예예|예|응|웅|어|ㅇㅇ|ㅇㅋ|그래요?|좋아요|맞아요)(?=[\s,.!~]|$)[\s,.!~]*"
)
_NO = re.compile(r"(?:아니요|아니오|아뇨|아니에요|아니|ㄴㄴ|싫어요)(?=[\s,.!~]|$)[\s,.!~]*")
_TURNS = re.compile(r"근데|그런데|하지만|잠깐|잠시|말고|아니|먼저|전에|대신|다른|상담|사람|직원")
_SHORT = 12
"""Letters that may follow the word: 네 빨리 받을게요. More is a wish or story of its own."""


def yes_or_no(text: str) -> bool | None:
    """What a short answer says that begins with a plain yes or no, whatever follows: 네 바꿔 주세요, 아니요 안 받았어요.

    None without such a word, for a question, and where the rest turns away from it (네 근데, 아니 그거 말고).
    """
    said = text.strip()
    for answer, word in ((True, _YES), (False, _NO)):
        if (match := word.match(said)) is not None:
            rest = said[match.end() :]
            letters = sum(letter.isalnum() for letter in rest)
            return (
                None
                if letters > _SHORT or _TURNS.search(rest) or (rest and asks(rest)) or said.endswith("?")
                else answer
            )
    return None


_TAKES_BACK = re.compile(
    r"^(?:아니|아뇨|앗|아차|참|아(?=[\s,])|사실|잘못|정정|죄송|다시)|말고|아니고|아니라|바꿀|바꿔|고칠|고쳐|수정|정정|틀렸|잘못\s?(?:말|적었|썼|불렀)"
)


def takes_back(text: str) -> bool:
    """Whether a sentence sounds like the correction of something said before: 아니 …, 사실은 …, … 말고, …로 바꿀게요."""
    return bool(_TAKES_BACK.search(text.strip()))


_SKIPS = re.compile(
    r"(?:(?:그건|이건|그거는?|이거는?|(?:그|이)\s?질문은|지금은|일단|그냥|음+|아|네)[\s,.]*)*"
    r"(?:(?:건너\s?뛸|건너\s?뛰|넘어갈|넘어가|넘길|패스|스킵|생략)\S*|"
    r"(?:나중에|다음에|이따가?)(?:요|\s?(?:할|말할|말씀드릴|알려\s?드릴|답할|적을|쓸|정할|생각해\s?볼)\S*)?|"
    r"(?:말하고|말씀드리고|답하고|알려\s?드리고)\s?싶지\s?않\S*|(?:말하기|답하기|말씀드리기)\s?(?:싫|곤란)\S*|"
    r"안\s?(?:말할|적을|쓸)\S*)"
    r"(?:\s?(?:주세요|줘요?|싶어요|돼요|되나요|될까요|부탁해요))?[\s.!~ㅠㅜ…^?]*"
)


def skips(text: str) -> bool:
    """Whether a short answer says nothing but that the question is to be passed over or put off: 건너뛸게요, 나중에요."""
    return _SKIPS.fullmatch(text.strip()) is not None


def _because(text: str) -> bool:
    """-니까 after a stem gives a reason (급하니까); after a final ㅂ it asks (입니까, 습니까)."""
    stem = text.removesuffix("요").removesuffix("니까")
    if len(stem) in (0, len(text.removesuffix("요"))):
        return False
    return (ord(stem[-1]) - 0xAC00) % 28 != _FINAL_BIEUP
