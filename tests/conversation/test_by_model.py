"""Commands from a language model: a real server on this machine speaks OpenAI's protocol, well, badly or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.conversation.assistant import Assistant
from bot.conversation.by_model import ModelCommandSettings
from bot.conversation.by_model.grammar import Allowed, NotACommand, parse, slots_of
from bot.conversation.by_model.relevance import FlowSelection
from bot.conversation.command_generator import IntentRoles
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore
from generator import OpenAICompatibleGenerator
from nlu.types import Intent

from .conftest import TABLE
from .test_collect import Made

EXCHANGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "model_exchanges.jsonl").read_text(encoding="utf-8").splitlines()
]
"""`message`, what a model `answered`, and the `commands` that may come of it."""


class Model:
    """Answers by the customer's last message, streamed; `manner` may spoil it."""

    def __init__(self) -> None:
        self.answers = {"카드를 잃어버렸어요": "start flow card_loss"}
        self.asked: list[str] = []
        self.manner = "well"
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        prompt = body["messages"][-1]["content"]
        self.asked.append(prompt)
        if self.manner == "down":
            return web.Response(status=503)
        if self.manner == "slow":
            await asyncio.sleep(2)
        last = prompt.rsplit("Last message of the customer:\n", 1)[1]
        answer = self.answers.get(last, "provide info")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for at in range(0, len(answer), 5):
            piece = {"choices": [{"delta": {"content": answer[at : at + 5]}}]}
            await response.write(f"data: {json.dumps(piece, ensure_ascii=False)}\n\n".encode())
        await response.write(b"data: [DONE]\n\n")
        return response


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    made = Model()
    application = web.Application()
    application.router.add_post("/v1/chat/completions", made.handle)
    server = TestServer(application)
    await server.start_server()
    made.url = str(server.make_url("/v1"))
    yield made
    await server.close()


@pytest.fixture
async def make(
    model: Model, assistant: Assistant, runner: FunctionRunner, talk: Any
) -> AsyncIterator[Callable[..., Any]]:
    """A customer of an engine that asks the model."""
    engines: list[Engine] = []

    def with_settings(**settings: Any) -> Any:
        engine = Engine(
            Conversations(MemoryStore(), assistant.responses),
            assistant,
            TableUnderstander(TABLE),
            runner,
            model=OpenAICompatibleGenerator(model.url, "test-model"),
            model_commands=ModelCommandSettings.model_validate(
                {"mode": "unsure", "timeout": 0.5, **settings}
            ),
        )
        engines.append(engine)
        talk.engine = engine
        return talk

    yield with_settings
    for engine in engines:
        assert engine.dialogue.proposer is not None
        await engine.dialogue.proposer.close()


async def issued(talk: Any) -> Any:
    """The last commands, and who gave them."""
    event = [event for event in await talk.events() if event.event == "commands"][-1]
    return event.commands, event.metadata.get("by", "nlu")


async def test_what_the_trained_understanding_is_unsure_of_goes_to_the_model(
    model: Model, make: Callable[..., Any]
) -> None:
    talk = make()
    model.answers["지갑을 통째로 두고 내렸어요"] = "start flow card_loss"
    assert await talk.texts("지갑을 통째로 두고 내렸어요") == ["전화번호를 알려 주세요."]
    assert (await issued(talk))[1] == "model"
    assert await talk.texts("010-1234-5678이요") == ["어떤 카드인가요?"]
    assert len(model.asked) == 1, "a plain answer needs no model"


async def test_what_it_is_sure_of_does_not(model: Model, make: Callable[..., Any]) -> None:
    assert await make().texts("카드를 잃어버렸어요") == ["전화번호를 알려 주세요."]
    assert model.asked == []


async def test_always_means_each_message_but_plain_answers(model: Model, make: Callable[..., Any]) -> None:
    talk = make(mode="always")
    model.answers["카드를 잃어버렸어요"] = "start flow card_loss\nset slot card_type 체크카드"
    await talk.say("카드를 잃어버렸어요")
    assert (await talk.tracker()).slot("card_type") == "체크카드"
    await talk.say("010-1234-5678이요")
    assert len(model.asked) == 1


