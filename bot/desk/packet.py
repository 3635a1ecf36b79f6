"""The handoff packet, version 1: everything that the next person must know, as one document.

Built from the event log when it is asked for, so it is never older than the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import clock
from bot.conversation.assistant import Assistant
from bot.conversation.customers import Fact, Profile
from bot.conversation.domain import SlotSpec
from bot.conversation.events import BotUttered, Event, FeedbackGiven, KnowledgeAnswered
from bot.conversation.flows.stack import root_frame, user_frame
from bot.conversation.mood_trend import trend
from bot.conversation.responses import show
from bot.conversation.store import Case
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import desk_lines, iso
from bot.desk.case_json import customer_name
from bot.desk.customers.profile_json import masked
from bot.desk.summary import summary_lines
from bot.desk.translation.lines import in_home_language, with_translations
from korean.privacy import mask_for_agent as mask

JOURNEY = 20
"""Other cases of the customer that a packet tells of."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reason(_Part):
    """Why a person is needed."""

    code: str
    text: str


class Goal(_Part):
    """What the customer is doing, and the open question."""

    flow: str
    name: str
    step: str
    next: str | None
    next_seq: int | None = None
    """Where the open question was asked last."""
    done: int = 0
    total: int = 0
    """How many of the flow's values are known, and how many it asks for in all."""


class SlotLine(_Part):
    """A value that is known. `source_seq` is the message that gave it."""

    name: str
    label: str
    value: Any
    source_seq: int | None
    confirmed: bool
    source: str = ""
    """user, button, action, flow, agent, initial, or memory: remembered from an earlier conversation."""
    type: str = "text"
    choices: list[Any] = Field(default_factory=list)


class MissingSlot(_Part):
    """A value that the flow still asks for."""

    name: str
    label: str
    type: str = "text"
    choices: list[Any] = Field(default_factory=list)


class RememberedFact(_Part):
    """What the customer let the bot remember in earlier conversations."""

    name: str
    label: str
    value: Any
    remembered_at: str | None
    expires_at: str | None


class Consent(_Part):
    """What the customer decided about remembering a slot's values."""

    name: str
    label: str
    given: bool
    at: str | None


class TriedAnswer(_Part):
    """An answer that the customer has had already."""

    seq: int | None = None
    question: str
    text: str
    outcome: str
    citations: list[dict[str, Any]]
    feedback: str | None


class Suggestion(_Part):
    """A reply that the agent may send, change or ignore."""

    text: str
    citations: list[dict[str, Any]] = Field(default_factory=list)


class PastContact(_Part):
    """Another case of the same customer, on whatever channel."""

    case_id: str
    conversation_id: str
    channel: str
    state: str
    at: str | None
    goal: str | None
    outcome: str
    note: str
    agent: str | None


class Packet(_Part):
    """The document. Its JSON schema is docs/reference/handoff-packet.schema.json."""

    version: Literal[1] = 1
    case_id: str
    conversation_id: str
    created_at: str | None
    reason: Reason
    urgency: str
    customer: dict[str, Any]
    channels: list[str]
    goal: Goal | None
    slots: list[SlotLine]
    missing_slots: list[MissingSlot]
    transcript: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    sentiment: dict[str, Any]
    answers_tried: list[TriedAnswer]
    suggested_replies: list[Suggestion]
    outcomes: list[dict[str, Any]]
    remembered: list[RememberedFact] = Field(default_factory=list)
    journey: list[PastContact] = Field(default_factory=list)
    """Newest first, at most `JOURNEY`."""
    consents: list[Consent] = Field(default_factory=list)


def build_packet(
    case: Case,
    tracker: Tracker,
    events: Sequence[Event],
    assistant: Assistant,
    bot_name: str,
    suggestions: Sequence[Suggestion] = (),
    *,
    profile: Profile | None = None,
    contacts: Sequence[Case] = (),
    facts: Sequence[Fact] = (),
) -> Packet:
    """Fold a conversation into the packet of one of its cases.

    `contacts` are all cases of the customer, `facts` what may be remembered of them and what is.
    """
    flow_names = {flow.id: flow.name for flow in assistant.flows.values()}
    return Packet(
        case_id=case.id,
        conversation_id=case.conversation_id,
        created_at=iso(case.created_at),
        reason=Reason(code=case.reason_code, text=mask(case.reason_text)),
        urgency=case.urgency,
        customer={
            "id": profile.customer.id if profile else None,
            "name": (profile and profile.customer.name) or customer_name(case),
            "segment": profile.customer.segment if profile else case.segment,
            "members": list(profile.members) if profile else [],
            "identities": _identities(case, profile),
        },
        channels=list(dict.fromkeys([*tracker.state.channels, *(one.channel for one in contacts)])),
        goal=_goal(tracker, assistant, events),
        slots=_slots(tracker, assistant),
        missing_slots=_missing(tracker, assistant),
        transcript=with_translations(desk_lines(events, bot_name), events),
        summary=summary_lines(case, tracker, in_home_language(events), assistant.domain, flow_names),
        sentiment=_sentiment(tracker),
        answers_tried=_answers(events),
        suggested_replies=list(suggestions),
        outcomes=[
            {
                "code": o.code,
                "note": o.note,
                "resolution": o.resolution,
                "agent": o.agent_name,
                "at": iso(o.at),
            }
            for o in tracker.state.outcomes
        ],
        remembered=_remembered(facts, assistant),
        journey=_journey(case, contacts),
        consents=[
            Consent(
                name=fact.name,
                label=assistant.domain.label(fact.name),
                given=fact.consent,
                at=iso(fact.decided_at),
            )
            for fact in facts
        ],
    )


