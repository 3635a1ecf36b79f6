"""The port behind which the bot's part of a turn is decided: our own flows, or the dialogue server of another program.

The engine keeps what holds for any of them: one change at a time, who may speak, sessions, what waiting customers choose,
repetitions. `bot.conversation.flow_dialogue` is ours, `bot.rasa_engine` puts a Rasa server behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.conversation.assistant import Assistant
from bot.conversation.command_generator import CommandGenerator
from bot.conversation.command_processor import CommandProcessor
from bot.conversation.commands import Command
from bot.conversation.draft import Draft
from bot.conversation.escalation import EscalationPolicy
from bot.conversation.flows.machine import FlowMachine
from bot.conversation.messages import UserMessage
from nlu.types import Understanding


class Understander(Protocol):
    """Text to `Understanding`; behind it the trained pipeline in a thread, or anything else."""

    async def understand(self, text: str, now: datetime) -> Understanding:
        """Never raises for any text."""


@dataclass(slots=True)
class Heard:
    """A customer's message on its way through a turn. A turn that is decided again has the same one."""

    message: UserMessage
    text: str
    """As it is stored: cleaned of what no text holds."""
    understanding: Understanding | None = None
    """None for a button, which says itself what it means."""
    commands: list[Command] | None = None
    """What a button asks for; None for words."""
    new_session: bool = False
    """Whether the message begins a session. Known when the conversation was looked at."""
    returns: bool = False
    """Whether the customer comes to this conversation: with a new session, or after having been silent here for a while."""
    notes: dict[str, Any] = field(default_factory=dict)
    """The dialogue manager's own, so that what was asked of the world once isn't asked again."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every dialogue manager works with: the repair patterns run on the machine, whoever decides that they are due."""

    assistant: Assistant
    understander: Understander
    generator: CommandGenerator
    machine: FlowMachine
    processor: CommandProcessor
    escalation: Sequence[EscalationPolicy]


class DialogueManager(Protocol):
    """Decides what the bot does. Holds no state of any conversation but what may be lost."""

    async def hear(self, message: UserMessage, text: str) -> Heard:
        """Read a message, before the conversation is looked at. Never raises for any text."""

    async def consider(self, draft: Draft, heard: Heard) -> None:
        """Complete what was heard, now that the bot is to answer; the message is not in the log yet. Never raises."""

    async def start_session(self, draft: Draft, now: float) -> None:
        """A new matter begins at `now` (seconds since the epoch): what was left half done is set aside, or dropped."""

    async def answer(self, draft: Draft, heard: Heard) -> None:
        """The bot's part of the turn: what is said and done is added to the draft."""

    async def resume(self, draft: Draft) -> None:
        """A person gave the conversation back: ask the open question again, if there is one."""

    def leave(self, draft: Draft) -> None:
        """A person closed the matter: nothing half done is left for the next one."""

    async def close(self) -> None:
        """Let go of what it holds open."""


MakeDialogue = Callable[[Tools], DialogueManager]
