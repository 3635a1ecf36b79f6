"""What the desk's API answers with, as models: for /openapi.json, and for tests to hold the answers to."""

from __future__ import annotations

from typing import Any, Literal

from bot.conversation.events import Owner
from bot.conversation.line_shapes import LineShape, Shape
from bot.conversation.store import CaseState, Urgency
from bot.conversation.trace import Kind
from bot.conversation.workforce import AgentProfile, CallbackState
from bot.desk.accounts import Role, UserState


class Held(Shape):
    """Contacts by medium."""

    voice: int
    chat: int


class UserShape(Shape):
    """Somebody who signs in at the desk."""

    id: str
    username: str
    name: str
    role: Role
    state: UserState
    state_since: str | None
    capacity: Held
    """What one holds at once: so many calls, or so many chats."""


class SignedIn(Shape):
    """What a sign-in gives."""

    token: str
    expires_at: str
    user: UserShape


class Named(Shape):
    """A customer as far as known."""

    name: str


class AgentShape(Shape):
    """Who holds the case."""

    id: str
    name: str


class ReasonShape(Shape):
    """Why a person is needed."""

    code: str
    text: str


class LastMessage(Shape):
    """What was said last, personal data masked."""

    speaker: str
    text: str
    timestamp: str | None


class Mood(Shape):
    """Sentiment of a turn."""

    label: str
    score: float


class OutcomeShape(Shape):
    """How a case ended."""

    code: str
    note: str


class CaseShape(Shape):
    """One row of the inbox."""

    id: str
    conversation_id: str
    state: CaseState
    version: int
    channel: str
    customer: Named
    reason: ReasonShape
    urgency: Urgency
    goal: str | None
    created_at: str
    waiting_since: str
    accepted_at: str | None
    closed_at: str | None
    agent: AgentShape | None
    last_message: LastMessage | None
    sentiment: Mood | None
    unread: int
    outcome: OutcomeShape | None
    queue: str
    skills: list[str]
    segment: str
    language: str
    offered_to: AgentShape | None
    offer_expires_at: str | None
    target: AgentShape | None
    """The colleague whom it was handed to by name."""
    handed_by: AgentShape | None
    last_agent: AgentShape | None
    answer_by: str | None
    resolve_by: str | None
    breached: list[str]
    due_at: str | None
    """When a filed case goes into the queue."""
    message_left: bool
    tags: list[str]


class CasePage(Shape):
    """One page of a tab."""

    cases: list[CaseShape]
    cursor: str | None


class UnderstandingShape(Shape):
    """What was understood of a customer's message."""

    intent: str | None
    confidence: float
    sentiment: Mood
    out_of_scope: bool
    entities: list[dict[str, Any]]


class TranslationShape(Shape):
    """A customer's words in the agents' language; `problem` says why there are none."""

    language: str
    text: str
    problem: str


class DeskMessage(LineShape):
    """One line of the transcript, with what was understood of a customer's message."""

    understanding: UnderstandingShape | None = None
    language: str | None = None
    """Of a line that isn't in the agents' language."""
    translation: TranslationShape | None = None
    original: str | None = None
    """What the agent wrote, where `text` is the translation that the customer read."""


class TranslatedReply(Shape):
    """A reply in the customer's language, before it is sent."""

    language: str
    text: str


class Hit(Shape):
    """A place that fits a search: a line of a case, or the case itself where `seq` is null. Personal data masked."""

    case: CaseShape
    seq: int | None
    speaker: str | None
    text: str
    timestamp: str | None


class Hits(Shape):
    """Newest first."""

    hits: list[Hit]
    cursor: str | None


class Revealed(Shape):
    """A value without its mask."""

    value: str


class Warning(Shape):
    """What to look at before a reply goes out."""

    code: Literal["personal_data", "unkind", "missed_question"]
    text: str
    seq: int | None


class Warnings(Shape):
    """None if all is well."""

    warnings: list[Warning]


class Contact(Shape):
    """One case of a customer's past, and what they said of it."""

    case: CaseShape
    score: int | None
    comment: str


class Journey(Shape):
    """Newest first."""

    contacts: list[Contact]


class Account(Shape):
    """A user, for administrators."""

    id: str
    username: str
    name: str
    role: Role
    disabled: bool


