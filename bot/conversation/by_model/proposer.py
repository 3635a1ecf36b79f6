"""Asks a language model for commands, where the settings say so, and never waits for it longer than they say.

Whatever goes wrong, the commands of the trained understanding stand: a server that is gone, slow, or answers anything but
commands costs a customer the time that `timeout` allows, and after three times in a row nothing for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.assistant import Assistant
from bot.conversation.by_model.asking import AskedModel
from bot.conversation.by_model.grammar import Allowed, NotACommand, parse, slots_of
from bot.conversation.by_model.prompt import Prompt
from bot.conversation.by_model.relevance import FlowSelection
from bot.conversation.by_model.settings import ModelCommandSettings
from bot.conversation.command_generator import IntentRoles
from bot.conversation.commands import (
    AskKnowledge,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    SetSlot,
    StartFlow,
)
from bot.conversation.flows.stack import asking_pattern, awaited_slot, user_frame
from bot.conversation.tracker import Tracker
from generator import Generator
from nlu.types import Understanding

MAX_TOKENS = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """The commands that count, and where they come from: `nlu`, `model`, `memory` (a model's answer that was kept)."""

    commands: list[Command]
    by: str = "nlu"


class ModelProposer:
    """One for all conversations. Holds answers and failures, nothing of any customer in clear."""

    def __init__(
        self,
        assistant: Assistant,
        roles: IntentRoles,
        model: Generator,
        settings: ModelCommandSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assistant = assistant
        self._roles = roles
        self._settings = settings
        self._model = AskedModel(model, settings, MAX_TOKENS, clock=clock)
        self._selection = FlowSelection(assistant)

    async def propose(
        self, tracker: Tracker, understanding: Understanding, commands: Sequence[Command]
    ) -> Proposal:
        """`commands` are those of the trained understanding. Never raises for what the model does."""
        if not self._worth_asking(tracker, understanding, commands):
            return Proposal(list(commands))
        prompt = Prompt(self._assistant, tracker, understanding.text, self._settings.turns)
        flows = self._selection.choose(
            tracker, understanding.text, understanding.intent_ranking, self._settings.flows
        )
        answer = await self._model.ask(prompt.messages(flows))
        if answer is None:
            return Proposal(list(commands))
        allowed = self._allowed(tracker, [flow.id for flow in flows])
        try:
            found = parse(
                prompt.vault.reveal(answer.text), understanding.text, self._assistant, tracker, allowed
            )
        except NotACommand as error:
            self._model.refuse(error.line)
            return Proposal(list(commands))
        self._model.accept(answer)
        merged = self._merged(found, commands)
        return Proposal(merged, "memory" if answer.kept else "model") if merged else Proposal(list(commands))

    async def close(self) -> None:
        """Let go of the model's connection."""
        await self._model.close()

    # -- when ---------------------------------------------------------------------------------------------------

    def _worth_asking(
        self, tracker: Tracker, understanding: Understanding, commands: Sequence[Command]
    ) -> bool:
        settings, text = self._settings, understanding.text
        if settings.mode == "off" or not text.strip() or len(text) > settings.longest:
            return False
        if self._model.paused or self._secret_is_asked(tracker):
            return False
        awaited = awaited_slot(tracker.stack)
        if any(isinstance(command, SetSlot) and command.name == awaited for command in commands):
            return False
        return settings.mode == "always" or self._unsure(understanding, commands)

    def _secret_is_asked(self, tracker: Tracker) -> bool:
        """Whether the message may be a secret, which goes to nobody outside."""
        awaited = awaited_slot(tracker.stack)
        spec = self._assistant.domain.slots.get(awaited) if awaited else None
        return spec is not None and bool(spec.metadata.get("secret"))

    def _unsure(self, understanding: Understanding, commands: Sequence[Command]) -> bool:
        if any(isinstance(command, Clarify | CannotHandle) for command in commands):
            return True
        intent = understanding.intent
        if intent is None or intent.confidence < self._settings.sure_from:
            return True
        second = understanding.intent_ranking[1:2]
        return bool(second) and intent.confidence - second[0].confidence < self._roles.ambiguity_threshold

    # -- what ---------------------------------------------------------------------------------------------------

    def _allowed(self, tracker: Tracker, flows: Sequence[str]) -> Allowed:
        slots: set[str] = set()
        frame = user_frame(tracker.stack)
        for running in tracker.stack:
            called = frame is not None and (running is frame or frame.kind == "call")
            if called and running.kind != "pattern" and running.flow_id in self._assistant.flows:
                slots |= set(slots_of(self._assistant, running.flow_id))
        pattern = asking_pattern(tracker.stack)
        if pattern is not None and pattern.awaiting:
            slots.add(pattern.awaiting)
        chitchat = "utter_chitchat" if "utter_chitchat" in self._assistant.responses else None
        return Allowed(frozenset(flows), frozenset(slots), chitchat)

    def _merged(self, found: list[Command], trained: Sequence[Command]) -> list[Command]:
        """Values that the trained extractors found stand as they are: they are normalised. Its small talk knows its words."""
        exact = {command.name: command for command in trained if isinstance(command, SetSlot)}
        merged: list[Command] = []
        for command in found:
            if isinstance(command, SetSlot):
                command = exact.pop(command.name, command)
            elif isinstance(command, ChitChat | AskKnowledge):
                command = next((one for one in trained if isinstance(one, ChitChat)), command)
            merged.append(command)
        if any(isinstance(command, StartFlow) for command in merged):
            merged += [c for c in exact.values() if self._belongs(c, merged)]
        return merged

    def _belongs(self, value: SetSlot, commands: Sequence[Command]) -> bool:
        """Whether a value that only the trained extractors found is one of a flow that the model starts."""
        return any(
            isinstance(command, StartFlow) and value.name in slots_of(self._assistant, command.flow)
            for command in commands
        )
