"""The store in memory: the twin of the SQL one, with the same meaning and no file. For tests and trials."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.conversation.customers import Line, OpenCase, Profile
from bot.conversation.errors import AgentBusy, DuplicateMessage, UnknownCase, VersionConflict
from bot.conversation.events import Event, load_event_json
from bot.conversation.store import (
    Case,
    CaseState,
    Claim,
    Commit,
    Head,
    Medium,
    OutboxMessage,
    StoredConversation,
)
from bot.conversation.workforce import Place
from bot.storage.erasure import emptied, wordless
from bot.storage.memory_customers import MemoryCustomers
from bot.storage.memory_work import MemoryWork
from bot.storage.records import LINES, EventRow, check_messages, decode, encode, event_rows, holds


@dataclass
class _Conversation:
    """Everything kept of one conversation. Events are JSON: no caller shares objects with the store."""

    head: Head
    events: list[EventRow] = field(default_factory=list)
    messages: dict[str, int] = field(default_factory=dict)
    snapshot: tuple[int, str] | None = None
    updated_at: float = 0.0
    channel: str = ""

    def after(self, seq: int) -> list[EventRow]:
        """Rows beyond a place. What was erased is no longer there, so that places are no indexes."""
        erased = self.events[0]["seq"] - 1 if self.events else 0
        return self.events[max(seq - erased, 0) :]


class MemoryStore(MemoryWork, MemoryCustomers):
    """Implements `Store`. A commit runs without a pause, hence is atomic in one event loop."""

    def __init__(self) -> None:
        MemoryWork.__init__(self)
        MemoryCustomers.__init__(self)
        self._conversations: dict[str, _Conversation] = {}
        self._cases: dict[str, Case] = {}
        self._cases_of: defaultdict[str, list[str]] = defaultdict(list)
        self._outbox: dict[str, OutboxMessage] = {}

    async def close(self) -> None:
        """Nothing is held open."""

    # -- conversations -----------------------------------------------------------------------------------

    async def load(self, conversation_id: str) -> StoredConversation:
        """See `ConversationStore.load`."""
        kept = self._conversations.get(conversation_id)
        if kept is None:
            return StoredConversation(head=Head(conversation_id=conversation_id))
        version, snapshot = kept.snapshot or (0, None)
        return StoredConversation(
            head=kept.head,
            case=self._cases.get(kept.head.case_id or ""),
            snapshot=decode(snapshot) if snapshot is not None else None,
            snapshot_version=version,
            events=_events(kept.after(version)),
        )

    async def head(self, conversation_id: str) -> Head | None:
        """See `ConversationStore.head`."""
        kept = self._conversations.get(conversation_id)
        return kept.head if kept else None

    async def commit(self, commit: Commit) -> None:
        """See `ConversationStore.commit`. Everything that can fail comes before the first change."""
        rows = event_rows(commit)
        snapshot = encode(commit.snapshot) if commit.snapshot is not None else None
        outbox = [_copy(message) for message in commit.outbox]
        kept = self._conversations.get(commit.conversation_id) or _Conversation(
            Head(conversation_id=commit.conversation_id)
        )
        self._check(kept, commit, rows, outbox)
        if commit.claim is not None:
            self._grant(commit.claim)
        self._conversations[commit.conversation_id] = kept
        kept.head = commit.head
        kept.updated_at, kept.channel = time.time(), commit.channel
        kept.events += rows
        kept.messages.update({row["message_id"]: row["seq"] for row in rows if row["message_id"]})
        if snapshot is not None:
            kept.snapshot = (commit.head.version, snapshot)
        self._outbox.update({message.id: message for message in outbox})
        if commit.case is not None:
            self._put_case(commit.case)

    async def events(self, conversation_id: str, *, after: int = 0, limit: int = 500) -> list[Event]:
        """See `ConversationStore.events`."""
        kept = self._conversations.get(conversation_id)
        return _events(kept.after(max(after, 0))[:limit]) if kept else []

    async def changed_since(self, after: float, *, limit: int = 1000) -> list[str]:
        """See `ConversationStore.changed_since`."""
        found = [
            (kept.updated_at, key) for key, kept in self._conversations.items() if kept.updated_at > after
        ]
        return [key for _, key in sorted(found, reverse=True)[:limit]]

    async def find_message(self, conversation_id: str, message_id: str) -> int | None:
        """See `ConversationStore.find_message`."""
        kept = self._conversations.get(conversation_id)
        return kept.messages.get(message_id) if kept else None

    def _check(
        self, kept: _Conversation, commit: Commit, rows: list[EventRow], outbox: list[OutboxMessage]
    ) -> None:
        # A repeated message is told as such even to one who is late: it is there, whatever the version.
        for row in rows:
            if row["message_id"] in kept.messages:
                raise DuplicateMessage(row["message_id"], kept.messages[row["message_id"]])
        if kept.head.version != commit.expected_version:
            raise VersionConflict(commit.conversation_id, commit.expected_version)
        for message in outbox:
            if message.id in self._outbox:
                raise DuplicateMessage(message.id, 0)

    # -- cases -------------------------------------------------------------------------------------------

    async def case(self, case_id: str) -> Case:
        """See `CaseStore.case`."""
        if case_id not in self._cases:
            raise UnknownCase()
        return self._cases[case_id]

    async def cases(
        self,
        states: Sequence[CaseState] = (),
        *,
        agent_id: str | None = None,
        limit: int = 200,
        before: Place | None = None,
    ) -> list[Case]:
        """See `CaseStore.cases`."""
        found = [
            case
            for case in self._cases.values()
            if (not states or case.state in states)
            and (agent_id is None or case.agent_id == agent_id)
            and (before is None or (case.created_at, case.id) < before)
        ]
        return sorted(found, key=lambda case: (case.created_at, case.id), reverse=True)[:limit]

    async def position(self, case_id: str) -> int | None:
        """See `CaseStore.position`."""
        mine = self._cases.get(case_id)
        waiting = [case for case in self._waiting() if mine is not None and case.queue == mine.queue]
        return next((place for place, case in enumerate(waiting, 1) if case.id == case_id), None)

    async def waiting_cases(self, limit: int = 2_000, *, after: Place | None = None) -> list[Case]:
        """See `CaseStore.waiting_cases`."""
        behind = [case for case in self._waiting() if after is None or (case.serve_at, case.id) > after]
        return behind[:limit]

    async def loads(self) -> dict[str, dict[Medium, int]]:
        """See `CaseStore.loads`."""
        found: dict[str, dict[Medium, int]] = {}
        for case in self._cases.values():
            if case.holder is not None:
                held = found.setdefault(case.holder, {})
                held[case.medium] = held.get(case.medium, 0) + 1
        return found

    def _waiting(self) -> list[Case]:
        waiting = [case for case in self._cases.values() if case.state in ("queued", "offered")]
        return sorted(waiting, key=lambda case: (case.serve_at, case.id))

    def _grant(self, claim: Claim) -> None:
        agent = self._agents.get(claim.agent_id)
        if agent is None or not claim.reaches(agent.state, agent.present_until):
            raise AgentBusy(claim.agent_id)
        held = Counter(
            case.medium
            for case in self._cases.values()
            if case.holder == claim.agent_id and case.id != claim.case_id
        )
        if not claim.fits(held["voice"], held["chat"]):
            raise AgentBusy(claim.agent_id)

    async def past_cases(self, conversation_id: str) -> list[Case]:
        """See `CaseStore.past_cases`."""
        cases = [self._cases[case_id] for case_id in self._cases_of.get(conversation_id, ())]
        return sorted(cases, key=lambda case: (case.created_at, case.id))

    async def find_lines(
        self, terms: Sequence[str], *, limit: int = 50, before: tuple[float, str, int] | None = None
    ) -> list[tuple[str, Event]]:
        """See `CaseStore.find_lines`."""
        found = [
            (conversation_id, event)
            for conversation_id in (self._cases_of if terms else ())
            for event in _events(self._conversations[conversation_id].events)
            if holds(event, terms) and (before is None or _place(conversation_id, event) < before)
        ]
        return sorted(found, key=lambda hit: _place(*hit), reverse=True)[:limit]

    async def surveys(
        self, *, limit: int = 50, before: tuple[float, str, int] | None = None
    ) -> list[tuple[str, Event]]:
        """See `CaseStore.surveys`."""
        found: list[tuple[str, Event]] = [
            (conversation_id, event)
            for conversation_id, kept in self._conversations.items()
            for event in _events(kept.events)
            if event.event == "survey" and (before is None or _place(conversation_id, event) < before)
        ]
        return sorted(found, key=lambda hit: _place(*hit), reverse=True)[:limit]

    def _put_case(self, case: Case) -> None:
        if case.id not in self._cases:
            self._cases_of[case.conversation_id].append(case.id)
        self._cases[case.id] = case

    # -- customers ---------------------------------------------------------------------------------------

    async def lines_before(
        self,
        conversation_ids: Sequence[str],
        before: tuple[float, str, int] | None,
        *,
        since: float = 0.0,
        limit: int = 50,
    ) -> list[Line]:
        """See `CustomerStore.lines_before`."""
        lines = [
            Line(conversation_id=key, event=event)
            for key in conversation_ids
            if key in self._conversations
            for event in _events(self._conversations[key].events)
            if event.event in LINES and event.timestamp >= since
        ]
        found = sorted(
            (line for line in lines if before is None or line.place < before), key=lambda line: line.place
        )
        return found[-limit:]

    async def line(self, conversation_id: str, seq: int) -> Line | None:
        """See `CustomerStore.line`."""
        events = await self.events(conversation_id, after=seq - 1, limit=1)
        if not events or events[0].seq != seq or events[0].event not in LINES:
            return None
        return Line(conversation_id=conversation_id, event=events[0])

    async def cases_of(self, conversation_ids: Sequence[str]) -> list[Case]:
        """See `CustomerStore.cases_of`."""
        found = [case for case in self._cases.values() if case.conversation_id in conversation_ids]
        return sorted(found, key=lambda case: (case.created_at, case.id))

    async def erase_customer(self, customer_id: str, *, at: float) -> Profile:
        """See `CustomerStore.erase_customer`."""
        profile = await self.profile(customer_id)
        cases = await self.cases_of(profile.conversations)
        if any(case.state not in ("returned", "closed", "callback") for case in cases):
            raise OpenCase()
        for case in cases:
            over = {"state": "closed", "closed_at": at, "due_at": None} if case.state == "callback" else {}
            self._cases[case.id] = wordless(case.model_copy(update=over))
        self._forget_callbacks(profile.conversations)
        mine = set(profile.conversations)
        self._outbox = {key: one for key, one in self._outbox.items() if one.conversation_id not in mine}
        for key in mine & self._conversations.keys():
            kept = self._conversations[key]
            commit = emptied(kept.head, kept.channel, at)
            self._conversations[key] = _Conversation(
                commit.head,
                event_rows(commit),
                snapshot=(commit.head.version, encode(commit.snapshot)),
                updated_at=at,
                channel=kept.channel,
            )
        self._forget_customer(profile)
        return profile

    # -- outbox ------------------------------------------------------------------------------------------

    async def pending(self, conversation_id: str) -> list[OutboxMessage]:
        """See `OutboxStore.pending`."""
        return _in_order(
            m for m in self._outbox.values() if m.conversation_id == conversation_id and m.state == "pending"
        )

    async def take(self, conversation_id: str) -> list[OutboxMessage]:
        """See `OutboxStore.take`."""
        taken = await self.pending(conversation_id)
        delivered = [message.model_copy(update={"state": "delivered"}) for message in taken]
        self._outbox.update({message.id: message for message in delivered})
        return delivered

    async def waiting(self) -> set[str]:
        """See `OutboxStore.waiting`."""
        return {m.conversation_id for m in self._outbox.values() if m.state == "pending"}

    async def enqueue(self, messages: Sequence[OutboxMessage]) -> None:
        """See `OutboxStore.enqueue`."""
        check_messages(messages)
        for message in [_copy(message) for message in messages]:
            self._outbox.setdefault(message.id, message)

    async def claim(self, channel: str, *, now: float, lease: float, limit: int = 20) -> list[OutboxMessage]:
        """See `OutboxStore.claim`."""
        due = _in_order(
            m
            for m in self._outbox.values()
            if m.channel == channel and m.state == "pending" and m.next_attempt_at <= now
        )
        claimed = [
            _changed(message, attempts=message.attempts + 1, next_attempt_at=now + lease)
            for message in due[:limit]
        ]
        self._outbox.update({message.id: message for message in claimed})
        return [_copy(message) for message in claimed]

    async def settle(
        self,
        message_id: str,
        state: Literal["pending", "delivered", "failed"],
        *,
        next_attempt_at: float = 0.0,
    ) -> None:
        """See `OutboxStore.settle`."""
        message = self._outbox.get(message_id)
        if message is not None and message.state != "delivered":
            self._outbox[message_id] = _changed(message, state=state, next_attempt_at=next_attempt_at)


def _place(conversation_id: str, event: Event) -> tuple[float, str, int]:
    return event.timestamp, conversation_id, event.seq


def _events(rows: Iterable[EventRow]) -> list[Event]:
    return [load_event_json(row["body"]) for row in rows]


def _copy(message: OutboxMessage) -> OutboxMessage:
    return message.model_copy(update={"payload": decode(encode(message.payload))})


def _changed(message: OutboxMessage, **changes: object) -> OutboxMessage:
    return message.model_copy(update=changes)


def _in_order(messages: Iterable[OutboxMessage]) -> list[OutboxMessage]:
    # The dictionary keeps the order of insertion, and sorting is stable: rows of one commit stay in order.
    return [_copy(message) for message in sorted(messages, key=lambda message: message.created_at)]
