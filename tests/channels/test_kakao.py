"""KakaoTalk's skill webhook: in time, by callback, or behind "결과 보기"; never twice, never nothing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.kakao import FAILED_TEXT, LATER_TEXT, NOTHING_YET, SECRET_HEADER
from bot.channels.kakao_callback import may_call, post_callback
from bot.conversation.actions_port import Said

SKILL = "/webhooks/kakao/skill"


def payload(utterance: Any = "안녕하세요", user: Any = "kim-01", **parts: Any) -> dict[str, Any]:
    """A skill call as the chatbot's servers make it."""
    request: dict[str, Any] = {
        "timezone": "Asia/Seoul",
        "params": {"surface": "Kakaotalk.plusfriend", "ignoreMe": "true"},
        "block": {"id": "blk-fallback", "name": "폴백 블록"},
        "utterance": utterance,
        "lang": "ko",
        "user": {
            "id": user,
            "type": "botUserKey",
            "properties": {"botUserKey": user, "plusfriendUserKey": "pf-77", "isFriend": True},
        },
    }
    if "callback" in parts:
        request["callbackUrl"] = parts["callback"]
    return {
        "intent": {
            "id": "blk-fallback",
            "name": "폴백 블록",
            "extra": {"reason": {"code": 1, "message": "OK"}},
        },
        "userRequest": request,
        "bot": {"id": parts.get("bot", "bot-9"), "name": "이음은행"},
        "action": {
            "id": "act-1",
            "name": "상담 스킬",
            "clientExtra": parts.get("extra"),
            "params": {},
            "detailParams": {},
        },
        "contexts": [],
        "flow": {"trigger": {"type": "TEXT_INPUT"}, "lastBlock": {"id": "b", "name": "n"}},
    }


async def skill(house: Any, body: Any, status: int = 200, **headers: str) -> dict[str, Any]:
    got, answer = await house.call("POST", SKILL, body, headers=headers)
    assert got == status, answer
    return dict(answer)


def texts(answer: dict[str, Any]) -> list[str]:
    assert answer["version"] == "2.0"
    return [
        output["simpleText"]["text"] for output in answer["template"]["outputs"] if "simpleText" in output
    ]


