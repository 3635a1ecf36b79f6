"""One turn of a conversation: from a customer's message to stored events and replies.

intake -> hear -> (in the conversation's lock) owner is a person? relay : the dialogue manager's answer -> other words -> commit
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.conversation import clock
from bot.conversation.actions_port import ActionRunner
from bot.conversation.assistant import Assistant
from bot.conversation.by_model import ModelCommandSettings
from bot.conversation.command_generator import CommandGenerator, IntentRoles
from bot.conversation.command_processor import CommandProcessor
from bot.conversation.commands import Command, LeaveQueue
from bot.conversation.conversations import Conversations
from bot.conversation.dialogue_manager import DialogueManager, Heard, MakeDialogue, Tools, Understander
from bot.conversation.draft import Draft
from bot.conversation.elsewhere import Elsewhere
from bot.conversation.errors import DuplicateMessage, MessageIdReused
from bot.conversation.escalation import EscalationPolicy
from bot.conversation.events import (
    ActionExecuted,
    AgentUttered,
    BotUttered,
    HandoffOutcome,
    Owner,
    SystemNotice,
    UserUttered,
)
from bot.conversation.flow_dialogue import FlowDialogue
from bot.conversation.flows import set_aside
from bot.conversation.flows.machine import FlowMachine
from bot.conversation.flows.stack import copied
from bot.conversation.intake import clean_text
from bot.conversation.messages import Reply, UserMessage, parts_of
from bot.conversation.ownership import bot_may_speak
from bot.conversation.remembering import REMEMBER_DAYS, FactMemory
from bot.conversation.rephrasing import Rephraser, RephraseSettings
from bot.conversation.returning import CONTINUE_WITHIN
from bot.conversation.secrecy import HIDDEN
from bot.conversation.silence import Due, SilenceSettings
from bot.conversation.surveys import Surveys
from bot.conversation.tracker import Tracker, session_expired
from generator import Generator
from nlu.types import Understanding

NEW_SESSION = "/session_start"
"""As in Rasa: begins a new session at once, and asks for nothing."""
ELSEWHERE = 60.0
"""Seconds of silence after which a customer with nothing going on is looked for in other conversations."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn did. `replies` is empty while a person owns the conversation."""

    conversation_id: str
    seq: int
    """Of the customer's message."""
    replies: tuple[Reply, ...]
    owner: Owner
    duplicate: bool = False
    taken_from: tuple[str, ...] = ()
    """Other conversations of the customer whose flows go on in this one."""


