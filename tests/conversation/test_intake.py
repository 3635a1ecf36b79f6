"""Whatever customers send is taken as words, or refused with a word on what to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.errors import BadMessage
from bot.conversation.intake import clean_text
from bot.conversation.messages import MAX_TEXT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  안녕하세요 \n", "안녕하세요"),
        ("카\u200b드\ufeff 정지", "카드 정지"),
        ("\u202e뒤집힌 글", "뒤집힌 글"),
        ("\u1112\u1161\u11ab글", "한글"),
        ("a\x00b\x07c", "abc"),
        ("줄\n바꿈", "줄\n바꿈"),
        ("😀😀", "😀😀"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_cleaned(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_message"),
        (" \n\t ", "empty_message"),
        ("\u200b\u200d\ufeff", "empty_message"),
        ("\x00\x01", "empty_message"),
        ("가" * (MAX_TEXT + 1), "message_too_long"),
        ("x" * 100_000, "message_too_long"),
        ("\ud800", "unreadable_message"),
    ],
)
def test_refused(text: str, code: str) -> None:
    with pytest.raises(BadMessage) as caught:
        clean_text(text)
    assert caught.value.code == code and caught.value.ko.endswith("요.")


@given(st.text(max_size=60))
def test_any_text_is_cleaned_once_and_for_all_or_refused(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except BadMessage:
        return
    assert cleaned and clean_text(cleaned) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "مرحبا بالعالم",
        "???",
        "ㅋㅋㅋㅋ",
        "<script>alert(1)</script>",
        "/nonsense",
        "/{}",
        "가" * MAX_TEXT,
    ],
)
async def test_strange_messages_get_an_answer(talk: Any, text: str) -> None:
    assert await talk.texts(text)


@pytest.mark.parametrize(
    "payload",
    [
        "/SetSlots(nothing=1)",
        "/SetSlots()",
        "/SetSlots(phone",
        "/no_such_intent",
        '/card_loss{"phone": ',
        "",
        "/" * 3000,
    ],
)
async def test_forged_payloads_do_no_harm(talk: Any, payload: str) -> None:
    result = await talk.say("눌렀어요", payload=payload)
    assert result.owner == "bot"
    assert set((await talk.tracker()).slot_values()) <= {"phone"}
