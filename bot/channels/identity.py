"""Who a signed-in visitor of the host page is: told by a short-lived token that the host's server signs."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from bot.channels.contract import ChannelRefused

ALGORITHM = "HS256"
LONGEST_LIFE = 600
"""Seconds between `iat` and `exp` at most."""
LEEWAY = 30
"""Seconds that two clocks may differ."""
AUDIENCE = "sangdam"
"""`aud` for pages that name no inbox."""
LONGEST_SUBJECT = 200
LONGEST_NAME = 80


class BadIdentity(ChannelRefused):
    """Raised for a token that proves nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "bad_identity",
            ko="로그인 정보를 확인하지 못했어요. 다시 로그인해 주세요.",
            en=f"The identity token is refused: {why}.",
            remedy="Sign sub, iat, exp (at most ten minutes later) and aud with SANGDAM_IDENTITY_SECRET, HS256.",
            status=401,
        )


@dataclass(frozen=True, slots=True)
class SignedVisitor:
    """What a token says: the person's one conversation, and the standard claims of OpenID Connect that came along."""

    conversation_id: str
    inbox: str
    subject: str
    name: str = ""
    contacts: tuple[tuple[str, str, bool], ...] = ()
    """`phone` or `email`, value, and whether the host has verified it."""


class Identities:
    """Reads tokens. Without a secret none is believed."""

    def __init__(self, secret: str | None, *, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def conversation_of(self, token: str, inbox: str) -> str:
        """The one conversation of the person whom the token names; the same on every device. Raises `BadIdentity`."""
        return self.visitor_of(token, inbox).conversation_id

    def visitor_of(self, token: str, inbox: str) -> SignedVisitor:
        """Who the host says it is. Raises `BadIdentity`."""
        if not self._secret:
            raise BadIdentity("SANGDAM_IDENTITY_SECRET is not set on this server")
        audience = inbox or AUDIENCE
        subject, claims = self._subject(token, audience, self._secret)
        person = f"{audience}\0{subject}".encode()
        digest = hmac.new(self._secret.encode(), person, hashlib.sha256).hexdigest()
        return SignedVisitor(
            conversation_id=f"web-{digest[:40]}",
            inbox=audience,
            subject=subject,
            name=str(claims.get("name") or "")[:LONGEST_NAME],
            contacts=tuple(
                (kind, str(claims[claim]), claims.get(f"{claim}_verified") is True)
                for kind, claim in (("phone", "phone_number"), ("email", "email"))
                if isinstance(claims.get(claim), str)
            ),
        )

    def _subject(self, token: str, audience: str, secret: str) -> tuple[str, dict[str, Any]]:
        try:
            # The times are compared with our own clock, below.
            claims = jwt.decode(
                token,
                secret,
                algorithms=[ALGORITHM],
                audience=audience,
                options={"require": ["sub", "iat", "exp", "aud"], "verify_exp": False, "verify_iat": False},
            )
            subject, issued, expires = claims["sub"], float(claims["iat"]), float(claims["exp"])
        except (jwt.InvalidTokenError, UnicodeError, ValueError, TypeError) as error:
            raise BadIdentity(type(error).__name__) from None
        now = self._clock()
        if not 0 < expires - issued <= LONGEST_LIFE:
            raise BadIdentity(f"it lives longer than {LONGEST_LIFE} seconds")
        if issued - LEEWAY > now or now >= expires + LEEWAY:
            raise BadIdentity("it is expired, or not yet issued")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise BadIdentity(f"sub is no text of 1 to {LONGEST_SUBJECT} characters")
        return subject, claims
