"""Responses of the domain: which wording, filled with slots, the particles right.

Placeholders: `{name}` is a slot or a variable, `{name|을}` the same with the particle that fits it. There is no
expression language on purpose: a response can show values and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.conversation.domain import Domain, ResponseCondition, Variation
from bot.conversation.flows.predicates import Predicate
from bot.conversation.messages import Reply, Wording
from bot.conversation.rich import Attachment, Form, filled
from formats import SangdamError
from korean.josa import attach

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(\w+)(?:\|([^{}|]+))?\}")


class UnknownResponse(SangdamError):
    """Raised for a response name that the domain doesn't have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "unknown_response",
            ko="잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요.",
            en=f"Response {name!r} is not in the domain.",
            remedy=f"Add {name} under responses in domain.yml.",
        )


class Responses:
    """The domain's responses, ready to be said. Among equal wordings it takes turns, so that tests can rely on it."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._responses = domain.responses
        self.secret_slots = frozenset(
            name for name, slot in domain.slots.items() if slot.metadata.get("secret")
        )
        """What customers say there is never stored."""
        self._predicates: dict[str, Predicate] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._responses

    def say(
        self,
        name: str,
        *,
        slots: Mapping[str, Any],
        channel: str = "",
        variables: Mapping[str, Any] | None = None,
        turn: int = 0,
    ) -> Reply:
        """The reply for a response name.

        `turn` chooses among equal wordings. Raises `UnknownResponse`; also where no wording's condition holds.
        """
        values = {**slots, **(variables or {})}
        candidates = self._eligible(name, values, channel)
        if not candidates:
            raise UnknownResponse(name)
        chosen = candidates[turn % len(candidates)]
        return self._reply(name, chosen, values)

    def _reply(self, name: str, chosen: Variation, values: Mapping[str, Any]) -> Reply:
        def put(template: str) -> str:
            return fill(template, values)

        attachment = chosen.attachment if isinstance(chosen.attachment, Attachment) else None
        return Reply(
            text=put(chosen.text.strip()),
            buttons=tuple(filled(button, put) for button in (*chosen.buttons, *chosen.quick_replies)),
            image=chosen.image,
            elements=tuple(filled(card, put) for card in chosen.cards()),
            attachment=attachment and filled(attachment, put),
            form=chosen.form and self._form(filled(chosen.form, put)),
            notice=chosen.notice,
            custom=chosen.custom,
            response=name,
            wording=self._wording(chosen, values),
        )

    def _wording(self, chosen: Variation, values: Mapping[str, Any]) -> Wording:
        names = {match.group(1) for match in _PLACEHOLDER.finditer(chosen.text) if match.group(1)}
        return Wording(
            rephrase=chosen.rephrase,
            prompt=str(chosen.metadata.get("rephrase_prompt") or ""),
            values=tuple(sorted({show(values.get(name)) for name in names} - {""})),
            secret=not names.isdisjoint(self.secret_slots),
        )

    def _form(self, form: Form) -> Form:
        """The form with what its slots know better: their names and values."""
        fields = []
        for field in form.fields:
            values = tuple(str(value) for value in self._domain.slots[field.slot].values)
            label = field.label or self._domain.label(field.slot)
            fields.append(field.model_copy(update={"label": label, "choices": field.choices or values}))
        return form.model_copy(update={"fields": tuple(fields)})

    def _eligible(self, name: str, values: Mapping[str, Any], channel: str) -> list[Variation]:
        """The best group: condition and channel, then channel, then condition, then the rest."""
        found: dict[int, list[Variation]] = {}
        for variation in self._responses.get(name, ()):
            if variation.channel and variation.channel != channel:
                continue
            if variation.condition is not None and not self._holds(variation.condition, values):
                continue
            rank = 2 * bool(variation.channel) + bool(variation.condition)
            found.setdefault(rank, []).append(variation)
        return found[max(found)] if found else []

    def _holds(self, condition: str | list[ResponseCondition], values: Mapping[str, Any]) -> bool:
        if isinstance(condition, list):
            return all(values.get(item.name) == item.value for item in condition)
        predicate = self._predicates.get(condition)
        if predicate is None:
            predicate = self._predicates[condition] = Predicate.parse(condition)
        return predicate({"slots": values, "context": values})


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Put values into `{name}` and `{name|을}`; an unset one leaves nothing behind, `{{` and `}}` are braces."""

    def one(match: re.Match[str]) -> str:
        if match.group(0) in ("{{", "}}"):
            return match.group(0)[0]
        shown = show(values.get(match.group(1)))
        particle = match.group(2)
        return attach(shown, particle) if particle and shown else shown

    return _PLACEHOLDER.sub(one, template) if "{" in template or "}" in template else template


def show(value: Any) -> str:
    """A value as a customer reads it: 1,200,000; 네 or 아니요; 11월 26일 (목); 오후 3:00; lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "네" if value else "아니요"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(show(item) for item in value)
    return _moment(str(value))


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _moment(text: str) -> str:
    """A day or a time of day as people say it; other text stays."""
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return f"{day.month}월 {day.day}일 ({'월화수목금토일'[day.weekday()]})"
        if clock := _CLOCK.fullmatch(text):
            hour = int(clock.group(1))
            return f"{'오전' if hour < 12 else '오후'} {hour % 12 or 12}:{clock.group(2)}"
    except ValueError:
        pass
    return text
