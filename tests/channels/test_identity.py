"""Who a visitor is: proven by the host's signature, for ten minutes at most, and never by a bare id."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from bot.channels.identity import AUDIENCE, BadIdentity, Identities

SECRET = "a secret of the host, 32 bytes long"


def token(secret: str = SECRET, **changes: Any) -> str:
    now = int(time.time())
    claims = {"sub": "customer-7", "iat": now, "exp": now + 600, "aud": AUDIENCE, **changes}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, algorithm="HS256")


def test_a_person_has_one_conversation_an_inbox() -> None:
    identities = Identities(SECRET)
    mine = identities.conversation_of(token(), "")
    assert (
        mine == identities.conversation_of(token(), "") and mine.startswith("web-") and "customer" not in mine
    )
    assert mine != identities.conversation_of(token(sub="customer-8"), "")
    assert mine != identities.conversation_of(token(aud="loans"), "loans")


def test_what_the_host_says_of_a_person_is_verified_only_where_it_says_so() -> None:
    given = token(
        name="김서연",
        phone_number="+821012345678",
        phone_number_verified=True,
        email="a@b.kr",
        email_verified="yes",
    )
    visitor = Identities(SECRET).visitor_of(given, "")
    assert (visitor.subject, visitor.inbox, visitor.name) == ("customer-7", AUDIENCE, "김서연")
    assert visitor.contacts == (("phone", "+821012345678", True), ("email", "a@b.kr", False))
    assert Identities(SECRET).visitor_of(token(phone_number=7), "").contacts == ()


@pytest.mark.parametrize(
    "given",
    [
        lambda: "customer-7",
        lambda: "",
        lambda: "a.b.c",
        lambda: token("another secret that is 32 bytes long"),
        lambda: token(exp=int(time.time()) + 660),
        lambda: token(iat=int(time.time()) - 700, exp=int(time.time()) - 100),
        lambda: token(iat=int(time.time()) + 300, exp=int(time.time()) + 500),
        lambda: token(aud="loans"),
        lambda: token(sub=None),
        lambda: token(iat=None),
        lambda: token(exp=None),
        lambda: token(sub=""),
        lambda: token(sub="x" * 201),
        lambda: jwt.encode({"sub": "customer-7"}, None, algorithm="none"),
    ],
)
def test_what_proves_nothing_is_refused(given: Callable[[], str]) -> None:
    # Made when it is needed: a long run of tests must not let a moment in the future pass.
    with pytest.raises(BadIdentity):
        Identities(SECRET).conversation_of(given(), "")


def test_without_a_secret_nobody_is_believed() -> None:
    with pytest.raises(BadIdentity):
        Identities(None).conversation_of(token(), "")


async def test_a_proven_person_finds_the_conversation_again_elsewhere(open_house: Any) -> None:
    house = await open_house(SANGDAM_IDENTITY_SECRET=SECRET)
    anonymous = await house.session()
    _, first = await house.call(
        "POST", "/api/chat/session", {"token": anonymous["token"], "identity": token()}
    )
    _, second = await house.call("POST", "/api/chat/session", {"identity": token()})
    assert first["conversation_id"] == second["conversation_id"] != anonymous["conversation_id"]
    status, problem = await house.call("POST", "/api/chat/session", {"identity": "customer-7"})
    assert (status, problem["code"]) == (401, "bad_identity")
