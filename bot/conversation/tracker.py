"""A conversation as it stands: a fold over its events, of bounded size however long the conversation is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import clock
from bot.conversation.events import (
    ActionExecuted,
    AgentUttered,
    BotUttered,
    Event,
    FeedbackGiven,
    FlowCancelled,
    FlowCompleted,
    FlowResumed,
    FlowSetAside,
    HandoffOutcome,
    HandoffRequested,
    KnowledgeAnswered,
    Owner,
    OwnershipChanged,
    Restarted,
    SessionEnded,
    SessionStarted,
    SlotSet,
    StackChanged,
    SurveyAnswered,
    SurveyOffered,
    SystemNotice,
    UserUttered,
    load_event,
)
from bot.conversation.flows.stack import Frame
from bot.conversation.in_words import in_words
from bot.conversation.secrecy import HIDDEN
from bot.conversation.store import Case, StoredConversation

RECENT = 40
"""Events that the tracker keeps for actions that look back."""
MOODS = 20
"""Turns of sentiment that are kept."""
BOT_ALONE = "bot"
"""In the place of a case: a contact in which only the bot took part."""
SHOWN = 0.5
"""Probability from which a signal counts as shown."""


class SlotValue(BaseModel):
    """A slot's value and where it came from."""

    model_config = ConfigDict(extra="forbid")

    value: Any = None
    source: str = "initial"
    said_at: int | None = None


class Mood(BaseModel):
    """Sentiment of one customer turn, and the signals that it surely shows."""

    model_config = ConfigDict(extra="forbid")

    seq: int
    label: str
    score: float
    signals: list[str] = []


class TriedAnswer(BaseModel):
    """A knowledge answer that the customer has had already."""

    model_config = ConfigDict(extra="forbid")

    message_id: str
    question: str
    outcome: str
    text: str
    citations: list[dict[str, Any]] = Field(default_factory=list)
    feedback: str | None = None


class Outcome(BaseModel):
    """What an agent did about an earlier case."""

    model_config = ConfigDict(extra="forbid")

    case_id: str
    resolution: str
    code: str
    note: str
    agent_name: str | None
    at: float


class Survey(BaseModel):
    """What a customer said of a contact; `case_id` is empty where only the bot took part."""

    model_config = ConfigDict(extra="forbid")

    case_id: str
    about: str = "agent"
    score: int | None
    comment: str
    at: float
    recommend: int | None = None


class SetAside(BaseModel):
    """Flows that were going on when the last session ended."""

    model_config = ConfigDict(extra="forbid")

    flow_id: str
    step_id: str
    frames: list[Frame]
    slots: dict[str, SlotValue]
    at: float
    """When the customer was heard last."""
    origin: str = ""
    """The conversation from which they come, where it is another one, and `channel` where that is."""
    channel: str = ""


class TrackerState(BaseModel):
    """The snapshot's shape. A change that old snapshots can't be read with needs a migration that drops them."""

    model_config = ConfigDict(extra="forbid")

    version: int = 1
    seq: int = 0
    owner: Owner = "bot"
    agent_id: str | None = None
    agent_name: str | None = None
    case_id: str | None = None
    channel: str = ""
    channels: list[str] = Field(default_factory=list)
    slots: dict[str, SlotValue] = Field(default_factory=dict)
    stack: list[Frame] = Field(default_factory=list)
    set_aside: SetAside | None = None
    declined: str = ""
    """What goes on in another conversation and isn't wanted here, as `declined_of` names it."""
    latest_message: dict[str, Any] = Field(default_factory=dict)
    latest_message_id: str = ""
    latest_user_seq: int = 0
    latest_user_at: float | None = None
    latest_action: str | None = None
    bot_texts: list[str] = Field(default_factory=list)
    """What the bot said since the last customer message that it answered."""
    previous_bot_texts: list[str] = Field(default_factory=list)
    bot_responses: list[str] = Field(default_factory=list)
    """Names of the responses in `bot_texts`, for reading a bare "네" after an offer."""
    previous_responses: list[str] = Field(default_factory=list)
    turns: int = 0
    failures: int = 0
    """Turns in a row that the bot couldn't handle."""
    failed_now: bool = False
    warnings: int = 0
    """Words against abuse in this session."""
    reminders: int = 0
    """Words into the customer's silence since their last message."""
    asked_to_remember: bool = False
    """Whether the customer was asked in this session what may be remembered."""
    ended: bool = False
    """The matter was closed; the next message begins a new session."""
    angry_since: int = 0
    """Moods up to this `seq` don't count for escalation any more."""
    moods: list[Mood] = Field(default_factory=list)
    answers: list[TriedAnswer] = Field(default_factory=list)
    outcomes: list[Outcome] = Field(default_factory=list)
    customer_name: str = ""
    survey_due: str = ""
    """The case that the customer may judge now, or `BOT_ALONE`: over, not judged yet, nothing said since."""
    survey_offered_at: float = 0.0
    """When the customer was asked last about a contact with the bot alone."""
    done_by_bot: bool = False
    """A flow came to its end in this session, and no person took part in it."""
    surveys: list[Survey] = Field(default_factory=list)
    filed: str = ""
    """The case that waits for a later time while the bot has the conversation."""
    last_agent_id: str | None = None
    last_agent_name: str | None = None
    last_agent_at: float = 0.0
    """Who talked to the customer last, and until when."""


