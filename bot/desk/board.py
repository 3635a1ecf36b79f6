"""The live board: who waits where and how long, who is there, what was promised and kept."""

from __future__ import annotations

from typing import Any

from bot.conversation.store import Case
from bot.conversation.transcript import iso
from bot.desk.case_json import agent_json
from bot.desk.floor import Floor
from bot.desk.queue import held
from bot.desk.queues import Queue

DAY = 86_400.0
MOST = 10_000
"""Conversations of a day that are counted."""
RECENT = 500
"""Ended cases that shares are counted over."""


async def board(floor: Floor) -> dict[str, Any]:
    """`{queues: [...], agents: [...]}` as of now."""
    now = floor.clock()
    waiting = await floor.store.waiting_cases()
    talking = await floor.store.cases(("agent",), limit=RECENT)
    ended = await floor.store.cases(("closed", "returned"), limit=RECENT)
    begun = await floor.store.changed_since(now - DAY, limit=MOST)
    workers = await floor.dispatcher.workers()
    return {
        "at": iso(now),
        "totals": _totals(now, begun, [*waiting, *talking, *ended]),
        "queues": [
            _queue_figures(queue, now, waiting, talking, ended) for queue in floor.queues.queues.values()
        ],
        "agents": [
            {
                **agent_json(worker.agent),
                "holds": {"voice": worker.voice, "chat": worker.chat},
                "capacity": {"voice": worker.most_voice, "chat": worker.most_chat},
            }
            for worker in workers.values()
        ],
    }


def _totals(now: float, begun: list[str], cases: list[Case]) -> dict[str, Any]:
    """Of the last 24 hours: how many conversations needed nobody, how many gave up, how people feel who are here now."""
    lately = [case for case in cases if case.created_at >= now - DAY]
    with_person = {case.conversation_id for case in lately}
    here = [case for case in cases if case.closed_at is None]
    over = [case for case in lately if case.closed_at is not None]
    return {
        "conversations": len(begun),
        "containment": _share([conversation not in with_person for conversation in begun]),
        "abandoned": _share([case.outcome_code == "left_queue" for case in over]),
        "moods": {
            label: sum(case.sentiment_label == label for case in here)
            for label in ("positive", "neutral", "negative")
        },
    }


def _queue_figures(
    queue: Queue, now: float, waiting: list[Case], talking: list[Case], ended: list[Case]
) -> dict[str, Any]:
    here = [case for case in waiting if case.queue == queue.name]
    done = [case for case in ended if case.queue == queue.name and case.accepted_at]
    answered = [*done, *(case for case in talking if case.queue == queue.name)]
    promised = [case for case in done if case.promised]
    level = queue.spec.service_level
    return {
        "name": queue.name,
        "label": queue.label,
        "open": queue.spec.hours.is_open(now),
        "hours": queue.spec.hours.text(now),
        "waiting": len(here),
        "longest_wait": max((now - case.waiting_since for case in here), default=0.0),
        "talking": sum(case.queue == queue.name for case in talking),
        "answered_in_time": _share([in_time(case) for case in answered]),
        "resolved_in_time": _share(["resolve" not in case.breached for case in done]),
        "promises_held": _share([held(case) for case in promised]),
        "target": level.target,
        "answer_within": level.answer_within,
        "resolve_within": level.resolve_within,
    }


def in_time(case: Case) -> bool:
    """Whether somebody met the customer within the target."""
    return case.answer_by is None or (case.accepted_at or 0.0) <= case.answer_by


def _share(kept: list[bool]) -> float | None:
    return round(sum(kept) / len(kept), 3) if kept else None
