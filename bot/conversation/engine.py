"""One turn of a conversation: from a customer's message to stored events and replies.

intake -> understand -> (in the conversation's lock) owner is a person? relay : commands -> escalation -> flows -> commit
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.conversation import clock
from bot.conversation.actions_port import ActionRunner
from bot.conversation.assistant import Assistant
from bot.conversation.by_model import ModelCommandSettings, ModelProposer
from bot.conversation.command_generator import CommandGenerator, IntentRoles
from bot.conversation.command_processor import CommandProcessor
from bot.conversation.commands import (
    Abuse,
    AskKnowledge,
    CannotHandle,
    Command,
    LeaveQueue,
    SetSlot,
)
from bot.conversation.conversations import Conversations
from bot.conversation.draft import Draft
from bot.conversation.errors import DuplicateMessage
from bot.conversation.escalation import EscalationPolicy, policy_name
from bot.conversation.events import (
    ActionExecuted,
    AgentUttered,
    BotUttered,
    CommandsIssued,
    HandoffOutcome,
    Owner,
    SystemNotice,
    UserUttered,
)
from bot.conversation.flows.machine import FlowMachine
from bot.conversation.intake import clean_text
from bot.conversation.messages import Reply, UserMessage, parts_of
from bot.conversation.ownership import bot_may_speak
from bot.conversation.silence import Due, SilenceSettings
from bot.conversation.tracker import Tracker, session_expired
from generator import Generator
from korean.speech_act import asks
from nlu.types import Understanding

KOREA = ZoneInfo("Asia/Seoul")
log = structlog.get_logger(__name__)


class Understander(Protocol):
    """Text to `Understanding`; behind it the trained pipeline in a thread, or anything else."""

    async def understand(self, text: str, now: datetime) -> Understanding:
        """Never raises for any text."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn did. `replies` is empty while a person owns the conversation."""

    conversation_id: str
    seq: int
    """Of the customer's message."""
    replies: tuple[Reply, ...]
    owner: Owner
    duplicate: bool = False


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
    ) -> None:
        self.conversations = conversations
        self.assistant = assistant
        self.understander = understander
        self.escalation = tuple(escalation)
        self.silence = silence
        self.generator = CommandGenerator(assistant, roles or IntentRoles())
        self.proposer: ModelProposer | None = None
        if model is not None and model_commands is not None and model_commands.mode != "off":
            self.proposer = ModelProposer(assistant, self.generator.roles, model, model_commands)
        self.machine = FlowMachine(assistant, runner)
        self.processor = CommandProcessor(assistant, self.machine)

    async def handle(self, message: UserMessage) -> TurnResult:
        """One turn. A repeated message id runs nothing and gives the first turn's replies.

        Raises `BadMessage` for text that can't be taken, `StoreUnavailable` if nothing could be stored.
        """
        text = clean_text(message.text)
        commands = (
            self.generator.from_payload(message.payload or text) if _is_payload(message, text) else None
        )
        understanding = None
        if commands is None:
            now = datetime.fromtimestamp(message.received_at, KOREA)
            understanding = await self.understander.understand(text, now)

        async def decide(draft: Draft) -> TurnResult:
            if message.client_supplied_id:
                seen = await self.conversations.store.find_message(
                    message.conversation_id, message.message_id
                )
                if seen is not None:
                    raise DuplicateMessage(message.message_id, seen)
            return await self._turn(draft, message, text, understanding, commands)

        try:
            return await self.conversations.change(message.conversation_id, decide)
        except DuplicateMessage as duplicate:
            return await self._first_answer(message.conversation_id, duplicate.seq)

    async def _turn(
        self,
        draft: Draft,
        message: UserMessage,
        text: str,
        understanding: Understanding | None,
        given: list[Command] | None,
    ) -> TurnResult:
        new = draft.tracker.seq == 0
        minutes = self.assistant.domain.session_config.session_expiration_time
        expired = session_expired(draft.tracker, minutes, message.received_at)
        if (new or expired) and bot_may_speak(draft.tracker.owner):
            await self._start_session(draft)
        said = draft.emit(
            UserUttered(
                text=text,
                message_id=message.message_id,
                input_channel=message.channel,
                parse_data=understanding.to_rasa() if understanding else {},
                metadata=message.metadata,
                timestamp=message.received_at,
            )
        )
        if not bot_may_speak(draft.tracker.owner):
            choice = self._waiting_choice(draft, understanding, given)
            if choice is None:
                self._relay(draft, said, understanding)
            else:
                await self._choose(draft, choice, [c for c in given or [] if not isinstance(c, LeaveQueue)])
        else:
            if draft.tracker.owner == "closed":
                draft.change_owner("bot", "customer_wrote_again")
            await self._answer(draft, understanding, given)
        return TurnResult(message.conversation_id, said.seq, tuple(draft.replies), draft.tracker.owner)

    async def _start_session(self, draft: Draft) -> None:
        """A new matter: what was left half done in the last session is dropped, with its slots."""
        stack = [frame.model_copy(deep=True) for frame in draft.tracker.stack]
        while self.machine.cancel(draft, stack):
            pass
        self.machine.store_stack(draft, [])
        await self.machine.run_pattern(draft, "pattern_session_start")

    async def _answer(
        self, draft: Draft, understanding: Understanding | None, given: list[Command] | None
    ) -> None:
        """The bot's part of a turn."""
        tracker = draft.tracker
        changed = await self.machine.leave_changed(draft)
        commands, by = (
            (given, "button") if given is not None else await self._understood(tracker, understanding)
        )
        if changed and all(isinstance(command, CannotHandle) for command in commands):
            # An answer to a question that is no more: what has to be said has been said.
            return
        commands = self._escalate(draft, understanding, commands)
        issued = [command.model_dump() for command in commands]
        draft.emit(CommandsIssued(commands=issued, metadata={"by": by} if by in ("model", "memory") else {}))
        stack = [frame.model_copy(deep=True) for frame in tracker.stack]
        self.processor.apply(draft, stack, commands)
        await self.machine.run(draft, stack)

    async def _understood(
        self, tracker: Tracker, understanding: Understanding | None
    ) -> tuple[list[Command], str]:
        """The commands of a message, and where they come from."""
        understanding = understanding or Understanding(text="")
        commands = self.generator.generate(tracker, understanding)
        if self.proposer is None:
            return commands, "nlu"
        proposal = await self.proposer.propose(tracker, understanding, commands)
        return proposal.commands, proposal.by

    def _escalate(
        self, draft: Draft, understanding: Understanding | None, commands: list[Command]
    ) -> list[Command]:
        """A policy that wants a person overrules all but the values that the customer gave."""
        if draft.tracker.state.filed:
            # Somebody will see to it already; only the customer may ask again.
            return commands
        for policy in self.escalation:
            wanted = policy.check(draft.tracker, understanding, commands)
            if wanted is None:
                continue
            wanted = wanted.model_copy(update={"policy": policy_name(policy)})
            if isinstance(wanted, Abuse):
                return [wanted] if wanted.close else [*_besides_insults(commands, understanding), wanted]
            return [wanted, *(command for command in commands if isinstance(command, SetSlot))]
        return commands

    def _waiting_choice(
        self, draft: Draft, understanding: Understanding | None, given: list[Command] | None
    ) -> LeaveQueue | None:
        """What a waiting customer chose by a button, or said outright; None for everything else."""
        if draft.tracker.owner not in ("queued", "offered"):
            return None
        pressed = next((command for command in given or [] if isinstance(command, LeaveQueue)), None)
        intent = understanding.intent if understanding else None
        if pressed is None and intent is not None and intent.name == self.generator.roles.cancel:
            return LeaveQueue() if intent.confidence >= 0.6 else None
        return pressed

    async def _choose(self, draft: Draft, choice: LeaveQueue, then: list[Command]) -> None:
        """Carry out what a waiting customer chose; `then` is what the bot goes on with."""
        if choice.choice == "message":
            draft.update_case(message_left=True)
            draft.notice(
                "message_wanted", "남길 말씀을 적어 주세요. 상담원이 확인하고 이 대화로 답해 드릴게요."
            )
            return
        leave_queue(draft, choice.choice)
        if then:
            await self._answer(draft, None, then)

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
            stack = [frame.model_copy(deep=True) for frame in draft.tracker.stack]
            context = {
                "reminders": reminders,
                "close": due == "close",
                "flow_name": self.machine.goal(stack) or "",
            }
            await self.machine.run_beside(draft, stack, "pattern_user_silence", context)
        return due

    async def resume(self, draft: Draft, response: str, variables: dict[str, str]) -> None:
        """The bot speaks first again, after a person gave the conversation back: a word, then the open question."""
        draft.say_if_known(response, variables)
        stack = [frame.model_copy(deep=True) for frame in draft.tracker.stack]
        await self.machine.run(draft, stack)

    async def _first_answer(self, conversation_id: str, seq: int) -> TurnResult:
        """What was answered when the message came for the first time."""
        replies = []
        for event in await self.conversations.store.events(conversation_id, after=seq, limit=60):
            if isinstance(event, UserUttered | AgentUttered):
                break
            if isinstance(event, BotUttered):
                replies.append(reply_of(event))
        tracker = await self.conversations.tracker(conversation_id)
        return TurnResult(conversation_id, seq, tuple(replies), tracker.owner, duplicate=True)


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


def _besides_insults(commands: list[Command], understanding: Understanding | None) -> list[Command]:
    """What an insulting message asks for besides; an insult alone is no question that went unanswered."""
    asked = asks(understanding.text) if understanding else False
    return [
        command
        for command in commands
        if not isinstance(command, CannotHandle) and (asked or not isinstance(command, AskKnowledge))
    ]


def _is_payload(message: UserMessage, text: str) -> bool:
    """A button's payload, or a slash message. Typed slashes only name intents and slots, which buttons do as well."""
    return message.payload is not None or text.startswith("/")
