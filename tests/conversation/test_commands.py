"""From understanding to commands, and from commands to what happens on the stack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.assistant import Assistant
from bot.conversation.command_generator import CommandGenerator, IntentRoles
from bot.conversation.testing import understood
from bot.conversation.tracker import Tracker
from nlu.types import Intent, Understanding, Wish


@pytest.fixture
def generator(assistant: Assistant) -> CommandGenerator:
    return CommandGenerator(assistant, IntentRoles())


def kinds(commands: list[Any]) -> list[str]:
    return [command.command for command in commands]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("/SetSlots(card_type=체크카드)", [("card_type", "체크카드")]),
        ("/SetSlots(amount=50000, block_confirmed=true)", [("amount", 50_000), ("block_confirmed", True)]),
        ("/SetSlots(amount=1.5)", [("amount", 1.5)]),
        ("/SetSlots(memo='네, 맞아요')", [("memo", "네")]),
        ("/SetSlots(phone=null)", [("phone", None)]),
        ("/SetSlots(phone=010-1234-5678)", [("phone", "010-1234-5678")]),
        ("/SetSlots(phone=0101234)", [("phone", "0101234")]),
        ("/SetSlots(unknown=1)", []),
    ],
)
def test_set_slots_payload(
    generator: CommandGenerator, payload: str, expected: list[tuple[str, Any]]
) -> None:
    commands = generator.from_payload(payload)
    assert commands is not None
    assert [(c.name, c.value) for c in commands] == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("/card_loss", ["start flow"]),
        ("/transfer", ["start flow"]),
        ("/transfer_limit", ["start flow"]),
        ('/card_loss{"card_type": "체크카드"}', ["start flow", "set slot"]),
        ("/request_human", ["human handoff"]),
        ("/leave_queue", ["leave queue"]),
        ("/greet", ["chitchat"]),
        ("/cancel", ["cancel flow"]),
        ("/nothing", ["cannot handle"]),
    ],
)
def test_intent_payload(generator: CommandGenerator, payload: str, expected: list[str]) -> None:
    assert kinds(generator.from_payload(payload) or []) == expected


def test_plain_payload_is_understood_like_typed_text(generator: CommandGenerator) -> None:
    assert generator.from_payload("내일") is None


def test_two_flows_about_equally_likely_are_asked_about(generator: CommandGenerator) -> None:
    close = Understanding(
        text="카드 한도요",
        intent=Intent(name="card_loss", confidence=0.55),
        intent_ranking=(
            Intent(name="card_loss", confidence=0.55),
            Intent(name="transfer", confidence=0.50),
        ),
    )
    [command] = generator.generate(Tracker("c"), close)
    assert command.command == "clarify" and command.flows == ("card_loss", "transfer_limit")
    ranking = (Intent(name="card_loss", confidence=0.7), Intent(name="transfer", confidence=0.2))
    clear = close.model_copy(update={"intent": ranking[0], "intent_ranking": ranking})
    assert kinds(generator.generate(Tracker("c"), clear)) == ["start flow"]


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (understood("", None), ["cannot handle"]),
        (understood("카드", "card_loss", confidence=0.2), ["knowledge answer"]),
        (understood("피자", "card_loss", out_of_scope=True), ["knowledge answer"]),
        (understood("상담원", "request_human"), ["human handoff"]),
        (understood("상담원", "request_human", confidence=0.1), ["knowledge answer"]),
        (understood("그만", "cancel"), ["cancel flow"]),
        (understood("수수료", "bank_question"), ["knowledge answer"]),
        (understood("고마워요", "thanks"), ["chitchat"]),
        (understood("카드", "card_loss", card_type="체크카드"), ["start flow", "set slot"]),
    ],
)
def test_without_anything_going_on(
    generator: CommandGenerator, understanding: Understanding, expected: list[str]
) -> None:
    assert kinds(generator.generate(Tracker("c"), understanding)) == expected


def wishing(*names: str) -> Understanding:
    """A message with these wishes, the first the likeliest."""
    wishes = tuple(Wish(text=f"{name} 해 주세요", intent=Intent(name=name, confidence=0.9)) for name in names)
    return understood("두 가지", names[0]).model_copy(update={"wishes": wishes})


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        # Whatever comes last lies on top: the first wish is seen to first, a question before a flow that asks in return.
        (("card_loss", "transfer"), ["start flow transfer_limit", "start flow card_loss"]),
        (
            ("card_loss", "bank_question"),
            ["start flow card_loss", "knowledge answer bank_question 해 주세요"],
        ),
        (
            ("bank_question", "card_loss"),
            ["start flow card_loss", "knowledge answer bank_question 해 주세요"],
        ),
        (("card_loss", "thanks"), ["start flow card_loss"]),
    ],
)
def test_two_wishes(generator: CommandGenerator, names: tuple[str, ...], expected: list[str]) -> None:
    found = generator.generate(Tracker("c"), wishing(*names))
    said = [f"{c.command} {getattr(c, 'flow', None) or getattr(c, 'question', '')}" for c in found]
    assert said == expected


async def test_an_unsure_cancel_does_not_end_a_flow(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    assert (await talk.texts("뭐라고요"))[-1] == "전화번호를 알려 주세요."
    assert (await talk.tracker()).stack


async def test_restart_payload_forgets_slots_and_flows(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    await talk.say("처음으로", payload="/restart")
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.slot_values() == {}


async def test_skipping_a_needed_question_is_explained_and_asked_again(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    texts = await talk.texts("넘어가요", payload="/skip")
    assert texts == [
        "계속하려면 전화번호가 꼭 필요해요. 그만두시려면 '그만'이라고 말씀해 주세요.",
        "전화번호를 알려 주세요.",
    ]


async def test_a_value_that_the_slot_can_not_hold_is_asked_again(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    assert await talk.texts("골드", payload="/SetSlots(card_type=골드카드)") == ["어떤 카드인가요?"]