class Tracker:
    """State of one conversation. `apply` is the only way to change it."""

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id
        self.state = TrackerState()
        self.recent: deque[Event] = deque(maxlen=RECENT)
        self.case: Case | None = None
        self._values: dict[str, Any] | None = None

    @classmethod
    def restore(cls, stored: StoredConversation) -> Tracker:
        """The tracker of a loaded conversation: its snapshot and the events after it."""
        tracker = cls(stored.head.conversation_id)
        if stored.snapshot is not None:
            tracker.state = TrackerState.model_validate(stored.snapshot["state"])
            tracker.recent.extend(load_event(item) for item in stored.snapshot["recent"])
        for event in stored.events:
            tracker.apply(event)
        tracker.case = stored.case
        return tracker

    def snapshot(self) -> dict[str, Any]:
        """JSON from which `restore` makes this tracker again."""
        return {"state": self.state.model_dump(), "recent": [event.model_dump() for event in self.recent]}

    def reword(self, events: Sequence[Event]) -> None:
        """Know of the last events what they say now; the same as if they had been applied so."""
        known = {event.seq: event for event in events}
        self.recent = deque((known.get(event.seq, event) for event in self.recent), maxlen=RECENT)
        said: list[str] = []
        for event in events:
            if isinstance(event, BotUttered):
                said.append(in_words(event.text, event.data))
            elif isinstance(event, UserUttered | AgentUttered | SystemNotice):
                said.clear()
        texts = self.state.bot_texts
        texts[len(texts) - min(len(texts), len(said)) :] = said[-len(texts) :] if texts else []

    def forget(self, kept: Sequence[Event], secrets: Iterable[str]) -> None:
        """Know of the last events only what is kept of them, and of secret slots only that they have a value."""
        known = {event.seq: event for event in kept}
        self.recent = deque((known.get(event.seq, event) for event in self.recent), maxlen=RECENT)
        for name in secrets:
            slot = self.state.slots.get(name)
            if slot is not None and slot.value is not None:
                self.state.slots[name] = slot.model_copy(update={"value": HIDDEN})
        self._values = None
        for event in kept:
            if isinstance(event, UserUttered) and event.seq == self.state.latest_user_seq:
                self.state.latest_message = _message(event)

    @property
    def seq(self) -> int:
        """`seq` of the last event."""
        return self.state.seq

    @property
    def owner(self) -> Owner:
        """Who may speak."""
        return self.state.owner

    @property
    def stack(self) -> list[Frame]:
        """The dialogue stack, bottom first."""
        return self.state.stack

    def slot(self, name: str) -> Any:
        """A slot's value; None if it is empty or unknown."""
        found = self.state.slots.get(name)
        return found.value if found else None

    def slot_values(self) -> dict[str, Any]:
        """All slots that were ever set, as a copy."""
        return dict(self.values)

    @property
    def values(self) -> Mapping[str, Any]:
        """`slot_values` to be looked at, live. Kept beside the state: conditions and texts read it many times a turn."""
        if self._values is None:
            self._values = {name: slot.value for name, slot in self.state.slots.items()}
        return self._values

    def scope(self, context: dict[str, Any] | None = None) -> Mapping[str, Mapping[str, Any]]:
        """What a condition may read, live."""
        return {"slots": self.values, "context": context or {}}

    def apply(self, event: Event) -> None:
        """Fold one event in. Never raises for an event of the vocabulary."""
        self.state.seq = event.seq
        self.recent.append(event)
        fold = _FOLDS.get(event.event)
        if fold is not None:
            fold(self.state, event)
        if isinstance(event, SlotSet) and self._values is not None:
            self._values[event.name] = event.value
        elif isinstance(event, Restarted):
            self._values = None


