"""Which flows a model is told of: those that the message may be about, without any model to find them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.conversation.assistant import Assistant
from bot.conversation.flows.model import Flow
from bot.conversation.tracker import Tracker
from nlu.types import Intent


class FlowSelection:
    """Nearness by what the trained understanding thinks possible, and by letters that message and flow share."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._letters = {
            flow.id: _pairs(_said_of(flow, assistant)) for flow in assistant.business_flows.values()
        }
        self._by_intent = {
            trigger.intent: flow.id for flow in assistant.business_flows.values() for trigger in flow.triggers
        }

    def choose(self, tracker: Tracker, text: str, ranking: Iterable[Intent], most: int) -> list[Flow]:
        """At most `most` flows, nearest first; running ones and those that are always told of come on top, unlimited.

        A flow whose guard doesn't hold, or that only links and calls start, isn't among them.
        """
        flows, scope = self._assistant.business_flows, tracker.scope()
        running = {frame.flow_id for frame in tracker.stack}
        open_ = [
            flow for flow in flows.values() if flow.id in running or flow.guard is None or flow.guard(scope)
        ]
        scores = self._scores(text, ranking)
        near = sorted(open_, key=lambda flow: -scores[flow.id])
        fixed = [flow for flow in near if flow.id in running or flow.always_in_prompt]
        return fixed + [flow for flow in near if flow not in fixed][:most]

    def _scores(self, text: str, ranking: Iterable[Intent]) -> Mapping[str, float]:
        said = _pairs(text)
        scores = {
            flow_id: len(said & letters) / max(1, len(said)) for flow_id, letters in self._letters.items()
        }
        for intent in ranking:
            if (flow_id := self._by_intent.get(intent.name)) is not None:
                scores[flow_id] += intent.confidence
        return scores


def _said_of(flow: Flow, assistant: Assistant) -> str:
    labels = [assistant.domain.label(name) for name in flow.collected_slots()]
    return " ".join([flow.name, flow.description, *labels])


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))
