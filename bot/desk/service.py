"""What the desk can do, for HTTP and sockets alike."""

from __future__ import annotations

from typing import Any

from bot.conversation.domain import coerce
from bot.conversation.errors import UnknownCase
from bot.conversation.events import Event
from bot.conversation.handover import Agent, Handover
from bot.conversation.store import Case, CaseState, Store
from bot.conversation.transcript import desk_line, desk_lines
from bot.desk.accounts import AccountService, User
from bot.desk.accounts.errors import NotSignedIn
from bot.desk.bodies import BadRequest
from bot.desk.case_json import case_json
from bot.desk.packet import Packet, build_packet
from bot.desk.suggestions import Suggester

PAGE = 500
MAX_TRANSCRIPT = 5_000
"""Events that a packet reads; older ones can be paged through."""
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
VIEWS: dict[str, tuple[CaseState, ...]] = {
    "waiting": ("queued", "offered"),
    "mine": ("agent", "wrapup"),
    "all": ("queued", "offered", "agent", "wrapup"),
    "closed": ("returned", "closed"),
}


class DeskService:
    """Cases, their messages and packets, and the acts on them."""

    def __init__(
        self,
        store: Store,
        handover: Handover,
        accounts: AccountService,
        suggester: Suggester,
        *,
        bot_name: str,
    ) -> None:
        self.store = store
        self.handover = handover
        self.accounts = accounts
        self.suggester = suggester
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

    async def cases(self, view: str, user: User, before: float | None = None) -> dict[str, Any]:
        """One page of a tab of the inbox, waiting ones in the order in which they are served."""
        states = VIEWS.get(view, VIEWS["all"])
        agent_id = user.id if view == "mine" else None
        found = await self.store.cases(states, agent_id=agent_id, limit=200, before=before)
        cursor = str(found[-1].created_at) if len(found) == 200 else None
        if view == "waiting":
            found = sorted(found, key=service_order)
        return {"cases": [case_json(case) for case in found], "cursor": cursor}

    async def messages(self, case_id: str, after: int = 0) -> dict[str, Any]:
        """Lines after a cursor. Raises `UnknownCase`."""
        case = await self.store.case(case_id)
        events = await self.events(case.conversation_id, after)
        return {
            "messages": desk_lines(events, self.bot_name),
            "cursor": events[-1].seq if events else after,
        }

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
        suggestions = await self.suggester.suggest(tracker, events)
        return build_packet(case, tracker, events, self.handover.engine.assistant, self.bot_name, suggestions)

    def intent_labels(self) -> dict[str, str]:
        """Intents as people call them: by the flow they start, by common words, else by their own name."""
        assistant = self.handover.engine.assistant
        labels = {name: TALK.get(name, name.replace("_", " ")) for name in assistant.domain.intent_names()}
        for flow in assistant.business_flows.values():
            labels.update({trigger.intent: flow.name for trigger in flow.triggers})
        return labels

    async def accept(self, case_id: str, user: User) -> Case:
        """Take a waiting case."""
        return await self.handover.accept(await self.store.case(case_id), _agent(user))

    async def decline(self, case_id: str, user: User) -> Case:
        """Leave a case to others."""
        return await self.handover.decline(await self.store.case(case_id), _agent(user))

    async def say(self, case_id: str, user: User, text: str, message_id: str | None) -> dict[str, Any]:
        """A message to the customer."""
        return self._line(
            await self.handover.say(await self.store.case(case_id), _agent(user), text, message_id)
        )

    async def note(self, case_id: str, user: User, text: str, message_id: str | None) -> dict[str, Any]:
        """A note among agents."""
        return self._line(
            await self.handover.note(await self.store.case(case_id), _agent(user), text, message_id)
        )

    async def transfer(self, case_id: str, user: User, note: str, version: int | None = None) -> Case:
        """Back to the queue. Raises `CaseChanged` if `version` is given and old, as the other acts do."""
        case = await self.store.case(case_id)
        return await self.handover.transfer(case, _agent(user), note, version=version)

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
            case, _agent(user), code, note, self._values(slots or {}), version=version
        )

    def _values(self, given: dict[str, Any]) -> dict[str, Any]:
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
        return await self.handover.close(case, _agent(user), code, note, version=version)

    async def seen(self, case: Case, user: User) -> None:
        """Nothing is unread any more."""
        await self.handover.seen(case, _agent(user))

    def _line(self, event: Event) -> dict[str, Any]:
        return desk_line(event, self.bot_name) or {}


def service_order(case: Case) -> tuple[int, float]:
    """Urgent first, then high, then who waits longest."""
    return ({"urgent": 0, "high": 1}.get(case.urgency, 2), case.waiting_since)


def _agent(user: User) -> Agent:
    return Agent(id=user.id, name=user.name)
