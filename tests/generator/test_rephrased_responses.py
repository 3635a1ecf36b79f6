"""Responses in other words, over a real model server that keeps to the facts, changes them, dawdles or breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.assistant import load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import Reply, UserMessage
from bot.conversation.rephrasing import RephraseSettings
from bot.conversation.rephrasing.faithful import unfaithful
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore
from formats import FormatError
from generator import OpenAICompatibleGenerator

from .conftest import ModelServer

DOMAIN = """
intents: [send, cancel]
entities: [amount, phone]
slots:
  amount: {type: float, mappings: [{type: from_entity, entity: amount}]}
  phone: {type: text, mappings: [{type: from_entity, entity: phone}]}
  pin: {type: text, mappings: [{type: from_text}], metadata: {secret: true}}
responses:
  utter_ask_amount:
    - text: 얼마를 보낼까요?
      metadata: {rephrase: true, rephrase_prompt: 짧게 물어봐 주세요.}
      buttons: [{title: 1만원, payload: 1만원}]
  utter_ask_phone: [{text: 받는 분 번호를 알려 주세요., metadata: {rephrase: false}}]
  utter_ask_pin: [{text: 비밀번호를 알려 주세요.}]
  utter_done:
    - text: "{phone|으로} {amount}원을 보냈어요. 5영업일 안에 도착해요."
      metadata: {rephrase: true}
"""
FLOWS = """
flows:
  send:
    name: 송금
    description: Send.
    nlu_trigger: [{intent: send}]
    run_pattern_completed: false
    steps:
      - collect: amount
      - collect: phone
      - collect: pin
      - action: utter_done
"""
ASKED, DONE = "얼마를 보낼까요?", "010-1234-5678로 30,000원을 보냈어요. 5영업일 안에 도착해요."
TABLE = {
    "보내 줘": understood("보내 줘", "send"),
    "3만원": understood("3만원", "unknown", amount=30_000, confidence=0.1),
    "010-1234-5678": understood("010-1234-5678", "unknown", phone="010-1234-5678", confidence=0.1),
}


class Talk:
    """A customer of an engine that may have its words put anew."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def say(self, text: str, conversation_id: str = "c") -> tuple[Reply, ...]:
        message = UserMessage(conversation_id=conversation_id, text=text, channel="webchat")
        return (await self.engine.handle(message)).replies

    async def texts(self, *said: str, conversation_id: str = "c") -> list[str]:
        """What the last of them is answered with."""
        for text in said:
            replies = await self.say(text, conversation_id)
        return [reply.text for reply in replies]

    async def bots(self) -> list[Any]:
        return [e for e in await self.engine.conversations.store.events("c") if e.event == "bot"]


@pytest.fixture
async def make(model: ModelServer, tmp_path: Path) -> AsyncIterator[Callable[..., Talk]]:
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "data" / "flows" / "send.yml").write_text(FLOWS)
    (tmp_path / "domain.yml").write_text(DOMAIN)
    engines: list[Engine] = []

    def made(mode: str = "marked", **settings: Any) -> Talk:
        assistant = load_assistant(tmp_path)
        engine = Engine(
            Conversations(MemoryStore(), assistant.responses),
            assistant,
            TableUnderstander(TABLE),
            FunctionRunner(),
            model=OpenAICompatibleGenerator(model.url, "test-model"),
            rephrase=RephraseSettings.model_validate({"mode": mode, "timeout": 0.5, **settings}),
        )
        engines.append(engine)
        return Talk(engine)

    yield made
    for engine in engines:
        await engine.close()


async def test_other_words_go_out_and_the_log_says_so(model: ModelServer, make: Callable[..., Talk]) -> None:
    talk, model.answer = make(), "보낼 금액이 얼마인가요?"
    (asked,) = await talk.say("보내 줘")
    assert asked.text == model.answer and [button.title for button in asked.buttons] == ["1만원"]
    (event,) = await talk.bots()
    assert (event.text, event.metadata) == (model.answer, {"rephrased": "test-model"})
    assert event.response == "utter_ask_amount", "which wording it stands for is known"
    tracker = await talk.engine.conversations.tracker("c")
    restored = Tracker.restore(await talk.engine.conversations.store.load("c"))
    assert restored.state == tracker.state and tracker.state.bot_texts[0].startswith(model.answer)
    system, user = (message["content"] for message in model.requests[0]["messages"])
    assert "해요체" in system and "짧게 물어봐 주세요." in system
    assert "고객: 보내 줘" in user and user.endswith(f"할 말:\n{ASKED}")


async def test_it_is_off_unless_configured(model: ModelServer, make: Callable[..., Talk]) -> None:
    assert await make("off").texts("보내 줘") == [ASKED]
    assert RephraseSettings().mode == "off" and model.requests == []


async def test_only_what_is_marked_or_all_but_what_is_spared(
    model: ModelServer, make: Callable[..., Talk]
) -> None:
    model.answer = "번호를 알려 주세요."
    assert await make().texts("보내 줘", "3만원") == ["받는 분 번호를 알려 주세요."]
    assert len(model.requests) == 1, "of the amount alone"
    talk, model.answer = make("all"), "비밀번호를 말씀해 주세요."
    assert await talk.texts("보내 줘", "3만원") == ["받는 분 번호를 알려 주세요."]
    assert await talk.texts("010-1234-5678") == ["비밀번호를 말씀해 주세요."]


