"""How a call behaves, and what the line itself says. Both are read from config.yml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallOptions(_Spec):
    """Limits of one call. Times in seconds unless a name says otherwise."""

    barge_in_ms: float = Field(default=220, ge=0, le=2_000)
    """Speech over the bot that stops it; less is a word of listening (네, 음) and is passed over."""
    reminder_after: float = Field(default=8, gt=0, le=120)
    """Silence on both sides after which the caller is asked whether they are there."""
    reminders: int = Field(default=2, ge=0, le=10)
    """Reminders in a row before the bot takes its leave."""
    waiting_every: float = Field(default=25, gt=0, le=300)
    """How often somebody who waits for a person hears that the line is alive."""
    max_minutes: float = Field(default=60, gt=0, le=600)


class Prompts(_Spec):
    """Said by the line, not by the bot: they stand in no transcript, and '다시 말해 주세요' doesn't repeat them."""

    reminder: str = "듣고 있어요. 말씀해 주세요."
    not_heard: str = "잘 듣지 못했어요. 다시 한번 말씀해 주시겠어요?"
    busy: str = "지금 통화가 많아요. 잠시 뒤에 다시 말씀해 주세요."
    failed: str = "잠시 문제가 생겼어요. 다시 말씀해 주세요."
    waiting: str = "상담원을 연결하고 있어요. 잠시만 기다려 주세요."
    leave: str = "말씀이 없으셔서 전화를 끊을게요. 언제든 다시 전화해 주세요."
    goodbye: str = "전화해 주셔서 고마워요. 안녕히 계세요."


ENGLISH = Prompts(
    reminder="I am listening. Please go ahead.",
    not_heard="I did not hear that well. Could you say it again?",
    busy="We have many calls right now. Please say it again in a moment.",
    failed="Something went wrong. Please say it again.",
    waiting="I am connecting you to a person. One moment, please.",
    leave="As I hear nothing, I will end the call. Please call again any time.",
    goodbye="Thank you for your call. Goodbye.",
)


def prompts_for(language: str, given: dict[str, str]) -> Prompts:
    """The language's prompts with those that config.yml words otherwise. Raises pydantic's `ValidationError`."""
    base = ENGLISH if language == "en" else Prompts()
    return Prompts.model_validate({**base.model_dump(), **given})
