"""Outgoing messages: claimed by one worker at a time, delivered once, in order."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.errors import BadMessage, DuplicateMessage
from bot.conversation.store import OutboxMessage, Store
from bot.storage.kits.samples import AT, commit_of, letter, said

NOW = AT + 100


class OutboxKit:
    """For implementations of `OutboxStore`."""

    async def test_messages_wait_in_the_order_in_which_they_were_written(self, store: Store) -> None:
        letters = [letter(f"o{n}", "c") for n in (3, 1, 2)]
        await send(store, *letters)
        assert await store.pending("c") == letters
        assert await store.pending("없는-대화") == []

    async def test_of_those_who_take_at_once_one_gets_each_message(self, store: Store) -> None:
        letters = [letter(f"o{n}", "c") for n in (2, 1)]
        await send(store, *letters, letter("o3", "c"))
        await store.settle("o3", "failed")
        taken = await asyncio.gather(*(store.take("c") for _ in range(8)))
        assert [message.id for some in taken for message in some] == ["o2", "o1"]
        assert {message.state for some in taken for message in some} == {"delivered"}
        assert await store.pending("c") == [] == await store.take("없는-대화")

    async def test_conversations_with_undelivered_messages_are_known(self, store: Store) -> None:
        assert await store.waiting() == set()
        await send(store, letter("o1", "c"), letter("o2", "c"))
        await store.enqueue([letter("o3", "d")])
        assert await store.waiting() == {"c", "d"}
        await store.settle("o1", "delivered")
        await store.settle("o3", "failed")
        assert await store.waiting() == {"c"}

    async def test_messages_that_came_too_late_wait_without_a_commit(self, store: Store) -> None:
        await send(store, letter("o1", "c"))
        await store.settle("o1", "delivered")
        late = [letter("o2", "c"), letter("o1", "c"), letter("o3", "c"), letter("o2", "c", at=AT - 5)]
        await store.enqueue(late)
        await store.enqueue(late)
        await store.enqueue([])
        assert await store.pending("c") == [late[0], late[2]]
        assert (await store.load("c")).head.version == 1

    async def test_messages_kept_twice_at_once_are_there_once(self, store: Store) -> None:
        late = [letter("o1", "c"), letter("o2", "c")]
        await asyncio.gather(*(store.enqueue(late) for _ in range(10)))
        assert await store.pending("c") == late

    async def test_an_outgoing_id_is_used_once_everywhere(self, store: Store) -> None:
        await send(store, letter("o1", "c"))
        with pytest.raises(DuplicateMessage) as refused:
            await store.commit(commit_of("d", [said()], outbox=[letter("o2", "d"), letter("o1", "d")]))
        assert refused.value.message_id == "o1"
        assert await store.head("d") is None
        assert await store.pending("d") == []

    @pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
    async def test_a_message_that_no_engine_takes_is_refused(self, store: Store, bad: str) -> None:
        for change in ({"id": bad}, {"channel": bad}, {"payload": {"text": "\ud800"}}):
            with pytest.raises(BadMessage):
                await store.enqueue([letter("o1", "c"), letter("o2", "c").model_copy(update=change)])
        assert await store.pending("c") == []

    async def test_a_claimed_message_is_not_due_until_its_lease_is_over(self, store: Store) -> None:
        await send(store, letter("o1", "c"))
        (claimed,) = await store.claim("kakao", now=NOW, lease=30)
        assert (claimed.attempts, claimed.next_attempt_at, claimed.state) == (1, NOW + 30, "pending")
        assert claimed.payload == letter("o1", "c").payload
        assert await store.claim("kakao", now=NOW + 29, lease=30) == []
        (again,) = await store.claim("kakao", now=NOW + 30, lease=30)
        assert again.attempts == 2

    async def test_a_claim_is_of_its_channel_oldest_first_and_limited(self, store: Store) -> None:
        letters = [letter(f"o{n}", "c", at=AT - n) for n in range(5)]
        await send(store, *letters, letter("x", "c", channel="line"))
        assert ids(await store.claim("kakao", now=NOW, lease=30, limit=2)) == ["o4", "o3"]
        assert ids(await store.claim("kakao", now=NOW, lease=30)) == ["o2", "o1", "o0"]
        assert ids(await store.claim("line", now=NOW, lease=30)) == ["x"]
        assert await store.claim("sms", now=NOW, lease=30) == []

    async def test_a_delivered_message_is_done_for_good(self, store: Store) -> None:
        await send(store, letter("o1", "c"))
        await store.claim("kakao", now=NOW, lease=30)
        await store.settle("o1", "delivered")
        for state in ("pending", "failed"):
            await store.settle("o1", state)
        assert await store.pending("c") == []
        assert await store.claim("kakao", now=NOW + 999, lease=30) == []

    async def test_a_failed_attempt_is_due_again_when_it_says(self, store: Store) -> None:
        await send(store, letter("o1", "c"))
        await store.claim("kakao", now=NOW, lease=30)
        await store.settle("o1", "pending", next_attempt_at=NOW + 5)
        assert await store.claim("kakao", now=NOW + 4, lease=30) == []
        (again,) = await store.claim("kakao", now=NOW + 5, lease=30)
        assert again.attempts == 2

    async def test_a_message_that_is_given_up_is_not_tried_again(self, store: Store) -> None:
        await send(store, letter("o1", "c"))
        await store.settle("o1", "failed")
        assert await store.pending("c") == []
        assert await store.claim("kakao", now=NOW, lease=30) == []

    async def test_an_unknown_message_is_passed_over(self, store: Store) -> None:
        await store.settle("o9", "delivered")
        await store.settle("a\0b", "delivered")

    async def test_workers_that_claim_at_once_share_without_doubling(self, store: Store) -> None:
        await send(store, *(letter(f"o{n:02}", "c", at=AT + n) for n in range(40)))
        shares = await asyncio.gather(
            *(store.claim("kakao", now=NOW + 99, lease=30, limit=5) for _ in range(12))
        )
        # A worker that found its rows locked may come away with fewer; what it left is still due.
        rest = await store.claim("kakao", now=NOW + 99, lease=30, limit=40)
        claimed = [message.id for share in [*shares, rest] for message in share]
        assert sorted(claimed) == [f"o{n:02}" for n in range(40)]


async def send(store: Store, *letters: OutboxMessage) -> None:
    """Put letters into the outbox with a conversation's commit."""
    await store.commit(commit_of("c", [said()], outbox=list(letters)))


def ids(messages: list[OutboxMessage]) -> list[str]:
    """Their ids, in order."""
    return [message.id for message in messages]
