"""Customers who come back in a new session: what they left half done is taken up, offered once, or given up."""

from __future__ import annotations

from bot.conversation.command_generator import CommandGenerator
from bot.conversation.commands import CancelFlow, Command, Restart, SetSlot, StartFlow
from bot.conversation.dialogue_manager import Heard
from bot.conversation.draft import Draft
from bot.conversation.elsewhere import Elsewhere
from bot.conversation.events import FlowStarted
from bot.conversation.flows import set_aside
from bot.conversation.flows.machine import FlowMachine
from bot.conversation.flows.stack import Frame, awaited_slot
from bot.conversation.ownership import bot_may_speak
from bot.conversation.tracker import SetAside, Tracker, declined_of
from nlu.types import Understanding

CONTINUE_WITHIN = 86_400.0
"""Seconds after the customer's last message of the session before."""


class Returning:
    """Decides what becomes of the flows of the last session. Holds no state of any conversation."""

    def __init__(
        self, machine: FlowMachine, generator: CommandGenerator, within: float, elsewhere: Elsewhere | None
    ) -> None:
        self._machine = machine
        self._elsewhere = elsewhere
        self._generator = generator
        self._within = within

    def leave(self, draft: Draft, stack: list[Frame], now: float) -> None:
        """A session is over: set aside what goes on, or give it up if it is too old or slots don't go on either."""
        state = draft.tracker.state
        kept_at = state.set_aside.at if state.set_aside else state.latest_user_at or now
        carries = self._machine.assistant.domain.session_config.carry_over_slots_to_new_session
        if not carries or now - kept_at > self._within:
            while self._machine.cancel(draft, stack):
                pass
            set_aside.drop(self._machine, draft, stack, {})
        elif any(frame.kind != "pattern" for frame in stack):
            set_aside.set_aside(self._machine, draft, stack, {})

    async def look_elsewhere(self, draft: Draft, now: float) -> None:
        """Where nothing goes on here, what the customer left half done in another conversation may go on here."""
        carries = self._machine.assistant.domain.session_config.carry_over_slots_to_new_session
        busy = draft.tracker.stack or draft.tracker.state.set_aside
        if self._elsewhere is None or busy or not carries or self._within <= 0:
            return
        found = await self._elsewhere.going_on(draft.tracker.conversation_id, since=now - self._within)
        if found is not None and declined_of(found.origin, found.flow_id) != draft.tracker.state.declined:
            draft.emit(found)

    def take_up(
        self,
        draft: Draft,
        heard: Heard,
        commands: list[Command],
    ) -> list[Command]:
        """The commands of the first message; where it goes on with what was set aside, that is on the stack again."""
        kept = self._kept(draft)
        if kept is None:
            return commands
        flows = {frame.flow_id for frame in kept.frames}
        if not any(isinstance(command, StartFlow) and command.flow in flows for command in commands):
            answer = heard.commands
            if answer is None:
                answer = self._as_an_answer(draft.tracker, kept, heard.understanding)
            if not self._answers(kept, answer):
                return commands
            commands = answer
        name = self._machine.goal(kept.frames)
        stack: list[Frame] = []
        set_aside.take_up(self._machine, draft, stack, {})
        self._machine.store_stack(draft, stack)
        draft.say_if_known("utter_flow_resumed", {"flow_name": name or ""})
        return commands

    async def offer(self, draft: Draft, commands: list[Command]) -> None:
        """Ask whether to go on, once the first message is answered; whoever began something else has no use for it."""
        kept = self._kept(draft)
        if kept is None or not bot_may_speak(draft.tracker.owner):
            return
        started = any(isinstance(event, FlowStarted) for event in draft.events)
        if started or any(isinstance(command, CancelFlow | Restart) for command in commands):
            set_aside.drop(self._machine, draft, [], {})
        elif not draft.tracker.stack:
            stack: list[Frame] = []
            set_aside.offer(self._machine, stack, kept)
            await self._machine.run(draft, stack)

    def _kept(self, draft: Draft) -> SetAside | None:
        """What was set aside, if it still can go on; else it is given up."""
        kept = draft.tracker.state.set_aside
        if kept is not None and not all(self._machine.knows(frame) for frame in kept.frames):
            set_aside.drop(self._machine, draft, [], {})
            return None
        return kept

    def _as_an_answer(
        self, tracker: Tracker, kept: SetAside, understanding: Understanding | None
    ) -> list[Command]:
        """The message as it would be understood if the session had gone on."""
        before = Tracker(tracker.conversation_id)
        before.state = tracker.state.model_copy(
            update={"stack": kept.frames, "slots": {**tracker.state.slots, **kept.slots}}
        )
        return self._generator.generate(before, understanding or Understanding(text=""))

    def _answers(self, kept: SetAside, commands: list[Command]) -> bool:
        """Whether they give the value that was asked for. A bare yes, or any words at all, may mean something else by now."""
        awaited = awaited_slot(kept.frames)
        if awaited is None or not all(isinstance(command, SetSlot) for command in commands):
            return False
        spec = self._machine.assistant.domain.slots[awaited]
        vague = spec.type == "bool" or any(mapping.type == "from_text" for mapping in spec.mappings)
        return not vague and any(
            isinstance(command, SetSlot) and command.name == awaited for command in commands
        )