class Engine:
    """Runs turns. Holds no state of any conversation."""

    def __init__(
        self,
        conversations: Conversations,
        assistant: Assistant,
        understander: Understander,
        runner: ActionRunner,
        *,
        roles: IntentRoles | None = None,
        escalation: Sequence[EscalationPolicy] = (),
        silence: SilenceSettings | None = None,
        model: Generator | None = None,
        model_commands: ModelCommandSettings | None = None,
        rephrase: RephraseSettings | None = None,
        dialogue: MakeDialogue | None = None,
        continue_within: float = CONTINUE_WITHIN,
        remember_days: int = REMEMBER_DAYS,
        surveys: Surveys | None = None,
    ) -> None:
        self.conversations = conversations
        self.assistant = assistant
        self.understander = understander
        self.silence = silence
        self.surveys = surveys or Surveys(conversations.store)
        memory = FactMemory(conversations.store, remember_days)
        self.machine = machine = FlowMachine(assistant, runner, memory)
        self.roles = roles or IntentRoles()
        tools = Tools(
            assistant,
            understander,
            CommandGenerator(assistant, self.roles),
            machine,
            CommandProcessor(assistant, machine),
            tuple(escalation),
        )
        elsewhere = Elsewhere(conversations.store, machine)
        self.dialogue: DialogueManager = (
            dialogue(tools)
            if dialogue
            else FlowDialogue(tools, model, model_commands, continue_within, elsewhere)
        )

        self.rephraser: Rephraser | None = None
        """Words responses anew, where the assistant wants it."""
        if model is not None and rephrase is not None and rephrase.mode != "off":
            self.rephraser = Rephraser(model, rephrase)

    async def handle(self, message: UserMessage) -> TurnResult:
        """One turn. A repeated message id runs nothing and gives the first turn's replies.

        Raises `BadMessage` for text that can't be taken, `MessageIdReused` where the id is another message's,
        `StoreUnavailable` if nothing could be stored.
        """
        text = clean_text(message.text)
        heard = await self.dialogue.hear(message, text)

        async def decide(draft: Draft) -> TurnResult:
            if message.client_supplied_id:
                seen = await self.conversations.store.find_message(
                    message.conversation_id, message.message_id
                )
                if seen is not None:
                    raise DuplicateMessage(message.message_id, seen)
            return await self._turn(draft, heard)

        try:
            result = await self.conversations.change(message.conversation_id, decide)
        except DuplicateMessage as duplicate:
            return await self._first_answer(message.conversation_id, duplicate.seq, heard.text)
        for origin in result.taken_from:
            await self.conversations.change(origin, self._gone_on_elsewhere)
        return result

    async def _gone_on_elsewhere(self, draft: Draft) -> None:
        """The customer goes on with what went on here in another conversation."""
        if not bot_may_speak(draft.tracker.owner):
            return
        stack = copied(draft.tracker.stack)
        set_aside.drop(self.machine, draft, stack, {})
        if stack:
            while self.machine.cancel(draft, stack):
                pass
            self.machine.store_stack(draft, [])
            draft.notice("gone_on_elsewhere", "다른 곳에서 이어서 진행하고 있어요.")

    async def _turn(self, draft: Draft, heard: Heard) -> TurnResult:
        message = heard.message
        heard.new_session = False
        heard.returns = _comes_back(draft.tracker, message)
        if bot_may_speak(draft.tracker.owner):
            if heard.text == NEW_SESSION or self._session_is_over(draft.tracker, message):
                heard.new_session = heard.returns = True
                await self.dialogue.start_session(draft, message.received_at)
            await self.dialogue.consider(draft, heard)
        said = draft.emit(
            UserUttered(
                text=heard.text,
                message_id=message.message_id,
                input_channel=message.channel,
                parse_data=heard.understanding.to_rasa() if heard.understanding else {},
                metadata=message.metadata,
                timestamp=message.received_at,
            )
        )
        if not bot_may_speak(draft.tracker.owner):
            choice = self._waiting_choice(draft, heard)
            if choice is None:
                self._relay(draft, said, heard.understanding)
            else:
                await self._choose(draft, choice, heard)
        else:
            if draft.tracker.owner == "closed":
                draft.change_owner("bot", "customer_wrote_again")
            if heard.text != NEW_SESSION:
                await self.dialogue.answer(draft, heard)
                await self.surveys.after_turn(draft)
        await self._reword(draft)
        return TurnResult(
            message.conversation_id,
            said.seq,
            tuple(draft.replies),
            draft.tracker.owner,
            taken_from=tuple(draft.taken_from),
        )

    def _session_is_over(self, tracker: Tracker, message: UserMessage) -> bool:
        """Whether the message begins a session: the first one, after the end of one, or after a long silence."""
        if tracker.seq == 0 or tracker.state.ended:
            return True
        config = self.assistant.domain.session_config
        return config.start_session_after_expiry and session_expired(
            tracker, config.session_expiration_time, message.received_at
        )

    def _waiting_choice(self, draft: Draft, heard: Heard) -> LeaveQueue | None:
        """What a waiting customer chose by a button, or said outright; None for everything else."""
        if draft.tracker.owner not in ("queued", "offered"):
            return None
        pressed = next((command for command in heard.commands or [] if isinstance(command, LeaveQueue)), None)
        intent = heard.understanding.intent if heard.understanding else None
        if pressed is None and intent is not None and intent.name == self.roles.cancel:
            return LeaveQueue() if intent.confidence >= 0.6 else None
        return pressed

    async def _choose(self, draft: Draft, choice: LeaveQueue, heard: Heard) -> None:
        """Carry out what a waiting customer chose, and what the button asks of the bot besides."""
        if choice.choice == "message":
            draft.update_case(message_left=True)
            draft.notice(
                "message_wanted", "남길 말씀을 적어 주세요. 상담원이 확인하고 이 대화로 답해 드릴게요."
            )
            return
        leave_queue(draft, choice.choice)
        then: list[Command] = [
            command for command in heard.commands or [] if not isinstance(command, LeaveQueue)
        ]
        if then:
            await self.dialogue.answer(draft, replace(heard, understanding=None, commands=then))

    def _relay(self, draft: Draft, said: UserUttered, understanding: Understanding | None) -> None:
        """A person is asked or speaks: the message goes to the desk, the bot keeps silent."""
        mood = draft.tracker.state.moods[-1] if understanding and draft.tracker.state.moods else None
        case = draft.tracker.case
        changes = {"sentiment_label": mood.label, "sentiment_score": mood.score} if mood else {}
        draft.update_case(
            last_speaker="customer",
            last_text=said.text[:200],
            last_at=said.timestamp,
            unread=(case.unread if case else 0) + 1,
            **changes,
        )

    async def tend_silence(self, conversation_id: str) -> Due | None:
        """Say what a customer's silence asks for, if it does: a reminder, or the end of what is half done."""
        if self.silence is None:
            return None
        if self.silence.due(await self.conversations.tracker(conversation_id), clock.now()) is None:
            return None
        return await self.conversations.change(conversation_id, self._tend_silence)

    async def _tend_silence(self, draft: Draft) -> Due | None:
        # Looked at again: the customer may have written meanwhile.
        due = self.silence.due(draft.tracker, clock.now()) if self.silence else None
        if due is not None:
            reminders = draft.tracker.state.reminders
            draft.emit(ActionExecuted(name="pattern_user_silence"))
            stack = copied(draft.tracker.stack)
            context = {
                "reminders": reminders,
                "close": due == "close",
                "flow_name": self.machine.goal(stack) or "",
            }
            await self.machine.run_beside(draft, stack, "pattern_user_silence", context)
            await self.surveys.after_turn(draft)
            await self._reword(draft)
        return due

    async def resume(self, draft: Draft, response: str, variables: dict[str, str]) -> None:
        """The bot speaks first again, after a person gave the conversation back: a word, then the open question."""
        draft.say_if_known(response, variables)
        await self.dialogue.resume(draft)
        await self._reword(draft)

    async def _reword(self, draft: Draft) -> None:
        if self.rephraser is not None:
            await self.rephraser.reword(draft)

    async def close(self) -> None:
        """Let go of what dialogue, actions and language model hold open."""
        await self.dialogue.close()
        if self.rephraser is not None:
            await self.rephraser.close()
        await self.machine.runner.close()

    async def _first_answer(self, conversation_id: str, seq: int, text: str) -> TurnResult:
        """What was answered when the message came for the first time. Raises `MessageIdReused` if it was another one."""
        replies = []
        first, *later = await self.conversations.store.events(conversation_id, after=seq - 1, limit=60)
        # What was hidden can't be compared any more.
        if not isinstance(first, UserUttered) or (first.text != text and HIDDEN not in first.text):
            raise MessageIdReused()
        for event in later:
            if isinstance(event, UserUttered | AgentUttered):
                break
            if isinstance(event, BotUttered):
                replies.append(reply_of(event))
        tracker = await self.conversations.tracker(conversation_id)
        return TurnResult(conversation_id, seq, tuple(replies), tracker.owner, duplicate=True)


