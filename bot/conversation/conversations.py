"""All conversations: one change at a time in each, decided on the newest state, stored whole, then told to listeners."""

from __future__ import annotations

import asyncio
import weakref
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from bot.conversation.draft import Draft, Recall, Triage
from bot.conversation.errors import VersionConflict
from bot.conversation.responses import Responses
from bot.conversation.store import Commit, Store
from bot.conversation.tracker import Tracker

Result = TypeVar("Result")
Listener = Callable[[Commit, Tracker], Awaitable[None]]
"""Told of each commit, in order within a conversation. May not change the tracker; its failure is logged, not raised."""

MAX_RETRIES = 8
CACHED = 5_000
"""Trackers kept in memory; beyond it the least recently used goes."""

log = structlog.get_logger(__name__)


class Conversations:
    """Load, change and commit conversations.

    `exclusive` says that no other process writes to the store, so that a cached tracker needs no look at the database;
    a wrong promise costs a retry, never correctness, as every commit is a compare-and-set.
    `outbox_channels` are those that can't be told of a message at once.
    """

    def __init__(
        self,
        store: Store,
        responses: Responses,
        *,
        exclusive: bool = True,
        outbox_channels: frozenset[str] = frozenset(),
    ) -> None:
        self.store = store
        self.responses = responses
        self.listeners: list[Listener] = []
        self.triage: Triage | None = None
        """Set by the server: where new cases go."""
        self.recall: Recall | None = None
        """Set by the server: what other conversations tell of a customer."""
        self._exclusive = exclusive
        self._outbox_channels = outbox_channels
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._cache: OrderedDict[str, Tracker] = OrderedDict()

    async def tracker(self, conversation_id: str) -> Tracker:
        """The conversation as it stands. Read only: changes go through `change`."""
        async with self._lock(conversation_id):
            return await self._load(conversation_id)

    async def change(self, conversation_id: str, decide: Callable[[Draft], Awaitable[Result]]) -> Result:
        """Run `decide` on a draft and commit what it made of it; on a conflict load again and decide again.

        `decide` may run several times and must not act on the world without an idempotency key. Raises what it
        raises, and then nothing is stored; `DuplicateMessage` and `StoreUnavailable` come from the store.
        """
        async with self._lock(conversation_id):
            for attempt in range(MAX_RETRIES):
                tracker = await self._load(conversation_id)
                draft = Draft(tracker, self.responses, self.triage, self.recall)
                self._cache.pop(conversation_id, None)
                result = await decide(draft)
                if not draft.events and draft.case is None:
                    self._keep(tracker)
                    return result
                commit = draft.commit(self._outbox_channels)
                try:
                    await self.store.commit(commit)
                except VersionConflict:
                    log.info("conversation_conflict", attempt=attempt)
                    continue
                self._keep(tracker)
                await self._tell(commit, tracker)
                return result
        raise VersionConflict(conversation_id, draft.base_version)

    def forget(self, conversation_id: str) -> None:
        """Keep nothing of it in memory: it was erased."""
        self._cache.pop(conversation_id, None)

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock

    async def _load(self, conversation_id: str) -> Tracker:
        cached = self._cache.get(conversation_id)
        if cached is not None:
            if self._exclusive:
                return cached
            head = await self.store.head(conversation_id)
            if head is not None and head.version == cached.seq:
                return cached
        tracker = Tracker.restore(await self.store.load(conversation_id))
        self._keep(tracker)
        return tracker

    def _keep(self, tracker: Tracker) -> None:
        self._cache[tracker.conversation_id] = tracker
        self._cache.move_to_end(tracker.conversation_id)
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    async def _tell(self, commit: Commit, tracker: Tracker) -> None:
        for listener in self.listeners:
            try:
                await listener(commit, tracker)
            except Exception:
                # The commit stands; whoever missed it catches up by cursor.
                log.exception("listener_failed", listener=getattr(listener, "__qualname__", "?"))


__all__: Sequence[str] = ["Conversations", "Listener"]
