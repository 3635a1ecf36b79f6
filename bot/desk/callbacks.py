"""Call-backs: booked in slots, announced before, put into the queue in time, tried again, done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from bot.conversation.draft import Draft
from bot.conversation.errors import NotOwner
from bot.conversation.events import HandoffRequested
from bot.conversation.handover import Agent, Handover
from bot.conversation.ownership import bot_may_speak
from bot.conversation.store import Case, Commit, Person, Store
from bot.conversation.tracker import Tracker
from bot.conversation.workforce import Callback, CallbackState, Place
from bot.desk.callback_slots import CallbackSlots, slot_of
from bot.desk.hours import clock as clock_words
from bot.desk.queues import QueueBook
from formats import SangdamError

LEASE = 60.0
"""Seconds after which a due call-back is tried again by whoever looks, if its worker died."""
Result = Literal["reached", "no_answer", "busy"]


FOLLOW_UP_SECONDS = 300.0
"""How long a case that comes back for a follow-up waits for the agent who put it off."""


class SlotTaken(SangdamError):
    """Raised for a slot that is full, past, or none of the queue's."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "slot_taken",
            ko="그 시간은 예약할 수 없어요. 다른 시간을 골라 주세요.",
            en="This slot is full, over, or outside the queue's hours.",
            remedy="Take one of GET /api/desk/callback-slots.",
        )


class NoCallback(SangdamError):
    """Raised for a case that no call-back belongs to, or whose call-back is over."""

    status = 404

    def __init__(self) -> None:
        super().__init__("no_callback", ko="예약된 콜백이 없어요.", en="This case has no open call-back.")


