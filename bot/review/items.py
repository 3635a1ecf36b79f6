"""The review list: candidates of all conversations, personal data taken out, nearly the same messages as one item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from bot.conversation.events import Event
from bot.review.candidates import Candidate, Reason, candidates
from korean.josa import final_consonant
from korean.normalise import compact
from korean.privacy import Kind, detect, mask, mask_for_agent
from nlu.near import near_groups, near_pairs
from nlu.versions.card import example_key

PAGE = 500
MOST = 5_000
"""Conversations that are looked through."""
_HIDDEN = re.compile(r"\S*\*\S*")


class ReviewItem(BaseModel):
    """One thing to label. Everything in it may be shown, written and exported: personal data are out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    """The same for the same message, whoever wrote it."""
    text: str
    intent: str
    """The guess; empty if nothing was understood."""
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    reasons: tuple[Reason, ...]
    count: int
    """Messages that say nearly the same."""
    variants: tuple[str, ...]
    """Other ways in which it was said, at most five."""
    context: tuple[tuple[str, str], ...]
    conversation_id: str
    seq: int
    at: float


class EventSource(Protocol):
    """Where conversations are read from; a `ConversationStore` is one."""

    async def changed_since(self, after: float, *, limit: int = 1000) -> list[str]:
        """See `ConversationStore.changed_since`."""

    async def events(self, conversation_id: str, *, after: int = 0, limit: int = 500) -> list[Event]:
        """See `ConversationStore.events`."""


async def collect(
    store: EventSource, since: float, threshold: float, tell: Callable[[float], None] | None = None
) -> list[Candidate]:
    """Candidates of all conversations that changed after `since` (seconds since the epoch)."""
    ids = await store.changed_since(since, limit=MOST)
    found: list[Candidate] = []
    for number, conversation_id in enumerate(ids, 1):
        events: list[Event] = []
        while page := await store.events(conversation_id, after=events[-1].seq if events else 0, limit=PAGE):
            events += page
            if len(page) < PAGE:
                break
        found += [c for c in candidates(conversation_id, events, threshold) if c.at > since]
        if tell is not None:
            tell(number / len(ids))
    return found


def review_list(
    found: Sequence[Candidate], known: Iterable[str] = (), decided: Iterable[str] = ()
) -> list[ReviewItem]:
    """What is worth a person's look, most frequent first.

    `known` are utterances that are learned from already: the very same again teaches nothing. `decided` are texts of items
    that a person has dealt with: what is nearly the same isn't asked again.
    """
    learned = {compact(text) for text in known}
    masked = [(candidate, without_personal_data(candidate.text)) for candidate in found]
    masked = [(c, text) for c, text in masked if compact(text) and compact(text) not in learned]
    earlier = list(decided)
    if earlier and masked:
        done = {at for at, _, _ in near_pairs([text for _, text in masked], earlier)}
        masked = [item for at, item in enumerate(masked) if at not in done]
    groups: dict[int, list[tuple[Candidate, str]]] = {}
    for group, item in zip(near_groups([text for _, text in masked]), masked, strict=True):
        groups.setdefault(group, []).append(item)
    items = [_item(members) for members in groups.values()]
    return sorted(items, key=lambda item: (-item.count, -len(item.reasons), item.confidence, -item.at))


def _item(members: list[tuple[Candidate, str]]) -> ReviewItem:
    """The most frequent wording stands for all, with its newest conversation."""
    counts = Counter(compact(text) for _, text in members)
    members.sort(key=lambda item: (-counts[compact(item[1])], -item[0].at))
    first, text = members[0]
    others = {compact(other): other for _, other in members[1:] if compact(other) != compact(text)}
    reasons = {reason for candidate, _ in members for reason in candidate.reasons}
    order: tuple[Reason, ...] = ("thumbs_down", "corrected", "handed_over", "low_confidence")
    return ReviewItem(
        key=example_key(text),
        text=text,
        intent=first.intent,
        confidence=first.confidence,
        ranking=first.ranking,
        reasons=tuple(reason for reason in order if reason in reasons),
        count=len(members),
        variants=tuple(others.values())[:5],
        context=tuple((speaker, mask(line)) for speaker, line in first.context),
        conversation_id=first.conversation_id,
        seq=first.seq,
        at=first.at,
    )


_ADDRESS = "서울시 강남구 테헤란로 1"
_NAMES = ("이민수", "홍길동")
"""Nobody's names, without and with a final consonant, so that the particle fits: asterisks would be learned as letters."""


def without_personal_data(text: str) -> str:
    """The text as an utterance to learn from: on one line, and where something had to be hidden, all of its digits are 0.

    >>> without_personal_data("010-1234-5678로 전화 주세요")
    '010-0000-0000로 전화 주세요'
    """
    plain = " ".join(text.split())
    for item in reversed(detect(plain, {Kind.NAME, Kind.ADDRESS})):
        other = _ADDRESS if item.kind is Kind.ADDRESS else _NAMES[bool(final_consonant(item.text))]
        plain = plain[: item.start] + other + plain[item.end :]
    masked = mask_for_agent(plain)
    return _HIDDEN.sub(_zeros, masked) if "*" in masked else masked


def _zeros(match: re.Match[str]) -> str:
    found = match.group(0)
    if "@" in found:
        return "x@" + found.split("@", 1)[1]
    zeros = re.sub(r"[\d*]", "0", found)
    return "010" + zeros[3:] if found.startswith("010") else zeros
