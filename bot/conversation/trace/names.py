"""What people call flows, slots and intents in a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.conversation.assistant import Assistant
from bot.conversation.flows.model import Step
from bot.conversation.responses import show

PATTERNS = {
    "pattern_session_start": "대화 시작",
    "pattern_cancel_flow": "그만하기",
    "pattern_correction": "고쳐 말하기",
    "pattern_continue_interrupted": "하던 업무로 돌아가기",
    "pattern_restart": "처음부터 다시",
    "pattern_user_silence": "말이 없을 때",
    "pattern_abuse": "폭언 경고",
    "pattern_clarification": "되묻기",
    "pattern_search": "문서에서 찾기",
    "pattern_chitchat": "인사와 잡담",
    "pattern_repeat_bot_messages": "다시 말하기",
    "pattern_skip_question": "질문 건너뛰기",
    "pattern_resume_set_aside": "지난번 업무 이어 하기",
    "pattern_use_remembered": "기억해 둔 정보 확인",
    "pattern_remember_facts": "정보 기억 동의",
    "pattern_forget_facts": "기억해 둔 정보 지우기",
    "pattern_tell_facts": "기억해 둔 정보 안내",
    "pattern_cannot_handle": "이해하지 못했을 때",
    "pattern_human_handoff": "상담원 연결",
    "pattern_internal_error": "처리가 실패했을 때",
    "pattern_code_change": "업무가 바뀌었을 때",
    "pattern_completed": "더 도와드릴 일 묻기",
}
"""The repair patterns, whose files give them no names of their own."""
TALK = {
    "greet": "인사",
    "goodbye": "끝인사",
    "thanks": "감사",
    "affirm": "네",
    "deny": "아니요",
    "cancel": "그만하기",
    "repeat": "다시 듣기",
    "request_human": "상담원 요청",
    "bot_challenge": "AI인지 물음",
    "complaint": "불만",
    "bank_question": "안내 문의",
}
"""Words for intents that start no flow."""


def intent_labels(assistant: Assistant) -> dict[str, str]:
    """Intents as people call them: by the flow they start, by common words, else by their own name."""
    labels = {name: TALK.get(name, name.replace("_", " ")) for name in assistant.domain.intent_names()}
    for flow in assistant.business_flows.values():
        labels.update({trigger.intent: flow.name for trigger in flow.triggers})
    return labels


class Names:
    """Of one assistant; quoted, so that they stand out in a sentence."""

    def __init__(self, assistant: Assistant, hide: Callable[[str], str]) -> None:
        self._assistant = assistant
        self._intents = intent_labels(assistant)
        self._hide = hide

    def flow(self, flow_id: str) -> str:
        """A flow by its name; one that is no more by its id."""
        flow = self._assistant.flows.get(flow_id)
        own = flow.name if flow and flow.name != flow_id.replace("_", " ") else ""
        return f"‘{own or PATTERNS.get(flow_id, flow_id)}’"

    def step(self, flow_id: str, step_id: str) -> Step | None:
        """A step of a flow; None for one that is no more."""
        flow = self._assistant.flows.get(flow_id)
        return flow.steps.get(step_id) if flow else None

    def is_internal(self, slot: str) -> bool:
        """Whether only flows know of the slot."""
        spec = self._assistant.domain.slots.get(slot)
        return spec is not None and bool(spec.metadata.get("internal"))

    def slot(self, name: str) -> str:
        """A slot by its label."""
        return f"‘{self._assistant.domain.label(name)}’"

    def intent(self, name: str) -> str:
        """An intent as people call it."""
        return f"‘{self._intents.get(name, name)}’"

    def value(self, value: Any) -> str:
        """A value as a customer reads it, personal data hidden."""
        return self._hide(show(value))

    def text(self, text: str) -> str:
        """Somebody's words, personal data hidden."""
        return self._hide(text)

    def is_response(self, name: str) -> bool:
        """Whether an action only says something."""
        return name in self._assistant.responses
