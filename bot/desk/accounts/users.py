"""People of the company who sign in at the desk."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from bot.conversation.workforce import AgentState
from bot.desk.accounts.errors import BadUser

Role = Literal["agent", "supervisor", "admin"]
"""Each may do all that the ones before it may."""

UserState = AgentState
"""Whether new conversations may be offered: only to those who are `available`."""

ROLES: tuple[Role, ...] = get_args(Role)
STATES: tuple[UserState, ...] = get_args(UserState)

_USERNAME = re.compile(r"[\w.@+-]{1,64}")
_NAME_LENGTH = 80


class User(BaseModel):
    """One of them, as the desk shows them: without anything secret."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    username: str
    name: str
    role: Role
    state: UserState = "offline"
    disabled: bool = False

    def may(self, role: Role) -> bool:
        """Whether this user has at least that role."""
        return ROLES.index(self.role) >= ROLES.index(role)


def username_of(typed: str) -> str:
    """The user name as it is compared and kept: composed Hangul, lower case. Raises `BadUser`."""
    username = unicodedata.normalize("NFKC", typed).strip().casefold()
    if not _USERNAME.fullmatch(username):
        raise BadUser("username", "1 to 64 letters, digits or . _ - @ +")
    return username


def name_of(typed: str) -> str:
    """A display name, which customers see. Raises `BadUser`."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= _NAME_LENGTH or not name.isprintable():
        raise BadUser("name", f"1 to {_NAME_LENGTH} printable characters")
    return name


def role_of(text: str) -> Role:
    """Raises `BadUser` for anything but a role."""
    for role in ROLES:
        if role == text:
            return role
    raise BadUser("role", ", ".join(ROLES))


def state_of(text: str) -> UserState:
    """Raises `BadUser` for anything but a state."""
    for state in STATES:
        if state == text:
            return state
    raise BadUser("state", ", ".join(STATES))
