"""The contract that every channel fulfils: verify, parse, hand over one `UserMessage`, render what comes back.

A channel is one file with one class. It says how its customers are reached (`reach`), which decides whether messages of
agents wait in the outbox, and it gives its HTTP routes. All talking goes through `ChannelService`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

from aiohttp import web

from bot.conversation.engine import TurnResult
from bot.conversation.events import Owner
from bot.conversation.form_answers import FormAnswer
from bot.conversation.messages import Reply, UserMessage
from formats import SangdamError

Reach = Literal["socket", "pull"]
"""`socket`: open connections are told at once and catch up by cursor. `pull`: what isn't the answer to a request of the
customer's waits in the outbox until the channel can carry it."""


class ChannelService(Protocol):
    """What a channel may ask of the service."""

    async def handle(self, message: UserMessage) -> TurnResult:
        """One turn. Raises `BadMessage`, `StoreUnavailable`."""

    async def collect(self, conversation_id: str) -> list[Reply]:
        """Messages that waited for this customer; they count as delivered from now on."""

    def linked(self, conversation_id: str, reply: Reply) -> Reply:
        """With an address for the file that an agent sends, where customers of the channel hold no token."""

    async def check_form(
        self, conversation_id: str, message_id: str, values: Mapping[str, Any]
    ) -> FormAnswer:
        """What a customer filled into the form of a message. Raises `UnknownForm`, `FormClosed`, `FormInvalid`."""

    async def judge(
        self, conversation_id: str, message_id: str, value: Literal["up", "down"] | None, reason: str = ""
    ) -> Owner:
        """Keep what the customer says of one of the bot's messages; tells who has the conversation.

        Raises `UnknownAnswer`.
        """

    async def answer_survey(self, conversation_id: str, score: int | None) -> bool:
        """Keep how the contact was that is over; None: the customer would rather not say. False if there is none."""

    async def leave_queue(self, conversation_id: str) -> bool:
        """The customer gives up waiting for a person."""


class Channel(Protocol):
    """One way to reach customers."""

    @property
    def name(self) -> str:
        """As in `input_channel`; stable, as events carry it."""

    @property
    def reach(self) -> Reach:
        """How customers are reached between their own messages."""

    def routes(self) -> Iterable[web.RouteDef]:
        """The HTTP routes, each verified by the channel itself or public for a stated reason."""


class ChannelRefused(SangdamError):
    """Raised when a request can't be verified or its body has not the channel's shape."""

    status = 400

    def __init__(self, code: str, *, ko: str, en: str, remedy: str = "", status: int = 400) -> None:
        super().__init__(code, ko=ko, en=en, remedy=remedy, status=status)
