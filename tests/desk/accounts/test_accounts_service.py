"""Sign-in as an agent meets it: the right password, the wrong one, too many of them, and the end of a session."""

from __future__ import annotations

import asyncio

import pytest
from argon2 import PasswordHasher

from bot.desk.accounts import AccountService
from bot.desk.accounts.errors import (
    BadCredentials,
    BadUser,
    NotSignedIn,
    TooManyAttempts,
    UnknownUser,
    UserExists,
    WeakPassword,
)
from bot.desk.accounts.passwords import Passwords
from bot.desk.accounts.service import SESSION_SECONDS, WINDOW_SECONDS
from bot.desk.accounts.store import MemoryAccounts
from bot.desk.accounts.users import User

IP = "203.0.113.7"
PASSWORD = "바다위의등대 2026"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> MemoryAccounts:
    return MemoryAccounts()


@pytest.fixture
def service(store: MemoryAccounts, clock: Clock) -> AccountService:
    return AccountService(store, Passwords(CHEAP), clock=clock)


@pytest.fixture
async def user(service: AccountService) -> User:
    return await service.add_user("Seoyeon", "김서연", "agent", PASSWORD)


async def test_the_right_password_gives_a_token_that_names_the_user(
    service: AccountService, user: User, clock: Clock
) -> None:
    signed_in = await service.authenticate("seoyeon", PASSWORD, IP)
    assert signed_in.user == user
    assert signed_in.expires_at == clock.now + SESSION_SECONDS
    assert len(signed_in.token) >= 43
    assert await service.user_of(signed_in.token) == user


async def test_two_sessions_are_apart(service: AccountService, user: User) -> None:
    one, two = [await service.authenticate("seoyeon", PASSWORD, IP) for _ in range(2)]
    await service.revoke(one.token)
    with pytest.raises(NotSignedIn):
        await service.user_of(one.token)
    assert await service.user_of(two.token) == user
    await service.revoke(one.token)


@pytest.mark.parametrize("typed", ["SEOYEON", " seoyeon ", "ｓｅｏｙｅｏｎ"])
async def test_user_names_are_the_same_however_typed(service: AccountService, user: User, typed: str) -> None:
    assert (await service.authenticate(typed, PASSWORD, IP)).user == user
    with pytest.raises(UserExists):
        await service.add_user(typed, "다른 사람", "agent", PASSWORD)


async def test_hangul_is_the_same_composed_or_not(service: AccountService) -> None:
    composed, decomposed = "\uac15\ud558\ub298", "\u1100\u1161\u11bc\u1112\u1161\u1102\u1173\u11af"
    await service.add_user(composed, "강하늘", "agent", composed + "1234567")
    signed_in = await service.authenticate(decomposed, decomposed + "1234567", IP)
    assert signed_in.user.username == composed


async def test_neither_tokens_nor_passwords_are_kept(
    service: AccountService, store: MemoryAccounts, user: User
) -> None:
    signed_in = await service.authenticate("seoyeon", PASSWORD, IP)
    kept = repr(vars(store))
    assert signed_in.token not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept
    assert "password" not in repr(signed_in.user)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("seoyeon", "다른비밀번호12"),
        ("seoyeon", PASSWORD.upper() + " "),
        ("seoyeon", ""),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("a\0b", "\ud800" * 9),
        ("x" * 10_000, "y" * 1_000_000),
    ],
    ids=["wrong", "nearly", "empty", "unknown", "nameless", "unreadable", "huge"],
)
async def test_anything_wrong_is_told_the_same_way(
    service: AccountService, user: User, username: str, password: str
) -> None:
    with pytest.raises(BadCredentials) as refused:
        await service.authenticate(username, password, IP)
    assert (refused.value.code, refused.value.status) == ("bad_credentials", 401)


async def test_an_unknown_user_costs_a_whole_verification(service: AccountService, user: User) -> None:
    hashes: list[str] = []

    class Watching(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            hashes.append(str(hash))
            return super().verify(hash, password)

    watched = AccountService(
        MemoryAccounts(), Passwords(Watching(time_cost=1, memory_cost=64, parallelism=1))
    )
    for name in ("nobody", "not a name!"):
        with pytest.raises(BadCredentials):
            await watched.authenticate(name, PASSWORD, IP)
    assert len(hashes) == 2
    assert all(hash_.startswith("$argon2id$v=19$m=64,t=1,p=1$") for hash_ in hashes)


async def test_after_five_wrong_passwords_even_the_right_one_waits(
    service: AccountService, user: User, clock: Clock
) -> None:
    for _ in range(5):
        with pytest.raises(BadCredentials):
            await service.authenticate("seoyeon", "틀린비밀번호", IP)
        clock.now += 10
    with pytest.raises(TooManyAttempts) as refused:
        await service.authenticate("SeoYeon", PASSWORD, IP)
    assert (refused.value.status, refused.value.retry_after) == (429, WINDOW_SECONDS - 50)
    assert "5분" in refused.value.ko
    assert (await service.authenticate("seoyeon", PASSWORD, "203.0.113.8")).user == user
    clock.now += refused.value.retry_after
    assert (await service.authenticate("seoyeon", PASSWORD, IP)).user == user


async def test_the_right_password_forgives_the_wrong_ones(service: AccountService, user: User) -> None:
    for _ in range(4):
        for _ in range(4):
            with pytest.raises(BadCredentials):
                await service.authenticate("seoyeon", "틀린비밀번호", IP)
        await service.authenticate("seoyeon", PASSWORD, IP)


async def test_guesses_at_once_do_not_slip_through(service: AccountService, user: User) -> None:
    answers = await asyncio.gather(
        *(service.authenticate("seoyeon", f"추측{n:06}", IP) for n in range(40)), return_exceptions=True
    )
    assert sum(isinstance(answer, BadCredentials) for answer in answers) == 5
    assert sum(isinstance(answer, TooManyAttempts) for answer in answers) == 35


async def test_a_session_ends_by_itself(service: AccountService, user: User, clock: Clock) -> None:
    signed_in = await service.authenticate("seoyeon", PASSWORD, IP)
    clock.now = signed_in.expires_at - 1
    assert await service.user_of(signed_in.token) == user
    clock.now = signed_in.expires_at
    with pytest.raises(NotSignedIn):
        await service.user_of(signed_in.token)


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "t" * 100_000])
async def test_a_token_that_was_never_given_opens_nothing(service: AccountService, token: str) -> None:
    with pytest.raises(NotSignedIn):
        await service.user_of(token)


