"""Customers: who stands behind conversations on several channels, and how two of them become one and two again.

A customer is a node with its own name, identities, notes and conversations, and may point to the one that it was merged
into. What people see as one customer is a tree of such nodes, seen from its root. Merging sets one pointer and undoing clears
it: nothing is moved, so nothing can be lost, and an undo gives back exactly what its merge brought in, whatever was merged
before, after or above. What was written since the merge stays with the root that it was written to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.events import Event
from formats import SangdamError

if TYPE_CHECKING:
    from bot.conversation.store import Case

MergeState = Literal["merged", "undone", "refused"]
"""`refused`: an agent said that the two are different people, so that nobody is asked again."""
PROVABLE = ("phone", "email")
"""Kinds of identities by which two customers may be taken for one, where both are verified."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Identity(_Row):
    """Something by which a customer is known: a phone number, an address, an account at the host's page or a messenger."""

    kind: str
    """`phone`, `email`, `login`, or a channel's own name for its user."""
    value: str
    verified: bool = False
    """Whether somebody or something proved it; what a customer merely says is never proof."""
    source: str = ""
    """`said`, `call`, `channel`, `login` or `agent`."""
    added_at: float = 0.0
    added_by: str = ""


class CustomerNote(_Row):
    """What agents should know of a customer, beyond one case."""

    id: int = 0
    customer_id: str
    at: float
    actor_id: str
    actor_name: str
    text: str


class Merge(_Row):
    """Two customers that were taken for one."""

    id: int = 0
    kept_id: str
    gone_id: str
    """The one that points to the other."""
    at: float
    actor_id: str
    actor_name: str
    reason: str = ""
    state: MergeState = "merged"
    ended_at: float | None = None
    ended_by: str = ""


class Customer(_Row):
    """One node. `version` grows with each change of the node or of what is merged into it."""

    id: str
    version: int = 1
    name: str = ""
    segment: str = ""
    merged_into: str | None = None
    created_at: float = 0.0


class Profile(_Row):
    """A customer as people see one: the root and all that is merged into it."""

    customer: Customer
    """The root, with empty fields filled from its members, the one merged first first."""
    nodes: tuple[Customer, ...]
    """The root and its members with what each knows itself, the root first."""
    homes: dict[str, str] = Field(default_factory=dict)
    """Conversation -> the node that it belongs to."""
    identities: tuple[Identity, ...] = ()
    notes: tuple[CustomerNote, ...] = ()
    """Newest first."""
    merges: tuple[Merge, ...] = ()
    """In which any of the nodes took part, newest first; undone ones too."""

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of all nodes, the root first."""
        return tuple(node.id for node in self.nodes)

    @property
    def conversations(self) -> tuple[str, ...]:
        """Ids of all conversations."""
        return tuple(sorted(self.homes))


class Known(_Row):
    """What routing wants to know of a customer from other conversations."""

    name: str = ""
    segment: str = ""
    last_agent_id: str = ""
    last_agent_name: str = ""
    last_agent_at: float = 0.0


class Line(_Row):
    """An event of one of a customer's conversations."""

    conversation_id: str
    event: Event

    @property
    def place(self) -> tuple[float, str, int]:
        """Where it stands in the line of all conversations."""
        return self.event.timestamp, self.conversation_id, self.event.seq


class UnknownCustomer(SangdamError):
    """Raised for an id that no customer has (any more)."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_customer", ko="고객을 찾을 수 없어요.", en="No such customer.")


class CustomerChanged(SangdamError):
    """Raised where the version that somebody acted on is no longer the newest: another agent was faster."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "customer_changed",
            ko="그사이 고객 정보가 바뀌었어요. 새 내용을 확인해 주세요.",
            en="The customer has changed since that version.",
            remedy="Load the customer again, then repeat.",
        )


class Fact(_Row):
    """What a customer decided about one slot, and its value where they let it be remembered."""

    name: str
    """The slot's."""
    consent: bool
    decided_at: float
    value: Any = None
    remembered_at: float | None = None
    expires_at: float | None = None
    """From then on it counts as forgotten. None: nothing is remembered."""
    channel: str = ""
    """Where the customer gave it; empty where nobody noted that."""

    def known(self, now: float) -> bool:
        """Whether there is a value that may be used."""
        return (
            self.consent and self.value is not None and self.expires_at is not None and now < self.expires_at
        )


