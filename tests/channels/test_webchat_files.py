"""Files that customers send: what is taken, what is refused, who may read them, what is left on the disk."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Any
from urllib.parse import quote

import pytest

from bot.channels.media_types import KNOWN, media_type
from bot.channels.sent_files import MOST_FILES, SentFiles, UnknownFile, clean_name
from bot.desk.accounts import ChatTokens, secret_key

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"x" * 64


async def send(
    house: Any,
    token: str,
    data: bytes = PNG,
    name: str = "영수증.png",
    client_msg_id: str = "u1",
    **query: str,
) -> tuple[int, Any]:
    asked = {"name": name, "client_msg_id": client_msg_id, **query}
    path = "/api/chat/files?" + "&".join(f"{key}={quote(value, safe='')}" for key, value in asked.items())
    answer = await house.client.post(
        path, data=io.BytesIO(data), headers={"Authorization": f"Bearer {token}"}
    )
    return answer.status, await answer.json(content_type=None)


async def read(house: Any, token: str, file_id: str, path: str = "/api/chat/files/") -> Any:
    return await house.client.get(path + file_id, headers={"Authorization": f"Bearer {token}"})


async def test_a_picture_becomes_a_message_and_comes_back_as_it_was(house: Any) -> None:
    session = await house.session()
    assert session["uploads"] == {"max_bytes": 20 * 1024 * 1024, "types": list(KNOWN)}
    status, ack = await send(house, session["token"])
    assert status == 200 and ack["ok"] and ack["attachment"]["name"] == "영수증.png"
    _, sync = await house.call("GET", "/api/chat/messages", token=session["token"])
    own, answer = sync["messages"]
    assert own["attachment"] == ack["attachment"] and own["text"] == "사진을 보냈어요"
    assert answer["buttons"] == [{"title": "상담원 연결", "payload": "/request_human"}]
    response = await read(house, session["token"], ack["attachment"]["id"])
    assert await response.read() == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%EC%98%81")
    assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_sent_again_it_is_kept_once(house: Any) -> None:
    token = (await house.session())["token"]
    first, again = await send(house, token), await send(house, token)
    assert first[1]["seq"] == again[1]["seq"]
    kept = [path for path in (house.server.settings.data_dir / "uploads").rglob("*") if path.is_file()]
    assert len(kept) == 2  # the file, and what it is called


async def test_another_file_or_message_under_the_same_id_is_refused(house: Any) -> None:
    token = (await house.session())["token"]
    await send(house, token)
    await house.call("POST", "/api/chat/messages", {"message": "안녕하세요", "client_msg_id": "m1"}, token)
    for refused in (await send(house, token, PNG + b"more"), await send(house, token, client_msg_id="m1")):
        assert (refused[0], refused[1]["code"]) == (409, "message_id_reused")
    kept = [path for path in (house.server.settings.data_dir / "uploads").rglob("*") if path.is_file()]
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"MZ\x90\x00" + b"\x00" * 64, "photo.png", 415, "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png", 415, "file_type"),
        (b"<html><script>alert(1)</script>", "a.pdf", 415, "file_type"),
        (b"PK\x03\x04" + b"\x00" * 64, "a.pdf", 415, "file_type"),
        (b"", "a.png", 422, "empty_file"),
        (PNG + b"\x00" * (20 * 1024 * 1024), "a.png", 413, "file_too_big"),
    ],
)
async def test_what_is_not_taken_leaves_nothing(
    house: Any, data: bytes, name: str, status: int, code: str
) -> None:
    session = await house.session()
    answered, problem = await send(house, session["token"], data, name)
    assert (answered, problem["code"]) == (status, code) and problem["title"]
    assert list(house.server.settings.data_dir.rglob("uploads/*/*")) == []
    assert await house.events(session["conversation_id"]) == []


async def chunks(data: bytes, times: int) -> Any:
    for _ in range(times):
        yield data


async def test_a_body_without_a_length_is_stopped_at_the_limit(tmp_path: Any) -> None:
    files = SentFiles(tmp_path, max_bytes=1000, types=KNOWN)
    with pytest.raises(Exception, match="1000 bytes"):
        await files.save("c", "a.png", chunks(PNG, 100))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_sender_who_goes_away_leaves_nothing(tmp_path: Any) -> None:
    files = SentFiles(tmp_path, max_bytes=1000, types=KNOWN)

    async def broken() -> Any:
        yield PNG
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await files.save("c", "a.png", broken())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_conversation_holds_so_many_files(tmp_path: Any) -> None:
    files = SentFiles(tmp_path, max_bytes=1000, types=KNOWN)
    for _ in range(MOST_FILES):
        await files.save("c", "a.png", chunks(PNG, 1))
    with pytest.raises(Exception, match=str(MOST_FILES)):
        await files.save("c", "a.png", chunks(PNG, 1))
    await files.save("d", "a.png", chunks(PNG, 1))


@pytest.mark.parametrize("file_id", ["", "../secret.key", "0" * 32, "0" * 31 + "/", "A" * 32, "x" * 5000])
async def test_ids_that_are_none_find_nothing(tmp_path: Any, file_id: str) -> None:
    (tmp_path / "secret.key").write_text("k")
    with pytest.raises(UnknownFile):
        await SentFiles(tmp_path / "uploads", max_bytes=1, types=KNOWN).find("c", file_id)


async def test_only_the_own_conversation_reads_it(house: Any) -> None:
    mine, other = await house.session(), await house.session()
    file_id = (await send(house, mine["token"]))[1]["attachment"]["id"]
    assert (await read(house, other["token"], file_id)).status == 404
    expired = ChatTokens(secret_key(house.server.settings.data_dir), lifetime=-time.time())
    for token in ("", "x", expired.issue(mine["conversation_id"]).token):
        assert (await read(house, token, file_id)).status == 401
        assert (await send(house, token, client_msg_id="u2"))[0] == 401


async def test_agents_read_the_files_of_a_case(house: Any) -> None:
    session = await house.session()
    file_id = (await send(house, session["token"]))[1]["attachment"]["id"]
    await house.call("POST", "/api/chat/messages", {"message": "상담원 바꿔 주세요"}, token=session["token"])
    case = await house.agent_takes(session["conversation_id"])
    path = f"/api/desk/cases/{case.id}/files/"
    accounts = house.server.accounts
    await accounts.add_user("minji", "김민지", "agent", "long enough a password")
    agent = (await accounts.authenticate("minji", "long enough a password", "")).token
    assert await (await read(house, agent, file_id, path)).read() == PNG
    assert (await read(house, agent, "0" * 32, path)).status == 404
    assert (await read(house, agent, file_id, "/api/desk/cases/none/files/")).status == 404
    for token in ("", session["token"]):
        assert (await read(house, token, file_id, path)).status == 401


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("영수증.png", "image/png", "영수증.png"),
        ("a.PNG", "image/png", "a.png"),
        ("photo.exe", "image/png", "photo.exe.png"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("C:\\temp\\a.pdf", "application/pdf", "a.pdf"),
        ("<script>alert(1)</script>.png", "image/png", "script>.png"),
        ("\u202egnp.exe", "image/png", "gnp.exe.png"),
        ("", "image/jpeg", "파일.jpg"),
        ("...", "image/jpeg", "파일.jpg"),
        (".png", "image/png", "파일.png"),
        ("가" * 300 + ".png", "image/png", "가" * 116 + ".png"),
    ],
)
def test_names_are_names_only(given: str, kind: str, name: str) -> None:
    assert clean_name(given, kind) == name


def test_types_are_told_by_content() -> None:
    heads = {
        PNG: "image/png",
        PDF: "application/pdf",
        b"\xff\xd8\xff\xe0": "image/jpeg",
        b"GIF89a": "image/gif",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ": "image/webp",
        b"\x00\x00\x00\x18ftypheic": "image/heic",
        b"\x00\x00\x00\x18ftypmp42": None,
        b"": None,
    }
    assert {head: media_type(head) for head in heads} == heads


async def test_uploads_can_be_switched_off(open_house: Any) -> None:
    house = await open_house()
    house.server.webchat.uploads = None
    assert (await house.session())["uploads"] is None
