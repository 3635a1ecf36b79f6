"""A builder's package of rasa-sdk actions runs unchanged: in process, and on the SDK's own server."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.conversation.actions_port import ActionError, ActionResult, ActionRunner
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import SlotSet, UserUttered
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander
from bot.conversation.tracker import Tracker
from bot.execution.in_process import InProcessRunner
from bot.execution.remote import MAX_ANSWER, RemoteRunner
from bot.execution.routed import RoutedRunner
from bot.storage.memory import MemoryStore

PACKAGE = "tests.execution.shop_actions"
NAMES = ["hello", "stock", "offer", "template", "json", "forget", "echo", "refuse", "fail"]
DOMAIN = f"""version: "3.1"
intents: [buy, affirm]
slots:
  product: {{type: text, mappings: [{{type: from_text}}]}}
  in_stock: {{type: bool, initial_value: false, mappings: [{{type: controlled}}]}}
responses:
  utter_ask_product: [{{text: 무엇을 찾으세요?}}]
  utter_offer: [{{text: "{{price}}에 드려요."}}]
  utter_sold_out: [{{text: 다 팔렸어요.}}]
actions: [{", ".join(f"action_{name}" for name in NAMES)}, validate_product]
"""
FLOWS = """version: "3.1"
flows:
  buy:
    name: 구매
    description: Sells a product.
    nlu_trigger: [{intent: buy}]
    run_pattern_completed: false
    steps:
      - collect: product
      - action: action_stock
        next:
          - if: slots.in_stock
            then:
              - action: action_offer
                next: END
          - else:
              - action: utter_sold_out
                next: END
"""
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The shop's domain and its one flow."""
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "data" / "flows").mkdir(parents=True)
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "data" / "flows" / "flows.yml").write_text(FLOWS, encoding="utf-8")
    return load_assistant(folder)