async def test_personal_data_stays_here_and_comes_back_as_the_value(
    model: Model, make: Callable[..., Any]
) -> None:
    talk = make(mode="always")
    await talk.say("카드를 잃어버렸어요")
    model.answers["제 번호는 <전화번호_1>인데 체크카드예요"] = (
        "set slot phone <전화번호_1>\nset slot card_type 체크카드"
    )
    await talk.say("제 번호는 010-1234-5678인데 체크카드예요")
    assert (await talk.tracker()).slot("phone") == "010-1234-5678"
    model.answers["아직이에요"] = "offtopic reply"
    await talk.say("아직이에요")
    assert not any("1234" in prompt for prompt in model.asked)
    assert "customer: 제 번호는 <전화번호_1>인데" in model.asked[-1], "earlier turns are told of"
    assert '"phone": "<전화번호_1>"' in model.asked[-1], "and filled slots"


@pytest.mark.parametrize("manner", ["down", "slow"])
async def test_a_model_that_fails_costs_its_time_and_no_more(
    model: Model, make: Callable[..., Any], manner: str
) -> None:
    talk = make(timeout=0.2, pause=60)
    model.manner = manner
    for _ in range(5):
        assert await talk.say("그 뭐더라")
    assert len(model.asked) == 3, "after three failures it isn't asked for a while"
    assert (await issued(talk))[1] == "nlu"


@pytest.mark.parametrize(
    "answer",
    [
        "Sure! Here you are:\nstart flow card_loss",
        "",
        "start flow lost_flow",
        "DROP TABLE",
        "start flow card_loss please",
    ],
)
async def test_an_answer_that_is_no_command_leaves_the_trained_understanding(
    model: Model, make: Callable[..., Any], answer: str
) -> None:
    talk = make()
    model.answers["그 뭐더라"] = answer
    await talk.say("그 뭐더라")
    commands, by = await issued(talk)
    assert by == "nlu" and commands[0]["command"] == "knowledge answer"


async def test_the_same_question_is_asked_once(model: Model, make: Callable[..., Any]) -> None:
    talk = make(turns=0)
    model.answers["지갑을 두고 내렸어요"] = "start flow card_loss"
    for customer in ("c1", "c2"):
        talk.id = customer
        await talk.say("지갑을 두고 내렸어요")
    assert len(model.asked) == 1
    assert (await issued(talk))[1] == "memory"


async def test_long_messages_and_secrets_are_not_sent(
    model: Model, make: Callable[..., Any], assistant: Assistant
) -> None:
    talk = make(mode="always", longest=20)
    await talk.say("가" * 21)
    spec = assistant.domain.slots["phone"]
    assistant.domain.slots["phone"] = spec.model_copy(update={"metadata": {"secret": True}})
    try:
        await talk.say("/card_loss")
        await talk.say("그 뭐더라")
        assert model.asked == []
    finally:
        assistant.domain.slots["phone"] = spec


@pytest.mark.parametrize("exchange", EXCHANGES, ids=[exchange["message"] for exchange in EXCHANGES])
async def test_recorded_exchanges(model: Model, make: Callable[..., Any], exchange: dict[str, Any]) -> None:
    talk = make(mode="always")
    talk.engine.understander.table[exchange["message"]] = understood(
        exchange["message"], "unknown", confidence=0.1
    )
    for earlier in exchange.get("after", ()):
        await talk.say(earlier)
    before = len(model.asked)
    model.answers[exchange["message"]] = exchange["answered"]
    await talk.say(exchange["message"])
    commands, by = await issued(talk)
    assert len(model.asked) == before + 1
    wanted = exchange["commands"]
    assert by == ("model" if wanted else "nlu")
    if wanted:
        assert [{key: one[key] for key in want} for one, want in zip(commands, wanted, strict=True)] == wanted


