"""Files that agents send: as a message of the case, shown on each channel in its own way, opened by nobody else."""

from __future__ import annotations

import io
import time
from typing import Any
from urllib.parse import quote

import pytest

from bot.channels.file_links import LIFETIME_SECONDS, FileLinks
from bot.channels.kakao import SECRET_HEADER, conversation_id_of
from bot.conversation.events import AgentUttered
from bot.desk.accounts import secret_key

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"x" * 64
PASSWORD = "long enough a password"


async def sign_in(house: Any, username: str = "minji", name: str = "김민지") -> str:
    accounts = house.server.accounts
    await accounts.add_user(username, name, "agent", PASSWORD)
    return str((await accounts.authenticate(username, PASSWORD, "")).token)


async def take(house: Any, token: str, conversation_id: str) -> str:
    """The case of the conversation, taken by the owner of the token."""
    tracker = await house.server.service.conversations.tracker(conversation_id)
    status, case = await house.call("POST", f"/api/desk/cases/{tracker.case.id}/accept", {}, token=token)
    assert status == 200, case
    return str(case["id"])


async def send(
    house: Any,
    token: str,
    case_id: str,
    data: bytes = PDF,
    name: str = "약관.pdf",
    given: str = "f1",
) -> tuple[int, Any]:
    path = f"/api/desk/cases/{case_id}/files?name={quote(name, safe='')}&client_msg_id={given}"
    answer = await house.client.post(
        path, data=io.BytesIO(data), headers={"Authorization": f"Bearer {token}"}
    )
    return answer.status, await answer.json(content_type=None)


@pytest.fixture
async def case(house: Any) -> Any:
    """Agent's token, the customer's session, the case."""
    session, token = await house.session(), await sign_in(house)
    await house.call("POST", "/api/chat/messages", {"message": "상담원 바꿔 주세요"}, token=session["token"])
    return token, session, await take(house, token, session["conversation_id"])


async def test_a_customer_of_the_web_chat_sees_and_opens_it(house: Any, case: Any) -> None:
    token, session, case_id = case
    status, line = await send(house, token, case_id)
    assert status == 200 and line["speaker"] == {"kind": "agent", "name": "김민지"}
    assert line["attachment"]["name"] == "약관.pdf" and line["attachment"]["media_type"] == "application/pdf"
    _, sync = await house.call("GET", "/api/chat/messages", token=session["token"])
    got = sync["messages"][-1]
    assert got["attachment"] == line["attachment"] and got["text"] == "파일을 보내 드려요: 약관.pdf"
    path = f"/api/chat/files/{got['attachment']['id']}"
    opened = await house.client.get(path, headers={"Authorization": f"Bearer {session['token']}"})
    assert await opened.read() == PDF and opened.headers["X-Content-Type-Options"] == "nosniff"
    other = await house.session()
    assert (await house.call("GET", path, token=other["token"]))[0] == 404
    _, rows = await house.call("GET", f"/api/desk/cases/{case_id}/messages", token=token)
    assert rows["messages"][-1]["attachment"] == line["attachment"]


async def test_sent_again_it_is_one_message(house: Any, case: Any) -> None:
    token, session, case_id = case
    first, again = await send(house, token, case_id), await send(house, token, case_id)
    assert first == again
    said = [e for e in await house.events(session["conversation_id"]) if isinstance(e, AgentUttered)]
    assert len(said) == 1
    kept = [path for path in (house.server.settings.data_dir / "uploads").rglob("*") if path.is_file()]
    assert len(kept) == 2  # the file, and what it is called


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"MZ\x90\x00" + b"\x00" * 64, "photo.png", 415, "file_type"),
        (b"<svg onload='alert(1)'/>", "a.png", 415, "file_type"),
        (b"", "a.png", 422, "empty_file"),
        (PNG + b"\x00" * (20 * 1024 * 1024), "a.png", 413, "file_too_big"),
    ],
)
async def test_what_is_not_taken_leaves_nothing(
    house: Any, case: Any, data: bytes, name: str, status: int, code: str
) -> None:
    token, session, case_id = case
    before = len(await house.events(session["conversation_id"]))
    answered, problem = await send(house, token, case_id, data, name)
    assert (answered, problem["code"]) == (status, code) and problem["title"]
    assert list(house.server.settings.data_dir.rglob("uploads/*/*")) == []
    assert len(await house.events(session["conversation_id"])) == before


async def test_a_script_in_the_name_stays_a_name(house: Any, case: Any) -> None:
    token, _, case_id = case
    name = '"><img src=x onerror=alert(1)>\r\nX-Bad: 1.png'
    _, line = await send(house, token, case_id, PNG, name)
    kept = line["attachment"]
    assert kept["name"] == '"><img src=x onerror=alert(1)>X-Bad: 1.png'
    path = f"/api/desk/cases/{case_id}/files/{kept['id']}"
    opened = await house.client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert "X-Bad" not in opened.headers
    assert (
        "<" not in opened.headers["Content-Disposition"] and '"' not in opened.headers["Content-Disposition"]
    )
    assert "sandbox" in opened.headers["Content-Security-Policy"]


async def test_only_who_has_the_case_sends(house: Any, case: Any) -> None:
    _, session, case_id = case
    other = await sign_in(house, "junho", "박준호")
    assert (await send(house, other, case_id))[1]["code"] == "not_yours"
    for token in ("", session["token"], "x"):
        assert (await send(house, token, case_id))[0] == 401
    assert (await send(house, other, "none"))[0] == 404
    assert (await send(house, other, case_id, given=""))[0] == 422
    assert list(house.server.settings.data_dir.rglob("uploads/*/*")) == []


def skill(utterance: str) -> dict[str, Any]:
    user = {"id": "kim-01", "type": "botUserKey", "properties": {"plusfriendUserKey": "pf-77"}}
    return {
        "userRequest": {"utterance": utterance, "user": user, "block": {"id": "b", "name": "n"}},
        "bot": {"id": "bot-9", "name": "이음은행"},
        "action": {"id": "a", "name": "n", "params": {}, "clientExtra": None},
    }


async def test_kakaotalk_gets_pictures_and_cards_whose_addresses_open_without_a_token(
    open_house: Any,
) -> None:
    house = await open_house(SANGDAM_KAKAO_SECRET="geheim", SANGDAM_PUBLIC_URL="https://bank.example")
    ask: dict[str, Any] = {"headers": {SECRET_HEADER: "geheim"}}
    await house.call("POST", "/webhooks/kakao/skill", skill("상담원 바꿔 주세요"), **ask)
    token = await sign_in(house)
    case_id = await take(house, token, conversation_id_of("bot-9", "kim-01"))
    await send(house, token, case_id, PNG, "지도.png", "f1")
    await send(house, token, case_id, PDF, "약관.pdf", "f2")
    _, answer = await house.call("POST", "/webhooks/kakao/skill", skill("네"), **ask)
    outputs = answer["template"]["outputs"]
    picture = next(o["simpleImage"] for o in outputs if "simpleImage" in o)
    card = next(o["textCard"] for o in outputs if "textCard" in o)
    assert picture["altText"] == "지도.png" and card["title"] == "약관.pdf"
    for url, data in ((picture["imageUrl"], PNG), (card["buttons"][0]["webLinkUrl"], PDF)):
        assert url.startswith("https://bank.example/files/")
        opened = await house.client.get(url.removeprefix("https://bank.example"))
        assert opened.status == 200 and await opened.read() == data


async def test_addresses_end_and_open_nothing_else(house: Any, case: Any) -> None:
    token, session, case_id = case
    file_id = (await send(house, token, case_id))[1]["attachment"]["id"]
    key = secret_key(house.server.settings.data_dir)
    old = FileLinks(key, clock=lambda: time.time() - LIFETIME_SECONDS - 1)
    conversation_id = session["conversation_id"]
    for path in (
        old.path(conversation_id, file_id),
        FileLinks(b"x" * 32).path(conversation_id, file_id),
        FileLinks(key).path("another", file_id),
        FileLinks(key).path(conversation_id, "0" * 32),
        f"/files/{session['token']}",
        "/files/x",
    ):
        answer = await house.client.get(path)
        assert answer.status == 404 and "다시 보내 달라고" in await answer.text()
    assert (await house.client.get(FileLinks(key).path(conversation_id, file_id))).status == 200
