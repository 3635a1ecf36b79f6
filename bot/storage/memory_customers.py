"""Customers in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversation.customers import (
    PROVABLE,
    Customer,
    CustomerChanged,
    CustomerNote,
    Fact,
    Identity,
    Merge,
    Profile,
    UnknownCustomer,
)
from bot.conversation.store import squeezed
from bot.storage.customer_trees import assembled, decided


class MemoryCustomers:
    """Implements the part of `bot.conversation.customers.CustomerStore` that is about who is who."""

    def __init__(self) -> None:
        self._customers: dict[str, Customer] = {}
        self._customer_of: dict[str, str] = {}
        self._identities: dict[tuple[str, str, str], Identity] = {}
        self._facts: dict[tuple[str, str], Fact] = {}
        self._notes: list[CustomerNote] = []
        self._merges: dict[int, Merge] = {}
        self._numbers = 0

    async def customer_of(self, conversation_id: str) -> str | None:
        """See `CustomerStore.customer_of`."""
        found = self._customer_of.get(conversation_id)
        return None if found is None else self._root(found)

    async def meet(self, conversation_id: str, customer: Customer) -> str:
        """See `CustomerStore.meet`."""
        if conversation_id not in self._customer_of:
            self._customers[customer.id] = customer
            self._customer_of[conversation_id] = customer.id
        return self._root(self._customer_of[conversation_id])

    async def profile(self, customer_id: str) -> Profile:
        """See `CustomerStore.profile`."""
        if customer_id not in self._customers:
            raise UnknownCustomer()
        root = self._root(customer_id)
        members = self._members(root)
        return assembled(
            root,
            [self._customers[key] for key in members],
            [(key[0], identity) for key, identity in self._identities.items() if key[0] in members],
            [(of, conversation) for conversation, of in self._customer_of.items() if of in members],
            [note for note in self._notes if note.customer_id in members],
            [merge for merge in self._merges.values() if {merge.kept_id, merge.gone_id} & set(members)],
        )

    async def find_customers(self, terms: Sequence[str], *, limit: int = 20) -> list[str]:
        """See `CustomerStore.find_customers`."""
        found = sorted(self._customers.values(), key=lambda one: (-one.created_at, one.id))
        hits = [one.id for one in found if not terms or self._holds(one, terms)]
        return list(dict.fromkeys(self._root(key) for key in hits))[:limit]

    async def facts(self, customer_id: str) -> list[Fact]:
        """See `CustomerStore.facts`."""
        members = self._tree(customer_id)
        return decided(fact for (of, _), fact in self._facts.items() if of in members)

    async def put_fact(self, customer_id: str, fact: Fact) -> None:
        """See `CustomerStore.put_fact`."""
        if customer_id not in self._customers:
            raise UnknownCustomer()
        self._facts[customer_id, fact.name] = fact

    async def forget_facts(
        self, customer_id: str, *, at: float, names: Sequence[str] | None = None
    ) -> list[str]:
        """See `CustomerStore.forget_facts`."""
        members, known = self._tree(customer_id), set()
        for key, fact in self._facts.items():
            if key[0] in members and (names is None or fact.name in names):
                known |= {fact.name} if fact.known(at) else set()
                self._facts[key] = Fact(name=fact.name, consent=False, decided_at=at)
        return sorted(known)

    async def drop_expired_facts(self, now: float) -> int:
        """See `CustomerStore.drop_expired_facts`."""
        over = [
            key for key, fact in self._facts.items() if fact.expires_at is not None and fact.expires_at <= now
        ]
        for key in over:
            empty = {"value": None, "remembered_at": None, "expires_at": None}
            self._facts[key] = self._facts[key].model_copy(update=empty)
        return len(over)

    def _tree(self, customer_id: str) -> list[str]:
        return self._members(self._root(customer_id)) if customer_id in self._customers else []

    async def same_proof(self, customer_id: str) -> list[str]:
        """See `CustomerStore.same_proof`."""
        members = self._members(self._root(customer_id))
        proofs = {key[1:] for key in self._verified() if key[0] in members}
        others = [
            self._root(key[0]) for key in self._verified() if key[0] not in members and key[1:] in proofs
        ]
        parted = [one for one in dict.fromkeys(others) if not self._said_to_differ(members, one)]
        return sorted(parted, key=lambda key: (self._customers[key].created_at, key))

    async def change_customer(
        self, customer_id: str, changes: Mapping[str, Any], *, version: int | None
    ) -> Customer:
        """See `CustomerStore.change_customer`."""
        customer = self._seen(customer_id, version)
        changed = customer.model_copy(update={**changes, "version": customer.version + 1})
        self._customers[customer_id] = changed
        return changed

    async def put_identity(self, customer_id: str, identity: Identity) -> bool:
        """See `CustomerStore.put_identity`."""
        if customer_id not in self._customers:
            raise UnknownCustomer()
        key = (customer_id, identity.kind, identity.value)
        found = self._identities.get(key)
        if found is not None and (
            found.verified == identity.verified or (found.verified and identity.source != "agent")
        ):
            return False
        self._identities[key] = identity
        return True

    async def remove_identity(self, customer_id: str, kind: str, value: str) -> bool:
        """See `CustomerStore.remove_identity`."""
        members = self._members(self._root(customer_id))
        gone = [key for key in self._identities if key[0] in members and key[1:] == (kind, value)]
        for key in gone:
            del self._identities[key]
        return bool(gone)

    async def add_note(self, note: CustomerNote) -> CustomerNote:
        """See `CustomerStore.add_note`."""
        added = note.model_copy(update={"id": self._next()})
        self._notes.append(added)
        return added

    async def merge(self, merge: Merge, *, kept_version: int, gone_version: int) -> Merge:
        """See `CustomerStore.merge`."""
        kept, gone = self._seen(merge.kept_id, kept_version), self._seen(merge.gone_id, gone_version)
        if kept.id == gone.id:
            raise CustomerChanged()
        into = kept.id if merge.state == "merged" else None
        self._customers[kept.id] = kept.model_copy(update={"version": kept.version + 1})
        self._customers[gone.id] = gone.model_copy(update={"version": gone.version + 1, "merged_into": into})
        done = merge.model_copy(update={"id": self._next()})
        self._merges[done.id] = done
        return done

    async def merge_of(self, merge_id: int) -> Merge | None:
        """See `CustomerStore.merge_of`."""
        return self._merges.get(merge_id)

    async def undo_merge(self, merge_id: int, *, version: int, at: float, by: str) -> Merge:
        """See `CustomerStore.undo_merge`."""
        merge = self._merges.get(merge_id)
        if merge is None:
            raise UnknownCustomer()
        if merge.state != "merged":
            raise CustomerChanged()
        root, gone = self._seen(self._root(merge.kept_id), version), self._customers[merge.gone_id]
        self._customers[root.id] = root.model_copy(update={"version": root.version + 1})
        self._customers[gone.id] = gone.model_copy(update={"version": gone.version + 1, "merged_into": None})
        done = merge.model_copy(update={"state": "undone", "ended_at": at, "ended_by": by})
        self._merges[merge_id] = done
        return done

    def _forget_customer(self, profile: Profile) -> None:
        members = set(profile.members)
        self._customers = {key: one for key, one in self._customers.items() if key not in members}
        self._customer_of = {key: of for key, of in self._customer_of.items() if of not in members}
        self._identities = {key: one for key, one in self._identities.items() if key[0] not in members}
        self._facts = {key: one for key, one in self._facts.items() if key[0] not in members}
        self._notes = [note for note in self._notes if note.customer_id not in members]
        self._merges = {
            key: one for key, one in self._merges.items() if not {one.kept_id, one.gone_id} & members
        }

    def _seen(self, customer_id: str, version: int | None) -> Customer:
        """A root as somebody saw it. Raises `UnknownCustomer`, `CustomerChanged`."""
        customer = self._customers.get(customer_id)
        if customer is None:
            raise UnknownCustomer()
        if customer.merged_into is not None or version not in (None, customer.version):
            raise CustomerChanged()
        return customer

    def _root(self, customer_id: str) -> str:
        while (node := self._customers.get(customer_id)) is not None and node.merged_into is not None:
            customer_id = node.merged_into
        return customer_id

    def _members(self, root: str) -> list[str]:
        return [key for key in self._customers if self._root(key) == root]

    def _holds(self, customer: Customer, terms: Sequence[str]) -> bool:
        values = [key[2].lower().replace("-", "") for key in self._identities if key[0] == customer.id]
        return any(term in text for term in terms for text in (squeezed(customer.name), *values))

    def _verified(self) -> list[tuple[str, str, str]]:
        return [key for key, one in self._identities.items() if one.verified and one.kind in PROVABLE]

    def _said_to_differ(self, members: Sequence[str], other: str) -> bool:
        others = self._members(other)
        return any(
            {merge.kept_id, merge.gone_id} & set(members) and {merge.kept_id, merge.gone_id} & set(others)
            for merge in self._merges.values()
            if merge.state != "merged"
        )

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers
