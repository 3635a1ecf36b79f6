"""Facts outlive a conversation only with the customer's consent, are offered instead of asked again, and go when told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation import clock
from bot.conversation.customers import Customer, Fact, Merge
from bot.conversation.said import agrees_to_remember, asks_what_is_known, wants_forgetting
from bot.conversation.tracker import Tracker
from formats import FormatError

from .test_collect import DOMAIN, SEND, Made

DAY = 86_400
ASKED = "다음에 다시 여쭙지 않도록 금액 30,000을 365일 동안 기억해 둘까요?"
OFFER = "지난번에 말씀하신 금액 30,000으로 도와드릴까요?"


def remembering(how: str = "with_consent") -> str:
    return DOMAIN.replace("    label: 금액\n", f"    label: 금액\n    metadata: {{remember: {how}}}\n")


def made_of(folder: Path, *steps: str, how: str = "with_consent") -> Made:
    return Made(folder, SEND + "".join(f"      - {step}\n" for step in steps), remembering(how))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A flow that asks for an amount, which may be remembered."""
    return made_of(tmp_path, "collect: amount", "action: utter_done")


async def kinds(made: Made, *names: str) -> list[tuple[str, Any]]:
    found = await made.engine.conversations.store.events("c", limit=1_000)
    return [(one.event, getattr(one, "given", one.slots)) for one in found if one.event in names]


async def agree(made: Made) -> None:
    await made.say("보내 주세요")
    await made.say("3만원이요")
    await made.say("네")


async def facts(made: Made) -> list[Fact]:
    store = made.engine.conversations.store
    customer_id = await store.customer_of("c")
    return await store.facts(customer_id) if customer_id else []


async def test_nothing_is_kept_before_the_customer_agreed(made: Made) -> None:
    await made.say("보내 주세요")
    done, asked = await made.say("3만원이요")
    assert done == "됐어요." and asked.startswith(ASKED)
    assert await facts(made) == []
    assert await made.say("네") == ["네, 기억해 둘게요.", "더 도와드릴 일이 있을까요?"]
    [fact] = await facts(made)
    assert fact.value == 30000 and fact.expires_at == pytest.approx(clock.now() + 365 * DAY, abs=60)
    assert await kinds(made, "consent", "facts_remembered") == [
        ("consent", True),
        ("facts_remembered", ["amount"]),
    ]


async def test_a_remembered_value_is_offered_and_taken(made: Made) -> None:
    await agree(made)
    with clock.moved(3 * DAY):
        assert await made.say("보내 주세요") == [OFFER]
        assert (await made.say("네"))[0] == "됐어요."
    tracker = await made.engine.conversations.tracker("c")
    restored = Tracker.restore(await made.engine.conversations.store.load("c"))
    assert restored.state == tracker.state


async def test_another_answer_is_taken_as_one_and_kept_from_then_on(made: Made) -> None:
    await agree(made)
    with clock.moved(3 * DAY):
        await made.say("보내 주세요")
        said = await made.say("아니 4만원이요")
    assert said[0] == "됐어요." and not any("기억해" in text for text in said)
    assert [fact.value for fact in await facts(made)] == [40000]


async def test_no_to_the_offer_asks_the_question(made: Made) -> None:
    await agree(made)
    with clock.moved(3 * DAY):
        await made.say("보내 주세요")
        assert await made.say("아니요") == ["얼마요?"]


async def test_who_refused_is_not_asked_again(made: Made) -> None:
    await made.say("보내 주세요")
    await made.say("3만원이요")
    assert (await made.say("아니요"))[0] == "네, 기억하지 않을게요."
    with clock.moved(3 * DAY):
        await made.say("보내 주세요")
        assert await made.say("3만원이요") == ["됐어요.", "더 도와드릴 일이 있을까요?"]
    assert [(fact.consent, fact.value) for fact in await facts(made)] == [(False, None)]
    assert await kinds(made, "consent") == [("consent", False)]


async def test_who_passes_the_question_over_is_asked_once_a_session(made: Made) -> None:
    await made.say("보내 주세요")
    await made.say("3만원이요")
    await made.say("보내 주세요")
    assert await made.say("3만원이요") == ["됐어요.", "더 도와드릴 일이 있을까요?"]
    with clock.moved(3 * DAY):
        await made.say("보내 주세요")
        assert (await made.say("3만원이요"))[1].startswith(ASKED)


async def test_a_slot_may_be_filled_without_a_word(tmp_path: Path) -> None:
    made = made_of(tmp_path, "collect: amount", "action: utter_done", how="{days: 30, confirm: false}")
    await agree(made)
    with clock.moved(3 * DAY):
        assert (await made.say("보내 주세요"))[0] == "됐어요."
    with clock.moved(31 * DAY):
        assert await made.say("보내 주세요") == ["얼마요?"]


async def test_after_its_time_a_value_is_forgotten_and_the_consent_is_not(made: Made) -> None:
    await agree(made)
    with clock.moved(366 * DAY):
        assert await made.say("보내 주세요") == ["얼마요?"]
        assert await made.say("3만원이요") == ["됐어요.", "더 도와드릴 일이 있을까요?"]
        assert await made.engine.conversations.store.drop_expired_facts(clock.now()) == 0
        assert [fact.known(clock.now()) for fact in await facts(made)] == [True]


