"""Keys that make one answer, and what silence asks for."""

from __future__ import annotations

from bot.voice.keypad import Keypad
from bot.voice.options import CallOptions
from bot.voice.patience import Patience


def test_keys_end_with_a_hash_or_a_pause_and_a_star_begins_again() -> None:
    keypad = Keypad()
    assert keypad.due(100) is None
    for key in "12":
        keypad.press(key, 0)
    assert keypad.due(2) is None
    assert keypad.due(2.5) == "12"
    assert keypad.due(9) is None
    for key in "9*34#":
        keypad.press(key, 10)
    assert keypad.due(10) == "34"
    keypad.press("#", 11)
    assert keypad.due(20) is None
    for key in "1" * 100:
        keypad.press(key, 30)
    assert len(keypad.due(40) or "") == 32


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_silence_is_reminded_of_then_left() -> None:
    clock = Clock()
    patience = Patience(CallOptions(reminder_after=8, reminders=2), clock)
    found = []
    for second in range(40):
        clock.now = float(second)
        if (step := patience.due(waiting=False, person=False)) is not None:
            found.append((second, step))
    assert found[:3] == [(8, "reminder"), (16, "reminder"), (24, "leave")]


def test_an_answer_counts_from_none_again_and_a_person_is_never_hurried() -> None:
    clock = Clock()
    patience = Patience(CallOptions(reminder_after=8, reminders=1), clock)
    clock.now = 8
    assert patience.due(waiting=False, person=False) == "reminder"
    patience.answered()
    clock.now = 16
    assert patience.due(waiting=False, person=False) == "reminder"
    clock.now = 60
    assert patience.due(waiting=False, person=True) is None
    assert patience.due(waiting=True, person=False) == "waiting"
    assert patience.due(waiting=True, person=False) is None
    clock.now = 3_600
    assert patience.due(waiting=False, person=True) == "too_long"
