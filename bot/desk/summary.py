"""The five lines at the top of the packet: composed from what happened, never invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.domain import Domain
from bot.conversation.events import Event, FlowCompleted, UserUttered
from bot.conversation.responses import show
from bot.conversation.store import Case
from bot.conversation.tracker import Tracker
from korean.privacy import mask

CHANNELS = {"webchat": "웹 채팅", "kakao": "카카오톡", "rest": "연동 채널", "voice": "전화"}
MOODS = {"positive": "좋음", "neutral": "보통", "negative": "불편"}
QUOTE = 60
"""Characters of the customer's words that a line quotes."""


def summary_lines(
    case: Case, tracker: Tracker, events: Sequence[Event], domain: Domain, flow_names: dict[str, str]
) -> list[dict[str, Any]]:
    """`[{label, text, seq}]`: who and what, why now, how far, what was tried, what was said last."""
    said = [event for event in events if isinstance(event, UserUttered)]
    opening = _opening(said)
    return [
        {
            "label": "문의",
            "text": f"{CHANNELS.get(case.channel, case.channel)} · {quote(opening.text) if opening else '내용 없음'}",
            "seq": opening.seq if opening else None,
        },
        {"label": "연결 이유", "text": case.reason_text or case.reason_code, "seq": None},
        {"label": "진행", "text": _progress(case, tracker, events, domain, flow_names), "seq": None},
        {"label": "안내한 답", "text": _tried(tracker), "seq": None},
        {"label": "마지막 말", "text": _last(said, tracker), "seq": said[-1].seq if said else None},
    ]


def quote(text: str) -> str:
    """The customer's words, personal data masked, at most a line."""
    words = mask(" ".join(text.split()))
    return f"“{words[: QUOTE - 1]}…”" if len(words) > QUOTE else f"“{words}”"


def _opening(said: Sequence[UserUttered]) -> UserUttered | None:
    """The first message that says what it is about: greetings and pressed buttons say nothing."""
    for event in said:
        intent = (event.parse_data.get("intent") or {}).get("name")
        if event.parse_data and intent not in (None, "greet", "affirm", "deny", "thanks"):
            return event
    return said[0] if said else None


def _progress(
    case: Case, tracker: Tracker, events: Sequence[Event], domain: Domain, flow_names: dict[str, str]
) -> str:
    known = [
        f"{domain.label(name)} {mask(show(slot.value))}"
        for name, slot in tracker.state.slots.items()
        if slot.value is not None and slot.source in ("user", "button", "agent")
    ]
    done = [flow_names.get(e.flow_id, e.flow_id) for e in events if isinstance(e, FlowCompleted)]
    parts = []
    if case.goal:
        parts.append(f"{case.goal} 진행 중")
    if done:
        parts.append(f"완료: {', '.join(dict.fromkeys(done))}")
    if known:
        parts.append(f"확인한 값: {', '.join(known)}")
    return " · ".join(parts) or "진행한 업무가 없어요"


def _tried(tracker: Tracker) -> str:
    titles = []
    for answer in tracker.state.answers:
        if answer.outcome != "none":
            titles += [str(citation.get("title", "")) for citation in answer.citations[:1]]
    unanswered = sum(answer.outcome == "none" for answer in tracker.state.answers)
    parts = [", ".join(dict.fromkeys(title for title in titles if title))] if titles else []
    if unanswered:
        parts.append(f"답하지 못한 질문 {unanswered}건")
    return " · ".join(parts) or "안내한 문서가 없어요"


def _last(said: Sequence[UserUttered], tracker: Tracker) -> str:
    if not said:
        return "아직 말이 없어요"
    mood = tracker.state.moods[-1].label if tracker.state.moods else "neutral"
    return f"{quote(said[-1].text)} · 기분 {MOODS.get(mood, mood)}"
