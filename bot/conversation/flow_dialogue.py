"""Our own dialogue manager: commands from the trained understanding, or a language model, carried out by the flows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.by_model import ModelCommandSettings, ModelProposer
from bot.conversation.clock import KOREA
from bot.conversation.commands import AskKnowledge, CannotHandle, Command
from bot.conversation.dialogue_manager import Heard, Tools
from bot.conversation.draft import Draft
from bot.conversation.elsewhere import Elsewhere
from bot.conversation.escalation.overruling import overruled
from bot.conversation.events import CommandsIssued
from bot.conversation.flows.stack import copied
from bot.conversation.intake import clean_text
from bot.conversation.messages import UserMessage
from bot.conversation.returning import CONTINUE_WITHIN, Returning
from bot.conversation.tracker import Tracker
from generator import Generator
from korean.speech_act import asks
from nlu.types import Understanding


class FlowDialogue:
    """A `DialogueManager`: understand -> commands -> escalation -> flows."""

    def __init__(
        self,
        tools: Tools,
        model: Generator | None = None,
        model_commands: ModelCommandSettings | None = None,
        continue_within: float = CONTINUE_WITHIN,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._tools = tools
        self.returning = Returning(tools.machine, tools.generator, continue_within, elsewhere)
        self.proposer: ModelProposer | None = None
        """Asks a language model, where one takes part in understanding."""
        if model is not None and model_commands is not None and model_commands.mode != "off":
            self.proposer = ModelProposer(tools.assistant, tools.generator.roles, model, model_commands)

    async def hear(self, message: UserMessage, text: str) -> Heard:
        """Buttons say what they mean, words are understood."""
        commands = None
        # A button's payload, or a slash message. Typed slashes only name intents and slots, which buttons do as well.
        if message.payload is not None or text.startswith("/"):
            commands = self._tools.generator.from_payload(message.payload or text)
        understanding = None
        if commands is None:
            now = datetime.fromtimestamp(message.received_at, KOREA)
            # A button may say more than its title has room for.
            payload = (message.payload or "").strip()
            meant = clean_text(payload) if payload and not payload.startswith("/") else text
            understanding = await self._tools.understander.understand(meant, now)
        return Heard(message, text, understanding, commands)

    async def consider(self, draft: Draft, heard: Heard) -> None:
        """All that is to be known is known."""

    async def start_session(self, draft: Draft, now: float) -> None:
        """What was left half done in the last session is set aside, with its slots, or dropped if it is old."""
        self.returning.leave(draft, copied(draft.tracker.stack), now)
        self._tools.machine.store_stack(draft, [])
        await self._tools.machine.run_pattern(draft, "pattern_session_start")

    async def answer(self, draft: Draft, heard: Heard) -> None:
        """From commands to what the flows say."""
        tracker, tools = draft.tracker, self._tools
        changed = await tools.machine.leave_changed(draft)
        commands, by = (
            (heard.commands, "button")
            if heard.commands is not None
            else await self._understood(tracker, heard.understanding)
        )
        if heard.returns:
            await self.returning.look_elsewhere(draft, heard.message.received_at)
            commands = self.returning.take_up(draft, heard, commands)
        if changed and not _asks_for_more(heard.understanding, commands):
            # An answer to a question that is no more: what has to be said has been said.
            return
        commands = overruled(tools.escalation, tracker, heard.understanding, commands)
        issued = [command.model_dump() for command in commands]
        draft.emit(CommandsIssued(commands=issued, metadata={"by": by} if by in ("model", "memory") else {}))
        stack = copied(tracker.stack)
        tools.processor.apply(draft, stack, commands)
        await tools.machine.run(draft, stack)
        if heard.returns:
            await self.returning.offer(draft, commands)

    async def _understood(
        self, tracker: Tracker, understanding: Understanding | None
    ) -> tuple[list[Command], str]:
        """The commands of a message, and where they come from."""
        understanding = understanding or Understanding(text="")
        commands = self._tools.generator.generate(tracker, understanding)
        if self.proposer is None:
            return commands, "nlu"
        proposal = await self.proposer.propose(tracker, understanding, commands)
        return proposal.commands, proposal.by

    async def resume(self, draft: Draft) -> None:
        """The flow goes on where it was: its open question is asked again."""
        await self._tools.machine.run(draft, copied(draft.tracker.stack))

    def leave(self, draft: Draft) -> None:
        """A closed matter leaves no half-done flow behind."""
        self._tools.machine.store_stack(draft, [])

    async def close(self) -> None:
        """Close the language model's connections."""
        if self.proposer is not None:
            await self.proposer.close()


def drop_flows(tools: Tools, draft: Draft) -> None:
    """Cancel all that is going on."""
    stack = copied(draft.tracker.stack)
    while tools.machine.cancel(draft, stack):
        pass
    tools.machine.store_stack(draft, [])


def _asks_for_more(understanding: Understanding | None, commands: Sequence[Command]) -> bool:
    """Whether a message that came to a changed flow wants anything besides answering it."""
    asked = understanding is not None and asks(understanding.text)
    return any(
        asked if isinstance(command, AskKnowledge) else not isinstance(command, CannotHandle)
        for command in commands
    )
