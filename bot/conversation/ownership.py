"""Who may speak: one owner at a time, changed by explicit transitions only.

    bot -> queued -> offered -> agent -> wrapup -> bot | closed

`queued` may fall back to `bot` (the customer gives up waiting, or the case is filed for a call-back), `offered` to
`queued` (declined, timed out), `agent` to `queued` (transfer) or `bot` (returned). A store makes each transition a
compare-and-set on the conversation's row, with an `OwnershipChanged` event in the same transaction; bot and person can
therefore never both speak.
"""

from __future__ import annotations

from bot.conversation.errors import OwnershipError
from bot.conversation.events import Owner

TRANSITIONS: dict[Owner, frozenset[Owner]] = {
    "bot": frozenset({"queued", "closed"}),
    "queued": frozenset({"offered", "agent", "bot", "closed"}),
    "offered": frozenset({"agent", "queued", "bot", "closed"}),
    "agent": frozenset({"wrapup", "queued", "bot", "closed"}),
    "wrapup": frozenset({"bot", "closed"}),
    "closed": frozenset({"bot", "queued"}),
}


def check_transition(before: Owner, after: Owner) -> None:
    """Raises `OwnershipError` unless `before -> after` is an edge of the machine."""
    if after not in TRANSITIONS[before]:
        raise OwnershipError(before, after)


def bot_may_speak(owner: Owner) -> bool:
    """Whether the bot runs turns. A new message in a closed conversation goes to the bot, which reopens it."""
    return owner in ("bot", "closed")


def person_is_asked(owner: Owner) -> bool:
    """Whether the customer waits for a person or talks to one."""
    return owner in ("queued", "offered", "agent", "wrapup")