class CustomerStore(Protocol):
    """Customers. All methods may raise `StoreUnavailable`. Ids of members stand for their root wherever one is read."""

    async def customer_of(self, conversation_id: str) -> str | None:
        """The root of the customer to whom a conversation belongs; None where nobody was met in it yet."""

    async def meet(self, conversation_id: str, customer: Customer) -> str:
        """Give a conversation its customer, who is added; where it has one already that one stays. The root's id."""

    async def profile(self, customer_id: str) -> Profile:
        """All of a customer. Raises `UnknownCustomer`."""

    async def find_customers(self, terms: Sequence[str], *, limit: int = 20) -> list[str]:
        """Roots whose name or identities hold one of the terms, newest first; all for no terms.

        Terms are squeezed; hyphens of identities don't count.
        """

    async def same_proof(self, customer_id: str) -> list[str]:
        """Other roots with an equal verified phone number or address, and no word that they are somebody else.

        That word is a refused or undone merge between the two trees. Oldest first.
        """

    async def change_customer(
        self, customer_id: str, changes: Mapping[str, Any], *, version: int | None
    ) -> Customer:
        """Set `name` or `segment` of a root. Raises `UnknownCustomer`, `CustomerChanged` for an older version or no root."""

    async def put_identity(self, customer_id: str, identity: Identity) -> bool:
        """Add an identity to the node, or replace what is known of it; a verified one is made unverified by agents only.

        Whether that changed anything.
        """

    async def remove_identity(self, customer_id: str, kind: str, value: str) -> bool:
        """Take an identity from all nodes of a customer. Whether there was one."""

    async def add_note(self, note: CustomerNote) -> CustomerNote:
        """Keep it."""

    async def merge(self, merge: Merge, *, kept_version: int, gone_version: int) -> Merge:
        """Point `gone_id` to `kept_id`, or only note that they are different people where the state is `refused`.

        Raises `UnknownCustomer`; `CustomerChanged` unless both are roots, differ, and have these versions.
        """

    async def merge_of(self, merge_id: int) -> Merge | None:
        """One of them."""

    async def undo_merge(self, merge_id: int, *, version: int, at: float, by: str) -> Merge:
        """Clear the pointer that a merge set; `version` is that of the root as it was seen.

        Raises `UnknownCustomer` for an unknown merge, `CustomerChanged` for one that isn't in force or another version.
        """

    async def facts(self, customer_id: str) -> list[Fact]:
        """What is decided and remembered of a customer with all members, by name; of two of one name the later decision."""

    async def put_fact(self, customer_id: str, fact: Fact) -> None:
        """Keep it at this node, in place of what was decided there before. Raises `UnknownCustomer`."""

    async def forget_facts(
        self, customer_id: str, *, at: float, names: Sequence[str] | None = None
    ) -> list[str]:
        """Take consent and values from all members; None: of all names. Gives the names of which something was remembered."""

    async def drop_expired_facts(self, now: float) -> int:
        """Delete values whose time is over; the decisions stay. How many there were."""

    async def lines_before(
        self,
        conversation_ids: Sequence[str],
        before: tuple[float, str, int] | None,
        *,
        since: float = 0.0,
        limit: int = 50,
    ) -> list[Line]:
        """The newest lines of several conversations before a place, in order; none said before `since`."""

    async def line(self, conversation_id: str, seq: int) -> Line | None:
        """One of them."""

    async def cases_of(self, conversation_ids: Sequence[str]) -> list[Case]:
        """All cases of several conversations, oldest first."""

    async def erase_customer(self, customer_id: str, *, at: float) -> Profile:
        """Forget a customer with all members and all that was said; the profile as it was.

        Conversations go on under their ids, empty, with a `restart` as their last event; cases keep times, codes and
        agents, and lose what names or quotes the customer. Raises `UnknownCustomer`, `OpenCase` while a case is open.
        """


class OpenCase(SangdamError):
    """Raised where a customer with an open case should be erased."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "open_case",
            ko="진행 중인 상담이 있어요. 먼저 상담을 마무리해 주세요.",
            en="The customer has an open case.",
            remedy="Close the case first.",
        )