async def test_what_is_remembered_is_deleted_when_the_customer_says_so(made: Made) -> None:
    await agree(made)
    with clock.moved(3 * DAY):
        await made.say("보내 주세요")
        await made.say("네")
        assert (await made.say("저에 대해 뭘 기억하고 있어요?"))[0] == "지금 기억해 둔 정보예요: 금액 30,000"
        [gone, *_] = await made.say("제 정보 지워 주세요")
        assert gone.startswith("기억해 둔 금액을 지웠어요.")
        assert [(fact.consent, fact.value) for fact in await facts(made)] == [(False, None)]
        assert (await made.say("/forget_facts"))[0].startswith("기억해 둔 정보가 없어요.")
        assert (await made.say("뭘 기억하고 있어요?"))[0] == "따로 기억해 둔 정보가 없어요."
        assert await made.say("보내 주세요") == ["얼마요?"]
    assert ("facts_forgotten", ["amount"]) in await kinds(made, "facts_forgotten")


@pytest.mark.parametrize("at", ["the consent", "the offer"])
async def test_forgetting_answers_the_questions_about_remembering(made: Made, at: str) -> None:
    if at == "the offer":
        await agree(made)
        with clock.moved(3 * DAY):
            await made.say("보내 주세요")
            said = await made.say("기억하지 마세요")
        assert said[0].startswith("기억해 둔 금액을 지웠어요.") and said[1] == "얼마요?"
    else:
        await made.say("보내 주세요")
        await made.say("3만원이요")
        said = await made.say("기억하지 마세요")
        assert said[0].startswith("기억해 둔 정보가 없어요.") and not any("둘까요" in text for text in said)
    assert [fact.consent for fact in await facts(made)] == [False]


async def test_what_is_known_in_one_channel_is_known_in_those_of_the_same_customer(made: Made) -> None:
    await agree(made)
    store = made.engine.conversations.store
    mine = str(await store.customer_of("c"))
    await store.meet("kakao-1", Customer(id="other"))
    merge = Merge(kept_id="other", gone_id=mine, at=0, actor_id="a", actor_name="김민지")
    await store.merge(merge, kept_version=1, gone_version=1)
    from bot.conversation.messages import UserMessage

    message = UserMessage(conversation_id="kakao-1", text="보내 주세요", channel="kakao")
    result = await made.engine.handle(message)
    assert [reply.text for reply in result.replies] == [OFFER]


async def test_events_hold_no_values_of_their_own(made: Made) -> None:
    await agree(made)
    events = await made.engine.conversations.store.events("c", limit=1_000)
    told = [one for one in events if one.event in ("consent", "facts_remembered")]
    assert told and all("30000" not in one.model_dump_json() for one in told)


@pytest.mark.parametrize(
    ("metadata", "problem"),
    [
        ("{remember: always}", "with_consent, or {days, confirm}"),
        ("{remember: {days: 0}}", "days"),
        ("{remember: {weeks: 2}}", "weeks"),
        ("{remember: with_consent, secret: true}", "never remembered"),
    ],
)
def test_what_may_not_be_remembered_is_refused(tmp_path: Path, metadata: str, problem: str) -> None:
    domain = DOMAIN.replace("    label: 금액\n", f"    label: 금액\n    metadata: {metadata}\n")
    with pytest.raises(FormatError) as caught:
        Made(tmp_path, f"{SEND}      - collect: amount\n", domain)
    assert problem in caught.value.en


@pytest.mark.parametrize(
    "text",
    [
        "제 정보 지워 주세요",
        "내 정보 다 삭제해줘",
        "기억하지 마세요",
        "이제 기억하지 말아 주세요",
        "기억해 둔 거 전부 지워 주세요.",
        "저에 대한 정보 삭제해 주세요",
        "저를 잊어 주세요",
        "제 개인정보를 모두 폐기해 주세요",
    ],
)
def test_who_wants_to_be_forgotten_says_so(text: str) -> None:
    assert wants_forgetting(text)


@pytest.mark.parametrize(
    "text",
    [
        "개인정보 삭제하려면 어떻게 하나요?",
        "제 정보 지울 수 있나요?",
        "카드 정보 지워 주세요",
        "비밀번호가 기억나지 않아요",
        "제 정보 좀 바꿔 주세요",
        "기억해 주세요",
        "등록한 주소 삭제해 주세요",
    ],
)
def test_what_only_sounds_like_it_deletes_nothing(text: str) -> None:
    assert not wants_forgetting(text)


def test_questions_and_answers_about_remembering() -> None:
    assert all(map(asks_what_is_known, ["저에 대해 뭘 기억하고 있어요?", "제 정보 뭐 저장하고 있나요?"]))
    assert not any(map(asks_what_is_known, ["기억하고 있어요", "비밀번호를 기억하고 있어요"]))
    assert all(map(agrees_to_remember, ["기억해 주세요", "네, 기억해 두세요", "기억해 둬도 돼요"]))
    assert not any(map(agrees_to_remember, ["기억하지 마세요", "기억해 두지 마세요"]))