class Messenger:
    """Where callbacks arrive."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answer: web.Response | None = None
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        return self.answer or web.json_response({"taskId": "t", "status": "SUCCESS", "message": ""})


@pytest.fixture
async def messenger() -> AsyncIterator[Messenger]:
    messenger, app = Messenger(), web.Application()
    app.router.add_post("/callback", messenger.take)
    async with TestServer(app) as server:
        messenger.url = str(server.make_url("/callback"))
        yield messenger


# -- in time ----------------------------------------------------------------------------------------------------


async def test_a_greeting_with_quick_replies(house: Any) -> None:
    answer = await skill(house, payload())
    assert texts(answer)[0].startswith("안녕하세요, 이음은행")
    quick = answer["template"]["quickReplies"][0]
    assert quick["label"] == "카드 분실 신고" and quick["extra"] == {"payload": "/card_loss"}


async def test_a_quick_reply_brings_its_payload_back(house: Any) -> None:
    answer = await skill(house, payload("카드 분실 신고", extra={"payload": "/card_loss"}))
    assert texts(answer) == ["본인 확인을 위해 은행에 등록된 휴대전화 번호를 알려 주세요."]


async def test_an_answer_has_its_source_on_a_card(house: Any) -> None:
    answer = await skill(house, payload("수수료가 얼마예요?"))
    card = answer["template"]["outputs"][-1]["textCard"]
    assert card["title"] == "출처: 수수료 안내"
    assert card["buttons"][0]["webLinkUrl"].endswith("/knowledge/fees.md#c1")
    assert card["buttons"][0]["webLinkUrl"].startswith("http://")


async def test_a_person_is_called_by_kakaos_own_button(house: Any) -> None:
    answer = await skill(house, payload("상담원 바꿔 주세요"))
    card = answer["template"]["outputs"][-1]["textCard"]
    assert card["buttons"] == [{"action": "operator", "label": "상담원 연결"}]


async def test_words_of_agents_come_once_with_the_next_answer(house: Any) -> None:
    await skill(house, payload("상담원 바꿔 주세요"))
    case = await house.agent_takes("kakao-bot-9-kim-01")
    await house.agent_says(case, "본인 확인을 도와드릴게요.")
    assert "[김민지 상담원] 본인 확인을 도와드릴게요." in texts(await skill(house, payload("네")))
    assert texts(await skill(house, payload("네"))) == ["메시지를 전달했어요."]


async def test_a_call_that_comes_again_runs_nothing_again(house: Any) -> None:
    headers = {"X-Request-Id": "chp-1"}
    first = await skill(house, payload("수수료가 얼마예요?"), **headers)
    assert await skill(house, payload("수수료가 얼마예요?"), **headers) == first
    assert house.bank.questions == ["수수료가 얼마예요?"]
    together = await asyncio.gather(
        *(skill(house, payload("안녕하세요"), **{"X-Request-Id": "chp-2"}) for _ in range(5))
    )
    assert all(answer == together[0] for answer in together)
    said = [event.text for event in await house.events("kakao-bot-9-kim-01") if event.event == "user"]
    assert said == ["수수료가 얼마예요?", "안녕하세요"]


async def test_development_and_live_channel_are_one_conversation(house: Any) -> None:
    await skill(house, payload(bot="bot-9!"))
    await skill(house, payload(bot="bot-9"))
    events = await house.events("kakao-bot-9-kim-01")
    assert len([event for event in events if event.event == "user"]) == 2
    said = next(event for event in events if event.event == "user")
    assert said.metadata == {"identities": {"plusfriend_user_key": "pf-77"}}


@pytest.mark.parametrize("utterance", ["", "   ", None, 7, "\u200b", "가" * 5_001, "\ud800"])
async def test_words_that_cannot_be_taken_are_told_to_the_customer(house: Any, utterance: Any) -> None:
    assert texts(await skill(house, payload(utterance)))[0]


async def test_a_turn_that_fails_says_so(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(message: Any) -> Any:
        raise RuntimeError("비밀")

    monkeypatch.setattr(house.server.service.engine, "handle", crash)
    assert texts(await skill(house, payload())) == [FAILED_TEXT]


# -- who may call -----------------------------------------------------------------------------------------------


async def test_the_secret_must_be_right_where_it_is_set(open_house: Any) -> None:
    house = await open_house(SANGDAM_KAKAO_SECRET="열려라")
    for given in ({}, {SECRET_HEADER: "x"}, {SECRET_HEADER: "\u00ff"}):
        assert (await skill(house, payload(), 401, **given))["code"] == "bad_secret"
    await skill(house, payload(), **{SECRET_HEADER: "열려라"})


async def test_without_a_secret_an_open_server_refuses(open_house: Any) -> None:
    house = await open_house(SANGDAM_HOST="0.0.0.0", SANGDAM_API_TOKEN="t")
    answer = await skill(house, payload(), 503)
    assert answer["code"] == "kakao_not_configured" and SECRET_HEADER in answer["remedy"]
    assert (await house.call("POST", "/api/demo/kakao", {"user_id": "a", "utterance": "b"}))[0] == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"userRequest": None}, "bad_skill_payload"),
        ({"userRequest": []}, "bad_skill_payload"),
        ({"userRequest": {"utterance": "가"}}, "bad_user"),
        ({"userRequest": {"utterance": "가", "user": {"id": 5}}}, "bad_user"),
        ({"userRequest": {"utterance": "가", "user": {"id": ""}}}, "bad_user"),
        ({"userRequest": {"utterance": "가", "user": {"id": "x" * 101}}}, "bad_user"),
        ({"userRequest": {"utterance": "가", "user": {"id": "\ud800"}}}, "bad_user"),
        ({"userRequest": {"utterance": "가", "user": "kim"}}, "bad_user"),
        ({"bot": {"id": "\x00"}}, "bad_user"),
    ],
)
async def test_what_is_no_skill_payload(house: Any, change: dict[str, Any], code: str) -> None:
    assert (await skill(house, payload() | change, 400))["code"] == code


@pytest.mark.parametrize(
    "change",
    [
        {"bot": None},
        {"bot": "x"},
        {"action": None},
        {"action": {"clientExtra": "null"}},
        {"action": {"clientExtra": {"payload": 3}}},
        {"action": {"clientExtra": {"payload": "\ud800"}}},
        {"intent": None, "contexts": None, "flow": 3, "new": {"part": 1}},
    ],
)
async def test_missing_and_new_parts_are_borne(house: Any, change: dict[str, Any]) -> None:
    assert texts(await skill(house, payload() | change))[0].startswith("안녕하세요")


async def test_only_known_bots_where_they_are_named(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = house.server._kakao
    monkeypatch.setattr(
        channel,
        "_options",
        channel._options.__class__(base_url="http://x", trust_local=True, allow_bots=("bot-9",)),
    )
    await skill(house, payload(bot="bot-9!"))
    assert (await skill(house, payload(bot="other"), 403))["code"] == "foreign_bot"


# -- too late ---------------------------------------------------------------------------------------------------


async def test_a_slow_answer_comes_by_callback_once(house: Any, messenger: Messenger, soon: Any) -> None:
    house.bank.slow = 0.6
    answer = await skill(house, payload("천천히 알려 주세요?", callback=messenger.url))
    assert answer == {
        "version": "2.0",
        "useCallback": True,
        "data": {"text": "확인하고 있어요. 잠시만 기다려 주세요."},
    }
    await soon(lambda: messenger.got)
    assert "수수료는 500원이에요." in texts(messenger.got[0])
    await asyncio.sleep(0.1)
    assert len(messenger.got) == 1
    assert texts(await skill(house, payload("결과 보기"))) == [NOTHING_YET]


async def test_a_fast_answer_needs_no_callback(house: Any, messenger: Messenger) -> None:
    answer = await skill(house, payload("안녕하세요", callback=messenger.url))
    assert "template" in answer and messenger.got == []


async def test_without_callback_the_answer_waits_behind_a_quick_reply(house: Any, soon: Any) -> None:
    house.bank.slow = 0.6
    answer = await skill(house, payload("천천히 알려 주세요?"))
    assert texts(answer) == [LATER_TEXT]
    assert [quick["label"] for quick in answer["template"]["quickReplies"]] == ["결과 보기"]
    assert texts(await skill(house, payload("결과 보기"))) == [LATER_TEXT]
    await asyncio.sleep(0.5)
    shown = await skill(house, payload("결과 보기"))
    assert "수수료는 500원이에요." in texts(shown) and "textCard" in shown["template"]["outputs"][-1]
    assert texts(await skill(house, payload("결과 보기"))) == [NOTHING_YET]
    said = [event.text for event in await house.events("kakao-bot-9-kim-01") if event.event == "user"]
    assert said == ["천천히 알려 주세요?"]  # asking for the result is no message


async def test_what_came_late_comes_with_the_next_message_too(house: Any) -> None:
    house.bank.slow = 0.5
    await skill(house, payload("천천히 알려 주세요?"))
    await asyncio.sleep(0.5)
    told = texts(await skill(house, payload("안녕하세요")))
    assert told[0] == "수수료는 500원이에요." and any("안녕하세요" in text for text in told)


async def test_an_answer_too_late_even_for_the_callback(house: Any, messenger: Messenger, soon: Any) -> None:
    house.bank.slow = 1.6
    await skill(house, payload("천천히 알려 주세요?", callback=messenger.url))
    await soon(lambda: messenger.got)
    assert texts(messenger.got[0]) == [LATER_TEXT]
    await asyncio.sleep(0.5)
    assert "수수료는 500원이에요." in texts(await skill(house, payload("결과 보기")))
    assert len(messenger.got) == 1


@pytest.mark.parametrize("status", [400, 302, 500])
async def test_a_refused_callback_is_not_repeated_and_the_answer_kept(
    house: Any, messenger: Messenger, soon: Any, status: int
) -> None:
    messenger.answer = web.json_response({"status": "FAIL"}, status=status)
    house.bank.slow = 0.4
    await skill(house, payload("천천히 알려 주세요?", callback=messenger.url))
    await soon(lambda: messenger.got)
    await asyncio.sleep(0.2)
    assert "수수료는 500원이에요." in texts(await skill(house, payload("결과 보기")))
    assert len(messenger.got) == 1


async def test_nobody_at_the_callback_keeps_the_answer(house: Any) -> None:
    house.bank.slow = 0.4
    await skill(house, payload("천천히 알려 주세요?", callback="http://127.0.0.1:9/x"))
    await asyncio.sleep(0.4)
    assert "수수료는 500원이에요." in texts(await skill(house, payload("결과 보기")))


async def test_a_late_turn_that_fails_leaves_a_word(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(message: Any) -> Any:
        await asyncio.sleep(0.4)
        raise RuntimeError

    monkeypatch.setattr(house.server.service.engine, "handle", crash)
    await skill(house, payload())
    await asyncio.sleep(0.3)
    assert texts(await skill(house, payload("결과 보기"))) == [FAILED_TEXT]


async def test_a_late_turn_that_fails_is_called_back(
    house: Any, messenger: Messenger, soon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(message: Any) -> Any:
        await asyncio.sleep(0.4)
        raise RuntimeError

    monkeypatch.setattr(house.server.service.engine, "handle", crash)
    await skill(house, payload(callback=messenger.url))
    await soon(lambda: messenger.got)
    assert texts(messenger.got[0]) == [FAILED_TEXT]


async def test_what_does_not_fit_into_one_answer_comes_with_the_next(house: Any) -> None:
    house.bank.said = tuple(Said(text=f"{n}쪽 " + "글" * 900) for n in range(5))
    first = await skill(house, payload("수수료가 얼마예요?"))
    assert first["template"]["quickReplies"][0]["label"] == "결과 보기"
    second = await skill(house, payload("결과 보기"))
    told = texts(first) + texts(second)
    assert [text[:2] for text in told if text[1] == "쪽"] == [f"{n}쪽" for n in range(5)]


@pytest.mark.parametrize(
    ("url", "local", "may"),
    [
        ("https://bot-api.kakao.com/callback/x", False, True),
        ("https://kakao.com/x", False, True),
        ("http://bot-api.kakao.com/x", False, False),
        ("https://kakao.com.evil.example/x", False, False),
        ("https://evilkakao.com/x", False, False),
        ("https://user@evil.example/kakao.com", False, False),
        ("http://127.0.0.1:1/x", False, False),
        ("http://127.0.0.1:1/x", True, True),
        ("ftp://127.0.0.1/x", True, False),
        ("http://169.254.169.254/latest", True, False),
        ("http://[::1", True, False),
        ("", True, False),
    ],
)
def test_callbacks_go_to_kakao_only(url: str, local: bool, may: bool) -> None:
    assert may_call(url, local=local) is may


async def test_a_foreign_callback_address_is_not_called(house: Any) -> None:
    house.bank.slow = 0.4
    answer = await skill(house, payload("천천히 알려 주세요?", callback="https://evil.example/x"))
    assert texts(answer) == [LATER_TEXT]


async def test_an_answer_that_is_no_text_is_no_success(messenger: Messenger) -> None:
    messenger.answer = web.Response(body=b"\xff\xfe")
    assert not await post_callback(messenger.url, {})


# -- the page that plays the messenger ----------------------------------------------------------------------------


@pytest.fixture
async def demo(house: Any) -> Any:
    """The messenger's page speaks to this very server."""
    for route in house.client.app.router.routes():
        handler = getattr(route.handler, "__self__", None)
        if type(handler).__name__ == "DemoKakao":
            handler._own_url = house.url.rstrip("/")
    return house