@pytest.fixture(scope="module")
def action_server() -> Any:
    """The SDK's server over the package: its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "rasa_sdk", "--actions", PACKAGE, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/webhook", process
    finally:
        process.terminate()
        process.wait(20)


async def answers(url: str) -> None:
    """Return when the server is up."""
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            try:
                async with session.get(url.replace("/webhook", "/health")) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise AssertionError("the action server did not start")


@pytest.fixture(params=["in process", "remote"])
async def runner(request: pytest.FixtureRequest, shop: Assistant) -> AsyncIterator[ActionRunner]:
    """The same package both ways."""
    if request.param == "in process":
        near = InProcessRunner(shop.domain, timeout=5)
        near.register_package(PACKAGE)
        yield near
        return
    url, _ = request.getfixturevalue("action_server")
    await answers(url)
    far = RemoteRunner(shop.domain, url, timeout=15)
    yield far
    await far.close()


def conversation(**slots: Any) -> Tracker:
    tracker = Tracker("c1")
    tracker.apply(UserUttered(seq=1, text="운동화 있어요?", message_id="m1", input_channel="rest"))
    for number, (name, value) in enumerate(slots.items(), 2):
        tracker.apply(SlotSet(seq=number, name=name, value=value))
    return tracker


async def ran(runner: ActionRunner, name: str, **slots: Any) -> ActionResult:
    return await runner.run(f"action_{name}", conversation(**slots), {})


async def test_words_slots_buttons_and_images_come_back(runner: ActionRunner) -> None:
    assert [said.text for said in (await ran(runner, "hello")).said] == ["반가워요!"]
    result = await ran(runner, "stock", product="운동화")
    assert result.said[0].text == "운동화 재고는 3개예요."
    assert [(event.name, event.value) for event in result.events if isinstance(event, SlotSet)] == [
        ("in_stock", True)
    ]
    offer = (await ran(runner, "offer")).said[0]
    assert (offer.response, offer.variables["price"]) == ("utter_offer", "3만 원")
    assert (offer.buttons[0].title, offer.image) == ("살래요", "https://example.com/shoe.png")
    assert (await ran(runner, "template")).said[0].response == "utter_offer"
    assert (await ran(runner, "json")).said[0].custom == {"kind": "coupon", "code": "AUTUMN"}


async def test_actions_see_the_conversation_and_the_domain(runner: ActionRunner) -> None:
    assert (await ran(runner, "echo")).said[0].text == "c1: 운동화 있어요? (in_stock, product)"


async def test_forgetting_resets_every_slot_to_its_beginning(runner: ActionRunner) -> None:
    events = (await ran(runner, "forget", product="운동화")).events
    assert {(e.name, e.value) for e in events if isinstance(e, SlotSet)} == {
        ("product", None),
        ("in_stock", False),
    }


@pytest.mark.parametrize(("name", "failure"), [("refuse", "raised"), ("fail", "raised")])
async def test_failures_are_told_without_the_customers_words(
    runner: ActionRunner, name: str, failure: str
) -> None:
    with pytest.raises(ActionError) as caught:
        await ran(runner, name)
    assert caught.value.failure == failure
    assert "010" not in caught.value.detail


async def test_a_whole_conversation(runner: ActionRunner, shop: Assistant) -> None:
    engine = Engine(Conversations(MemoryStore(), shop.responses), shop, TableUnderstander({}), runner)

    async def say(text: str) -> list[str]:
        message = UserMessage(conversation_id="c1", text=text, channel="rest")
        return [reply.text for reply in (await engine.handle(message)).replies]

    assert await say("/buy") == ["무엇을 찾으세요?"]
    assert await say("비행기") == ["그런 상품은 없어요.", "무엇을 찾으세요?"]
    assert await say("운동화") == ["운동화 재고는 3개예요.", "3만 원에 드려요."]


# -- servers that don't do what they should -------------------------------------------------------------------------

Handler = Callable[[web.Request], Any]


@pytest.fixture
async def served(shop: Assistant) -> AsyncIterator[Callable[..., Any]]:
    """A runner at a server with this handler."""
    opened: list[Any] = []

    async def make(handler: Handler, **options: Any) -> RemoteRunner:
        app = web.Application()
        app.router.add_post("/webhook", handler)
        site = web.AppRunner(app)
        await site.setup()
        await web.TCPSite(site, "127.0.0.1", 0).start()
        runner = RemoteRunner(shop.domain, f"http://127.0.0.1:{site.addresses[0][1]}/webhook", **options)
        opened.extend([runner.close, site.cleanup])
        return runner

    yield make
    for close in opened:
        await close()


async def failure(runner: RemoteRunner) -> ActionError:
    with pytest.raises(ActionError) as caught:
        await ran(runner, "hello")
    return caught.value


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(5)
    return web.json_response({})


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(2 * MAX_ANSWER // 65_536):
        await response.write(b" " * 65_536)
    return response


def replies(body: str, status: int = 200) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=body, status=status)

    return handler


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (slow, "timeout"),
        (endless, "bad_result"),
        (replies("not json"), "bad_result"),
        (replies("[]"), "bad_result"),
        (replies("null"), "bad_result"),
        (replies('{"events": "none"}'), "bad_result"),
        (replies('{"responses": [7]}'), "bad_result"),
        (replies('{"events": [{"event": "ownership"}]}'), "bad_result"),
        (replies("oops", 500), "raised"),
        (replies("", 302), "raised"),
        (replies('{"error": "no", "action_name": "action_hello"}', 404), "unknown_action"),
    ],
)
async def test_nonsense_costs_no_more_than_the_action(
    served: Callable[..., Any], handler: Handler, code: str
) -> None:
    error = await failure(await served(handler, timeout=1))
    assert error.failure == code


async def test_a_server_that_is_down_is_told_as_such(shop: Assistant) -> None:
    runner = RemoteRunner(shop.domain, "http://127.0.0.1:9/webhook", timeout=5)
    error = await failure(runner)
    assert (error.failure, error.detail) == ("raised", "the action server can't be reached")
    await runner.close()


async def test_the_token_is_sent_and_an_action_that_may_have_run_is_not_sent_again(
    served: Callable[..., Any],
) -> None:
    seen: list[str | None] = []

    async def hangs_up(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    assert (await failure(await served(hangs_up, token="open sesame"))).failure == "raised"
    assert seen == ["Bearer open sesame"]


async def test_the_domain_is_sent_only_when_it_is_asked_for(served: Callable[..., Any]) -> None:
    seen: list[bool] = []

    async def forgetful(request: web.Request) -> web.Response:
        body = await request.json()
        seen.append("domain" in body)
        known = "domain" in body or len(seen) > 2
        return web.json_response({"events": [], "responses": []}, status=200 if known else 449)

    runner = await served(forgetful)
    await ran(runner, "hello")
    await ran(runner, "hello")
    assert seen == [False, True, False]


async def test_what_is_in_process_is_not_asked_for_on_the_server(
    served: Callable[..., Any], shop: Assistant
) -> None:
    near = InProcessRunner(shop.domain)
    near.register_package(PACKAGE)
    near._executor.actions.pop("action_stock")
    far = await served(replies('{"responses": [{"text": "멀리서"}]}'))
    both = RoutedRunner(near, far)
    assert (await ran(both, "hello")).said[0].text == "반가워요!"
    assert (await ran(both, "stock")).said[0].text == "멀리서"
    assert not both.knows("action_nobody_has")
    with pytest.raises(ActionError, match="unknown_action"):
        await ran(both, "nobody_has")
