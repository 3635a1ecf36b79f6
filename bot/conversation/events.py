"""The closed, versioned vocabulary of what can happen in a conversation.

A conversation is an append-only list of these events and nothing else; tracker, desk, analytics, tests and replay are
folds over it. Events that Rasa has are written as Rasa's tracker JSON writes them (`user`, `bot`, `agent`, `action`,
`slot`, `session_started`, `session_ended`, `restart`, `flow_*`); the others are ours.

Adding an optional field keeps `VERSION`; anything else raises it and comes with an upgrade in `load_event`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.conversation import clock

VERSION = 1

Owner = Literal["bot", "queued", "offered", "agent", "wrapup", "closed"]
"""Who may speak. Exactly one at a time; see `ownership`."""

SlotSource = Literal["user", "button", "action", "flow", "agent", "initial", "memory"]


class BaseEvent(BaseModel):
    """What all events share. `seq` is 1, 2, 3 … within a conversation and is given when the event is committed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int = 0
    timestamp: float = Field(default_factory=clock.now)
    """Seconds since the epoch, UTC."""
    metadata: dict[str, Any] = Field(default_factory=dict)


class UserUttered(BaseEvent):
    """The customer said something. `parse_data` is `Understanding.to_rasa()`; empty while nothing tried to understand."""

    event: Literal["user"] = "user"
    text: str
    message_id: str
    """Unique within the conversation; a second message under the same id is the same message."""
    input_channel: str = ""
    parse_data: dict[str, Any] = Field(default_factory=dict)


class BotUttered(BaseEvent):
    """The bot said something. `data` holds what is not text: buttons, image, custom, citations."""

    event: Literal["bot"] = "bot"
    text: str
    message_id: str
    data: dict[str, Any] = Field(default_factory=dict)
    response: str = ""
    """Name of the domain's response that it came from, if any."""


class AgentUttered(BaseEvent):
    """A person of the company said something to the customer."""

    event: Literal["agent"] = "agent"
    text: str
    message_id: str
    agent_id: str
    agent_name: str
    data: dict[str, Any] = Field(default_factory=dict)
    original: str = ""
    """What the agent wrote, where `text` is its translation into the customer's language."""
    language: str = ""
    """Of `text`, where it is a translation."""


class MessageTranslated(BaseEvent):
    """What a customer said, in the agents' language; the message itself stays as it was written."""

    event: Literal["translated"] = "translated"
    message_id: str
    """Of the customer's message."""
    language: str
    """In which it is written: an ISO 639-1 code, or `und`."""
    text: str = ""
    """Empty where the translation failed; `problem` then says why."""
    problem: str = ""


class NoteAdded(BaseEvent):
    """An agent wrote a note that the customer never sees."""

    event: Literal["note"] = "note"
    text: str
    message_id: str
    agent_id: str
    agent_name: str


class SystemNotice(BaseEvent):
    """A line that tells the customer of a change: an agent joined, the queue was left."""

    event: Literal["notice"] = "notice"
    text: str
    message_id: str
    code: str
    data: dict[str, Any] = Field(default_factory=dict)
    """Buttons, where the customer has a choice."""


class CommandsIssued(BaseEvent):
    """What the customer's message was taken to ask for; each item is a `Command` as JSON."""

    event: Literal["commands"] = "commands"
    commands: list[dict[str, Any]]


class ActionExecuted(BaseEvent):
    """An action or response ran."""

    event: Literal["action"] = "action"
    name: str
    policy: str = "FlowPolicy"
    confidence: float = 1.0


class ActionFailed(BaseEvent):
    """An action raised, hung or answered nonsense. `detail` never holds customers' words."""

    event: Literal["action_failed"] = "action_failed"
    name: str
    code: Literal["timeout", "raised", "unknown_action", "bad_result"]
    detail: str = ""


class SlotSet(BaseEvent):
    """A slot got a value; None empties it. `said_at` is the `seq` of the message that the value was taken from."""

    event: Literal["slot"] = "slot"
    name: str
    value: Any = None
    source: SlotSource = "action"
    said_at: int | None = None


