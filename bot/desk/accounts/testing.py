"""Conformance kit of the account store. Needs pytest with asyncio in auto mode: imported by tests only."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.desk.accounts.store import AccountStore, Record

NOW = 1_795_000_000.0


def record_of(username: str, **changes: Any) -> Record:
    """A user as a record."""
    return {
        "id": f"id-{username}",
        "username": username,
        "name": "김서연",
        "role": "agent",
        "password_hash": "$argon2id$…",
        "state": "offline",
        "disabled": False,
        "created_at": NOW,
        **changes,
    }


class AccountStoreKit:
    """The fixture `accounts` gives an empty store for each test."""

    async def test_users_come_back_as_they_were(self, accounts: AccountStore) -> None:
        record = record_of("서연", name="김서연 😀")
        assert await accounts.add_user(record)
        found = await accounts.user("서연")
        assert found is not None
        assert dict(found) == record
        assert found["disabled"] is False
        for unknown in ("없는사람", "", "a\0b"):
            assert await accounts.user(unknown) is None

    async def test_a_user_name_is_given_once(self, accounts: AccountStore) -> None:
        answers = await asyncio.gather(
            *(accounts.add_user(record_of("kim", id=f"id-{n}", name=f"{n}")) for n in range(10))
        )
        assert answers.count(True) == 1
        (kept,) = await accounts.users()
        assert kept["name"] == str(answers.index(True))

    async def test_users_are_listed_by_name(self, accounts: AccountStore) -> None:
        for name in ("다", "가", "나"):
            await accounts.add_user(record_of(name))
        assert [user["username"] for user in await accounts.users()] == ["가", "나", "다"]

    async def test_a_user_is_changed_where_it_is_said(self, accounts: AccountStore) -> None:
        await accounts.add_user(record_of("kim"))
        await accounts.add_user(record_of("lee"))
        changed = await accounts.update_user("id-kim", {"state": "available", "disabled": True})
        assert changed is not None
        assert dict(changed) == record_of("kim", state="available", disabled=True)
        assert await accounts.user("kim") == changed
        assert await accounts.user("lee") == record_of("lee")
        assert await accounts.update_user("id-nobody", {"state": "away"}) is None

    async def test_a_token_is_its_user_s_until_it_expires(self, accounts: AccountStore) -> None:
        await accounts.add_user(record_of("kim"))
        await accounts.add_token("t1", "id-kim", created_at=NOW, expires_at=NOW + 10)
        user = await accounts.token_user("t1", now=NOW + 9)
        assert user is not None
        assert user["username"] == "kim"
        assert await accounts.token_user("t1", now=NOW + 10) is None
        assert await accounts.token_user("t2", now=NOW) is None

    async def test_a_token_can_be_taken_back(self, accounts: AccountStore) -> None:
        await accounts.add_user(record_of("kim"))
        for token in ("t1", "t2"):
            await accounts.add_token(token, "id-kim", created_at=NOW, expires_at=NOW + 10)
        await accounts.remove_token("t1")
        await accounts.remove_token("t9")
        assert await accounts.token_user("t1", now=NOW) is None
        assert await accounts.token_user("t2", now=NOW) is not None

    async def test_all_sessions_of_a_user_can_be_ended(self, accounts: AccountStore) -> None:
        for name in ("kim", "lee"):
            await accounts.add_user(record_of(name))
            for n in range(2):
                await accounts.add_token(f"{name}{n}", f"id-{name}", created_at=NOW, expires_at=NOW + 10)
        await accounts.update_user("id-kim", {"password_hash": "new"}, end_sessions=True)
        held = {
            token: await accounts.token_user(token, now=NOW) for token in ("kim0", "kim1", "lee0", "lee1")
        }
        assert [token for token, user in held.items() if user is not None] == ["lee0", "lee1"]

    async def test_attempts_are_counted_by_user_and_address(self, accounts: AccountStore) -> None:
        async def attempt(username: str, ip: str, at: float) -> tuple[int, float]:
            return await accounts.count_attempt(username, ip, now=at, since=at - 300)

        assert await attempt("kim", "10.0.0.1", NOW) == (1, NOW)
        assert await attempt("kim", "10.0.0.1", NOW + 299) == (2, NOW)
        assert await attempt("kim", "10.0.0.2", NOW + 299) == (1, NOW + 299)
        assert await attempt("lee", "10.0.0.1", NOW + 299) == (1, NOW + 299)
        assert await attempt("kim", "10.0.0.1", NOW + 300) == (1, NOW + 300)
        await accounts.forget_attempts("kim", "10.0.0.1")
        assert await attempt("kim", "10.0.0.1", NOW + 301) == (1, NOW + 301)
        assert await attempt("lee", "10.0.0.1", NOW + 301) == (2, NOW + 299)

    async def test_attempts_at_once_get_a_number_each(self, accounts: AccountStore) -> None:
        counts = await asyncio.gather(
            *(accounts.count_attempt("kim", "10.0.0.1", now=NOW, since=NOW - 300) for _ in range(12))
        )
        assert sorted(count for count, _ in counts) == list(range(1, 13))
