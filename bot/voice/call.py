"""One call. It listens, thinks and speaks; each stage is a part of its own, here they are joined.

    listening ──turn over──▶ thinking ──answer──▶ speaking ──played──▶ listening
        ▲                                            │
        └──────────── the caller speaks over it ─────┘        any ──▶ ending

While a person is asked, the caller's words go to the desk and the person's typed words are spoken; the stages are the
same. The bot's words are never spoken from here but always from the log, so that what is heard is what stands there.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Coroutine
from contextlib import suppress
from enum import Enum
from typing import Any

import structlog

from bot.conversation.errors import BadMessage
from bot.conversation.events import (
    AgentUttered,
    BotUttered,
    Event,
    OwnershipChanged,
    SystemNotice,
    UserUttered,
)
from bot.conversation.in_words import in_words
from bot.conversation.ownership import person_is_asked
from bot.voice.activity import VoiceActivity
from bot.voice.dialogue import Dialogue
from bot.voice.ears import Ears, Heard
from bot.voice.errors import EarsBusy, EarsFailed
from bot.voice.keypad import Keypad
from bot.voice.listening import Listener, Signal, SpeechDropped, SpeechEnded, SpeechStarted
from bot.voice.mouth import Mouth
from bot.voice.options import CallOptions, Prompts
from bot.voice.patience import Patience
from bot.voice.speaking import Speaker
from bot.voice.spoken import to_written
from bot.voice.thinking import Thinker, Turn
from bot.voice.transports.port import Audio, Digit, Inbound, Played, Transport
from bot.voice.turn_taking import TurnTaking
from formats import SangdamError

BURST = 15.0
"""Seconds of audio that a line may be ahead of the clock; what comes faster than it can be spoken is left out."""
LAST_WORDS = 20.0
"""Seconds that a farewell may take."""
ANSWER_FROM = 1.0
"""Seconds before the end of the bot's words from which a short word is an answer."""
NOT_HEARD_MS = 700
"""Speech of this length in which nothing was recognised is worth a question."""

log = structlog.get_logger(__name__)


class Stage(Enum):
    """Where a call is."""

    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    ENDING = "ending"