async def test_personal_data_and_secrets_stay_here(model: ModelServer, make: Callable[..., Talk]) -> None:
    talk = make(turns=5)
    await talk.texts("보내 줘", "3만원", "010-1234-5678")
    model.answer = "<전화번호_1>로 30,000원을 보내 드렸어요. 5영업일 안에 도착할 거예요."
    assert await talk.texts("2580") == [
        "010-1234-5678로 30,000원을 보내 드렸어요. 5영업일 안에 도착할 거예요."
    ]
    sent = "".join(message["content"] for request in model.requests for message in request["messages"])
    assert "<전화번호_1>" in sent and "1234" not in sent and "2580" not in sent


@pytest.mark.parametrize(
    "answer",
    [
        "<전화번호_1>로 3만원을 보냈어요. 5영업일 안에 도착해요.",  # the amount in another form
        "<전화번호_1>로 30,000원을 보냈어요. 곧 도착해요.",  # a number dropped
        "<전화번호_1>로 30,000원을 보냈어요. 5일 안에 도착해요.",  # another unit
        "<전화번호_1>로 30,000원을 보냈어요. 수수료 500원은 빼고 5영업일 안에 도착해요.",  # one more
        "30,000원을 보냈어요. 5영업일 안에 도착해요.",  # the number of the customer dropped
        "<전화번호_2>로 30,000원을 보냈어요. 5영업일 안에 도착해요.",  # made up
        "<전화번호_1>로 30,000원을 보내지 못했어요. 5영업일 안에 도착해요.",  # denied
        "<전화번호_1>로 30,000원을 보냈어요. 5영업일 안에 도착할까요?",  # asked
        "<전화번호_1>로 30,000원을 보냈습니다. 5영업일 안에 도착합니다.",  # another style
        "<전화번호_1>로 30,000원을 보냈어. 5영업일 안에 도착한다.",
        "<전화번호_1>(으)로 30,000원을 보냈어요. 5영업일 안에 도착해요.",
        "<전화번호_1>로 30,000원을 보냈어요. 5영업일 안에 도착해요. https://phish.example",
        "<전화번호_1>로 30,000원을 보냈어요. 5영업일 안에 도착해요. 🎉",
        "We sent 30,000원 to <전화번호_1>. It arrives within 5영업일.",
        "<전화번호_1>로 30,000원을 보냈어요. 5영업일 안에 도착해요. " + "정말 고마워요. " * 10,
        "<전화번호_1>, 30,000원, 5영업일 이야기는 재미있어요.",  # about something else
        "",
    ],
)
async def test_what_is_not_the_same_stays_as_it_is_written(
    model: ModelServer, make: Callable[..., Talk], answer: str
) -> None:
    talk = make()
    await talk.texts("보내 줘", "3만원", "010-1234-5678")
    model.answer = answer
    assert await talk.texts("2580") == [DONE]
    assert len(model.requests) == 2 and (await talk.bots())[-1].metadata == {}


@pytest.mark.parametrize("manner", ["slow", "broken", "status", "cut", "nonsense", "error", "other"])
async def test_whatever_breaks_the_written_text_goes_out(
    model: ModelServer, make: Callable[..., Talk], manner: str
) -> None:
    talk, model.manner = make(), manner
    model.answer = "보낼 금액이 얼마인가요? 말씀해 주시면 바로 보내 드릴게요, 어떠세요?"
    assert await talk.texts("보내 줘") == [ASKED]


async def test_the_same_words_are_asked_for_once_and_a_broken_model_is_left_alone(
    model: ModelServer, make: Callable[..., Talk]
) -> None:
    talk, model.answer = make(turns=0), "보낼 금액이 얼마인가요?"
    for customer in ("c", "d", "e"):
        assert await talk.texts("보내 줘", conversation_id=customer) == [model.answer]
    assert len(model.requests) == 1 and "고객" not in model.requests[0]["messages"][1]["content"]
    broken = make(turns=0)
    model.manner = "status"
    for customer in ("f", "g", "h", "i"):
        assert await broken.texts("보내 줘", conversation_id=customer) == [ASKED]
    assert len(model.requests) == 1 + 3


async def test_a_long_response_goes_out_as_it_is(model: ModelServer, make: Callable[..., Talk]) -> None:
    talk = make(longest=20)
    model.answer = "x"
    await talk.texts("보내 줘", "3만원", "010-1234-5678")
    assert await talk.texts("2580") == [DONE] and len(model.requests) == 1


def test_a_wrong_mark_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text(DOMAIN.replace("rephrase: false", "rephrase: 아니요"))
    with pytest.raises(FormatError) as caught:
        load_assistant(tmp_path)
    assert "domain.yml:13" in str(caught.value) and "rephrase is true or false" in str(caught.value)


@pytest.mark.parametrize(
    ("original", "reworded", "why"),
    [
        ("'기억하지 마세요'라고 하시면 지워 드려요.", "'기억하지 마세요'라고 말씀하시면 지워 드릴게요.", ""),
        ("'기억하지 마세요'라고 하시면 지워 드려요.", "기억하지 말라고 하시면 지워 드려요.", "values"),
        ("강남역점으로 오세요.", "강남역점으로 와 주세요.", ""),
        ("강남역점으로 오세요.", "강남점으로 와 주세요.", "values"),
        ("수수료는 1,000원이에요.", "수수료는 1000원이에요.", ""),
        ("https://a.example 에서 신청해 주세요.", "https://b.example 에서 신청해 주세요.", "links"),
        ("Please tell us your branch.", "Tell us your branch, please.", ""),
    ],
)
def test_what_counts_as_the_same(original: str, reworded: str, why: str) -> None:
    assert unfaithful(original, reworded, ["강남역점"] if "강남역점" in original else []) == why