class Callbacks:
    """A filed case has one call-back, under the case's own id."""

    def __init__(
        self,
        store: Store,
        handover: Handover,
        queues: QueueBook,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._handover = handover
        self._queues = queues
        self._clock = clock

    async def slots(self, queue_name: str) -> list[dict[str, float | int]]:
        """See `CallbackSlots.free`."""
        return await CallbackSlots(self._store, self._queues, clock=self._clock).free(queue_name)

    # -- booking ------------------------------------------------------------------------------------------------

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: a filed case gets its call-back, an ended one is done with it."""
        case = commit.case
        if case is None:
            return
        asked = next((e for e in commit.events if isinstance(e, HandoffRequested) and e.filed), None)
        if asked is not None:
            await self.file(case, asked.callback)
        elif case.state in ("closed", "returned") and await self._open(case.id) is not None:
            await self._store.change_callback(case.id, {"state": "done"})

    async def file(self, case: Case, wish: dict[str, object] | None = None) -> Callback:
        """The call-back of a newly filed case: in the wished slot while it has a seat, else as soon as people are there."""
        queue, now = self._queues.of(case.queue), self._clock()
        due = case.due_at or now
        slot = slot_of(queue, due) if wish is not None else None
        callback = Callback(
            id=case.id,
            case_id=case.id,
            conversation_id=case.conversation_id,
            queue=queue.name,
            slot_at=slot[0] if slot else due,
            slot_end=slot[1] if slot else due,
            seat=0 if slot else -1,
            due_at=due,
            phone=case.phone,
            topic=str((wish or {}).get("topic") or case.goal or ""),
            created_at=now,
        )
        booked = await self._store.book(callback, queue.spec.callbacks.per_slot)
        if booked is None:
            # Full meanwhile: the promise to call stands, only without a seat of its own.
            booked = await self._store.book(callback.model_copy(update={"seat": -1}), 0)
        assert booked is not None
        return booked

    async def move(self, case: Case, at: float) -> Callback:
        """Another slot. Raises `SlotTaken`, `NoCallback`."""
        callback = await self._known(case.id)
        free = {slot["at"]: slot for slot in await self.slots(callback.queue)}
        if at not in free:
            raise SlotTaken()
        place = {"slot_at": at, "slot_end": float(free[at]["end"]), "due_at": at, "seat": 0}
        wanted = callback.model_copy(update={**place, "state": "booked", "reminded": False})
        moved = await self._store.book(wanted, self._queues.of(callback.queue).spec.callbacks.per_slot)
        if moved is None:
            raise SlotTaken()
        await self._handover.refile(case, at)
        return moved

    async def cancel(self, case: Case, agent: Agent, note: str) -> Case:
        """Not wanted any more: case and call-back end. Raises `NoCallback`."""
        await self._known(case.id)
        closed = await self._handover.end_filed(case, agent, "callback_cancelled", note)
        await self._store.change_callback(case.id, {"state": "cancelled"})
        return closed

    async def attempt(self, case: Case, agent: Agent, result: Result, note: str) -> Callback:
        """An agent tried. Who wasn't reached is tried again later, so many times; then it is given up, and said so.

        Raises `NoCallback`, `NotOwner`.
        """
        callback = await self._known(case.id)
        rules = self._queues.of(callback.queue).spec.callbacks
        line = f"{agent.name}: {RESULTS[result]}" + (f" ({note})" if note else "")
        changes = {"attempts": callback.attempts + 1, "notes": (*callback.notes, line)}
        if result == "reached":
            return await self._changed(case.id, changes)
        await self._handover.note(case, agent, f"콜백 {callback.attempts + 1}번째 시도: {line}")
        if callback.attempts + 1 >= rules.attempts:
            await self._handover.close(case, agent, "unreached", note)
            return await self._changed(case.id, {**changes, "state": "failed"})
        again = self._clock() + rules.retry_minutes * 60
        await self._handover.refile(case, again)
        return await self._changed(case.id, {**changes, "state": "booked", "due_at": again})

    async def later(self, case: Case, agent: Agent, at: float, note: str) -> Case:
        """A follow-up: the bot has the conversation until then, when the case comes back to who has it now.

        Raises `NotOwner`.
        """
        if case.state != "agent" or case.agent_id != agent.id:
            raise NotOwner(case.agent_name or "")
        await self._handover.note(case, agent, f"다시 연락할 일: {note}")
        who = Person(id=agent.id, name=agent.name)
        await self._handover.mark(case, target=who, target_until=at + FOLLOW_UP_SECONDS)
        await self._handover.refile(case, at)
        filed = await self._store.case(case.id)
        await self.file(filed, {"topic": note})
        return filed

    async def list(self, state: str, *, after: Place | None = None, limit: int = 200) -> list[Callback]:
        """A page of the `open` ones by the time when they are due, of the `ended` ones, or of all."""
        states: dict[str, tuple[CallbackState, ...]] = {
            "open": ("booked", "due"),
            "ended": ("done", "failed", "cancelled"),
        }
        return await self._store.callbacks(states.get(state, ()), limit=limit, after=after)

    # -- in time ------------------------------------------------------------------------------------------------

    async def run_once(self) -> None:
        """Announce what comes soon, and put what is due into the queue. Safe on several workers at once."""
        now = self._clock()
        for callback in await self._store.callbacks(("booked",)):
            ahead = callback.slot_at - now
            rules = self._queues.of(callback.queue).spec.callbacks
            if callback.seat >= 0 and not callback.reminded and 0 < ahead <= rules.remind_minutes * 60:
                await self._store.change_callback(callback.id, {"reminded": True})
                await self._remind(callback)
        for callback in await self._store.claim_callbacks(now=now, lease=LEASE):
            case = await self._store.case(callback.case_id)
            if case.state != "callback":
                await self._store.change_callback(callback.id, {"state": "done"})
            elif await self._handover.enqueue_filed(case, "callback_due"):
                await self._store.change_callback(callback.id, {"state": "due"})

    async def file_forgotten(self) -> None:
        """Filed cases whose worker died before their call-back was stored."""
        for case in await self._store.cases(("callback",)):
            if await self._store.callback(case.id) is None:
                await self.file(case)

    async def _remind(self, callback: Callback) -> None:
        queue = self._queues.of(callback.queue)
        at = clock_words(queue.spec.hours.local(callback.slot_at))

        async def decide(draft: Draft) -> None:
            if bot_may_speak(draft.tracker.owner):
                draft.notice("callback_soon", f"예약하신 {at} 상담이 곧 시작돼요. 상담원이 연락드릴게요.")

        await self._handover.conversations.change(callback.conversation_id, decide)

    async def _open(self, case_id: str) -> Callback | None:
        callback = await self._store.callback(case_id)
        return callback if callback is not None and callback.state in ("booked", "due") else None

    async def _known(self, case_id: str) -> Callback:
        callback = await self._open(case_id)
        if callback is None:
            raise NoCallback()
        return callback

    async def _changed(self, case_id: str, changes: dict[str, object]) -> Callback:
        changed = await self._store.change_callback(case_id, changes)
        if changed is None:
            raise NoCallback()
        return changed


RESULTS: dict[Result, str] = {"reached": "통화함", "no_answer": "받지 않음", "busy": "통화 중"}
