"""Messages of one conversation that the bot may have misunderstood: a fold over its events, without any model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.conversation.events import (
    ActionExecuted,
    AgentUttered,
    BotUttered,
    CommandsIssued,
    Event,
    FeedbackGiven,
    FlowCancelled,
    FlowStarted,
    HandoffRequested,
    OwnershipChanged,
    UserUttered,
)
from korean.normalise import has_words

Reason = Literal["thumbs_down", "corrected", "handed_over", "low_confidence"]
"""`corrected`: the customer at once cancelled what the message had started."""
LONGEST = 150
"""Characters of a message that may become an utterance; longer ones tell a story."""
_BEFORE = 3
"""Lines of the conversation before the message that are kept as its context."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer's message with what was understood of it. Texts are as they were said: not to be shown or kept unmasked."""

    conversation_id: str
    seq: int
    at: float
    """Seconds since the epoch, UTC."""
    text: str
    reasons: tuple[Reason, ...]
    intent: str
    """What it was taken for; empty if nothing was understood."""
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    context: tuple[tuple[str, str], ...]
    """(speaker, text) of the lines around it, the message itself left out."""


@dataclass(slots=True)
class _Turn:
    """A message and what came of it until the next one."""

    said: UserUttered
    before: list[tuple[str, str]]
    with_bot: bool
    replies: list[tuple[str, str]] = field(default_factory=list)
    reply_ids: set[str] = field(default_factory=set)
    commands: list[dict[str, Any]] = field(default_factory=list)
    failed: bool = False
    started: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    handed_over: str = ""
    """Reason code of the request for a person."""
    reasons: set[Reason] = field(default_factory=set)

    @property
    def understood(self) -> bool:
        """Whether the message was put to the models: not a pressed button, and short enough to learn from."""
        said = self.said
        return self.with_bot and bool(said.parse_data) and has_words(said.text) and len(said.text) <= LONGEST

    def has(self, *names: str) -> bool:
        return any(command.get("command") in names for command in self.commands)


def candidates(conversation_id: str, events: Iterable[Event], threshold: float) -> list[Candidate]:
    """In order. `threshold` is the confidence below which an intent counts as not understood."""
    turns, judged = _turns(events)
    for at, turn in enumerate(turns):
        before = turns[at - 1] if at else None
        if _low(turn, threshold):
            turn.reasons.add("low_confidence")
        if before is not None and before.started & turn.cancelled:
            before.reasons.add("corrected")
        if turn.handed_over:
            # Who asks for a person is understood: what drove them to it is the message before.
            blamed = before if turn.handed_over == "asked_for_person" else turn
            if blamed is not None:
                blamed.reasons.add("handed_over")
        if any(judged.get(reply) == "down" for reply in turn.reply_ids):
            turn.reasons.add("thumbs_down")
    return [_candidate(conversation_id, turn) for turn in turns if turn.reasons and turn.understood]


def _low(turn: _Turn, threshold: float) -> bool:
    """Nothing usable was understood. A message that answered a question needs no intent."""
    if turn.has("set slot"):
        return False
    intent = turn.said.parse_data.get("intent") or {}
    unsure = float(intent.get("confidence") or 0.0) < threshold
    return unsure or turn.failed or turn.has("cannot handle", "clarify")


def _turns(events: Iterable[Event]) -> tuple[list[_Turn], dict[str, str | None]]:
    """(turns, message id -> the customer's last judgement of it)."""
    turns: list[_Turn] = []
    judged: dict[str, str | None] = {}
    lines: list[tuple[str, str]] = []
    owner = "bot"
    for event in events:
        if isinstance(event, UserUttered):
            turns.append(_Turn(event, lines[-_BEFORE:], owner == "bot"))
            lines.append(("customer", event.text))
        elif isinstance(event, OwnershipChanged):
            owner = event.after
        elif isinstance(event, FeedbackGiven):
            judged[event.message_id] = event.value
        else:
            lines.extend(_note(event, turns[-1] if turns else None))
    return turns, judged


def _note(event: Event, turn: _Turn | None) -> Iterator[tuple[str, str]]:
    """Put an event to the turn that it belongs to; yields a line of the transcript if it is one."""
    if isinstance(event, BotUttered | AgentUttered):
        line = ("bot" if isinstance(event, BotUttered) else "agent", event.text)
        yield line
        if turn is not None and isinstance(event, BotUttered):
            turn.replies.append(line)
            turn.reply_ids.add(event.message_id)
    elif turn is None:
        return
    elif isinstance(event, CommandsIssued):
        turn.commands += event.commands
    elif isinstance(event, ActionExecuted):
        turn.failed = turn.failed or event.name == "pattern_cannot_handle"
    elif isinstance(event, FlowStarted):
        turn.started.add(event.flow_id)
    elif isinstance(event, FlowCancelled):
        turn.cancelled.add(event.flow_id)
    elif isinstance(event, HandoffRequested):
        turn.handed_over = event.reason_code


_ORDER: tuple[Reason, ...] = ("thumbs_down", "corrected", "handed_over", "low_confidence")


def _candidate(conversation_id: str, turn: _Turn) -> Candidate:
    parsed = turn.said.parse_data
    intent = parsed.get("intent") or {}
    ranking = tuple(
        (str(item.get("name")), float(item.get("confidence", 0.0)))
        for item in parsed.get("intent_ranking") or ()
    )
    return Candidate(
        conversation_id,
        turn.said.seq,
        turn.said.timestamp,
        turn.said.text,
        tuple(reason for reason in _ORDER if reason in turn.reasons),
        str(intent.get("name") or ""),
        float(intent.get("confidence") or 0.0),
        ranking[:5],
        (*turn.before, *turn.replies[:1]),
    )