class Accounts(Shape):
    """All users."""

    users: list[Account]


class QueueSetup(Shape):
    """A queue as config.yml has it."""

    name: str
    label: str
    skills: list[str]
    routing: list[str]
    hours: str
    week: dict[str, str]
    holidays: str
    closed_on: list[str]
    answer_within: float
    resolve_within: float
    target: float
    overflow: list[dict[str, Any]]


class PolicySetup(Shape):
    """An escalation policy and its parameters."""

    name: str
    settings: dict[str, Any]


class Setup(Shape):
    """What config.yml says of the desk."""

    queues: list[QueueSetup]
    escalation: list[PolicySetup]
    templates: list[Template]
    capacity: Held
    offer_seconds: float
    take_from_queue: bool


class ReviewLine(Shape):
    """A message that the bot got wrong, without personal data; `count` messages say nearly the same."""

    key: str
    text: str
    intent: str
    confidence: float
    ranking: list[tuple[str, float]]
    reasons: list[str]
    count: int
    variants: list[str]
    context: list[tuple[str, str]]
    conversation_id: str
    seq: int
    at: str


class ReviewPage(Shape):
    """The most frequent first, at most a hundred of `total`."""

    items: list[ReviewLine]
    total: int


class GapLine(Shape):
    """Questions about one matter that the documents don't answer. `nearest`: title and document that come closest."""

    question: str
    weight: float
    times: int
    conversations: int
    reasons: dict[str, int]
    last_at: str
    examples: list[str]
    nearest: tuple[str, str] | None


class Gaps(Shape):
    """The heaviest first; `questions` were asked in all."""

    gaps: list[GapLine]
    questions: int


class TagList(Shape):
    """Tags in use, the most frequent first."""

    tags: list[str]


class Messages(Shape):
    """Lines after a cursor."""

    messages: list[DeskMessage]
    cursor: int


class AgentLine(Shape):
    """Somebody at the desk."""

    id: str
    name: str
    state: UserState
    state_label: str
    state_since: str | None
    profile: AgentProfile


class AgentList(Shape):
    """Everybody who has been at the desk."""

    agents: list[AgentLine]


class BoardAgent(AgentLine):
    """Somebody who is there now."""

    holds: Held
    capacity: Held


class BoardQueue(Shape):
    """A queue as of now; shares are of the last contacts, null before there are any."""

    name: str
    label: str
    open: bool
    hours: str
    waiting: int
    longest_wait: float
    talking: int
    answered_in_time: float | None
    resolved_in_time: float | None
    promises_held: float | None
    target: float
    answer_within: float
    resolve_within: float


class Moods(Shape):
    """Cases that are open now, by the customer's last mood."""

    positive: int
    neutral: int
    negative: int


class Totals(Shape):
    """Of the last 24 hours; shares are null before there is anything to count."""

    conversations: int
    containment: float | None
    """Share of conversations in which nobody was needed."""
    abandoned: float | None
    """Share of ended cases whose customer gave up waiting."""
    moods: Moods


class Board(Shape):
    """The live board."""

    at: str
    totals: Totals

    queues: list[BoardQueue]
    agents: list[BoardAgent]


class TraceLineShape(Shape):
    """One thing that happened; a line of kind `customer` begins a turn. Personal data masked."""

    seq: int
    at: str
    kind: Kind
    ko: str
    en: str
    name: str
    """What it is called in the assistant's files."""
    why: str
    """The condition that held, with the values that it read."""


class Trace(Shape):
    """In order."""

    lines: list[TraceLineShape]
    cursor: int


class ConversationRow(Shape):
    """A conversation, whoever has it; personal data masked."""

    id: str
    channel: str
    customer: Named
    owner: Owner
    goal: str | None
    turns: int
    last_text: str
    last_at: str | None
    case_id: str | None


class GoingOn(Shape):
    """Newest first."""

    conversations: list[ConversationRow]


class Recording(Shape):
    """A conversation test, as `sangdam test` takes it."""

    name: str
    text: str
    steps: int
    replaced: int
    """Values of customers that were replaced."""
    missing: list[str]
    """Secrets that were said, and for which desk.recordings.values has no test value."""
    file: str | None
    """Where it was put on the server, if anywhere."""


