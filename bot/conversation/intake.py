"""The first look at a message: what can't be taken is refused with a word on what to do, the rest is cleaned."""

from __future__ import annotations

import re
import unicodedata

from bot.conversation.errors import BadMessage
from bot.conversation.messages import MAX_TEXT

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Zero-width and direction marks: they carry no words, and hide or reorder those around them.
_INVISIBLE = re.compile("[​-‏‪-‮⁠-⁤⁦-⁩﻿]")


def clean_text(text: str) -> str:
    """The message as it is kept: NFC, without control and invisible characters.

    Joiners inside emoji go too; that costs a picture its shape, never a word. Raises `BadMessage` for a message that
    is empty then (`empty_message`), longer than `MAX_TEXT` (`message_too_long`) or holds lone surrogates
    (`unreadable_message`).
    """
    if len(text) > MAX_TEXT:
        raise BadMessage(
            "message_too_long",
            f"메시지는 {MAX_TEXT:,}자까지 보낼 수 있어요. 나누어 보내 주세요.",
            f"over {MAX_TEXT} characters",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadMessage(
            "unreadable_message", "읽을 수 없는 글자가 있어요. 다시 보내 주세요.", "not Unicode text"
        ) from None
    cleaned = _CONTROL.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()
    if not cleaned:
        raise BadMessage("empty_message", "내용이 없어요. 메시지를 입력해 주세요.", "the message is empty")
    return cleaned
