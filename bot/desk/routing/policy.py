"""Who gets which case: small policies, one a file, chosen by name in config.yml under `desk.routing` or a queue's own.

A list of policies is read from left to right: each may rule an agent out (None), and the scores of all of them are
compared like words in a dictionary, the first policy's letter first. `head_start` moves a case forward in its queue by a
finite time, so that whoever waits long enough is served before all who come later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.conversation.store import Case, Medium, room
from bot.conversation.workforce import AgentRow


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent as routing sees one: what is held now, and the most that may be held."""

    agent: AgentRow
    voice: int = 0
    chat: int = 0
    most_voice: int = 1
    most_chat: int = 3

    def has_room(self, medium: Medium) -> bool:
        """Whether one more contact fits."""
        return room(medium, self.voice, self.chat, self.most_voice, self.most_chat)

    def with_one_more(self, medium: Medium) -> Worker:
        """The same agent, with one more contact."""
        voice, chat = self.voice + (medium == "voice"), self.chat + (medium == "chat")
        return Worker(self.agent, voice, chat, self.most_voice, self.most_chat)


class RoutingPolicy(BaseModel):
    """Base of the policies; its fields are the parameters in config.yml. Pure: no clock, no store."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def score(self, case: Case, worker: Worker, now: float) -> float | None:
        """How well the agent suits the case, more is better; None if not at all (yet). Never raises."""
        return 0.0

    def head_start(self, case: Case) -> float:
        """Seconds by which the case is served as if it had come earlier."""
        return 0.0


def waited(case: Case, now: float) -> float:
    """Seconds that the customer has waited."""
    return max(0.0, now - case.waiting_since)


def scores(
    policies: Sequence[RoutingPolicy], case: Case, worker: Worker, now: float
) -> tuple[float, ...] | None:
    """Scores of all policies in their order; None as soon as one rules the agent out."""
    found = []
    for policy in policies:
        score = policy.score(case, worker, now)
        if score is None:
            return None
        found.append(score)
    return tuple(found)
