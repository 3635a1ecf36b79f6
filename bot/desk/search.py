"""Search over everything that was said in cases: words, whatever their spacing, and customers, goals and tags."""

from __future__ import annotations

from typing import Any

from bot.conversation.store import Case, CaseStore, Store, squeezed
from bot.conversation.transcript import iso
from bot.desk.case_json import case_json, customer_name
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


async def search(store: Store, query: str, before: float | None = None) -> dict[str, Any]:
    """`{hits: [{case, seq, speaker, text, timestamp}], cursor}`, newest first; `seq` is null where the case itself fits.

    All words of the query must stand in one message, or in one case's facts; or the query is a customer's name or number.
    """
    terms = [squeezed(term) for term in query.split()[:MAX_TERMS]]
    if not any(terms):
        return {"hits": [], "cursor": None}
    hits = [] if before is not None else await _people_and_cases(store, query, terms)
    lines = await store.find_lines(terms, limit=HITS, before=before)
    known: dict[str, list[Case]] = {}
    for conversation_id, event in lines:
        if conversation_id not in known:
            known[conversation_id] = await store.past_cases(conversation_id)
        case = _case_at(known[conversation_id], event.timestamp)
        text = mask(str(getattr(event, "text", "")))
        hits.append(
            {
                "case": case_json(case),
                "seq": event.seq,
                "speaker": {"user": "customer"}.get(event.event, event.event),
                "text": excerpt(text, terms[0]),
                "timestamp": iso(event.timestamp),
            }
        )
    cursor = str(lines[-1][1].timestamp) if len(lines) == HITS else None
    return {"hits": hits, "cursor": cursor}


async def _people_and_cases(store: Store, query: str, terms: list[str]) -> list[dict[str, Any]]:
    """People first; a case that fits as well is shown once."""
    people = await _people(store, query)
    known = {hit["case"]["id"] for hit in people}
    return [*people, *(hit for hit in await _cases(store, terms) if hit["case"]["id"] not in known)]


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


async def _cases(store: CaseStore, terms: list[str]) -> list[dict[str, Any]]:
    found = []
    for case in await store.cases((), limit=LOOKED_AT):
        facts = (customer_name(case), case.goal or "", case.agent_name or "", case.outcome_note, *case.tags)
        if all(any(term in squeezed(fact) for fact in facts) for term in terms):
            told = {"case": case_json(case), "seq": None, "speaker": None, "text": mask(case.last_text)}
            found.append({**told, "timestamp": iso(case.created_at)})
    return found[:HITS]


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