async def test_a_new_password_ends_the_sessions_under_the_old_one(
    service: AccountService, user: User
) -> None:
    signed_in = await service.authenticate("seoyeon", PASSWORD, IP)
    await service.set_password("seoyeon", "새로운비밀번호9")
    with pytest.raises(NotSignedIn):
        await service.user_of(signed_in.token)
    with pytest.raises(BadCredentials):
        await service.authenticate("seoyeon", PASSWORD, IP)
    assert (await service.authenticate("seoyeon", "새로운비밀번호9", IP)).user == user


async def test_a_disabled_user_is_out_at_once(service: AccountService, user: User) -> None:
    signed_in = await service.authenticate("seoyeon", PASSWORD, IP)
    assert (await service.disable("seoyeon")).disabled
    with pytest.raises(NotSignedIn):
        await service.user_of(signed_in.token)
    with pytest.raises(BadCredentials):
        await service.authenticate("seoyeon", PASSWORD, IP)
    await service.disable("seoyeon", disabled=False)
    assert (await service.authenticate("seoyeon", PASSWORD, IP)).user == user


async def test_state_and_role_are_changed_and_checked(service: AccountService, user: User) -> None:
    assert (await service.set_state(user.id, "available")).state == "available"
    assert (await service.set_role("seoyeon", "supervisor")).role == "supervisor"
    found = await service.find("seoyeon")
    assert found is not None
    assert (found.state, found.role) == ("available", "supervisor")
    with pytest.raises(BadUser):
        await service.set_state(user.id, "휴가")
    with pytest.raises(BadUser):
        await service.set_role("seoyeon", "root")
    with pytest.raises(UnknownUser):
        await service.set_state("nobody", "away")


@pytest.mark.parametrize(
    ("username", "name", "role", "field"),
    [
        ("", "김서연", "agent", "username"),
        ("두 단어", "김서연", "agent", "username"),
        ("a/b", "김서연", "agent", "username"),
        ("x" * 65, "김서연", "agent", "username"),
        ("kim", " ", "agent", "name"),
        ("kim", "줄\u202e바꿈", "agent", "name"),
        ("kim", "김서연", "boss", "role"),
    ],
)
async def test_a_user_who_cannot_be_is_refused(
    service: AccountService, username: str, name: str, role: str, field: str
) -> None:
    with pytest.raises(BadUser) as refused:
        await service.add_user(username, name, role, PASSWORD)
    assert refused.value.field == field
    assert await service.users() == []


@pytest.mark.parametrize("password", ["", "짧은암호", "길" * 257])
async def test_a_weak_password_is_refused(service: AccountService, password: str) -> None:
    with pytest.raises(WeakPassword):
        await service.add_user("kim", "김서연", "agent", password)
    assert await service.users() == []


async def test_users_are_listed(service: AccountService) -> None:
    for name in ("나리", "가람"):
        await service.add_user(name, f"{name} 상담원", "agent", PASSWORD)
    assert [(user.username, user.name) for user in await service.users()] == [
        ("가람", "가람 상담원"),
        ("나리", "나리 상담원"),
    ]


async def test_unknown_users_cannot_be_changed(service: AccountService) -> None:
    with pytest.raises(UnknownUser):
        await service.set_password("nobody", PASSWORD)
    with pytest.raises(UnknownUser):
        await service.disable("not a name!")
    assert await service.find("nobody") is None


async def test_an_old_hash_is_made_anew_at_sign_in(store: MemoryAccounts, user: User) -> None:
    stronger = AccountService(store, Passwords(PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)))
    await stronger.authenticate("seoyeon", PASSWORD, IP)
    record = await store.user("seoyeon")
    assert record is not None
    assert "$m=64,t=2,p=1$" in record["password_hash"]
    await stronger.authenticate("seoyeon", PASSWORD, IP)


def test_roles_include_those_before_them(user: User) -> None:
    supervisor = user.model_copy(update={"role": "supervisor"})
    assert [user.may(role) for role in ("agent", "supervisor", "admin")] == [True, False, False]
    assert [supervisor.may(role) for role in ("agent", "supervisor", "admin")] == [True, True, False]
