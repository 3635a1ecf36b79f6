"""What a message asks the conversation to do. Understanding (or a language model) proposes commands; the flow machine
carries them out. The names are those of Rasa's command vocabulary."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StartFlow(_Command):
    """Begin a business flow."""

    command: Literal["start flow"] = "start flow"
    flow: str


class SetSlot(_Command):
    """Fill a slot, or correct it if it is filled."""

    command: Literal["set slot"] = "set slot"
    name: str
    value: Any = None
    source: Literal["user", "button"] = "user"


class CancelFlow(_Command):
    """End what is going on."""

    command: Literal["cancel flow"] = "cancel flow"


class Clarify(_Command):
    """Ask which of several flows is meant."""

    command: Literal["clarify"] = "clarify"
    flows: tuple[str, ...]


class AskKnowledge(_Command):
    """Put the question to the documents; `otherwise` says what kind of failure no answer is."""

    command: Literal["knowledge answer"] = "knowledge answer"
    question: str
    otherwise: Literal["no_answer", "out_of_scope"] = "no_answer"
    passage: str = ""
    """The passage that the customer chose among the nearest; nothing is searched for then."""


class ChitChat(_Command):
    """Small talk, answered by a response."""

    command: Literal["chitchat"] = "chitchat"
    response: str


class Repeat(_Command):
    """Say it again."""

    command: Literal["repeat"] = "repeat"


class SkipQuestion(_Command):
    """The customer doesn't want to answer this."""

    command: Literal["skip question"] = "skip question"


class Handoff(_Command):
    """A person is needed."""

    command: Literal["human handoff"] = "human handoff"
    reason_code: str
    reason_text: str = ""
    urgency: Literal["normal", "high", "urgent"] = "normal"
    policy: str = ""
    """Name of the escalation policy that decided."""
    evidence: dict[str, Any] = Field(default_factory=dict)
    """What it went by; no customer's words."""


class Abuse(_Command):
    """The message insults or threatens: a word of warning, or the end."""

    command: Literal["abuse"] = "abuse"
    close: bool = False
    policy: str = ""


class ForgetFacts(_Command):
    """Delete what is remembered of the customer."""

    command: Literal["forget facts"] = "forget facts"


class TellFacts(_Command):
    """Say what is remembered of the customer."""

    command: Literal["tell facts"] = "tell facts"


class LeaveQueue(_Command):
    """The customer no longer wants to wait for a person."""

    command: Literal["leave queue"] = "leave queue"
    choice: Literal["bot", "message", "stop"] = "bot"
    """Go on with the bot, leave a message for whoever comes, or give it up."""


class Restart(_Command):
    """Begin anew."""

    command: Literal["restart"] = "restart"


class CannotHandle(_Command):
    """Nothing usable was understood."""

    command: Literal["cannot handle"] = "cannot handle"
    reason: Literal["not_understood", "out_of_scope", "empty"] = "not_understood"


Command = Annotated[
    StartFlow
    | SetSlot
    | CancelFlow
    | Clarify
    | AskKnowledge
    | ChitChat
    | Repeat
    | SkipQuestion
    | Handoff
    | Abuse
    | ForgetFacts
    | TellFacts
    | LeaveQueue
    | Restart
    | CannotHandle,
    Field(discriminator="command"),
]
"""Any command."""
