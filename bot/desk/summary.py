"""The five lines at the top of the packet: composed from what happened, never invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.domain import Domain
from bot.conversation.events import (
    BotUttered,
    Event,
    FlowCompleted,
    FlowStarted,
    HandoffRequested,
    UserUttered,
)
from bot.conversation.flows.stack import root_frame
from bot.conversation.responses import show
from bot.conversation.store import Case
from bot.conversation.tracker import Tracker
from korean.josa import attach
from korean.privacy import mask_for_agent as mask

CHANNELS = {
    "webchat": "웹 채팅",
    "kakao": "카카오톡",
    "chatwoot": "Chatwoot",
    "rest": "연동 채널",
    "voice": "전화",
}
MOODS = {"positive": "좋음", "neutral": "보통", "negative": "불편"}
QUOTE = 60
"""Characters of the customer's words that a line quotes."""
SMALL_TALK = frozenset({"greet", "affirm", "deny", "thanks", "goodbye", "request_human", "bot_challenge"})
"""Intents that say nothing of the matter."""


def summary_lines(
    case: Case, tracker: Tracker, events: Sequence[Event], domain: Domain, flow_names: dict[str, str]
) -> list[dict[str, Any]]:
    """`[{label, text, seq}]`: who and what, why now, how far, what was tried, what was said last."""
    said = [event for event in events if isinstance(event, UserUttered)]
    return [
        _asked(case, tracker, events, said),
        _reason(case, events, said),
        _progress(case, tracker, events, domain, flow_names),
        _tried(tracker, events),
        _last(said, tracker),
    ]


def quote(text: str) -> str:
    """The customer's words, personal data masked, at most a line."""
    words = mask(" ".join(text.split()))
    return f"“{words[: QUOTE - 1]}…”" if len(words) > QUOTE else f"“{words}”"


def _line(label: str, text: str, seq: int | None) -> dict[str, Any]:
    return {"label": label, "text": text, "seq": seq}


def _asked(
    case: Case, tracker: Tracker, events: Sequence[Event], said: Sequence[UserUttered]
) -> dict[str, Any]:
    channel = CHANNELS.get(case.channel, case.channel)
    opening = _goal_opening(tracker, events) or _opening(said)
    if opening is None:
        return _line("문의", f"{channel} · 남긴 말이 없어요", None)
    return _line("문의", f"{channel} · {quote(opening.text)}", opening.seq)


def _goal_opening(tracker: Tracker, events: Sequence[Event]) -> UserUttered | None:
    """The message that began what the customer is still doing."""
    root, latest, found = root_frame(tracker.stack), None, None
    for event in events:
        if isinstance(event, UserUttered):
            latest = event
        elif isinstance(event, FlowStarted) and root is not None and event.flow_id == root.flow_id:
            found = latest
    return found if found is not None and found.parse_data else None


def _opening(said: Sequence[UserUttered]) -> UserUttered | None:
    """The first message that says what it is about."""
    return next((event for event in said if says_something(event)), said[0] if said else None)


def says_something(event: UserUttered) -> bool:
    """Whether a message carries the matter: greetings and pressed buttons don't."""
    intent = (event.parse_data.get("intent") or {}).get("name")
    return bool(event.parse_data) and intent is not None and intent not in SMALL_TALK


def _reason(case: Case, events: Sequence[Event], said: Sequence[UserUttered]) -> dict[str, Any]:
    at = next((e.seq for e in events if isinstance(e, HandoffRequested) and e.case_id == case.id), None)
    before = [event.seq for event in said if at is not None and event.seq < at]
    text = mask(case.reason_text) or "상담원의 도움이 필요해요"
    return _line("연결 이유", text, before[-1] if before else None)


def _progress(
    case: Case, tracker: Tracker, events: Sequence[Event], domain: Domain, flow_names: dict[str, str]
) -> dict[str, Any]:
    known = {
        name: slot
        for name, slot in tracker.state.slots.items()
        if slot.value is not None
        and slot.source in ("user", "button", "agent")
        and name in domain.slots
        and not domain.slots[name].metadata.get("internal")
    }
    done = [flow_names.get(e.flow_id, "") for e in events if isinstance(e, FlowCompleted)]
    finished = ", ".join(dict.fromkeys(name for name in done if name))
    parts = []
    if case.goal:
        parts.append(f"{attach(case.goal, '을')} 진행하고 있었어요")
    if finished:
        parts.append(f"{finished} 완료")
    if known:
        values = ", ".join(f"{domain.label(name)} {mask(show(slot.value))}" for name, slot in known.items())
        parts.append(f"확인한 값: {values}")
    places = [slot.said_at for slot in known.values() if slot.said_at]
    return _line("진행", " · ".join(parts) or "진행한 업무가 없어요", max(places) if places else None)


def _tried(tracker: Tracker, events: Sequence[Event]) -> dict[str, Any]:
    answers = tracker.state.answers
    found = [answer for answer in answers if answer.outcome != "none"]
    titles = [str(citation.get("title", "")) for answer in found for citation in answer.citations[:1]]
    parts = [", ".join(dict.fromkeys(title for title in titles if title))]
    disliked = sum(answer.feedback == "down" for answer in found)
    if disliked:
        parts.append(f"{disliked}건은 도움이 안 됐다고 했어요")
    if len(answers) > len(found):
        parts.append(f"답하지 못한 질문 {len(answers) - len(found)}건")
    text = " · ".join(part for part in parts if part) or "안내한 문서가 없어요"
    last = answers[-1].message_id if answers else ""
    seq = next((e.seq for e in events if isinstance(e, BotUttered) and e.message_id == last), None)
    return _line("안내한 답", text, seq)


def _last(said: Sequence[UserUttered], tracker: Tracker) -> dict[str, Any]:
    """The last message of weight, and the mood of the last turns: the request for a person alone says little."""
    if not said:
        return _line("마지막 말", "아직 남긴 말이 없어요", None)
    last = next((event for event in reversed(said[-4:]) if says_something(event)), said[-1])
    moods = [mood.label for mood in tracker.state.moods[-3:]]
    mood = next((m for m in ("negative", "positive") if m in moods), "neutral")
    return _line("마지막 말", f"{quote(last.text)} · 기분 {MOODS[mood]}", last.seq)
