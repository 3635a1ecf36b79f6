"""What the desk can do, for HTTP and sockets alike."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.conversation.domain import coerce
from bot.conversation.errors import NotOwner, OwnershipError, UnknownCase
from bot.conversation.events import Event
from bot.conversation.handover import Agent
from bot.conversation.responses import show
from bot.conversation.store import Case, CaseState, Person
from bot.conversation.trace import intent_labels
from bot.conversation.transcript import desk_line, desk_lines, iso
from bot.conversation.workforce import AgentProfile
from bot.desk.accounts import AccountService, User
from bot.desk.accounts.errors import NotSignedIn
from bot.desk.accounts.users import UserState
from bot.desk.bodies import BadRequest, ReplyBody, TransferBody
from bot.desk.case_json import case_json
from bot.desk.checks import check_reply
from bot.desk.cursors import PAGE as CASES
from bot.desk.cursors import next_cursor, place_of
from bot.desk.floor import Floor
from bot.desk.packet import Packet, build_packet
from bot.desk.suggestions import Suggester
from bot.desk.translation import Interpreter
from bot.desk.translation.lines import in_home_language, latest, with_translations

PAGE = 500
RECENT = 60
"""Events that a reply is looked at with."""
MAX_TRANSCRIPT = 5_000
"""Events that a packet reads; older ones can be paged through."""
VIEWS: dict[str, tuple[CaseState, ...]] = {
    "waiting": ("queued", "offered"),
    "mine": ("agent", "wrapup"),
    "all": ("queued", "offered", "agent", "wrapup"),
    "callbacks": ("callback",),
    "closed": ("returned", "closed"),
}


class DeskService:
    """Cases, their messages and packets, and the acts on them."""

    def __init__(
        self,
        floor: Floor,
        accounts: AccountService,
        suggester: Suggester,
        interpreter: Interpreter,
        *,
        bot_name: str,
    ) -> None:
        self.floor = floor
        self.store = floor.store
        self.handover = floor.handover
        self.accounts = accounts
        self.suggester = suggester
        self.interpreter = interpreter
        self.bot_name = bot_name

    async def user_of(self, token: str) -> User | None:
        """The user of a valid token, None for any other."""
        try:
            return await self.accounts.user_of(token)
        except NotSignedIn:
            return None

    async def find(self, case_id: str) -> Case | None:
        """A case, None if there is none."""
        try:
            return await self.store.case(case_id)
        except UnknownCase:
            return None

    async def open_case(self, conversation_id: str) -> Case | None:
        """The open case of a conversation."""
        head = await self.store.head(conversation_id)
        return await self.find(head.case_id) if head and head.case_id else None

    async def cases(self, view: str, user: User, cursor: str | None = None) -> dict[str, Any]:
        """One page of a tab of the inbox, waiting ones in the order in which they are served. Raises `BadRequest`."""
        place = place_of(cursor)
        if view == "waiting":
            found = await self.store.waiting_cases(CASES, after=place)
            places = [(case.serve_at, case.id) for case in found]
        else:
            agent_id = user.id if view == "mine" else None
            states = VIEWS.get(view, VIEWS["all"])
            found = await self.store.cases(states, agent_id=agent_id, limit=CASES, before=place)
            places = [(case.created_at, case.id) for case in found]
        return {"cases": [case_json(case) for case in found], "cursor": next_cursor(places, CASES)}

    async def messages(self, case_id: str, after: int = 0) -> dict[str, Any]:
        """Lines after a cursor. Raises `UnknownCase`."""
        case = await self.store.case(case_id)
        events = await self.events(case.conversation_id, after)
        return {
            "messages": await self.lines(case.conversation_id, events),
            "cursor": events[-1].seq if events else after,
        }

    async def lines(self, conversation_id: str, events: Sequence[Event]) -> list[dict[str, Any]]:
        """As agents read them. A translation that came later than its message brings the message with it once more."""
        here = {event.message_id for event in events if event.event == "user"}
        late = [message_id for message_id in latest(events) if message_id not in here]
        said = [await self.interpreter.message(conversation_id, message_id) for message_id in late]
        lines = desk_lines([*said, *events], self.bot_name)
        return with_translations(lines, events, self.interpreter.foreign)

    async def line(self, conversation_id: str, event: Event) -> dict[str, Any]:
        """One message as agents read it now."""
        since = await self.events(conversation_id, event.seq - 1)
        return next(line for line in await self.lines(conversation_id, since) if line["seq"] == event.seq)

    async def events(self, conversation_id: str, after: int = 0) -> list[Event]:
        """Events after a cursor, at most `MAX_TRANSCRIPT`."""
        found: list[Event] = []
        while len(found) < MAX_TRANSCRIPT:
            page = await self.store.events(conversation_id, after=after, limit=PAGE)
            found += page
            if len(page) < PAGE:
                break
            after = page[-1].seq
        return found

    async def packet(self, case_id: str) -> Packet:
        """The handoff packet as of now. Raises `UnknownCase`."""
        case = await self.store.case(case_id)
        tracker = await self.handover.conversations.tracker(case.conversation_id)
        events = await self.events(case.conversation_id)
        suggestions = await self.suggester.suggest(tracker, in_home_language(events))
        customer_id = await self.floor.book.meet(case.conversation_id, tracker)
        profile = await self.store.profile(customer_id)
        contacts = await self.store.cases_of(profile.conversations)
        return build_packet(
            case,
            tracker,
            events,
            self.handover.engine.assistant,
            self.bot_name,
            suggestions,
            profile=profile,
            contacts=contacts,
            facts=await self.store.facts(customer_id),
        )

    def intent_labels(self) -> dict[str, str]:
        """Intents as people call them: by the flow they start, by common words, else by their own name."""
        return intent_labels(self.handover.engine.assistant)

    async def accept(self, case_id: str, user: User) -> Case:
        """Take a waiting case, or one that is filed for later. Raises `NoRoom`, and what `Handover.accept` does."""
        offered_only = not self.floor.settings.take_from_queue and not user.may("supervisor")
        return await self.floor.take(
            await self.store.case(case_id), agent_of(user), offered_only=offered_only
        )

    async def decline(self, case_id: str, user: User, reason: str = "") -> Case:
        """Leave a case to others."""
        until = self.floor.clock() + self.floor.settings.again_after
        return await self.handover.decline(
            await self.store.case(case_id), agent_of(user), reason, pass_until=until
        )

    async def set_state(self, user: User, state: UserState) -> User:
        """Whether the agent takes new cases. What was offered goes on to others."""
        await self.floor.presence.set_state(user.id, user.name, state)
        return await self.accounts.set_state(user.id, state)

    async def user_json(self, user: User) -> dict[str, Any]:
        """An account as the desk's `User`: the state is the agent's, which the server and supervisors change as well."""
        row = await self.store.agent(user.id)
        most, profile = self.floor.settings.capacity, row.profile if row else AgentProfile()
        voice, chat = profile.capacity(most.voice, most.chat)
        return {
            **user.model_dump(include={"id", "username", "name", "role"}),
            "state": row.state if row else user.state,
            "state_since": iso(row.state_since) if row else None,
            "capacity": {"voice": voice, "chat": chat},
        }

    async def reveal(self, case_id: str, user: User, field: str) -> str:
        """A value unmasked, for who has the case and for supervisors. Raises `NotOwner`, `BadRequest` for an unknown one."""
        case = await self.store.case(case_id)
        self.check_may_see(case, user)
        if field == "phone" and case.phone:
            return case.phone
        tracker = await self.handover.conversations.tracker(case.conversation_id)
        spec = self.handover.engine.assistant.domain.slots.get(field)
        value = tracker.slot(field) if spec is not None and not spec.metadata.get("internal") else None
        if value is None:
            raise BadRequest(f"field: nothing is known of {field!r}")
        return show(value)

    def check_may_see(self, case: Case, user: User) -> None:
        """Unmasked data are for who has the case and for supervisors. Raises `NotOwner`."""
        if case.agent_id != user.id and not user.may("supervisor"):
            raise NotOwner(case.agent_name or "")

    async def check(self, case_id: str, text: str) -> list[dict[str, Any]]:
        """What an agent should look at before the reply goes out. Raises `UnknownCase`."""
        case = await self.store.case(case_id)
        events = await self.store.events(case.conversation_id, after=max(0, await self._end(case) - RECENT))
        return await asyncio.to_thread(check_reply, text, events)

    async def _end(self, case: Case) -> int:
        head = await self.store.head(case.conversation_id)
        return head.version if head else 0

    async def reassign(self, case_id: str, by: User, agent_id: str, note: str) -> Case:
        """For a colleague. Raises `BadRequest` for somebody unknown."""
        row = await self.store.agent(agent_id)
        if row is None:
            raise BadRequest("agent_id: no such colleague")
        to = Person(id=row.user_id, name=row.name)
        return await self.handover.reassign(await self.store.case(case_id), agent_of(by), to, note)

    async def say(self, case_id: str, user: User, body: ReplyBody) -> dict[str, Any]:
        """A message to the customer."""
        case = await self.store.case(case_id)
        event = await self.handover.say(
            case,
            agent_of(user),
            body.text,
            body.client_msg_id,
            original=body.original,
            language=body.language,
        )
        return self._line(event)

    async def note(self, case_id: str, user: User, text: str, message_id: str | None) -> dict[str, Any]:
        """A note among agents."""
        return self._line(
            await self.handover.note(await self.store.case(case_id), agent_of(user), text, message_id)
        )

    async def transfer(self, case_id: str, user: User, body: TransferBody) -> Case:
        """Back to the queue. Raises `CaseChanged` if the version is given and old, as the other acts do, `BadRequest` for a
        colleague or queue that there is none of."""
        case = await self.store.case(case_id)
        to = None
        if body.to_agent is not None:
            row = await self.store.agent(body.to_agent)
            if row is None or row.user_id == user.id:
                raise BadRequest("to_agent: no such colleague")
            to = Person(id=row.user_id, name=row.name)
        if body.queue is not None and body.queue not in self.floor.queues.queues:
            raise BadRequest(f"queue: none of {', '.join(self.floor.queues.queues)}")
        return await self.handover.transfer(
            case,
            agent_of(user),
            body.note,
            version=body.version,
            to=to,
            queue=body.queue,
            skills=body.skills,
        )

    async def give_back(
        self,
        case_id: str,
        user: User,
        code: str,
        note: str,
        slots: dict[str, Any] | None,
        version: int | None = None,
    ) -> Case:
        """Back to the bot. Raises `BadRequest` for a value that its slot can't hold."""
        case = await self.store.case(case_id)
        return await self.handover.give_back(
            case, agent_of(user), code, note, self.values_of(slots or {}), version=version
        )

    def values_of(self, given: dict[str, Any]) -> dict[str, Any]:
        """Values as their slots want them. The bot's own slots are none of the agent's business."""
        domain, values = self.handover.engine.assistant.domain, {}
        for name, value in given.items():
            spec = domain.slots.get(name)
            if spec is None or spec.metadata.get("internal"):
                raise BadRequest(f"slots.{name}: no such slot")
            try:
                values[name] = coerce(name, spec, value)
            except (TypeError, ValueError) as error:
                raise BadRequest(f"slots.{name}: {error}") from None
        return values

    async def close(self, case_id: str, user: User, code: str, note: str, version: int | None = None) -> Case:
        """End it."""
        case = await self.store.case(case_id)
        return await self.handover.close(case, agent_of(user), code, note, version=version)

    async def tag(self, case_id: str, tags: Sequence[str]) -> Case:
        """What an open case is called, each tag once. Raises `UnknownCase`, `OwnershipError` for one that is over."""
        case = await self.store.case(case_id)
        kept = tuple(dict.fromkeys(tag.strip().removeprefix("#") for tag in tags if tag.strip(" #")))
        if not await self.handover.mark(case, tags=kept):
            raise OwnershipError(case.state, "agent")
        return await self.store.case(case_id)

    async def tags(self) -> list[str]:
        """Of recent cases, the most frequent first."""
        counts = Counter(tag for case in await self.store.cases((), limit=PAGE) for tag in case.tags)
        return [tag for tag, _ in counts.most_common(50)]

    async def seen(self, case: Case, user: User) -> None:
        """Nothing is unread any more."""
        await self.handover.seen(case, agent_of(user))

    def _line(self, event: Event) -> dict[str, Any]:
        return desk_line(event, self.bot_name) or {}


def agent_of(user: User) -> Agent:
    """The user as the person who acts."""
    return Agent(id=user.id, name=user.name)
