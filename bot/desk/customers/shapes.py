"""What the API answers about customers."""

from __future__ import annotations

from typing import Any

from bot.conversation.customers import MergeState
from bot.conversation.line_shapes import FileShape, Shape, SpeakerShape
from bot.conversation.rich import Element
from bot.conversation.store import CaseState
from bot.desk.shapes import AgentShape, CaseShape, Contact, TranslationShape


class IdentityShape(Shape):
    """Something by which a customer is known, masked; `ref` names it in addresses."""

    ref: str
    kind: str
    value: str
    verified: bool
    source: str
    added_at: str
    added_by: str


class CustomerNoteShape(Shape):
    """A note on a customer."""

    id: int
    at: str
    actor: AgentShape
    text: str


class CustomerName(Shape):
    """A customer who took part in a merge."""

    id: str
    name: str


class MergeShape(Shape):
    """Who was taken for whom, by whom, and whether that still holds."""

    id: int
    kept: CustomerName
    gone: CustomerName
    at: str
    actor: AgentShape
    reason: str
    state: MergeState
    ended_at: str | None
    ended_by: str


class FactShape(Shape):
    """What the customer let the bot remember, masked; `channel` is where it was said, empty where that isn't known."""

    name: str
    label: str
    value: str
    remembered_at: str
    expires_at: str
    channel: str


class CustomerSummary(Shape):
    """A customer in a list. `given_name` is empty where `name` is only the number of a visitor."""

    id: str
    version: int
    name: str
    given_name: str
    segment: str
    identities: list[IdentityShape]


class CustomerShape(CustomerSummary):
    """All that is known of a customer. `suggestions`: others with an equal verified number or address."""

    members: list[str]
    created_at: str
    notes: list[CustomerNoteShape]
    merges: list[MergeShape]
    facts: list[FactShape]
    contacts: list[Contact]
    suggestions: list[CustomerSummary]


class FoundCustomer(CustomerSummary):
    """A customer that a search found."""

    last_case: CaseShape | None
    cases: int


class FoundCustomers(Shape):
    """Newest first."""

    customers: list[FoundCustomer]


class HistoryLine(Shape):
    """A line of another conversation, personal data masked."""

    language: str | None = None
    translation: TranslationShape | None = None
    original: str | None = None
    id: str
    seq: int
    speaker: SpeakerShape
    text: str
    masked: bool
    timestamp: str
    section: str
    buttons: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    image: str | None = None
    elements: list[Element] | None = None
    attachment: FileShape | dict[str, Any] | None = None
    code: str | None = None


class HistorySection(Shape):
    """A part of the line: one conversation, and the case that it led to if any."""

    key: str
    conversation_id: str
    case_id: str | None
    channel: str
    state: CaseState | None
    outcome: str
    agent: str | None
    at: str
    accepted_at: str | None
    closed_at: str | None


class History(Shape):
    """Lines before the cursor, oldest first; `others`: how many other conversations there are."""

    lines: list[HistoryLine]
    sections: list[HistorySection]
    cursor: str | None
    others: int