def _message(event: UserUttered) -> dict[str, Any]:
    return {"text": event.text, "message_id": event.message_id, **event.parse_data}


def _user(state: TrackerState, event: UserUttered) -> None:
    state.latest_message = _message(event)
    state.latest_message_id = event.message_id
    state.latest_user_seq = event.seq
    state.latest_user_at = event.timestamp
    state.turns += 1
    state.reminders = 0
    if state.survey_due == BOT_ALONE:
        state.survey_due = ""
    if not state.failed_now:
        state.failures = 0
    state.failed_now = False
    if event.input_channel:
        state.channel = event.input_channel
        if event.input_channel not in state.channels:
            state.channels.append(event.input_channel)
    if state.bot_texts:
        state.previous_bot_texts, state.bot_texts = state.bot_texts, []
        state.previous_responses, state.bot_responses = state.bot_responses, []
    if name := event.metadata.get("customer_name"):
        state.customer_name = str(name)
    if sentiment := event.parse_data.get("sentiment"):
        shown = event.parse_data.get("signals") or {}
        state.moods.append(
            Mood(
                seq=event.seq,
                label=sentiment["label"],
                score=sentiment["score"],
                signals=[name for name, score in shown.items() if score >= SHOWN],
            )
        )
        del state.moods[:-MOODS]


def _bot(state: TrackerState, event: BotUttered) -> None:
    state.bot_texts.append(in_words(event.text, event.data))
    del state.bot_texts[:-10]
    if event.response:
        state.bot_responses.append(event.response)
        del state.bot_responses[:-10]


def _spoken_by_person(state: TrackerState, event: AgentUttered | SystemNotice) -> None:
    state.bot_texts, state.bot_responses = [], []


def _slot(state: TrackerState, event: SlotSet) -> None:
    state.slots[event.name] = SlotValue(value=event.value, source=event.source, said_at=event.said_at)


def _stack(state: TrackerState, event: StackChanged) -> None:
    state.stack = [Frame.model_validate(frame) for frame in event.frames]


def _set_aside(state: TrackerState, event: FlowSetAside) -> None:
    state.set_aside = SetAside(
        flow_id=event.flow_id,
        step_id=event.step_id,
        frames=[Frame.model_validate(frame) for frame in event.frames],
        slots={name: SlotValue.model_validate(slot) for name, slot in event.slots.items()},
        at=state.latest_user_at or event.timestamp,
        origin=event.origin,
        channel=event.channel,
    )


def _taken_up_or_dropped(state: TrackerState, event: FlowResumed | FlowCancelled) -> None:
    if state.set_aside is not None and state.set_aside.flow_id == event.flow_id:
        if isinstance(event, FlowCancelled) and state.set_aside.origin:
            state.declined = declined_of(state.set_aside.origin, event.flow_id)
        state.set_aside = None


def declined_of(origin: str, flow_id: str) -> str:
    """One name for a flow of another conversation."""
    return f"{origin} {flow_id}"


def _action(state: TrackerState, event: ActionExecuted) -> None:
    state.latest_action = event.name
    if event.name == "pattern_cannot_handle":
        state.failures += 1
        state.failed_now = True
    elif event.name == "utter_ask_remember_consent":
        state.asked_to_remember = True
    elif event.name == "pattern_abuse":
        state.warnings += 1
    elif event.name == "pattern_user_silence":
        state.reminders += 1