def _journey(case: Case, contacts: Sequence[Case]) -> list[PastContact]:
    others = [one for one in contacts if one.id != case.id][-JOURNEY:]
    return [
        PastContact(
            case_id=one.id,
            conversation_id=mask(one.conversation_id),
            channel=one.channel,
            state=one.state,
            at=iso(one.created_at),
            goal=one.goal,
            outcome=one.outcome_code,
            note=mask(one.outcome_note),
            agent=one.agent_name,
        )
        for one in reversed(others)
    ]


def _remembered(facts: Sequence[Fact], assistant: Assistant) -> list[RememberedFact]:
    now = clock.now()
    return [
        RememberedFact(
            name=fact.name,
            label=assistant.domain.label(fact.name),
            value=_plain(fact.value),
            remembered_at=iso(fact.remembered_at),
            expires_at=iso(fact.expires_at),
        )
        for fact in facts
        if fact.known(now)
    ]


def _identities(case: Case, profile: Profile | None) -> list[dict[str, Any]]:
    """This conversation, and by what else the customer is known."""
    here = {"channel": case.channel, "id": mask(case.conversation_id), "verified": False}
    known = profile.identities if profile else ()
    return [here, *({"channel": one.kind, "id": masked(one), "verified": one.verified} for one in known)]


def _goal(tracker: Tracker, assistant: Assistant, events: Sequence[Event]) -> Goal | None:
    root, inner = root_frame(tracker.stack), user_frame(tracker.stack)
    flow = assistant.flows.get(root.flow_id) if root else None
    if flow is None or inner is None:
        return None
    names = flow.collected_slots()
    asked = assistant.flows.get(inner.flow_id, flow).collect_step(inner.awaiting) if inner.awaiting else None
    said = [e.seq for e in events if isinstance(e, BotUttered) and asked and e.response == asked.utter]
    return Goal(
        flow=flow.id,
        name=flow.name,
        step=inner.step_id,
        next=assistant.domain.label(inner.awaiting) if inner.awaiting else None,
        next_seq=said[-1] if said else None,
        done=sum(tracker.slot(name) is not None for name in names),
        total=len(names),
    )


def _slots(tracker: Tracker, assistant: Assistant) -> list[SlotLine]:
    """Filled slots. A value that the customer said or that an agent set is confirmed; what an action found is not."""
    lines = []
    for name, slot in tracker.state.slots.items():
        spec = assistant.domain.slots.get(name)
        if slot.value is None or (spec is not None and spec.metadata.get("internal")):
            continue
        lines.append(
            SlotLine(
                name=name,
                label=assistant.domain.label(name),
                value=_plain(slot.value),
                source_seq=slot.said_at,
                confirmed=slot.source in ("user", "button", "agent") or _confirmed(spec, slot.source),
                source=slot.source,
                # One that domain.yml doesn't know is another dialogue server's.
                type=spec.type if spec else "text",
                choices=list(spec.values) if spec else [],
            )
        )
    return lines


def _confirmed(spec: SlotSpec | None, source: str) -> bool:
    """Whether a remembered value is used only where the customer says that it still holds."""
    return (
        spec is not None and source == "memory" and spec.remembering is not None and spec.remembering.confirm
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float) else mask(show(value))


def _missing(tracker: Tracker, assistant: Assistant) -> list[MissingSlot]:
    frame = user_frame(tracker.stack)
    flow = assistant.flows.get(frame.flow_id) if frame else None
    names = flow.collected_slots() if flow else []
    skipped = {flow.steps[step_id].name for step_id in frame.skipped} if flow and frame else set()
    empty = [name for name in names if tracker.slot(name) is None and name not in skipped]
    return [_empty_slot(name, assistant) for name in empty]


def _empty_slot(name: str, assistant: Assistant) -> MissingSlot:
    spec = assistant.domain.slots.get(name)
    return MissingSlot(
        name=name,
        label=assistant.domain.label(name),
        type=spec.type if spec else "text",
        choices=list(spec.values) if spec else [],
    )


def _sentiment(tracker: Tracker) -> dict[str, Any]:
    moods = tracker.state.moods
    turns = [{"seq": m.seq, "label": m.label, "score": m.score, "signals": m.signals} for m in moods]
    return {"turns": turns, "trend": trend(moods)}


def _answers(events: Sequence[Event]) -> list[TriedAnswer]:
    feedback = {event.message_id: event.value for event in events if isinstance(event, FeedbackGiven)}
    places = {event.message_id: event.seq for event in events if isinstance(event, BotUttered)}
    return [
        TriedAnswer(
            seq=places.get(event.message_id),
            question=mask(event.question),
            text=event.text,
            outcome=event.outcome,
            citations=event.citations,
            feedback=feedback.get(event.message_id),
        )
        for event in events
        if isinstance(event, KnowledgeAnswered)
    ]
