"""Responses: which wording, filled with values, particles right; nothing but values can be shown."""

from __future__ import annotations

import pytest

from bot.conversation.domain import Domain
from bot.conversation.responses import Responses, UnknownResponse, fill, show


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{card|을} 정지할까요?", "신용카드를 정지할까요?"),
        ("{name|이} 왔어요", "김서연이 왔어요"),
        ("{phone|으로} 전화드릴게요", "010-1234-5678로 전화드릴게요"),
        ("{amount}원", "1,200,000원"),
        ("{rate}%", "1.25%"),
        ("확인: {ok}", "확인: 네"),
        ("{tags}", "가, 나"),
        ("{unset}은 없어요", "은 없어요"),
        ("{unset|을} 없어요", " 없어요"),
        ("{{card}} {card}", "{card} 신용카드"),
        ("중괄호 없음", "중괄호 없음"),
        ("{card.upper()}", "{card.upper()}"),
        ("{card!r}", "{card!r}"),
        ("{0}", ""),
    ],
)
def test_fill(template: str, expected: str) -> None:
    values = {
        "card": "신용카드",
        "name": "김서연",
        "phone": "010-1234-5678",
        "amount": 1_200_000,
        "rate": 1.25,
        "ok": True,
        "tags": ["가", "나"],
    }
    assert fill(template, values) == expected


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert fill("{said}", {"said": "{secret} {{x}}", "secret": "hidden"}) == "{secret} {{x}}"


def test_show() -> None:
    assert [show(v) for v in (None, False, 3.0, -5, [1000, "a"])] == ["", "아니요", "3", "-5", "1,000, a"]


@pytest.fixture
def responses() -> Responses:
    return Responses(
        Domain.model_validate(
            {
                "responses": {
                    "utter_hi": [
                        {"text": "안녕하세요"},
                        {"text": "반가워요"},
                        {"text": "전화 주셨군요", "channel": "voice"},
                        {"text": "{name} 님", "condition": "slots.vip"},
                        {"text": "{name} 님 전화", "condition": "slots.vip", "channel": "voice"},
                    ],
                    "utter_only_vip": [
                        {"text": "반가워요", "condition": [{"type": "slot", "name": "vip", "value": True}]}
                    ],
                }
            }
        )
    )


@pytest.mark.parametrize(
    ("channel", "vip", "expected"),
    [
        ("", False, "안녕하세요"),
        ("voice", False, "전화 주셨군요"),
        ("", True, "김 님"),
        ("voice", True, "김 님 전화"),
    ],
)
def test_the_most_fitting_wording_is_said(
    responses: Responses, channel: str, vip: bool, expected: str
) -> None:
    said = responses.say("utter_hi", slots={"vip": vip, "name": "김"}, channel=channel)
    assert (said.text, said.response) == (expected, "utter_hi")


def test_equal_wordings_take_turns(responses: Responses) -> None:
    assert [responses.say("utter_hi", slots={}, turn=n).text for n in range(3)] == [
        "안녕하세요",
        "반가워요",
        "안녕하세요",
    ]


def test_unknown_name_or_no_fitting_wording_is_an_error_with_a_remedy(responses: Responses) -> None:
    assert responses.say("utter_only_vip", slots={"vip": True}).text == "반가워요"
    for name in ("utter_nothing", "utter_only_vip"):
        with pytest.raises(UnknownResponse) as caught:
            responses.say(name, slots={})
        assert name in caught.value.remedy
