"""Customers' tokens: a signed JWT that opens one conversation and nothing else. Nothing is stored."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import jwt

from bot.desk.accounts.errors import BadChatToken

AUDIENCE = "chat"
ALGORITHM = "HS256"
LIFETIME_SECONDS = 30 * 86_400.0
LONGEST = 2_000
"""Characters of a token that are looked at."""


@dataclass(frozen=True, slots=True)
class ChatToken:
    """A token and until when it opens its conversation (seconds since the epoch)."""

    token: str
    expires_at: float


class ChatTokens:
    """Issue and read them. `key` comes from `secret_key`."""

    def __init__(
        self,
        key: bytes,
        *,
        lifetime: float = LIFETIME_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._key = key
        self._lifetime = lifetime
        self._clock = clock

    def issue(self, conversation_id: str) -> ChatToken:
        """A new token of a conversation; older ones stay good until they expire."""
        expires_at = int(self._clock() + self._lifetime)
        claims = {"sub": conversation_id, "aud": AUDIENCE, "exp": expires_at}
        return ChatToken(jwt.encode(claims, self._key, algorithm=ALGORITHM), float(expires_at))

    def conversation_of(self, token: str) -> str:
        """The conversation that the token opens. Raises `BadChatToken`."""
        conversation_id, expires_at = self._read(token[:LONGEST])
        if expires_at <= self._clock():
            raise BadChatToken(expired=True)
        return conversation_id

    def _read(self, token: str) -> tuple[str, float]:
        try:
            # The time is compared with our own clock, above.
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["sub", "aud", "exp"], "verify_exp": False},
            )
            return str(claims["sub"]), float(claims["exp"])
        except (jwt.InvalidTokenError, UnicodeError, ValueError, TypeError) as error:
            raise BadChatToken() from error