def _comes_back(tracker: Tracker, message: UserMessage) -> bool:
    """Whether a new matter begins here, or the customer wasn't heard for so long that they may come from somewhere else."""
    last = tracker.state.latest_user_at
    if last is None or tracker.owner == "closed":
        return True
    return not tracker.stack and message.received_at - last >= ELSEWHERE


def leave_queue(draft: Draft, choice: Literal["bot", "stop"] = "bot") -> None:
    """The customer gives up waiting: the case is closed as abandoned, the bot is back."""
    case = draft.tracker.case
    if case is not None:
        draft.emit(HandoffOutcome(case_id=case.id, resolution="abandoned", code="left_queue"))
        draft.update_case(
            state="closed",
            closed_at=draft.events[-1].timestamp,
            outcome_code="left_queue",
            offered_to=None,
            offer_expires_at=None,
        )
    draft.change_owner("bot", "left_queue")
    goes_on = "계속 제가 도와드릴게요." if choice == "bot" else "필요하시면 언제든 다시 불러 주세요."
    draft.notice("left_queue", f"대기를 취소했어요. {goes_on}")


def reply_of(event: BotUttered | AgentUttered | SystemNotice) -> Reply:
    """A stored message as the reply that it was."""
    data = event.data
    return Reply(
        **parts_of(data),
        message_id=event.message_id,
        text=event.text,
        response=event.response if isinstance(event, BotUttered) else "",
        speaker={"bot": "bot", "agent": "agent", "notice": "system"}[event.event],
        speaker_name=event.agent_name if isinstance(event, AgentUttered) else "",
        seq=event.seq,
    )
