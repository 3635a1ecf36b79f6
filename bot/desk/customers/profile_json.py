"""A customer as the desk's `Customer` JSON: contact data masked, as everywhere before somebody asks for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.conversation.customers import CustomerNote, Fact, Identity, Merge, Profile
from bot.conversation.responses import show
from bot.conversation.transcript import iso
from bot.desk.case_json import visitor_name
from korean.privacy import mask_for_agent as mask

CONTACT = ("phone", "email")
SHOWN = 4
"""Characters of an account's id that are shown of it."""


def customer_json(profile: Profile, names: Mapping[str, str]) -> dict[str, Any]:
    """The profile; `names` are those of customers that merges name."""
    return {
        **summary_json(profile),
        "members": list(profile.members),
        "created_at": iso(profile.customer.created_at),
        "notes": [_note(note) for note in profile.notes],
        "merges": [_merge(merge, names) for merge in profile.merges],
    }


def summary_json(profile: Profile) -> dict[str, Any]:
    """What a list of customers shows of one."""
    customer = profile.customer
    return {
        "id": customer.id,
        "version": customer.version,
        "name": node_names(profile)[customer.id],
        "given_name": customer.name,
        "segment": customer.segment,
        "identities": [identity_json(identity) for identity in profile.identities],
    }


def identity_json(identity: Identity) -> dict[str, Any]:
    """One identity; `ref` names it without saying it."""
    return {
        "ref": ref_of(identity),
        "kind": identity.kind,
        "value": masked(identity),
        "verified": identity.verified,
        "source": identity.source,
        "added_at": iso(identity.added_at),
        "added_by": identity.added_by,
    }


def ref_of(identity: Identity) -> str:
    """A name for it in addresses and in the audit history, from which it can't be read."""
    return hashlib.sha256(f"{identity.kind}\0{identity.value}".encode()).hexdigest()[:16]


def masked(identity: Identity) -> str:
    """As agents see it before they ask for it."""
    if identity.kind in CONTACT:
        hidden = mask(identity.value)
        return hidden if hidden != identity.value else f"{identity.value[:3]}****{identity.value[-2:]}"
    return identity.value if len(identity.value) <= SHOWN else f"…{identity.value[-SHOWN:]}"


def node_names(profile: Profile) -> dict[str, str]:
    """What each of its nodes is called: by its own name, or by the number of its first visitor."""
    first: dict[str, str] = {}
    for conversation_id, node_id in profile.homes.items():
        first.setdefault(node_id, conversation_id)
    own = {node.id: node.name or visitor_name(first.get(node.id, node.id)) for node in profile.nodes}
    return {**own, profile.customer.id: profile.customer.name or own[profile.customer.id]}


def facts_json(facts: Iterable[Fact], label: Callable[[str], str], now: float) -> list[dict[str, Any]]:
    """What the bot remembers with the customer's consent, masked; what is over counts as forgotten."""
    return [
        {
            "name": fact.name,
            "label": label(fact.name),
            "value": mask(show(fact.value)),
            "remembered_at": iso(fact.remembered_at),
            "expires_at": iso(fact.expires_at),
            "channel": fact.channel,
        }
        for fact in facts
        if fact.known(now)
    ]


def _note(note: CustomerNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "at": iso(note.at),
        "actor": {"id": note.actor_id, "name": note.actor_name},
        "text": note.text,
    }


def _merge(merge: Merge, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": merge.id,
        "kept": {"id": merge.kept_id, "name": names.get(merge.kept_id, "")},
        "gone": {"id": merge.gone_id, "name": names.get(merge.gone_id, "")},
        "at": iso(merge.at),
        "actor": {"id": merge.actor_id, "name": merge.actor_name},
        "reason": merge.reason,
        "state": merge.state,
        "ended_at": iso(merge.ended_at),
        "ended_by": merge.ended_by,
    }
