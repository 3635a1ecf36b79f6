"""Search over everything that was said in cases: words, whatever their spacing, and customers, goals and tags."""

from __future__ import annotations

from typing import Any

from bot.conversation.events import Event, MessageTranslated, words_of
from bot.conversation.store import Case, CaseStore, Store, squeezed
from bot.conversation.transcript import iso
from bot.conversation.workforce import Place
from bot.desk.case_json import case_json, customer_name
from bot.desk.cursors import search_cursor, search_places
from bot.desk.customers.contacts import search_terms
from bot.desk.customers.profile_json import masked
from korean.privacy import mask_for_agent as mask

MAX_TERMS = 8
HITS = 50
LOOKED_AT = 500
"""Newest cases whose customer, goal and tags are compared."""
PEOPLE = 10
"""Customers who are shown, each with the newest case."""
SHORTEST = 2
"""Characters of a name or number that customers are looked for by."""
AROUND = 40
"""Characters of a message shown on each side of what was found."""


async def search(store: Store, query: str, cursor: str | None = None) -> dict[str, Any]:
    """`{hits: [{case, seq, speaker, text, timestamp}], cursor}`; `seq` is null where the case itself fits.

    Customers come first, each once; then cases and lines in one order, newest first. Its pages neither skip nor repeat what
    is of one moment. All words of the query must stand in one line, or in one case's facts; or the query is a customer's name
    or number. Raises `BadRequest` for a cursor that isn't one.
    """
    line_at, case_at = search_places(cursor)
    terms = [squeezed(term) for term in query.split()[:MAX_TERMS]]
    if not any(terms):
        return {"hits": [], "cursor": None}
    people = await _people(store, query)
    shown = {hit["case"]["id"] for hit in people}
    cases = [case for case in await _cases(store, terms, case_at) if case.id not in shown]
    lines = await store.find_lines(terms, limit=HITS, before=line_at)
    both: list[Case | tuple[str, Event]] = [*lines, *cases]
    page = sorted(both, key=_time, reverse=True)[:HITS]
    hits = [] if cursor else people
    said = _Said(store, terms)
    for found in page:
        if isinstance(found, Case):
            case_at = found.created_at, found.id
            hits.append(_case_hit(found))
        else:
            line_at = found[1].timestamp, found[0], found[1].seq
            hits += await said.hit(*found)
    more = len(lines) + len(cases) > len(page) or len(lines) == HITS
    return {"hits": hits, "cursor": search_cursor(line_at, case_at) if more else None}


def _time(found: Case | tuple[str, Event]) -> float:
    return found.created_at if isinstance(found, Case) else found[1].timestamp


class _Said:
    """Lines of a page as hits, each message once however often it fits: by its words and by those of its translation."""

    def __init__(self, store: Store, terms: list[str]) -> None:
        self._store = store
        self._terms = terms
        self._cases: dict[str, list[Case]] = {}
        self._shown: set[tuple[str, int]] = set()

    async def hit(self, conversation_id: str, event: Event) -> list[dict[str, Any]]:
        seq, speaker = event.seq, {"user": "customer"}.get(event.event, event.event)
        if isinstance(event, MessageTranslated):
            seq = await self._store.find_message(conversation_id, event.message_id) or seq
            speaker = "customer"
        if (conversation_id, seq) in self._shown:
            return []
        self._shown.add((conversation_id, seq))
        if conversation_id not in self._cases:
            self._cases[conversation_id] = await self._store.past_cases(conversation_id)
        case = _case_at(self._cases[conversation_id], event.timestamp)
        return [
            {
                "case": case_json(case),
                "seq": seq,
                "speaker": speaker,
                "text": excerpt(mask(self._words(event)), self._terms[0]),
                "timestamp": iso(event.timestamp),
            }
        ]

    def _words(self, event: Event) -> str:
        return next(
            words for words in words_of(event) if all(term in squeezed(words) for term in self._terms)
        )


async def _people(store: Store, query: str) -> list[dict[str, Any]]:
    """Customers by name, telephone number or address, whatever their cases were called at the time."""
    terms = [term for term in search_terms(query) if len(term) >= SHORTEST]
    found = []
    for customer_id in await store.find_customers(terms, limit=PEOPLE) if terms else ():
        profile = await store.profile(customer_id)
        cases = await store.cases_of(profile.conversations)
        if cases:
            names = [profile.customer.name, *(masked(one) for one in profile.identities)]
            told = {"case": case_json(cases[-1]), "seq": None, "speaker": None}
            text = " · ".join(name for name in names if name)
            found.append({**told, "text": text, "timestamp": iso(cases[-1].created_at)})
    return found


async def _cases(store: CaseStore, terms: list[str], before: Place | None) -> list[Case]:
    """Of the newest ones those whose facts hold all words, newest first, behind a place."""
    newest = await store.cases((), limit=LOOKED_AT)
    behind = [case for case in newest if before is None or (case.created_at, case.id) < before]
    return [case for case in behind if _fits(case, terms)][: HITS + 1]


def _fits(case: Case, terms: list[str]) -> bool:
    facts = (customer_name(case), case.goal or "", case.agent_name or "", case.outcome_note, *case.tags)
    return all(any(term in squeezed(fact) for fact in facts) for term in terms)


def _case_hit(case: Case) -> dict[str, Any]:
    told = {"case": case_json(case), "seq": None, "speaker": None, "text": mask(case.last_text)}
    return {**told, "timestamp": iso(case.created_at)}


def _case_at(cases: list[Case], at: float) -> Case:
    """The case in which something was said: the last one that ends after it, or else the newest."""
    return next((case for case in cases if case.closed_at is None or case.closed_at >= at), cases[-1])


def excerpt(text: str, term: str) -> str:
    """The part of a text around a squeezed term; its beginning if the term isn't there as it is."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    at = squeezed(text).find(term)
    if len(text) <= 2 * AROUND + len(term) or at < 0 or at >= len(places):
        return text[: 3 * AROUND] + ("…" if len(text) > 3 * AROUND else "")
    start, end = max(0, places[at] - AROUND), places[at] + len(term) + AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
