"""Errors of accounts and sign-in.

SangdamError
├── BadCredentials     user name or password is wrong, or the account is disabled; never says which
├── TooManyAttempts    too many wrong passwords; says how long to wait
├── NotSignedIn        no token, an expired or a revoked one
├── BadChatToken       a customer's token that opens nothing: foreign, changed, expired
├── UserExists         the user name is taken
├── UnknownUser        no such user
├── BadUser            a user name, role or state that can't be
├── WeakPassword       a password that is too short or too long
└── BadSecretKey       the secret key is too short or can't be kept
"""

from __future__ import annotations

from formats import SangdamError


class BadCredentials(SangdamError):
    """Raised by a sign-in, for an unknown user as for a wrong password."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "bad_credentials",
            ko="아이디나 비밀번호가 맞지 않아요.",
            en="The user name or the password is wrong.",
            remedy="Check both and try again.",
        )


class TooManyAttempts(SangdamError):
    """Raised by a sign-in after too many wrong passwords; `retry_after` is in whole seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = -(-retry_after // 60)
        super().__init__(
            "too_many_attempts",
            ko=f"여러 번 틀렸어요. {minutes}분 뒤에 다시 시도해 주세요.",
            en=f"Too many attempts. Try again in {retry_after} seconds.",
            remedy="Wait, or ask an administrator for a new password.",
        )
        self.retry_after = retry_after


class NotSignedIn(SangdamError):
    """Raised for a desk token that is void."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "not_signed_in", ko="다시 로그인해 주세요.", en="Not signed in.", remedy="Sign in again."
        )


class BadChatToken(SangdamError):
    """Raised for a customer's token that opens no conversation. A new session begins a new one."""

    status = 401

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__(
            "chat_token_expired" if expired else "bad_chat_token",
            ko="대화 시간이 지나 새로 시작할게요." if expired else "대화를 열 수 없어요.",
            en="The chat token has expired." if expired else "The chat token isn't valid.",
            remedy="Ask for a new session.",
        )
        self.expired = expired


class UserExists(SangdamError):
    """Raised when a user is added under a name that is taken."""

    status = 409

    def __init__(self, username: str) -> None:
        super().__init__(
            "user_exists",
            ko=f"이미 있는 아이디예요: {username}",
            en=f"There is a user {username} already.",
            remedy="Take another name, or give this user a new password.",
        )


class UnknownUser(SangdamError):
    """Raised when a user is changed who doesn't exist."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_user", ko="사용자를 찾을 수 없어요.", en="No such user.")


class BadUser(SangdamError):
    """Raised for a user name, display name, role or state that can't be."""

    status = 422

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(
            "bad_user",
            ko=f"사용자 정보를 확인해 주세요: {field}",
            en=f"A user can't have this {field}; expected {expected}.",
            remedy=expected,
        )
        self.field = field


class WeakPassword(SangdamError):
    """Raised for a password outside the allowed length."""

    status = 422

    def __init__(self, shortest: int, longest: int) -> None:
        super().__init__(
            "weak_password",
            ko=f"비밀번호는 {shortest}자 이상 {longest}자 이하로 정해 주세요.",
            en=f"A password has {shortest} to {longest} characters.",
        )


class BadSecretKey(SangdamError):
    """Raised at start if the key that signs customers' tokens is too short, unreadable or can't be
    written."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "bad_secret_key",
            ko="비밀 키를 쓸 수 없어요.",
            en=f"The secret key can't be used: {detail}.",
            remedy="Set SANGDAM_SECRET_KEY to 32 or more random characters, or make the data directory writable.",
        )
