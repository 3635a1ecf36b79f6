"""The policies' say in a turn: the first that wants a person, or a word against abuse, overrules what was understood."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.commands import Abuse, AskKnowledge, CannotHandle, Command, SetSlot
from bot.conversation.escalation import policy_name
from bot.conversation.escalation.policy import EscalationPolicy
from bot.conversation.tracker import Tracker
from korean.speech_act import asks
from nlu.types import Understanding


def overruled(
    policies: Sequence[EscalationPolicy],
    tracker: Tracker,
    understanding: Understanding | None,
    commands: list[Command],
) -> list[Command]:
    """The commands of the turn: those given, or what a policy wants instead and the values that the customer gave."""
    if tracker.state.filed:
        # Somebody will see to it already; only the customer may ask again.
        return commands
    for policy in policies:
        wanted = policy.check(tracker, understanding, commands)
        if wanted is None:
            continue
        wanted = wanted.model_copy(update={"policy": policy_name(policy)})
        if isinstance(wanted, Abuse):
            return [wanted] if wanted.close else [*_besides_insults(commands, understanding), wanted]
        return [wanted, *(command for command in commands if isinstance(command, SetSlot))]
    return commands


def _besides_insults(commands: list[Command], understanding: Understanding | None) -> list[Command]:
    """What an insulting message asks for besides; an insult alone is no question that went unanswered."""
    asked = asks(understanding.text) if understanding else False
    return [
        command
        for command in commands
        if not isinstance(command, CannotHandle) and (asked or not isinstance(command, AskKnowledge))
    ]
