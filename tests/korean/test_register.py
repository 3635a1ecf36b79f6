"""Requests at either level of politeness."""

from __future__ import annotations

import pytest

from korean.register import Register, other_request, request_register


@pytest.mark.parametrize(
    ("said", "level", "other"),
    [
        ("카드 정지해 주세요.", "해요체", "카드 정지해 줘."),
        ("이체 한도 올려줘요", "해요체", "이체 한도 올려줘"),
        ("재발급해 주십시오!", "해요체", "재발급해 줘!"),
        ("사람 불러줘 ㅠㅠ", "반말", "사람 불러주세요 ㅠㅠ"),
        ("카드 분실", None, "카드 분실"),
        ("줘야 하나요", None, "줘야 하나요"),
    ],
)
def test_request(said: str, level: Register | None, other: str) -> None:
    assert (request_register(said), other_request(said)) == (level, other)
