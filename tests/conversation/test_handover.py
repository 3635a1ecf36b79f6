"""Bot and person: never both, nothing lost, whatever the order of events."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.conversation.errors import NotOwner, OwnershipError
from bot.conversation.handover import Agent, AlreadyTaken
from bot.conversation.ownership import TRANSITIONS, check_transition


async def queued(talk: Any) -> Any:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("상담원 바꿔 주세요")
    return (await talk.tracker()).case


async def test_bot_is_silent_while_a_person_is_asked_or_speaks(
    talk: Any, handover: Any, minji: Agent
) -> None:
    case = await queued(talk)
    assert await talk.texts("수수료가 얼마예요?") == []
    await handover.accept(case, minji)
    assert await talk.texts("안녕하세요") == []
    tracker = await talk.tracker()
    assert tracker.case.unread == 1 and tracker.case.last_text == "안녕하세요"


async def test_only_one_agent_gets_a_case(talk: Any, handover: Any, minji: Agent) -> None:
    case = await queued(talk)
    agents = [minji, *(Agent(id=f"a{n}", name=f"상담원{n}") for n in range(2, 12))]
    results = await asyncio.gather(
        *(handover.accept(case, agent) for agent in agents), return_exceptions=True
    )
    assert sum(not isinstance(r, Exception) for r in results) == 1
    assert all(isinstance(r, AlreadyTaken) for r in results if isinstance(r, Exception))


async def test_returned_conversation_goes_on_at_the_open_question(
    talk: Any, handover: Any, minji: Agent
) -> None:
    case = await queued(talk)
    await handover.accept(case, minji)
    await handover.give_back(
        case, minji, "resolved", "본인 확인함", {"phone": "010-1111-2222", "nonsense": 1}
    )
    tracker = await talk.tracker()
    assert tracker.owner == "bot" and tracker.slot("phone") == "010-1111-2222"
    assert "nonsense" not in tracker.slot_values()
    assert tracker.state.outcomes[-1].note == "본인 확인함"
    said = [event.text for event in await talk.events() if event.event == "bot"][-2:]
    assert said == ["상담원과의 상담이 끝났어요. 이어서 제가 도와드릴게요.", "어떤 카드인가요?"]
    assert await talk.texts("신용카드요") == ["신용카드를 정지할까요?"]


async def test_closed_conversation_begins_anew(talk: Any, handover: Any, minji: Agent) -> None:
    case = await queued(talk)
    await handover.accept(case, minji)
    closed = await handover.close(case, minji, "resolved", "안내함")
    assert (closed.state, closed.outcome_code) == ("closed", "resolved")
    assert await talk.texts("안녕하세요") == ["안녕하세요."]
    assert (await talk.tracker()).owner == "bot"


async def test_stranger_cannot_write_return_or_close(talk: Any, handover: Any, minji: Agent) -> None:
    case = await queued(talk)
    await handover.accept(case, minji)
    other = Agent(id="a2", name="박준호")
    for act in (
        handover.say(case, other, "안녕하세요"),
        handover.give_back(case, other, "x", ""),
        handover.close(case, other, "x", ""),
        handover.transfer(case, other, ""),
    ):
        with pytest.raises(NotOwner):
            await act


async def test_transfer_goes_back_to_the_queue_with_its_note(talk: Any, handover: Any, minji: Agent) -> None:
    case = await queued(talk)
    await handover.accept(case, minji)
    back = await handover.transfer(case, minji, "한도 담당이 필요해요")
    assert back.state == "queued" and back.agent_id is None
    notes = [event.text for event in await talk.events() if event.event == "note"]
    assert notes == ["한도 담당이 필요해요"]
    assert (await handover.accept(case, Agent(id="a2", name="박준호"))).agent_name == "박준호"


async def test_leaving_the_queue_gives_the_bot_back_and_ends_the_case(
    talk: Any, handover: Any, minji: Agent
) -> None:
    case = await queued(talk)
    assert await handover.leave_queue("c1") is True
    assert await handover.leave_queue("c1") is False
    with pytest.raises(OwnershipError):
        await handover.accept(case, minji)
    assert (await talk.tracker()).owner == "bot"


async def test_agents_message_is_idempotent(talk: Any, handover: Any, minji: Agent) -> None:
    case = await queued(talk)
    await handover.accept(case, minji)
    first = await handover.say(case, minji, "안녕하세요, 김민지입니다", "d1")
    again = await handover.say(case, minji, "안녕하세요, 김민지입니다", "d1")
    assert first.seq == again.seq
    assert sum(event.event == "agent" for event in await talk.events()) == 1


async def test_hundred_messages_against_accept_and_return_never_have_two_speakers(
    talk: Any, handover: Any, minji: Agent
) -> None:
    case = await queued(talk)

    async def customer(number: int) -> None:
        await asyncio.sleep(number % 7 * 0.001)
        await talk.say("안녕하세요", message_id=f"m{number}", client_supplied_id=True)

    async def desk() -> None:
        current = case
        for _ in range(12):
            await asyncio.sleep(0.001)
            await handover.accept(current, minji)
            await handover.say(current, minji, "확인하고 있어요")
            await handover.give_back(current, minji, "resolved", "")
            await talk.say("상담원 바꿔 주세요")
            current = (await talk.tracker()).case

    await asyncio.gather(desk(), *(customer(number) for number in range(100)))
    events = await talk.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    said = [
        event.message_id for event in events if event.event == "user" and event.message_id.startswith("m")
    ]
    assert sorted(said) == sorted(f"m{number}" for number in range(100)), "each message is there exactly once"
    owner = "bot"
    for event in events:
        if event.event == "ownership":
            check_transition(event.before, event.after)
            assert event.before == owner
            owner = event.after
        elif event.event == "bot":
            assert owner == "bot"
        elif event.event == "agent":
            assert owner == "agent"


def test_every_owner_can_get_out_again() -> None:
    assert all(TRANSITIONS[owner] for owner in TRANSITIONS)
    with pytest.raises(OwnershipError):
        check_transition("bot", "agent")
