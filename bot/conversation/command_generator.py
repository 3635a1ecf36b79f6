"""From what was understood to what is to be done: the trained command generator, without any language model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.assistant import Assistant
from bot.conversation.commands import (
    AskKnowledge,
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    ForgetFacts,
    Handoff,
    LeaveQueue,
    Repeat,
    Restart,
    SetSlot,
    SkipQuestion,
    StartFlow,
    TellFacts,
)
from bot.conversation.domain import SlotMapping, SlotSpec
from bot.conversation.flows.model import Flow
from bot.conversation.flows.stack import asking_pattern, awaited_slot, user_frame
from bot.conversation.said import (
    BARE_ANSWER,
    agrees_to_remember,
    asks_what_is_known,
    fits,
    letters_beside,
    letters_beside_correction,
    meant,
    names_it,
    part_of_one,
    taken_back,
    wants_forgetting,
)
from bot.conversation.tracker import Tracker
from korean.speech_act import asks, skips, takes_back, yes_or_no
from nlu.types import Entity, Intent, Understanding

OFFERS = frozenset(
    {
        "utter_offer_human",
        "utter_action_failed",
        "utter_no_answer",
        "utter_cannot_handle_help",
        "utter_complaint",
        "utter_file_received",
        "utter_correction_too_late",
    }
)
"""Responses that offer a person: a bare "네" after one of them accepts the offer."""

WAITING_CHOICES = {"leave_queue": "bot", "leave_message": "message", "stop_waiting": "stop"}
"""Payloads of the buttons that a waiting customer has."""

_INTENT_PAYLOAD = re.compile(r"^/(\w+)(?:@[\d.]+)?\s*(\{.*\})?$", re.S)
_SLOTS_PAYLOAD = re.compile(r"^/SetSlots\((.*)\)$", re.S)


class IntentRoles(BaseModel):
    """Which intents of the domain mean what to the engine, and how sure one must be. Set under `policies` in config.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    request_human: str = "request_human"
    cancel: str = "cancel"
    affirm: str = "affirm"
    deny: str = "deny"
    repeat: str = "repeat"
    skip: str = "skip"
    restart: str = "restart"
    knowledge: tuple[str, ...] = ("bank_question",)
    nlu_threshold: float = Field(default=0.4, ge=0, le=1)
    """Below it an intent counts as not understood."""
    ambiguity_threshold: float = Field(default=0.1, ge=0, le=1)
    """Two flows closer than this are asked about."""


