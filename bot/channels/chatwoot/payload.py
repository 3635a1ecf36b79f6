"""What Chatwoot sends to an agent bot: one URL, two shapes, told apart by `event`."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Any, Literal

CHANNEL = "chatwoot"
OLDEST = 300.0
"""Seconds after which a signed delivery is taken for a repetition by somebody else."""

Status = Literal["open", "resolved", "pending", "snoozed", ""]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event. `text` is empty for events that are no message."""

    event: str
    account: int
    conversation: int
    """The number that Chatwoot's addresses use."""
    status: str
    message_id: str = ""
    kind: str = ""
    """incoming, outgoing, activity or template."""
    private: bool = False
    text: str = ""
    payload: str | None = None
    """What stands behind the choice that the customer made."""
    sender: str = ""
    """Of an outgoing message: `user` is a person, `agent_bot` is us."""
    sender_id: str = ""
    sender_name: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    """The conversation's own, which a change of them replaces as a whole."""
    files: tuple[str, ...] = ()
    """Kinds of the attached files."""

    @property
    def conversation_id(self) -> str:
        """Ours."""
        return f"{CHANNEL}-{self.account}-{self.conversation}"

    @property
    def from_customer(self) -> bool:
        """Whether a customer said something: our own words and notes come back as events, too."""
        return self.kind == "incoming" and not self.private and bool(self.text or self.files)


def signed(secret: str, timestamp: str, signature: str, body: bytes, now: float | None = None) -> bool:
    """Whether `X-Chatwoot-Timestamp` and `X-Chatwoot-Signature` fit the body."""
    try:
        age = abs((time.time() if now is None else now) - float(timestamp))
    except ValueError:
        return False
    expected = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    given = signature.removeprefix("sha256=").encode("utf-8", "replace")
    return age <= OLDEST and hmac.compare_digest(given, expected.encode())


def read(body: dict[str, Any]) -> Delivery | None:
    """The event, or None where it is none that concerns a conversation. Never raises for any object."""
    event = str(body.get("event") or "")
    message = event in ("message_created", "message_updated")
    conversation = _object(body.get("conversation")) if message else body
    account = _object(body.get("account") or conversation.get("account"))
    number, account_number = conversation.get("id"), account.get("id") or conversation.get("account_id")
    if type(number) is not int or type(account_number) is not int:
        return None
    attributes = _object(conversation.get("custom_attributes"))
    status = str(conversation.get("status") or "")
    if not message:
        return Delivery(event, account_number, number, status, attributes=attributes)
    sender = _object(body.get("sender"))
    chosen = _chosen(body) if event == "message_updated" else None
    text, payload = chosen or (str(body.get("content") or ""), None)
    return Delivery(
        event,
        account_number,
        number,
        status,
        message_id=str(body.get("id") or ""),
        # An answered choice is a message of ours that the customer filled in.
        kind="incoming" if chosen else str(body.get("message_type") or ""),
        private=body.get("private") is True,
        text="" if event == "message_updated" and not chosen else text,
        payload=payload,
        sender=str(sender.get("type") or ""),
        sender_id=str(sender.get("id") or ""),
        sender_name=str(sender.get("name") or ""),
        attributes=attributes,
        files=tuple(str(_object(one).get("file_type") or "file") for one in _list(body.get("attachments"))),
    )


def _chosen(body: dict[str, Any]) -> tuple[str, str | None] | None:
    """(label, payload) of the choice in `submitted_values`; None where nothing was chosen."""
    for value in _list(_object(body.get("content_attributes")).get("submitted_values")):
        one = _object(value)
        title, behind = one.get("title"), one.get("value")
        if isinstance(title, str) and title:
            return title, behind if isinstance(behind, str) and behind != title else None
    return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