class SessionStarted(BaseEvent):
    """A new session: what follows is a new matter unless the customer says otherwise."""

    event: Literal["session_started"] = "session_started"


class SessionEnded(BaseEvent):
    """The matter is closed."""

    event: Literal["session_ended"] = "session_ended"


class Restarted(BaseEvent):
    """Slots and flows were reset on request."""

    event: Literal["restart"] = "restart"


class FlowStarted(BaseEvent):
    """A flow began."""

    event: Literal["flow_started"] = "flow_started"
    flow_id: str


class FlowInterrupted(BaseEvent):
    """Another flow or question came in between."""

    event: Literal["flow_interrupted"] = "flow_interrupted"
    flow_id: str
    step_id: str


class FlowResumed(BaseEvent):
    """An interrupted flow goes on."""

    event: Literal["flow_resumed"] = "flow_resumed"
    flow_id: str
    step_id: str


class FlowCompleted(BaseEvent):
    """A flow came to its end."""

    event: Literal["flow_completed"] = "flow_completed"
    flow_id: str
    step_id: str


class FlowCancelled(BaseEvent):
    """The customer or a failure ended a flow before its end."""

    event: Literal["flow_cancelled"] = "flow_cancelled"
    flow_id: str
    step_id: str


class FlowSetAside(BaseEvent):
    """The session ended while flows were going on: what is needed to go on with them if the customer comes back for it.

    `flow_id` and `step_id` are where the innermost one stands. It ends with the flow's `FlowResumed` or `FlowCancelled`.
    """

    event: Literal["flow_set_aside"] = "flow_set_aside"
    flow_id: str
    step_id: str
    frames: list[dict[str, Any]]
    """As in `StackChanged`, without patterns."""
    slots: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What the flows were told: name -> `value`, `source`, `said_at`."""
    origin: str = ""
    """The other conversation of the same customer in which the flows go on; empty for this one."""
    channel: str = ""
    """Where the customer talked then."""


class StackChanged(BaseEvent):
    """The dialogue stack as it stands now, bottom first; each frame as `Frame` JSON."""

    event: Literal["stack"] = "stack"
    frames: list[dict[str, Any]]
    steps: list[dict[str, Any]] = Field(default_factory=list)
    """How it came to stand so: each step that flows took since the last such event, as `flows.watching.step_json`."""


class OwnershipChanged(BaseEvent):
    """Who may speak changed. Committed in one transaction with the compare-and-set on the conversation's row."""

    event: Literal["ownership"] = "ownership"
    before: Owner
    after: Owner
    reason: str = ""
    agent_id: str | None = None
    agent_name: str | None = None
    case_id: str | None = None


class HandoffRequested(BaseEvent):
    """A person is needed. Opens a case."""

    event: Literal["handoff_requested"] = "handoff_requested"
    case_id: str
    reason_code: str
    reason_text: str
    urgency: Literal["normal", "high", "urgent"] = "normal"
    policy: str = ""
    """Name of the escalation policy that decided, empty where the customer or a flow asked for it."""
    evidence: dict[str, Any] = Field(default_factory=dict)
    """What the policy went by: counts, scores, names; no customer's words."""
    filed: bool = False
    """Nobody is there now: the case is kept for later, and the bot keeps the conversation."""
    callback: dict[str, Any] | None = None
    """A call-back instead of waiting: `at` (seconds since the epoch), `phone`, `topic`."""


class HandoffOutcome(BaseEvent):
    """How the agent ended it; the bot reads it."""

    event: Literal["handoff_outcome"] = "handoff_outcome"
    case_id: str
    resolution: Literal["returned", "closed", "abandoned", "transferred"]
    code: str = ""
    note: str = ""
    agent_id: str | None = None
    agent_name: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)


class KnowledgeAnswered(BaseEvent):
    """A question was put to the documents. `message_id` is that of the bot's message that gave the answer."""

    event: Literal["knowledge_answered"] = "knowledge_answered"
    message_id: str
    question: str
    outcome: Literal["answer", "closest", "none"]
    confidence: float
    text: str = ""
    citations: list[dict[str, Any]] = Field(default_factory=list)
    stopped: bool = False
    """The customer stopped the answer while it was written; `text` is what was shown of it."""