class CommandGenerator:
    """Rules over intent, entities and the open question. Pure: same tracker and understanding, same commands."""

    def __init__(self, assistant: Assistant, roles: IntentRoles) -> None:
        self.assistant = assistant
        self.roles = roles

    def from_payload(self, payload: str) -> list[Command] | None:
        """Commands of a pressed button; None if the payload is plain text to be understood like a typed message."""
        if match := _SLOTS_PAYLOAD.match(payload.strip()):
            pairs = [item.split("=", 1) for item in match.group(1).split(",") if "=" in item]
            known = self.assistant.domain.slots
            return [
                SetSlot(name=name.strip(), value=_literal(value.strip()), source="button")
                for name, value in pairs[:10]
                if name.strip() in known
            ]
        if match := _INTENT_PAYLOAD.match(payload.strip()):
            return self._from_intent(match.group(1), match.group(2))
        return None

    def _from_intent(self, name: str, entities: str | None) -> list[Command]:
        found: list[Command] = []
        if entities:
            try:
                values = json.loads(entities)
            except json.JSONDecodeError:
                values = {}
            if isinstance(values, dict):
                slots = self.assistant.domain.slots
                found += [SetSlot(name=k, value=v, source="button") for k, v in values.items() if k in slots]
        if name == "SetSlots":
            # As JSON, for values that may hold commas and brackets: a form.
            return found
        if name == "forget_facts":
            return [ForgetFacts()]
        if name == "open_passage":
            return [_chosen_passage(entities)]
        if name in WAITING_CHOICES:
            return [LeaveQueue.model_validate({"choice": WAITING_CHOICES[name]})]
        if name.startswith("leave_queue_for_"):
            # A waiting customer would rather have the bot do something, such as book a call-back.
            return [LeaveQueue(), *self._from_intent(name.removeprefix("leave_queue_for_"), None)]
        if name in self.assistant.business_flows:
            return [StartFlow(flow=name), *found]
        special = self._special(Intent(name=name, confidence=1.0), "")
        flow = self.assistant.flow_of_intent(name, 1.0)
        if flow is not None:
            return [StartFlow(flow=flow.id), *found]
        return [*([special] if special else []), *found] or [CannotHandle()]

    def generate(self, tracker: Tracker, understanding: Understanding) -> list[Command]:
        """What the customer asks for with this message; never empty."""
        understanding = self._plain_yes_or_no(tracker, understanding)
        intent = understanding.intent
        about_memory = self._about_memory(understanding.text)
        if about_memory:
            return [about_memory]
        if intent is None:
            return [CannotHandle(reason="empty")]
        sure = intent.confidence >= self.roles.nlu_threshold and not understanding.out_of_scope.decision
        if sure and intent.name in (self.roles.request_human, self.roles.cancel, self.roles.restart):
            wanted = self._control(tracker, intent, understanding.text)
            if wanted:
                return wanted
        if self._skips(tracker, understanding):
            return [SkipQuestion()]
        both = self._both(tracker, understanding)
        if both:
            return both
        flow = self.assistant.flow_of_intent(intent.name, intent.confidence) if sure else None
        if flow is not None and (
            self._runs(tracker, flow)
            or self._answers_question(tracker, understanding)
            or self._corrects_value(tracker, understanding)
        ):
            flow = None
        slots = self._slots(tracker, understanding, flow, sure)
        if flow is not None:
            close = self._close_call(tracker, understanding, flow)
            return [close] if close else [StartFlow(flow=flow.id), *slots]
        if slots:
            return slots
        return [self._otherwise(tracker, understanding, sure)]

    def _plain_yes_or_no(self, tracker: Tracker, understanding: Understanding) -> Understanding:
        """To a yes-or-no question the first word is the answer, whatever the words after it resemble: 네 바꿔 주세요."""
        awaited = awaited_slot(tracker.stack)
        answer = yes_or_no(understanding.text)
        if answer is None and awaited == "remember_consent" and agrees_to_remember(understanding.text):
            answer = True
        said = set(tracker.state.previous_responses)
        asked = (
            self.assistant.domain.slots[awaited].type == "bool" if awaited else "utter_anything_else" in said
        )
        if answer is None or not (asked or said & OFFERS):
            return understanding
        name = self.roles.affirm if answer else self.roles.deny
        plain = understanding.out_of_scope.model_copy(update={"decision": False})
        return understanding.model_copy(
            update={"intent": Intent(name=name, confidence=1.0), "out_of_scope": plain}
        )

    def _both(self, tracker: Tracker, understanding: Understanding) -> list[Command]:
        """Two wishes in one message: what was said first comes first, and a question before a flow that asks in return.

        None while a question is open, and where one of them is neither a flow nor a question to the documents.
        """
        if awaited_slot(tracker.stack) is not None:
            return []
        asked: list[Command] = []
        begun: list[Command] = []
        for wish in reversed(understanding.wishes):
            flow = self.assistant.flow_of_intent(wish.intent.name, wish.intent.confidence)
            if flow is not None and not self._runs(tracker, flow):
                known = {command.name for command in begun if isinstance(command, SetSlot)}
                values = self._slots(tracker, understanding, flow, True)
                begun += [value for value in values if isinstance(value, SetSlot) and value.name not in known]
                begun.append(StartFlow(flow=flow.id))
            elif flow is None and wish.intent.name in self.roles.knowledge:
                asked.append(AskKnowledge(question=wish.text))
            else:
                return []
        return [*begun, *asked]

    # -- parts --------------------------------------------------------------------------------------------------

    def _control(self, tracker: Tracker, intent: Intent, text: str) -> list[Command]:
        if intent.name == self.roles.request_human:
            return [Handoff(reason_code="asked_for_person", reason_text="상담원 연결을 요청했어요")]
        if intent.name == self.roles.restart:
            return [Restart()]
        return [CancelFlow()] if user_frame(tracker.stack) else []

    def _about_memory(self, text: str) -> Command | None:
        """A word on what is remembered, where anything is ever remembered."""
        if not self.assistant.remembers:
            return None
        return ForgetFacts() if wants_forgetting(text) else TellFacts() if asks_what_is_known(text) else None

    def _skips(self, tracker: Tracker, understanding: Understanding) -> bool:
        """Whether the open question is to be passed over. Who puts off what could be done now says no to it: 나중에 할게요."""
        awaited = awaited_slot(tracker.stack)
        if awaited is None or understanding.entities or not skips(understanding.text):
            return False
        return self.assistant.domain.slots[awaited].type != "bool"

    def _runs(self, tracker: Tracker, flow: Flow) -> bool:
        frame = user_frame(tracker.stack)
        return frame is not None and frame.flow_id == flow.id

    def _answers_question(self, tracker: Tracker, understanding: Understanding) -> bool:
        """Whether the message is the answer to the open question and no wish of its own, whatever intent it looks like.

        A bare number resembles the utterances that held one, and a free text may be about anything.
        """
        awaited = awaited_slot(tracker.stack)
        if awaited is None:
            return False
        if self._is_free_text(awaited):
            return True
        spec = self.assistant.domain.slots[awaited]
        if spec.type == "categorical" and part_of_one(understanding.text, spec.values) is not None:
            return True
        given = any(
            fits(mapping, entity)
            for mapping in spec.mappings
            if mapping.type == "from_entity"
            for entity in understanding.entities
        )
        return given and letters_beside(understanding) <= BARE_ANSWER

    def _corrects_value(self, tracker: Tracker, understanding: Understanding) -> bool:
        """Whether the message gives another value for what was answered before, and says little else.

        A telephone number resembles the wish to be called, whoever only says that the one before was wrong.
        """
        if not takes_back(understanding.text):
            return False
        for name in self._fillable(tracker, None):
            if tracker.slot(name) is None:
                continue
            given = any(
                mapping.type == "from_entity" and fits(mapping, entity)
                for mapping in self.assistant.domain.slots[name].mappings
                for entity in understanding.entities
            )
            label = self.assistant.domain.label(name)
            if given and letters_beside_correction(understanding, label) <= BARE_ANSWER:
                return True
        return False

    def _close_call(self, tracker: Tracker, understanding: Understanding, flow: Flow) -> Clarify | None:
        """Two flows about equally likely: ask, but only while nothing else is going on."""
        if user_frame(tracker.stack) or len(understanding.intent_ranking) < 2:
            return None
        first, second = understanding.intent_ranking[:2]
        other = self.assistant.flow_of_intent(second.name, second.confidence)
        if (
            other is None
            or other.id == flow.id
            or first.confidence - second.confidence > self.roles.ambiguity_threshold
        ):
            return None
        return Clarify(flows=(flow.id, other.id))

    def _otherwise(self, tracker: Tracker, understanding: Understanding, sure: bool) -> Command:
        intent = understanding.intent
        asked = awaited_slot(tracker.stack)
        if intent is not None and sure:
            offer = self._answer_to_offer(tracker, intent)
            yes_or_no = intent.name in (self.roles.affirm, self.roles.deny)
            # To a question for something else a bare yes or no is no answer; without any question it is small talk.
            special = offer or (None if yes_or_no and asked else self._special(intent, understanding.text))
            if special:
                return special
        if asked:
            return CannotHandle(
                reason="out_of_scope" if understanding.out_of_scope.decision else "not_understood"
            )
        otherwise = "out_of_scope" if understanding.out_of_scope.decision else "no_answer"
        return AskKnowledge.model_validate({"question": understanding.text, "otherwise": otherwise})

    def _answer_to_offer(self, tracker: Tracker, intent: Intent) -> Command | None:
        said = set(tracker.state.previous_responses)
        if intent.name == self.roles.affirm and said & OFFERS:
            return Handoff(reason_code="asked_for_person", reason_text="상담원 연결 제안을 받아들였어요")
        if (
            intent.name == self.roles.deny
            and "utter_anything_else" in said
            and "utter_goodbye" in self.assistant.responses
        ):
            return ChitChat(response="utter_goodbye")
        return None

    def _special(self, intent: Intent, text: str) -> Command | None:
        """What an intent means that belongs to no flow."""
        if intent.name == self.roles.request_human:
            return Handoff(reason_code="asked_for_person", reason_text="상담원 연결을 요청했어요")
        if intent.name == self.roles.repeat:
            return Repeat()
        if intent.name == self.roles.skip:
            return SkipQuestion()
        if intent.name == self.roles.cancel:
            return CancelFlow()
        if intent.name == self.roles.restart:
            return Restart()
        if intent.name in self.roles.knowledge:
            return AskKnowledge(question=text)
        response = f"utter_{intent.name}"
        return ChitChat(response=response) if response in self.assistant.responses else None

    # -- slots --------------------------------------------------------------------------------------------------

    def _slots(
        self, tracker: Tracker, understanding: Understanding, started: Flow | None, sure: bool
    ) -> list[Command]:
        """Slots that the message fills: the one that is asked for first, then others of the flow."""
        awaited = None if started else awaited_slot(tracker.stack)
        names = self._fillable(tracker, started)
        names.sort(key=lambda name: (name != awaited, *self._place(tracker, understanding, name)))
        found: list[SetSlot] = []
        used: set[tuple[int, int]] = set()
        for name in names:
            hit = self._value(name, awaited, tracker, understanding, used, sure)
            if hit is not None:
                value, entity = hit
                found.append(SetSlot(name=name, value=value))
                if entity is not None:
                    used.add((entity.start, entity.end))
        return list(self._settle(tracker, awaited, found))

    def _place(
        self, tracker: Tracker, understanding: Understanding, name: str
    ) -> tuple[bool, bool, bool, int]:
        """Which of several slots a value is for, the smallest first.

        A correction is for a filled one: the one that holds what is taken back, is called by its name, or was filled last.
        Anything else is for one that is still empty.
        """
        held = tracker.state.slots.get(name)
        filled = held is not None and held.value is not None
        if held is None or not filled:
            return (takes_back(understanding.text), False, False, 0)
        back = takes_back(understanding.text)
        named = names_it(understanding.text, self.assistant.domain.label(name))
        return (not back, held.value not in taken_back(understanding), not named, -(held.said_at or 0))

    def _fillable(self, tracker: Tracker, started: Flow | None) -> list[str]:
        if started is not None:
            return self._with_called(started)
        frame = user_frame(tracker.stack)
        flow = self.assistant.flows.get(frame.flow_id) if frame else None
        pattern = asking_pattern(tracker.stack)
        asked = [pattern.awaiting] if pattern is not None and pattern.awaiting else []
        if flow is None:
            return asked
        names = asked + [name for name in self._with_called(flow) if name not in asked]
        for below in tracker.stack:
            parent = self.assistant.flows.get(below.flow_id)
            if parent and frame and frame.kind == "call" and below.kind != "pattern":
                names += [name for name in parent.collected_slots() if name not in names]
        return names

    def _with_called(self, flow: Flow) -> list[str]:
        names = flow.collected_slots()
        for step in flow.steps.values():
            if step.kind == "call" and step.name in self.assistant.flows:
                names += [n for n in self.assistant.flows[step.name].collected_slots() if n not in names]
        return names

    def _value(
        self,
        name: str,
        awaited: str | None,
        tracker: Tracker,
        understanding: Understanding,
        used: set[tuple[int, int]],
        sure: bool,
    ) -> tuple[Any, Entity | None] | None:
        spec = self.assistant.domain.slots[name]
        if name == awaited and all(mapping.type == "from_llm" for mapping in spec.mappings):
            return self._unmapped(spec, understanding, used, sure)
        for mapping in spec.mappings:
            if not self._applies(mapping, name, awaited, tracker, understanding, sure):
                continue
            if mapping.type == "from_entity":
                fitting = [entity for entity in understanding.entities if fits(mapping, entity)]
                for entity in meant(understanding.text, fitting):
                    if (entity.start, entity.end) not in used:
                        return entity.value, entity
            elif name == awaited and mapping.type == "from_intent" and understanding.intent and sure:
                if understanding.intent.name in mapping.intents():
                    return mapping.value, None
            elif (
                name == awaited
                and mapping.type == "from_text"
                and self._plain_answer(spec, understanding, sure)
            ):
                return understanding.text.strip(), None
        if name == awaited and spec.type == "categorical":
            part = part_of_one(understanding.text, spec.values)
            return None if part is None else (part, None)
        return None

    def _unmapped(
        self, spec: SlotSpec, understanding: Understanding, used: set[tuple[int, int]], sure: bool
    ) -> tuple[Any, Entity | None] | None:
        """The answer to a question whose slot doesn't say where its value comes from: by the slot's type."""
        intent = understanding.intent.name if understanding.intent and sure else ""
        if spec.type == "bool":
            yes_or_no = {self.roles.affirm: True, self.roles.deny: False}
            return (yes_or_no[intent], None) if intent in yes_or_no else None
        if spec.type == "categorical":
            said = understanding.text.replace(" ", "").casefold()
            fits = [value for value in spec.values if str(value).replace(" ", "").casefold() in said]
            return (fits[0], None) if len(fits) == 1 else None
        if spec.type == "float":
            for entity in understanding.entities:
                number = isinstance(entity.value, int | float) and not isinstance(entity.value, bool)
                if number and (entity.start, entity.end) not in used:
                    return entity.value, entity
            return None
        plain = spec.type == "text" and self._plain_answer(spec, understanding, sure)
        return (understanding.text.strip(), None) if plain else None

    def _applies(
        self,
        mapping: SlotMapping,
        name: str,
        awaited: str | None,
        tracker: Tracker,
        understanding: Understanding,
        sure: bool,
    ) -> bool:
        intent = understanding.intent.name if understanding.intent and sure else None
        if intent in mapping.forbidden_intents():
            return False
        if mapping.type == "from_entity" and mapping.intents() and intent not in mapping.intents():
            return False
        frame = user_frame(tracker.stack)
        for condition in mapping.conditions:
            if condition.active_flow and not (frame and frame.flow_id == condition.active_flow):
                return False
            if condition.requested_slot and condition.requested_slot != awaited:
                return False
        return True

    def _plain_answer(self, spec: SlotSpec, understanding: Understanding, sure: bool) -> bool:
        """Whether free text is the answer to the open question, and not a question or wish of its own."""
        intent = understanding.intent
        if not sure or intent is None or intent.confidence < 0.8:
            return True
        if intent.name in (self.roles.repeat, self.roles.skip):
            return False
        # What somebody needs the money for sounds like the questions about it; only a question is one.
        return intent.name not in self.roles.knowledge or not asks(understanding.text)

    def _settle(self, tracker: Tracker, awaited: str | None, found: list[SetSlot]) -> Iterable[Command]:
        """A correction in a sentence that starts with "아니" is no answer "no" to the open question, and no free text."""
        corrects = any(
            command.name != awaited and tracker.slot(command.name) not in (None, command.value)
            for command in found
        )
        settled = list(self._settled(tracker, awaited, found, corrects))
        # Who only says again what is known has said something: the open question is asked once more.
        return settled or found[:1]

    def _settled(
        self, tracker: Tracker, awaited: str | None, found: list[SetSlot], corrects: bool
    ) -> Iterator[Command]:
        for command in found:
            same = tracker.slot(command.name) == command.value
            answers = isinstance(command.value, bool) or (
                self._is_free_text(command.name) and takes_back(str(command.value))
            )
            if (corrects and answers) if command.name == awaited else same:
                continue
            yield command

    def _is_free_text(self, slot: str) -> bool:
        mappings = self.assistant.domain.slots[slot].mappings
        return bool(mappings) and all(mapping.type == "from_text" for mapping in mappings)


def _chosen_passage(values: str | None) -> Command:
    """The button under a near miss: the passage that it stands for."""
    try:
        chosen = json.loads(values or "{}")
        return AskKnowledge(question=str(chosen["question"])[:500], passage=str(chosen["passage"])[:100])
    except (ValueError, KeyError, TypeError):
        return CannotHandle()


def _literal(text: str) -> Any:
    """A value of /SetSlots: true, false, null, a number or text."""
    words: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None}
    if text.lower() in words:
        return words[text.lower()]
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text.strip("'\"")