# -- grammar and selection --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("start flow card_loss", ["start flow"]),
        ("```\n- start flow card_loss\n- set slot card_type `체크카드`\n```", ["start flow", "set slot"]),
        ("1. cancel flow\n2) start flow transfer_limit", ["cancel flow", "start flow"]),
        ("disambiguate flows card_loss transfer_limit", ["clarify"]),
        ("disambiguate flows card_loss made_up", ["start flow"]),
        ("disambiguate flows made_up", []),
        ("set slot amount 50000", []),
        ("start flow transfer_limit\nset slot amount 50000", ["start flow", "set slot"]),
        ("start flow transfer_limit\nset slot amount much", ["start flow"]),
        ("start flow transfer_limit\nset slot blocked true", ["start flow"]),
        ("start flow card_loss\nset slot phone null", ["start flow"]),
        ("start flow card_loss\nstart flow card_loss", ["start flow"]),
        ("repeat message", ["repeat"]),
        ("skip question", ["skip question"]),
        ("hand over", ["human handoff"]),
        ("restart conversation", ["restart"]),
        ("offtopic reply", ["knowledge answer"]),
    ],
)
def test_the_grammar(assistant: Assistant, answer: str, names: list[str]) -> None:
    allowed = Allowed(frozenset({"card_loss", "transfer_limit"}), frozenset())
    found = parse(answer, "질문", assistant, Tracker("c"), allowed)
    assert [command.command for command in found] == names


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "\n",
        "Start flow card_loss.",
        "start flow",
        "set slot phone",
        "cancel flow now",
        "cancel flow\n" * 11,
        "<think>",
    ],
)
def test_anything_else_is_refused(assistant: Assistant, answer: str) -> None:
    with pytest.raises(NotACommand):
        parse(answer, "질문", assistant, Tracker("c"), Allowed(frozenset({"card_loss"}), frozenset()))


def test_a_flow_brings_the_slots_of_those_it_calls_but_none_that_only_actions_set(
    assistant: Assistant,
) -> None:
    assert slots_of(assistant, "transfer_limit") == ["amount", "memo"]
    assert slots_of(assistant, "card_loss") == ["phone", "card_type", "block_confirmed"]


def test_the_flows_that_matter_come_first(assistant: Assistant) -> None:
    selection = FlowSelection(assistant)
    nearest = selection.choose(Tracker("c"), "이체 한도를 바꾸고 싶어요", (), 1)
    assert [flow.id for flow in nearest] == ["transfer_limit"]
    by_intent = selection.choose(Tracker("c"), "음", (Intent(name="card_loss", confidence=0.3),), 1)
    assert [flow.id for flow in by_intent] == ["card_loss"]


def test_what_is_always_told_of_comes_on_top_of_the_nearest(tmp_path: Path) -> None:
    flows = "".join(
        f"""
  {name}:
    name: {name}
    description: {name}
    {more}
    nlu_trigger: [{{intent: {name}}}]
    steps: [{{action: utter_done}}]
"""
        for name, more in (
            ("send", ""),
            ("other", "always_include_in_prompt: true"),
            ("bank_question", "if: slots.open\n    always_include_in_prompt: true"),
        )
    )
    selection = FlowSelection(Made(tmp_path, flows).assistant)
    told = [flow.id for flow in selection.choose(Tracker("c"), "send", (), 1)]
    assert told == ["other", "send"], "but not one whose guard is closed"


def test_without_a_mode_no_model_takes_part(assistant: Assistant, runner: FunctionRunner) -> None:
    engine = Engine(
        Conversations(MemoryStore(), assistant.responses),
        assistant,
        TableUnderstander({}),
        runner,
        roles=IntentRoles(),
        model=OpenAICompatibleGenerator("http://127.0.0.1:9/v1", "x"),
        model_commands=ModelCommandSettings(),
    )
    assert engine.dialogue.proposer is None