def _session_started(state: TrackerState, event: SessionStarted) -> None:
    state.warnings, state.ended, state.asked_to_remember, state.done_by_bot = 0, False, False, False


def _session_ended(state: TrackerState, event: SessionEnded) -> None:
    state.ended = True


def _ownership(state: TrackerState, event: OwnershipChanged) -> None:
    if event.before == "agent" and state.agent_id is not None:
        state.last_agent_id, state.last_agent_name = state.agent_id, state.agent_name
        state.last_agent_at = event.timestamp
    if event.after == "queued":
        state.filed, state.done_by_bot = "", False
    state.owner = event.after
    state.agent_id = event.agent_id
    state.agent_name = event.agent_name
    state.case_id = event.case_id if event.after not in ("bot", "closed") else None
    if event.after in ("queued", "bot"):
        state.failures, state.failed_now = 0, False
    if event.after == "bot":
        state.survey_due = ""
        # A matter that a person dealt with is not held against the next turns.
        state.angry_since = event.seq


def _handoff(state: TrackerState, event: HandoffRequested) -> None:
    if event.filed:
        state.filed = event.case_id
    else:
        state.case_id = event.case_id


def _outcome(state: TrackerState, event: HandoffOutcome) -> None:
    if state.filed == event.case_id:
        state.filed = ""
    state.outcomes.append(
        Outcome(
            case_id=event.case_id,
            resolution=event.resolution,
            code=event.code,
            note=event.note,
            agent_name=event.agent_name,
            at=event.timestamp,
        )
    )
    del state.outcomes[:-10]
    if event.resolution == "closed" and event.agent_id:
        state.survey_due = event.case_id


def _knowledge(state: TrackerState, event: KnowledgeAnswered) -> None:
    state.answers.append(
        TriedAnswer(
            message_id=event.message_id,
            question=event.question,
            outcome=event.outcome,
            text=event.text,
            citations=event.citations,
        )
    )
    del state.answers[:-10]


def _feedback(state: TrackerState, event: FeedbackGiven) -> None:
    for answer in state.answers:
        if answer.message_id == event.message_id:
            answer.feedback = event.value


def _survey_offered(state: TrackerState, event: SurveyOffered) -> None:
    state.survey_due, state.survey_offered_at = BOT_ALONE, event.timestamp
    state.done_by_bot = False


def _flow_done(state: TrackerState, event: FlowCompleted) -> None:
    if not event.flow_id.startswith("pattern_"):
        state.done_by_bot = True


def _survey(state: TrackerState, event: SurveyAnswered) -> None:
    state.survey_due = ""
    state.surveys.append(
        Survey(
            case_id=event.case_id,
            about=event.about,
            score=event.score,
            comment=event.comment,
            at=event.timestamp,
            recommend=event.recommend,
        )
    )
    del state.surveys[:-10]


def _restart(state: TrackerState, event: Restarted) -> None:
    state.slots, state.stack, state.set_aside = {}, [], None
    state.failures, state.failed_now = 0, False


_FOLDS: dict[str, Any] = {
    "user": _user,
    "bot": _bot,
    "agent": _spoken_by_person,
    "notice": _spoken_by_person,
    "slot": _slot,
    "stack": _stack,
    "flow_set_aside": _set_aside,
    "flow_resumed": _taken_up_or_dropped,
    "flow_cancelled": _taken_up_or_dropped,
    "action": _action,
    "session_started": _session_started,
    "session_ended": _session_ended,
    "ownership": _ownership,
    "handoff_requested": _handoff,
    "handoff_outcome": _outcome,
    "knowledge_answered": _knowledge,
    "feedback": _feedback,
    "survey": _survey,
    "survey_offered": _survey_offered,
    "flow_completed": _flow_done,
    "restart": _restart,
}


def session_expired(tracker: Tracker, minutes: float, now: float | None = None) -> bool:
    """Whether the matter was closed, or the last customer message is older than the session lasts (0 never expires)."""
    if tracker.state.ended:
        return True
    last = tracker.state.latest_user_at
    if last is None or minutes <= 0:
        return False
    return (now if now is not None else clock.now()) - last > minutes * 60
