"""Steps of rules and stories, read into what matters: what the customer wants, what the bot does then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rasa_import.names import name_of, plain

NO_LOOP = (None, "null", "None")


@dataclass(slots=True)
class Turn:
    """One message of the customer and the bot's actions after it."""

    intents: tuple[str, ...]
    """Any of these; empty for what happens without a message."""
    actions: list[str] = field(default_factory=list)
    starts: str | None = None
    """Form that is active after the turn."""
    ends: bool = False
    """Whether a form ended in the turn."""
    text: str = ""
    """Words of the customer, in test stories."""


class CannotRead(Exception):
    """Raised for steps that have no counterpart; the message says which, for the report."""


def turns_of(steps: Sequence[Any]) -> list[Turn]:
    """The steps of a rule or story as turns. Raises `CannotRead`."""
    turns = [Turn(())]
    for step in steps:
        if not isinstance(step, dict):
            raise CannotRead(f"알 수 없는 단계 {step!r}")
        _read(step, turns)
    return [turn for turn in turns if turn.intents or turn.text or turn.actions or turn.ends or turn.starts]


def _read(step: dict[str, Any], turns: list[Turn]) -> None:
    turn = turns[-1]
    if "intent" in step or "user" in step:
        intents = (plain(str(step["intent"])),) if step.get("intent") else ()
        turns.append(Turn(intents, text=str(step.get("user") or "").strip()))
    elif "or" in step:
        choices = [item for item in step["or"] or [] if isinstance(item, dict)]
        if not choices or any("intent" not in item for item in choices):
            raise CannotRead("의도가 아닌 or")
        turns.append(Turn(tuple(plain(str(item["intent"])) for item in choices)))
    elif "action" in step:
        turn.actions.append(plain(str(step["action"])))
    elif "active_loop" in step:
        if step["active_loop"] in NO_LOOP:
            turn.ends = True
        else:
            turn.starts = str(step["active_loop"])
    elif "slot_was_set" in step:
        for item in step["slot_was_set"] or []:
            if name_of(item) != "requested_slot":
                raise CannotRead(f"슬롯 {name_of(item)}에 따라 갈라지는 이야기")
    elif "checkpoint" in step:
        raise CannotRead("checkpoint로 이어지는 이야기")
    elif "bot" in step:
        raise CannotRead("응답 이름이 아닌 문장(bot)")
    else:
        raise CannotRead(f"알 수 없는 단계 {', '.join(map(str, step))}")


def condition_of(rule: dict[str, Any]) -> tuple[str | None, list[str]]:
    """(form that must be active, conditions over slots) of a rule. Raises `CannotRead`."""
    form, predicates = None, []
    for item in rule.get("condition") or []:
        if "active_loop" in item:
            form = None if item["active_loop"] in NO_LOOP else str(item["active_loop"])
        predicates += [_predicate(slot) for slot in item.get("slot_was_set") or []]
    return form, predicates


def _predicate(slot: Any) -> str:
    if isinstance(slot, str):
        return f"slots.{slot} is not null"
    name, value = next(iter(slot.items()))
    if value is None:
        return f"slots.{name} is null"
    if isinstance(value, bool):
        return f"slots.{name} is {str(value).lower()}"
    if isinstance(value, int | float):
        return f"slots.{name} = {value}"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'slots.{name} = "{text}"'