class Call:
    """Runs one call from greeting to hang-up."""

    def __init__(
        self,
        transport: Transport,
        dialogue: Dialogue,
        ears: Ears,
        mouth: Mouth,
        activity: VoiceActivity,
        turns: TurnTaking,
        *,
        options: CallOptions | None = None,
        prompts: Prompts | None = None,
    ) -> None:
        self.transport = transport
        self.dialogue = dialogue
        self.options = options or CallOptions()
        self.prompts = prompts or Prompts()
        self.listener = Listener(activity, turns, transport.sample_rate)
        self.thinker = Thinker(ears, self._delivered, self._not_heard)
        self.speaker = Speaker(mouth, transport, self._first_audio)
        self.keypad = Keypad()
        self.patience = Patience(self.options)
        self._ending = False
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._audio_until = 0.0
        self._asked_at: float | None = None
        self._answer_ms: list[float] = []
        self._turns = 0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def stage(self) -> Stage:
        """Where the call is now."""
        if self._ending:
            return Stage.ENDING
        if self.speaker.active:
            return Stage.SPEAKING
        return Stage.THINKING if self.thinker.busy and not self.listener.in_turn else Stage.LISTENING

    async def run(self, greeting: str = "utter_greet", fallback: str = "안녕하세요.") -> str:
        """The whole call; gives the reason of its end. Whatever happens, the end is in the log and the line closed."""
        self._start(self.speaker.run())
        self._start(self._follow())
        self._start(self._receive())
        self._start(self._watch())
        reason = "failed"
        try:
            await self.dialogue.begin(greeting, fallback)
            reason = await self._over
        finally:
            await self._finish(reason)
        return reason

    def hang_up(self, reason: str) -> None:
        """End it now."""
        if not self._over.done():
            self._over.set_result(reason)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(self._stopped)
        self._tasks.append(task)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("call_failed", error=type(error).__name__, exc_info=error)
            self.hang_up("failed")

    async def _finish(self, reason: str) -> None:
        if person_is_asked(self.dialogue.owner):
            await self._last_words()
        self.thinker.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.transport.end(reason)
        try:
            reachable = self.transport.outlives_call
            await self.dialogue.end(reason, reachable=reachable, measured=self._measured())
        except SangdamError as error:
            log.error("call_end_not_logged", code=error.code)

    async def _last_words(self) -> None:
        """A person reads along: what the caller said before hanging up still reaches them."""
        if (cut := self.listener.cut()) is not None:
            self._take(cut)
        await self.thinker.finish(5.0)

    def _measured(self) -> dict[str, float]:
        measured: dict[str, float] = {"turns": self._turns}
        if self._answer_ms:
            measured["answer_ms_p50"] = round(statistics.median(self._answer_ms))
            measured["answer_ms_max"] = round(max(self._answer_ms))
        return measured

    # -- listening ----------------------------------------------------------------------------------------------

    async def _receive(self) -> None:
        async for item in self.transport.inbound():
            await self._item(item)
        self.hang_up("caller_hung_up")

    async def _item(self, item: Inbound) -> None:
        if isinstance(item, Played):
            self.speaker.played(item.name)
            self.patience.touch()
        elif isinstance(item, Digit):
            self.patience.touch()
            await self._interrupt()
            self.keypad.press(item.key, _now())
        elif isinstance(item, Audio) and not self._ending and self._in_time(item):
            for signal in self.listener.push(item.pcm):
                await self._signal(signal)
            if self.listener.voiced_ms >= self.options.barge_in_ms:
                await self._interrupt()

    def _in_time(self, audio: Audio) -> bool:
        """Whether a caller can have spoken so much by now. Frames bunch up on the way, but not for minutes."""
        now = _now()
        until = max(self._audio_until, now) + len(audio.pcm) / self.transport.sample_rate
        if until - now > BURST:
            return False
        self._audio_until = until
        return True

    async def _signal(self, signal: Signal) -> None:
        if isinstance(signal, SpeechStarted):
            self.thinker.hold()
            self.speaker.wait()
            await self.transport.tell("speech_start")
            return
        await self.transport.tell("speech_end")
        self.speaker.go_on()
        if isinstance(signal, SpeechDropped) or self._only_listens(signal):
            self.thinker.release()
        else:
            self._take(signal)

    def _only_listens(self, ended: SpeechEnded) -> bool:
        """A short word in the midst of the bot's words says "go on"; near their end it is the answer to a question."""
        return ended.voiced_ms < self.options.barge_in_ms and self.speaker.remaining > ANSWER_FROM

    def _take(self, ended: SpeechEnded) -> None:
        self.thinker.take(Turn(ended.pcm, ended.voiced_ms, _now()))

    async def _interrupt(self) -> None:
        """The caller speaks over the bot: silence at once, and a note of what was heard of it."""
        self.patience.touch()
        if self._ending:
            return
        heard_ms = await self.speaker.stop(keep_waiting=self.dialogue.owner == "agent")
        if heard_ms is not None:
            with suppress(SangdamError):
                await self.dialogue.barge_in(heard_ms)

    # -- thinking -----------------------------------------------------------------------------------------------

    async def _delivered(self, turn: Turn, heard: Heard) -> None:
        if self._ending:
            return
        self.patience.touch()
        text = to_written(heard.text)
        if text:
            await self._said(text, heard.confidence, turn.ended_at)
        elif turn.voiced_ms >= NOT_HEARD_MS and not person_is_asked(self.dialogue.owner):
            self.speaker.say(self.prompts.not_heard)

    async def _said(self, text: str, confidence: float, ended_at: float) -> None:
        """The caller's words, spoken or typed on the keypad, as one turn."""
        self.patience.answered()
        self._turns += 1
        self._asked_at = ended_at
        await self.transport.tell("transcript", text=text, final=True)
        try:
            await self.dialogue.heard(text, confidence)
        except BadMessage:
            self.speaker.say(self.prompts.not_heard)
        except SangdamError as error:
            log.error("call_turn_failed", code=error.code)
            self.speaker.say(self.prompts.failed)

    async def _not_heard(self, error: EarsFailed) -> None:
        if not self._ending:
            self.speaker.say(self.prompts.busy if isinstance(error, EarsBusy) else self.prompts.not_heard)

    # -- speaking -----------------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        """Speak what comes into the log, whoever said it."""
        while True:
            try:
                events = await self.dialogue.news()
            except SangdamError as error:
                log.warning("call_log_unreadable", code=error.code)
                await asyncio.sleep(1)
                continue
            for event in events:
                self._event(event)
            if any(isinstance(event, OwnershipChanged) and event.after == "closed" for event in events):
                self._take_leave("closed", self.prompts.goodbye)

    def _event(self, event: Event) -> None:
        if isinstance(event, BotUttered | AgentUttered | SystemNotice):
            words = _spoken(event)
            if words and not self._ending:
                self.patience.touch()
                self.speaker.say(words)
        elif isinstance(event, UserUttered):
            self.patience.touch()

    def _first_audio(self) -> None:
        if self._asked_at is not None:
            self._answer_ms.append((_now() - self._asked_at) * 1000)
            self._asked_at = None

    def _take_leave(self, reason: str, words: str) -> None:
        """Say a last word that can't be interrupted, then hang up."""
        if not self._ending:
            self._ending = True
            self.speaker.say(words)
            self._start(self._leave(reason))

    async def _leave(self, reason: str) -> None:
        await self.speaker.drained(LAST_WORDS)
        self.hang_up(reason)

    # -- silence ------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Keys that wait for more, and silence that lasts too long."""
        while not self._ending:
            await asyncio.sleep(0.1)
            if (digits := self.keypad.due(_now())) is not None:
                self._start(self._said(to_written(digits), 1.0, _now()))
            if self.listener.in_turn or self.thinker.busy or self.speaker.active:
                self.patience.touch()
            step = self.patience.due(
                waiting=self.dialogue.owner in ("queued", "offered"), person=self.dialogue.owner == "agent"
            )
            if step == "too_long":
                self._take_leave("too_long", self.prompts.goodbye)
            elif step == "leave":
                self._take_leave("silence", self.prompts.leave)
            elif step is not None:
                self.speaker.say(getattr(self.prompts, step))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _spoken(event: BotUttered | AgentUttered | SystemNotice) -> str:
    """What is said of a message: its text, and cards and forms in words. A file can't be heard."""
    if isinstance(event, SystemNotice):
        return event.text
    return in_words(event.text, {name: part for name, part in event.data.items() if name != "attachment"})
