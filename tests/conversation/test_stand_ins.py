"""Personal data in a conversation that becomes a test: replaced, the same by the same, so that it still runs."""

from __future__ import annotations

from typing import Any

from bot.conversation.e2e.stand_ins import StandIns, say_secrets
from bot.conversation.events import Event, load_event
from bot.conversation.secrecy import HIDDEN
from korean.privacy import detect


def user(seq: int, text: str, **rest: Any) -> Event:
    """A customer's message."""
    return load_event({"event": "user", "seq": seq, "text": text, "message_id": f"m{seq}", **rest})


def slot(seq: int, name: str, value: Any) -> Event:
    """A value that the customer gave."""
    return load_event({"event": "slot", "seq": seq, "name": name, "value": value, "source": "user"})


def texts(events: list[Event]) -> list[Any]:
    """Words and values."""
    return [event.value if event.event == "slot" else event.text for event in events]


def test_a_value_with_a_place_in_the_business_is_that_of_the_test_customer() -> None:
    entity = {"entity": "phone", "value": "010-7777-6543", "start": 0, "end": 13}
    said = [
        user(1, "공일공 칠칠칠칠 육오사삼이요", parse_data={"entities": [entity]}),
        slot(2, "phone", "010-7777-6543"),
        user(3, "아니 010-7777-6543 맞아요"),
    ]
    stand_ins = StandIns({"phone": "010-1234-5678"})
    assert texts(stand_ins.events(said)) == [
        "010-1234-5678이요",
        "010-1234-5678",
        "아니 010-1234-5678 맞아요",
    ]
    assert stand_ins.count == 1


def test_what_else_is_personal_has_its_shape_and_is_nobodys() -> None:
    said = [
        user(1, "저는 김서연이고 01077776543이에요"),
        slot(2, "phone", "010-7777-6543"),
        user(3, "계좌는 110-432-987654, 메일은 kim@ieum.example이에요"),
        user(4, "서울시 마포구 양화로 45로 보내 주세요"),
    ]
    events = StandIns({}).events(said)
    first, phone, account, address = texts(events)
    assert phone == "010-0000-0001" and phone in first and "김서연" not in first
    assert "000-000-000000" in account and "customer1@example.com" in account
    assert "양화로" not in address
    kinds = [[found.kind for found in detect(text)] for text in (first, account, address)]
    assert kinds == [
        [found.kind for found in detect(str(event.text))] for event in (said[0], said[2], said[3])
    ]


def test_a_pin_that_isnt_kept_is_said_as_the_test_customers() -> None:
    said = [user(1, HIDDEN), slot(2, "pin", HIDDEN), user(3, "네")]
    events, missing = say_secrets(said, {"pin": "2580"}, frozenset({"pin"}))
    assert texts(events) == ["2580", HIDDEN, "네"] and not missing
    _, missing = say_secrets(said, {}, frozenset({"pin"}))
    assert missing == {"pin"}