class FeedbackGiven(BaseEvent):
    """The customer judged a message; `value` None takes the judgement back."""

    event: Literal["feedback"] = "feedback"
    message_id: str
    value: Literal["up", "down"] | None
    reason: str = ""


class SurveyOffered(BaseEvent):
    """The customer is asked how a contact was in which only the bot took part. After a person it needs no event: the
    outcome of the case says it."""

    event: Literal["survey_offered"] = "survey_offered"
    about: Literal["bot"] = "bot"


class SurveyAnswered(BaseEvent):
    """The customer said how the contact was, once it was over; `score` None: didn't want to."""

    event: Literal["survey"] = "survey"
    case_id: str
    """Empty where only the bot took part."""
    about: Literal["agent", "bot"] = "agent"
    score: int | None = Field(default=None, ge=1, le=5)
    """1 is very bad, 5 very good."""
    comment: str = ""
    recommend: int | None = Field(default=None, ge=0, le=10)
    """How likely the customer recommends the company, 0 to 10; None: wasn't asked, or didn't say."""


class ConsentChanged(BaseEvent):
    """The customer lets the values of these slots be remembered for later conversations, or takes that back."""

    event: Literal["consent"] = "consent"
    purpose: Literal["remember"] = "remember"
    slots: list[str]
    given: bool


class FactsRemembered(BaseEvent):
    """Values that the customer gave are kept for later conversations; what they are stands in the slots' own events."""

    event: Literal["facts_remembered"] = "facts_remembered"
    slots: list[str]
    expires_at: float


class FactsForgotten(BaseEvent):
    """Remembered values were deleted because the customer wanted it."""

    event: Literal["facts_forgotten"] = "facts_forgotten"
    slots: list[str]


class CallStarted(BaseEvent):
    """A caller is on the line."""

    event: Literal["call_started"] = "call_started"
    call_id: str
    transport: str
    caller: str = ""


class CallEnded(BaseEvent):
    """The line is closed."""

    event: Literal["call_ended"] = "call_ended"
    call_id: str
    reason: str = ""


class BargeIn(BaseEvent):
    """The caller spoke over the bot; `heard_ms` of its utterance had been played."""

    event: Literal["barge_in"] = "barge_in"
    call_id: str
    heard_ms: int


Event = Annotated[
    UserUttered
    | BotUttered
    | AgentUttered
    | MessageTranslated
    | NoteAdded
    | SystemNotice
    | CommandsIssued
    | ActionExecuted
    | ActionFailed
    | SlotSet
    | SessionStarted
    | SessionEnded
    | Restarted
    | FlowStarted
    | FlowInterrupted
    | FlowResumed
    | FlowCompleted
    | FlowCancelled
    | FlowSetAside
    | StackChanged
    | OwnershipChanged
    | HandoffRequested
    | HandoffOutcome
    | KnowledgeAnswered
    | FeedbackGiven
    | SurveyOffered
    | SurveyAnswered
    | ConsentChanged
    | FactsRemembered
    | FactsForgotten
    | CallStarted
    | CallEnded
    | BargeIn,
    Field(discriminator="event"),
]
"""Any event. Closed: an unknown kind is refused, never passed over."""

SPOKEN = (UserUttered, BotUttered, AgentUttered, NoteAdded, SystemNotice)
"""Events that show as a line in a transcript."""

_adapter: TypeAdapter[Event] = TypeAdapter(Event)


def load_event(data: dict[str, Any]) -> Event:
    """An event from its JSON. Raises pydantic's `ValidationError` for anything outside the vocabulary."""
    return _adapter.validate_python(data)


def load_event_json(data: str | bytes) -> Event:
    """`load_event` from text."""
    return _adapter.validate_json(data)


def message_id_of(event: Event) -> str | None:
    """The id under which an event's message is unique in its conversation, None for events that are no message."""
    return event.message_id if isinstance(event, SPOKEN) else None


def words_of(event: Event) -> list[str]:
    """What was said, and what an agent wrote that was translated before it was said."""
    return [words for words in (getattr(event, "text", ""), getattr(event, "original", "")) if words]
