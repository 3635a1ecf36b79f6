"""The lines that a model may answer with, one a command, and nothing else. The words are those of Rasa's command grammar.

start flow ID                  set slot NAME VALUE            cancel flow
disambiguate flows ID ID …     provide info                   offtopic reply
repeat message                 skip question                  hand over
restart conversation
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation.assistant import Assistant
from bot.conversation.commands import (
    AskKnowledge,
    CancelFlow,
    ChitChat,
    Clarify,
    Command,
    Handoff,
    Repeat,
    Restart,
    SetSlot,
    SkipQuestion,
    StartFlow,
)
from bot.conversation.domain import coerce
from bot.conversation.tracker import Tracker

MOST = 10
"""Commands of one answer; more are no answer."""
_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])?\s*")
_FENCE = re.compile(r"^\s*```\w*\s*$")
_ID = r"[A-Za-z_][\w-]*"
_START = re.compile(rf"start flow ({_ID})")
_SET = re.compile(rf"set slot ({_ID}) (.+)")
_UNCLEAR = re.compile(rf"disambiguate flows ({_ID}(?: {_ID})*)")
_EMPTY = {"null", "none", "undefined", '""', "''"}


class NotACommand(ValueError):
    """Raised for an answer that holds anything but commands. `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no command")
        self.line = line


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be named just now: flows that can be started, slots that can be filled in each of them."""

    flows: frozenset[str]
    slots: frozenset[str]
    """Of what is going on."""
    chitchat: str | None = None
    """Response that small talk gets; without one it is none of the assistant's business."""


def parse(
    answer: str, question: str, assistant: Assistant, tracker: Tracker, allowed: Allowed
) -> list[Command]:
    """The commands of an answer. What names no flow or slot that may be named now, or a value that the slot can't have,
    is left out, so the list may be empty. Raises `NotACommand` for an answer in any other form."""
    lines = [line for line in answer.strip().splitlines() if line.strip() and not _FENCE.match(line)]
    if not lines or len(lines) > MOST:
        raise NotACommand(min(len(lines), MOST) + 1)
    bare = [_bare(line) for line in lines]
    started = {match.group(1) for line in bare if (match := _START.fullmatch(line))} & allowed.flows
    slots = allowed.slots | {name for flow_id in started for name in slots_of(assistant, flow_id)}
    found: list[Command] = []
    for number, line in enumerate(bare, 1):
        command = _command(line, number, question, assistant, allowed, slots)
        if command is not None and command not in found:
            found.append(command)
    return found


def slots_of(assistant: Assistant, flow_id: str) -> list[str]:
    """Slots that a flow asks for, by itself or by what it calls, but those that only actions may set."""
    flow = assistant.flows[flow_id]
    names = flow.collected_slots()
    for step in flow.steps.values():
        if step.kind == "call" and step.name in assistant.flows:
            names += [name for name in assistant.flows[step.name].collected_slots() if name not in names]
    return [name for name in names if _may_be_said(assistant, name)]


def _may_be_said(assistant: Assistant, name: str) -> bool:
    kinds = {mapping.type for mapping in assistant.domain.slots[name].mappings}
    return not kinds or bool(kinds - {"controlled", "custom"})


def _bare(line: str) -> str:
    return re.sub(r"\s+", " ", _MARK.sub("", line).strip().strip("`").strip())


def _command(
    line: str, number: int, question: str, assistant: Assistant, allowed: Allowed, slots: frozenset[str]
) -> Command | None:
    if match := _START.fullmatch(line):
        return StartFlow(flow=match.group(1)) if match.group(1) in allowed.flows else None
    if match := _SET.fullmatch(line):
        return _set(match.group(1), match.group(2), assistant, slots)
    if match := _UNCLEAR.fullmatch(line):
        meant = [name for name in dict.fromkeys(match.group(1).split(" ")) if name in allowed.flows]
        return Clarify(flows=tuple(meant)) if len(meant) > 1 else StartFlow(flow=meant[0]) if meant else None
    if line == "provide info":
        return AskKnowledge(question=question)
    if line == "offtopic reply":
        if allowed.chitchat:
            return ChitChat(response=allowed.chitchat)
        return AskKnowledge(question=question, otherwise="out_of_scope")
    plain = _PLAIN.get(line)
    if plain is None:
        raise NotACommand(number)
    return plain


def _set(name: str, said: str, assistant: Assistant, slots: frozenset[str]) -> Command | None:
    value = said.strip().strip("\"'`").strip()
    if name not in slots or not value or said.strip().lower() in _EMPTY:
        return None
    try:
        return SetSlot(name=name, value=coerce(name, assistant.domain.slots[name], value))
    except (ValueError, TypeError):
        return None


_PLAIN: dict[str, Command] = {
    "cancel flow": CancelFlow(),
    "repeat message": Repeat(),
    "skip question": SkipQuestion(),
    "hand over": Handoff(reason_code="asked_for_person", reason_text="상담원 연결을 요청했어요"),
    "restart conversation": Restart(),
}
