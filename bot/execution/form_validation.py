"""rasa-sdk's validation of forms, taken apart: each `validate_<slot>` method runs where a flow asks for that slot.

Rasa 3 runs a `FormValidationAction` once for all slots of its form; here questions stand by themselves, and a value is
checked by an action `validate_<slot>`. So a builder's class runs unchanged. Its `required_slots` and `extract_<slot>` methods
have no meaning here: flows say what is asked for, mappings where values come from.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.forms import ValidationAction

Run = Callable[[Any, Any, Any], Awaitable[Any]]
PREFIX = "validate_"


def slot_validations(action: ValidationAction, slots: Collection[str]) -> Iterator[tuple[str, Run]]:
    """`validate_<slot>` -> how to run it, for each method of the class that is about one of `slots`."""
    for slot in slots:
        method = getattr(action, PREFIX + slot, None)
        if callable(method):
            yield PREFIX + slot, _one(method, slot)


def _one(method: Callable[..., Any], slot: str) -> Run:
    async def run(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        given = (tracker.get_slot(slot), dispatcher, tracker, domain)
        # A plain method may block: other customers are served meanwhile.
        asks = inspect.iscoroutinefunction(method)
        answer = await method(*given) if asks else await asyncio.to_thread(method, *given)
        # What is no mapping of slots is refused by the runner, as from any action.
        return (
            [SlotSet(name, value) for name, value in answer.items()] if isinstance(answer, dict) else answer
        )

    return run