class AuditLine(Shape):
    """Who did what."""

    id: int
    at: str
    actor: AgentShape
    action: str
    case_id: str | None
    detail: dict[str, Any]


class AuditPage(Shape):
    """Newest first."""

    rows: list[AuditLine]
    cursor: str | None


class CallbackShape(Shape):
    """A call-back; personal data masked."""

    case_id: str
    conversation_id: str
    queue: str
    slot_at: str
    slot_end: str
    booked: bool
    """Whether it has a seat in a slot; else it comes as soon as people are there."""
    state: CallbackState
    due_at: str
    phone: str
    topic: str
    attempts: int
    notes: list[str]


class CallbackList(Shape):
    """By the time when they are due."""

    callbacks: list[CallbackShape]
    cursor: str | None


class CallbackSlot(Shape):
    """A slot with free seats."""

    at: str
    end: str
    free: int


class CallbackSlots(Shape):
    """Of the coming days."""

    slots: list[CallbackSlot]


class WrapupCode(Shape):
    """A code to end a case with."""

    code: str
    label: str


class WrapupCodes(Shape):
    """All of them."""

    codes: list[WrapupCode]


class Template(Shape):
    """A ready-made reply."""

    shortcode: str
    title: str
    text: str


class Templates(Shape):
    """All of them."""

    templates: list[Template]


class Labels(Shape):
    """Names that people give to what was understood."""

    intents: dict[str, str]
    queues: dict[str, str]


class TakenFiles(Shape):
    """Files that may be sent."""

    max_bytes: int
    types: list[str]
    """Media types, told by the file's first bytes."""


class Options(Shape):
    """What the desk may do here, as config.yml says."""

    uploads: TakenFiles | None
    """Files that agents may send; none if null."""
    undo_seconds: float
    """For so long a sent message can be called back before it is delivered; 0: it goes at once."""
    translation: bool
    """Whether foreign customers' messages are translated, and replies to them."""


class LeftOut(Shape):
    """A document, or a part of one, that is not in the index."""

    file: str
    code: str
    reason: str
    remedy: str


class IndexState(Shape):
    """The index as the last build of this process left it; null before the first."""

    building: bool
    version: str | None
    documents: int | None
    chunks: int | None
    problems: list[LeftOut]
    problem: dict[str, str] | None


class KnowledgeDocuments(Shape):
    """Ids of documents that were added, and how the index is."""

    documents: list[str]
    index: IndexState


class ScheduledCrawl(Shape):
    """A site that is read on a schedule, and what came of the last time; times are null before the first."""

    name: str
    every: str | None
    """Such as 6h; else `at`, a time of the day."""
    at: str | None
    running: bool
    started_at: str | None
    finished_at: str | None
    next_at: str
    new: int
    unchanged: int
    gone: int
    skipped: int
    failed: int
    problems: list[LeftOut]
    """The first of the `failed` pages."""
    problem: str
    """Why the whole came to nothing; empty if it didn't."""


class ScheduledCrawls(Shape):
    """As config.yml names them."""

    crawls: list[ScheduledCrawl]


class LeftOutPart(Shape):
    """A part of an uploaded document that could not be read."""

    code: str
    reason: str
    remedy: str


class AddedDocument(Shape):
    """An uploaded document as it was read."""

    id: str
    title: str
    sections: int
    problems: list[LeftOutPart]


class Problem(Shape):
    """RFC 9457, with a stable code and a remedy."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str
    fields: dict[str, str] | None = None
    """Of a form: slot -> what isn't right."""


class SurveyAnswer(Shape):
    """What a customer said of a contact."""

    case_id: str | None
    """None where only the bot took part."""
    conversation_id: str
    about: Literal["agent", "bot"]
    agent: AgentShape | None
    score: int | None
    """1 is very bad, 5 very good."""
    recommend: int | None
    """0 to 10: how likely the customer recommends the company (NPS); null where it wasn't asked or said."""
    comment: str
    skipped: bool
    at: str


class CaseSurvey(Shape):
    """Null while the customer hasn't answered."""

    survey: SurveyAnswer | None


class SurveyPage(Shape):
    """Answers to closed cases, the newest case first."""

    surveys: list[SurveyAnswer]
    cursor: str | None
