"""Whatever flows a builder writes and whatever customers do: no endless turn, no second question, no lost value, an answer."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.actions_port import ActionResult
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import SlotSet
from bot.conversation.flows.stack import awaited_slot, user_frame
from bot.conversation.messages import UserMessage
from bot.conversation.store import Head, StoredConversation
from bot.conversation.testing import FunctionRunner, TableUnderstander
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore
from formats import FormatError

SLOTS = ("a", "b", "c", "d")
FLOWS = ("red", "green", "blue")
DOMAIN = {
    "intents": [*FLOWS, "cancel", "repeat", "skip", "restart"],
    "slots": {name: {"type": "text"} for name in SLOTS},
    "responses": {f"utter_ask_{name}": [{"text": f"{name}?"}] for name in SLOTS}
    | {"utter_say": [{"text": "말씀드려요."}], "utter_no": [{"text": "안 돼요."}]},
    "actions": ["action_fill"],
}


def conditions() -> st.SearchStrategy[str]:
    slot = st.sampled_from(SLOTS)
    return st.one_of(
        slot.map(lambda name: f"slots.{name} is null"),
        st.tuples(slot, st.sampled_from("xyz")).map(lambda item: f'slots.{item[0]} = "{item[1]}"'),
    )


def plain_steps(flow: str) -> st.SearchStrategy[dict[str, Any]]:
    slot = st.sampled_from(SLOTS)
    collect = st.fixed_dictionaries(
        {"collect": slot},
        optional={
            "ask_before_filling": st.booleans(),
            "metadata": st.booleans().map(lambda optional: {"optional": optional}),
            "rejections": slot.map(lambda _: [{"if": 'slots.a = "x"', "utter": "utter_no"}]),
        },
    )
    value = st.one_of(st.none(), st.sampled_from("xyz"))
    return st.one_of(
        collect,
        st.just({"action": "utter_say"}),
        st.just({"action": "action_fill"}),
        st.tuples(slot, value).map(lambda item: {"set_slots": [{item[0]: item[1]}]}),
        st.sampled_from([name for name in FLOWS if name != flow]).map(lambda name: {"call": name}),
    )


@st.composite
def flow_specs(draw: st.DrawFn, flow: str) -> dict[str, Any]:
    """Steps with ids s0, s1, …, some of which branch to any of the others."""
    count = draw(st.integers(1, 6))
    steps = []
    for index in range(count):
        step = {"id": f"s{index}", **draw(plain_steps(flow))}
        goals = st.sampled_from([*(f"s{i}" for i in range(count)), "END"])
        if draw(st.booleans()):
            step["next"] = [{"if": draw(conditions()), "then": draw(goals)}, {"else": draw(goals)}]
        steps.append(step)
    return {
        "name": f"{flow} 업무",
        "description": flow,
        "nlu_trigger": [{"intent": flow}],
        "steps": steps,
    }


COMMANDS = st.one_of(
    st.sampled_from(FLOWS).map(lambda name: f"/{name}"),
    st.tuples(st.sampled_from(SLOTS), st.sampled_from("xyz")).map(lambda s: f"/SetSlots({s[0]}={s[1]})"),
    st.sampled_from(["/cancel", "/repeat", "/skip", "뭐라고요?"]),
)


def assistant_of(flows: dict[str, Any]) -> Assistant | None:
    """The assistant, None for flows that are refused, as most random ones with a loop are."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data" / "flows").mkdir(parents=True)
        (folder / "domain.yml").write_text(json.dumps(DOMAIN), encoding="utf-8")
        (folder / "data" / "flows" / "flows.yml").write_text(json.dumps({"flows": flows}), encoding="utf-8")
        try:
            return load_assistant(folder)
        except FormatError:
            return None


async def fill(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    return ActionResult(events=(SlotSet(name="d", value="z"),))


async def knows_nothing(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    return ActionResult()


def emptied_by(assistant: Assistant) -> set[str]:
    """Slots that some step empties, refuses or asks for anew: those may lose a value by design."""
    steps = [step for flow in assistant.business_flows.values() for step in flow.steps.values()]
    found = {name for step in steps for name, _ in step.values}
    return found | {s.name for s in steps if s.kind == "collect" and (s.ask_before_filling or s.rejections)}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.fixed_dictionaries({name: flow_specs(name) for name in FLOWS}), st.lists(COMMANDS, max_size=12))
def test_random_flows_under_random_commands(flows: dict[str, Any], said: list[str]) -> None:
    assistant = assistant_of(flows)
    if assistant is None:
        return
    asyncio.run(converse(assistant, said))


async def converse(assistant: Assistant, said: list[str]) -> None:
    runner = FunctionRunner({"action_fill": fill, "action_answer_from_knowledge": knows_nothing})
    store = MemoryStore()
    conversations = Conversations(store, assistant.responses)
    engine = Engine(conversations, assistant, TableUnderstander({}), runner)
    fleeting = emptied_by(assistant)
    for index, text in enumerate(said):
        before = (await conversations.tracker("c")).state.model_copy(deep=True)
        result = await engine.handle(UserMessage(conversation_id="c", text=text, channel="rest"))
        tracker = await conversations.tracker("c")
        texts = [reply.text for reply in result.replies]
        asked = awaited_slot(tracker.stack)
        knowledge_only = text == "뭐라고요?" and asked is None
        assert texts or knowledge_only, f"{said[: index + 1]}: no answer"
        assert not any("문제가 생겼어요" in reply for reply in texts), (
            f"{said[: index + 1]}: went in a circle"
        )
        if asked is not None:
            assert tracker.slot(asked) is None, f"{said[: index + 1]}: asks for {asked} again"
        frame = user_frame(tracker.stack)
        if frame and len(tracker.stack) == len(before.stack) and frame.flow_id == before.stack[-1].flow_id:
            lost = {
                name
                for name, slot in before.slots.items()
                if slot.value is not None and tracker.slot(name) is None and name not in fleeting
            }
            running = {item.flow_id for item in before.stack}
            done = [e for e in await store.events("c", after=before.seq) if e.event.startswith("flow_c")]
            assert not lost or done or running != {f.flow_id for f in tracker.stack}, f"lost {lost}"
    replayed = Tracker.restore(
        StoredConversation(head=Head(conversation_id="c"), events=await store.events("c", limit=100_000))
    )
    assert replayed.state == (await conversations.tracker("c")).state
