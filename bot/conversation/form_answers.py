"""What a customer put into a form, held against the form, the slots and the flow that asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.conversation.assistant import Assistant
from bot.conversation.domain import coerce
from bot.conversation.errors import FormClosed, FormInvalid
from bot.conversation.flows.model import Flow
from bot.conversation.flows.stack import user_frame
from bot.conversation.ownership import bot_may_speak
from bot.conversation.responses import UnknownResponse, show
from bot.conversation.rich import Form, FormField
from bot.conversation.tracker import Tracker
from korean.privacy import holds_secret

REQUIRED = "꼭 필요한 항목이에요"
SECRET = "개인정보라서 받지 않아요. 지우고 적어 주세요"
AGAIN = "다시 확인해 주세요"
BAD_PHONE = "전화번호를 다시 확인해 주세요"
BAD_EMAIL = "이메일 주소를 다시 확인해 주세요"
BAD_NUMBER = "숫자로 적어 주세요"
BAD_CHOICE = "보기 중에서 골라 주세요"

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"(02|0\d{2})(\d{3,4})(\d{4})|(1[5-8]\d{2})(\d{4})")


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """Values by slot, as the slots take them; fields that were left empty are not in it."""

    values: dict[str, Any]
    summary: str
    """`label: value` of each field, as the customer's message."""

    @property
    def payload(self) -> str:
        """The same as a button that sets all of them would carry."""
        return f"/SetSlots{json.dumps(self.values, ensure_ascii=False)}"


def check_form(
    form: Form, given: Mapping[str, Any], assistant: Assistant, tracker: Tracker, now: datetime
) -> FormAnswer:
    """The values if all are right. Raises `FormClosed` when nobody asks for them any more, `FormInvalid` with a word
    for each field that isn't right; `now` in the customers' time zone decides which days can be chosen."""
    flow = _asking(form, assistant, tracker)
    if flow is None:
        raise FormClosed()
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in form.fields:
        try:
            value = _value(field, given.get(field.slot), now.date())
            if value is not None:
                values[field.slot] = coerce(field.slot, assistant.domain.slots[field.slot], value)
        except _Wrong as wrong:
            problems[field.slot] = str(wrong)
        except (ValueError, TypeError):
            problems[field.slot] = AGAIN
    problems.update(_rejected(values, assistant, flow, tracker, now))
    if problems or not set(given) <= {field.slot for field in form.fields}:
        raise FormInvalid(problems)
    shown = [f"{field.label}: {show(values[field.slot])}" for field in form.fields if field.slot in values]
    return FormAnswer(values, "\n".join(shown))


def _asking(form: Form, assistant: Assistant, tracker: Tracker) -> Flow | None:
    """The running flow, if it asks for something of the form."""
    frame = user_frame(tracker.stack)
    flow = assistant.flows.get(frame.flow_id) if frame else None
    if flow is None or not bot_may_speak(tracker.owner):
        return None
    return flow if {field.slot for field in form.fields} & set(flow.collected_slots()) else None


class _Wrong(ValueError):
    """What to tell the customer of a field."""


def _value(field: FormField, given: Any, today: date) -> str | None:
    if given is not None and not isinstance(given, str | int | float | bool):
        raise _Wrong(AGAIN)
    text = str(given if given is not None else "").strip()
    if not text:
        if field.required:
            raise _Wrong(REQUIRED)
        return None
    return _READERS[field.type](field, text, today)


def _text(field: FormField, text: str, today: date) -> str:
    if len(text) > field.max_length:
        raise _Wrong(f"{field.max_length}자까지 쓸 수 있어요")
    if holds_secret(text):
        raise _Wrong(SECRET)
    return text


def _phone(field: FormField, text: str, today: date) -> str:
    digits = re.sub(r"[\s().-]", "", text)
    digits = re.sub(r"^(\+?82)0?", "0", digits)
    match = _PHONE.fullmatch(digits)
    if match is None or not digits.isascii():
        raise _Wrong(BAD_PHONE)
    return "-".join(part for part in match.groups() if part)


def _email(field: FormField, text: str, today: date) -> str:
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise _Wrong(BAD_EMAIL)
    return text


def _number(field: FormField, text: str, today: date) -> str:
    plain = text.replace(",", "")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", plain, re.ASCII):
        raise _Wrong(BAD_NUMBER)
    return plain


def _date(field: FormField, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Wrong(BAD_CHOICE) from None
    in_time = today <= day < today + timedelta(days=field.days)
    if not in_time or day.isoweekday() not in field.weekdays:
        raise _Wrong(BAD_CHOICE)
    return day.isoformat()


def _time(field: FormField, text: str, today: date) -> str:
    if text not in field.times():
        raise _Wrong(BAD_CHOICE)
    return text


def _choice(field: FormField, text: str, today: date) -> str:
    if text not in field.choices:
        raise _Wrong(BAD_CHOICE)
    return text


_READERS = {
    "text": _text,
    "textarea": _text,
    "phone": _phone,
    "email": _email,
    "number": _number,
    "date": _date,
    "time": _time,
    "choice": _choice,
}


def _rejected(
    values: Mapping[str, Any], assistant: Assistant, flow: Flow, tracker: Tracker, now: datetime
) -> dict[str, str]:
    """What slots and steps refuse, in the words of their responses."""
    slots = {**tracker.slot_values(), **values}
    found: dict[str, str] = {}
    for name in values:
        checked, validator = assistant.checked(name, values[name], now)
        if validator is not None:
            words = {**slots, **checked.variables, "value": checked.value, "problem": checked.problem}
            found[name] = _words(assistant, validator.utter or validator.response, words)
        step = flow.collect_step(name)
        rules = [*assistant.slot_rules[name]]
        rules += [(rejection.condition, rejection.utter) for rejection in (step.rejections if step else ())]
        for condition, utter in rules:
            if name not in found and condition({"slots": slots, "context": {}}):
                found[name] = _words(assistant, utter, {**slots, "value": values[name]})
    return found


def _words(assistant: Assistant, utter: str, values: dict[str, Any]) -> str:
    try:
        return assistant.responses.say(utter, slots=values).text or AGAIN
    except UnknownResponse:
        return AGAIN
