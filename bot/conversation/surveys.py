"""How a contact was: when the customer is asked, where by a message with buttons, and what they answer.

Web chat asks by the state that it is told; on channels of messages the question is one. After a contact with a person it is
asked each time, after one with the bot alone as often as the settings allow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation import clock
from bot.conversation.conversations import Conversations
from bot.conversation.draft import Draft
from bot.conversation.events import FlowCompleted, SessionEnded, SurveyAnswered, SurveyOffered
from bot.conversation.messages import Reply
from bot.conversation.ownership import bot_may_speak
from bot.conversation.rich import Button
from bot.conversation.store import Store
from bot.conversation.tracker import BOT_ALONE, Tracker

QUESTION = "상담은 어떠셨나요? 아래에서 골라 주세요."
THANKS = "의견을 남겨 주셔서 고마워요."
TOO_LATE = "지금은 의견을 받을 상담이 없어요."
SCORES = {5: "아주 좋았어요", 4: "좋았어요", 3: "보통이에요", 2: "아쉬웠어요", 1: "많이 아쉬웠어요"}
SKIP = "건너뛰기"
DAY = 86_400.0
_PREFIX = "/survey"
_OTHERS = 20
"""Other conversations of the customer that are looked at."""


class SurveySettings(BaseModel):
    """`survey` of config.yml: whether the bot's own work is judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after_bot: Literal["off", "completed", "session_end"] = "off"
    """When a contact in which only the bot took part is over: once its flow is done and none goes on, or with its session."""
    every_days: float = Field(default=30, ge=0, le=3_650)
    """After being asked about the bot a customer isn't asked again for so long, on any channel."""


class Surveys:
    """Asks. `by_message`: channels on which the question is a message with buttons."""

    def __init__(
        self, store: Store, settings: SurveySettings | None = None, by_message: Iterable[str] = ()
    ) -> None:
        self._store = store
        self._settings = settings or SurveySettings()
        self._by_message = frozenset(by_message)

    def after_agent(self, draft: Draft) -> None:
        """A person has closed the case."""
        if draft.tracker.state.survey_due and draft.tracker.state.channel in self._by_message:
            draft.notice("survey", QUESTION, _buttons())

    async def after_turn(self, draft: Draft) -> None:
        """The bot's turn is over: asked if the contact is, and if the customer wasn't asked lately."""
        if not self._bot_is_done(draft) or await self._asked_lately(draft.tracker):
            return
        draft.emit(SurveyOffered(about="bot"))
        if draft.tracker.state.channel in self._by_message:
            draft.say_reply(Reply(text=QUESTION, buttons=_buttons()))

    def _bot_is_done(self, draft: Draft) -> bool:
        state = draft.tracker.state
        if state.survey_due or not state.done_by_bot or not bot_may_speak(draft.tracker.owner):
            return False
        if self._settings.after_bot == "completed":
            done = any(isinstance(event, FlowCompleted) for event in draft.events)
            return done and all(frame.kind == "pattern" for frame in draft.tracker.stack)
        ended = any(isinstance(event, SessionEnded) for event in draft.events)
        return self._settings.after_bot == "session_end" and ended

    async def _asked_lately(self, tracker: Tracker) -> bool:
        since = clock.now() - self._settings.every_days * DAY
        if tracker.state.survey_offered_at > since:
            return True
        customer_id = await self._store.customer_of(tracker.conversation_id)
        if customer_id is None:
            return False
        others = (await self._store.profile(customer_id)).conversations
        for conversation_id in [one for one in others if one != tracker.conversation_id][:_OTHERS]:
            # As stored: to take another conversation's turn while this one's goes on could wait for ever.
            other = Tracker.restore(await self._store.load(conversation_id))
            if other.state.survey_offered_at > since:
                return True
        return False


def survey_payload(score: int | None) -> str:
    """The payload of a button that judges the contact; None: rather not."""
    return _PREFIX + json.dumps({"score": score})


def pressed_survey(payload: str | None) -> tuple[int | None] | None:
    """The score in a payload of `survey_payload`, None for any other."""
    if payload is None or not payload.startswith(_PREFIX + "{") or len(payload) > 40:
        return None
    try:
        body: Any = json.loads(payload.removeprefix(_PREFIX))
    except ValueError:
        return None
    score = body.get("score", 0) if isinstance(body, dict) else 0
    if score is None or (type(score) is int and 1 <= score <= 5):
        return (score,)
    return None


async def answer_survey(
    conversations: Conversations,
    conversation_id: str,
    score: int | None,
    comment: str = "",
    recommend: int | None = None,
) -> bool:
    """Keep what the customer says of the contact that is over. False if there is none to be judged."""

    async def decide(draft: Draft) -> bool:
        due = draft.tracker.state.survey_due
        if not due:
            return False
        alone = due == BOT_ALONE
        draft.emit(
            SurveyAnswered(
                about="bot" if alone else "agent",
                case_id="" if alone else due,
                score=score,
                comment=comment,
                recommend=recommend,
            )
        )
        return True

    return await conversations.change(conversation_id, decide)


def _buttons() -> tuple[Button, ...]:
    scores = [
        Button(title=f"{score} {words}", payload=survey_payload(score)) for score, words in SCORES.items()
    ]
    return (*scores, Button(title=SKIP, payload=survey_payload(None)))
