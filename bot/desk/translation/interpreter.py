"""Stands between a foreign customer and the agent who has the case: translates what comes in, and what is about to go out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence

import structlog

from bot.conversation.conversations import Conversations
from bot.conversation.draft import Draft
from bot.conversation.errors import UnknownMessage
from bot.conversation.events import Event, MessageTranslated, OwnershipChanged, UserUttered
from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.desk.translation.languages import UNKNOWN, language_of
from bot.desk.translation.settings import TranslationSettings
from bot.desk.translation.translator import Translation, Translator
from formats import SangdamError
from generator import GeneratorError

AT_ONCE = 4
"""Messages that the model is asked about side by side."""
LOOKED_BACK = 400
"""Events before the acceptance that are looked at for messages to translate."""

log = structlog.get_logger(__name__)


class TranslationOff(SangdamError):
    """Raised where a translation is wanted and no language model is configured."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "translation_off",
            ko="번역을 쓸 수 없어요. 언어 모델이 설정되어 있지 않아요.",
            en="Nothing is translated here.",
            remedy="Set llm.url and llm.model, and llm.translation.enabled, in config.yml.",
        )


class Interpreter:
    """One for all conversations; without a translator it does nothing.

    `home` is the language of the agents. Each translation is an event beside the message, so that whoever reads the
    conversation later has both.
    """

    def __init__(
        self,
        conversations: Conversations,
        translator: Translator | None,
        settings: TranslationSettings,
        home: str,
    ) -> None:
        self._conversations = conversations
        self._translator = translator
        self._settings = settings
        self.home = home
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def on(self) -> bool:
        """Whether anything is translated."""
        return self._translator is not None

    def foreign(self, text: str) -> str | None:
        """The language of words that agents may not read, None for their own and for what is no language."""
        language = language_of(text) if self.on else None
        return None if language == self.home else language

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: what the customer says to an agent, and what was said before one came."""
        if not self.on or tracker.owner != "agent":
            return
        taken = any(isinstance(event, OwnershipChanged) and event.after == "agent" for event in commit.events)
        said = [event for event in commit.events if isinstance(event, UserUttered)]
        foreign = [event for event in said if self.foreign(event.text)]
        if taken or foreign:
            # Not here: the conversation is locked until its listeners are through.
            self._later(self._follow(commit.conversation_id, foreign, commit.events[-1].seq if taken else 0))

    async def _follow(self, conversation_id: str, said: Sequence[UserUttered], taken_at: int) -> None:
        earlier = await self._earlier(conversation_id, taken_at) if taken_at else []
        await asyncio.gather(*(self._note(conversation_id, event) for event in (*earlier, *said)))

    async def _earlier(self, conversation_id: str, taken_at: int) -> list[UserUttered]:
        """What no colleague had translated yet, the latest messages."""
        store = self._conversations.store
        events = await store.events(conversation_id, after=max(0, taken_at - LOOKED_BACK), limit=LOOKED_BACK)
        known = {event.message_id for event in events if isinstance(event, MessageTranslated) and event.text}
        found = [
            event
            for event in events
            if isinstance(event, UserUttered)
            and event.seq < taken_at
            and event.message_id not in known
            and self.foreign(event.text)
        ]
        return found[-self._settings.earlier :] if self._settings.earlier else []

    async def again(self, conversation_id: str, message_id: str) -> UserUttered:
        """Translate one message now; what came of it is an event. Raises `UnknownMessage`, `TranslationOff`."""
        if not self.on:
            raise TranslationOff()
        event = await self.message(conversation_id, message_id)
        await self._note(conversation_id, event)
        return event

    async def message(self, conversation_id: str, message_id: str) -> UserUttered:
        """A customer's message. Raises `UnknownMessage`."""
        store = self._conversations.store
        seq = await store.find_message(conversation_id, message_id)
        events: list[Event] = await store.events(conversation_id, after=seq - 1, limit=1) if seq else []
        if not events or not isinstance(events[0], UserUttered):
            raise UnknownMessage()
        return events[0]

    async def reply(self, text: str, language: str) -> Translation:
        """What an agent is about to say, in the customer's language. Raises `TranslationOff`, `GeneratorError`."""
        if self._translator is None:
            raise TranslationOff()
        found = await self._translator.translate(text, self.home, language)
        return Translation(language, found.text)

    async def _note(self, conversation_id: str, event: UserUttered) -> None:
        """Translate a message and keep what came of it."""
        assert self._translator is not None
        language = language_of(event.text) or UNKNOWN
        async with self._places:
            try:
                found = await self._translator.translate(event.text, language, self.home)
                noted = MessageTranslated(
                    message_id=event.message_id, language=found.language, text=found.text
                )
            except GeneratorError as error:
                log.warning("message_not_translated", code=error.code)
                noted = MessageTranslated(message_id=event.message_id, language=language, problem=error.code)

        async def decide(draft: Draft) -> None:
            # The customer may have been forgotten while the model was at work.
            if await self._conversations.store.find_message(conversation_id, event.message_id) is not None:
                draft.emit(noted)

        await self._conversations.change(conversation_id, decide)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("translation_failed", error=type(error).__name__)

    async def close(self) -> None:
        """End what is going on, and let go of the model."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._translator is not None:
            await self._translator.close()
