"""The server is killed with SIGKILL in the middle of work: everybody goes on where they were, each message is there once."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest

pytestmark = pytest.mark.slow


async def test_a_customer_goes_on_in_the_middle_of_a_flow(start_server: Any, new_customer: Any) -> None:
    server = start_server()
    customer = await new_customer(server.url)
    await customer.send("카드를 잃어버렸어요")
    first = await customer.send("010-1234-5678", "phone-1")
    before = await customer.messages()
    server.kill()

    again = start_server(server.data_dir)
    customer.url = again.url
    assert await customer.messages() == before
    assert (await customer.send("010-1234-5678", "phone-1"))["seq"] == first["seq"], (
        "a repetition is the same message"
    )
    assert await customer.messages() == before, "and says nothing twice"
    await customer.send("신용카드요")
    assert await customer.says_last() == (
        "끝자리 4821 신용카드를 바로 정지할까요? 정지하면 결제와 출금이 모두 막혀요."
    )


async def test_an_agent_goes_on_in_the_middle_of_a_conversation(
    start_server: Any, new_customer: Any, sign_in: Any, add_agent: Any
) -> None:
    server = start_server()
    password = add_agent(server, "minji", "김민지")
    agent = await sign_in(server.url, "minji", password)
    customer = await new_customer(server.url)
    await customer.send("카드를 잃어버렸어요")
    await customer.send("상담원 바꿔 주세요")
    [case] = (await agent.get("/cases?state=waiting"))["cases"]
    await agent.post(f"/cases/{case['id']}/accept")
    await agent.post(f"/cases/{case['id']}/messages", {"text": "확인해 드릴게요.", "client_msg_id": "a-1"})
    await customer.send("네 부탁드려요")
    seen = (await agent.get(f"/cases/{case['id']}/messages"))["messages"]
    server.kill()

    again = start_server(server.data_dir)
    customer.url = agent.url = again.url
    assert (await agent.get(f"/cases/{case['id']}/messages"))["messages"] == seen
    assert [c["id"] for c in (await agent.get("/cases?state=mine"))["cases"]] == [case["id"]]
    await agent.post(f"/cases/{case['id']}/messages", {"text": "확인해 드릴게요.", "client_msg_id": "a-1"})
    await agent.post(f"/cases/{case['id']}/messages", {"text": "처리했어요.", "client_msg_id": "a-2"})
    await customer.send("고마워요")
    said = [(m["speaker"]["kind"], m["text"]) for m in await customer.messages()]
    assert said[-4:] == [
        ("agent", "확인해 드릴게요."),
        ("customer", "네 부탁드려요"),
        ("agent", "처리했어요."),
        ("customer", "고마워요"),
    ], "the bot keeps silent, nothing is there twice"


async def test_messages_under_way_are_there_exactly_once_after_a_kill(
    start_server: Any, new_customer: Any
) -> None:
    server = start_server()
    customers = [await new_customer(server.url) for _ in range(4)]
    acknowledged: set[str] = set()
    busy = asyncio.Event()

    async def talk(who: int) -> None:
        for number in range(25):
            name = f"{who}-{number}"
            await customers[who].send(f"수수료 얼마예요 {name}", name)
            acknowledged.add(name)
            if len(acknowledged) == 12:
                busy.set()

    talking = [asyncio.create_task(talk(who)) for who in range(4)]
    await asyncio.wait_for(busy.wait(), timeout=30)
    server.kill()
    results = await asyncio.gather(*talking, return_exceptions=True)
    assert any(isinstance(result, aiohttp.ClientError) for result in results), "some were under way"
    survived = len(acknowledged)

    again = start_server(server.data_dir)
    for who, customer in enumerate(customers):
        customer.url = again.url
        kept = [m["client_msg_id"] for m in await customer.messages() if m["speaker"]["kind"] == "customer"]
        lost = {name for name in acknowledged if name.startswith(f"{who}-")} - set(kept)
        assert not lost, "what was acknowledged is there"
    await asyncio.gather(*(talk(who) for who in range(4)))
    assert len(acknowledged) == 100 > survived
    for who, customer in enumerate(customers):
        lines = await customer.messages()
        counts = Counter(m["client_msg_id"] for m in lines if m["speaker"]["kind"] == "customer")
        assert counts == Counter(f"{who}-{number}" for number in range(25)), "each once"
        assert len({m["id"] for m in lines}) == len(lines)
