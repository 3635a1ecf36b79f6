"""One customer out of several nodes, as every back end shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.conversation.customers import Customer, CustomerNote, Fact, Identity, Merge, Profile


def assembled(
    root: str,
    nodes: Iterable[Customer],
    identities: Sequence[tuple[str, Identity]],
    conversations: Iterable[tuple[str, str]],
    notes: Iterable[CustomerNote],
    merges: Iterable[Merge],
) -> Profile:
    """The profile of a tree. What the root doesn't know is filled from the others: who was merged first comes first, and
    brings those that were merged into them before.

    An identity that several nodes have is one, verified if it is anywhere.
    """
    merges = sorted(merges, key=lambda merge: merge.id)
    by_id = {node.id: node for node in nodes}
    joined = [(merge.kept_id, merge.gone_id) for merge in merges if merge.state == "merged"]
    order = list(_below(root, joined))
    place = {key: number for number, key in enumerate(order)}
    customer = by_id[root]
    for field in ("name", "segment"):
        known = next((value for key in order if (value := getattr(by_id[key], field))), "")
        customer = customer.model_copy(update={field: known})
    found: dict[tuple[str, str], Identity] = {}
    for _, identity in sorted(identities, key=lambda pair: (place[pair[0]], pair[1].added_at)):
        key = (identity.kind, identity.value)
        if key not in found or (identity.verified and not found[key].verified):
            found[key] = identity
    return Profile(
        customer=customer,
        nodes=tuple(by_id[key] for key in order),
        homes=dict(sorted((conversation, of) for of, conversation in conversations)),
        identities=tuple(found.values()),
        notes=tuple(sorted(notes, key=lambda note: note.id, reverse=True)),
        merges=tuple(reversed(merges)),
    )


def _below(node: str, joined: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield node
    for kept, gone in joined:
        if kept == node:
            yield from _below(gone, joined)


def decided(facts: Iterable[Fact]) -> list[Fact]:
    """One fact a name: the later decision, where several nodes have one; of equals the one that is remembered."""
    newest: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda one: (one.decided_at, one.remembered_at or 0.0)):
        newest[fact.name] = fact
    return [newest[name] for name in sorted(newest)]