async def test_the_demo_messenger(demo: Any, soon: Any) -> None:
    user = f"u-{uuid.uuid4().hex[:8]}"
    status, body = await demo.call("POST", "/api/demo/kakao", {"user_id": user, "utterance": "안녕하세요"})
    assert status == 200 and texts(body["response"])[0].startswith("안녕하세요")
    demo.bank.slow = 0.6
    _, body = await demo.call(
        "POST", "/api/demo/kakao", {"user_id": user, "utterance": "천천히 알려 주세요?"}
    )
    assert body["response"]["useCallback"]
    await asyncio.sleep(0.6)
    _, body = await demo.call("GET", f"/api/demo/kakao/{user}/callbacks")
    assert "수수료는 500원이에요." in texts(body["responses"][0])
    assert (await demo.call("GET", f"/api/demo/kakao/{user}/callbacks"))[1] == {"responses": []}


async def test_the_demo_shows_what_agents_say(demo: Any) -> None:
    await demo.call("POST", "/api/demo/kakao", {"user_id": "u1", "utterance": "상담원 바꿔 주세요"})
    case = await demo.agent_takes("kakao-sangdam-demo-u1")
    await demo.agent_says(case, "네, 김민지예요.")
    _, body = await demo.call("GET", "/api/demo/kakao/u1/messages?after=0")
    assert [line["text"] for line in body["messages"] if line["speaker"]["kind"] == "agent"] == [
        "네, 김민지예요."
    ]
    _, rest = await demo.call("GET", f"/api/demo/kakao/u1/messages?after={body['cursor']}")
    assert rest["messages"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/demo/kakao", {"user_id": "a b", "utterance": "가"}, 400),
        ("POST", "/api/demo/kakao", {"user_id": "a"}, 400),
        ("POST", "/api/demo/kakao", {}, 400),
        ("POST", "/api/demo/kakao-callback/none", {}, 400),
        ("GET", "/api/demo/kakao/u1/messages?after=%C2%B2", None, 400),
        ("GET", "/api/demo/kakao/u1/messages?after=" + "9" * 40, None, 400),
        ("GET", "/api/demo/kakao/nobody/messages", None, 200),
        ("GET", "/api/demo/kakao/a%00/callbacks", None, 400),
    ],
)
async def test_wrong_calls_of_the_demo(demo: Any, method: str, path: str, body: Any, status: int) -> None:
    assert (await demo.call(method, path, body))[0] == status
