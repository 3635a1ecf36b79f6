"""Documents through the desk: who may, what is taken, what is refused, what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.desk.accounts import AccountService
from bot.desk.accounts.passwords import Passwords
from bot.desk.accounts.store import MemoryAccounts
from bot.desk.http import Door
from bot.desk.presence import Presence
from bot.desk.shapes import AddedDocument, KnowledgeDocuments
from bot.desk.shapes import ScheduledCrawls as ScheduledCrawlsShape
from bot.server.knowledge_keeper import KnowledgeKeeper
from bot.server.problems import problems
from bot.server.routes import knowledge_api
from bot.server.routes.knowledge_api import CRAWLS, PATH, KnowledgeApi
from bot.server.scheduled_crawls import ScheduledCrawls
from bot.server.settings import load_settings
from bot.storage.memory import MemoryStore
from encoder.hashing import HashingEncoder

CONFIG = """assistant_id: small
name: 작은 은행
pipeline: [{name: KoreanNormalizer}]
knowledge:
  documents: knowledge
  encoder: hashing
  crawls: [{name: 공지, starts: ["https://127.0.0.1/"], at: "03:00"}]
"""
PASSWORD = "바다위의등대 2026"


class Office:
    """The API with people at it."""

    def __init__(
        self, client: TestClient[Any, Any], accounts: AccountService, keeper: KnowledgeKeeper
    ) -> None:
        self.client = client
        self.keeper = keeper
        self._accounts = accounts

    async def headers(self, role: str) -> dict[str, str]:
        """Of somebody with that role."""
        if await self._accounts.find(role) is None:
            await self._accounts.add_user(role, role, role, PASSWORD)
        signed_in = await self._accounts.authenticate(role, PASSWORD, "here")
        return {"Authorization": f"Bearer {signed_in.token}"}

    async def upload(
        self, name: str, data: bytes, role: str = "supervisor", key: str | None = None, **fields: str
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an upload."""
        form = FormData(quote_fields=False)  # as browsers send names
        for field, value in fields.items():
            form.add_field(field, value)
        form.add_field("file", data, filename=name)
        headers = await self.headers(role) | ({"Idempotency-Key": key} if key else {})
        answer = await self.client.post(PATH, data=form, headers=headers)
        return answer.status, await answer.json(content_type=None)

    async def listed(self) -> dict[str, Any]:
        """What a supervisor sees."""
        answer = await self.client.get(PATH, headers=await self.headers("supervisor"))
        assert answer.status == 200
        return KnowledgeDocuments.model_validate(await answer.json()).model_dump()

    async def built(self, documents: int) -> dict[str, Any]:
        """The list, as soon as that many documents are in the index."""
        for _ in range(400):
            found = await self.listed()
            if found["index"]["documents"] == documents:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError("not indexed in time")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    (tmp_path / "config.yml").write_text(CONFIG)
    keeper_settings = load_settings(tmp_path, {"SANGDAM_DATA_DIR": str(tmp_path / "var")})
    keeper = KnowledgeKeeper(keeper_settings, HashingEncoder)
    accounts = AccountService(
        MemoryAccounts(), Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    )
    app = web.Application(middlewares=[problems])
    store: Any = MemoryStore()
    door = Door(accounts, Presence(store), store)
    crawls = ScheduledCrawls(keeper_settings, store, keeper.wake)
    app.router.add_routes(KnowledgeApi(keeper, crawls, door).routes())
    task = asyncio.create_task(keeper.follow())
    async with TestClient(TestServer(app)) as client:
        yield Office(client, accounts, keeper)
    task.cancel()
    keeper.close()


async def test_an_upload_is_read_at_once_and_indexed_soon(office: Office) -> None:
    status, body = await office.upload(
        "요금표.csv", "질문,답변\n얼마?,500원이에요.\n반만?,\n".encode(), title="새 요금표", audience="staff"
    )
    assert status == 201 and AddedDocument.model_validate(body)
    assert (body["id"], body["title"], body["sections"]) == ("added/요금표.csv", "새 요금표", 1)
    assert [problem["code"] for problem in body["problems"]] == ["half_entries"]
    found = await office.built(1)
    assert found["documents"] == ["added/요금표.csv"]
    assert found["index"]["problems"][0]["file"] == "added/요금표.csv"


async def test_removing_takes_it_out_of_the_index(office: Office) -> None:
    await office.upload("가.md", "# 가\n글이에요.\n".encode())
    await office.upload("나.md", "# 나\n다른 글이에요.\n".encode(), role="admin")
    await office.built(2)
    headers = await office.headers("supervisor")
    assert (await office.client.delete(f"{PATH}/added/가.md", headers=headers)).status == 204
    await office.built(1)
    for name in ("added/가.md", "..%2F..%2Fconfig.yml", "added"):
        assert (await office.client.delete(f"{PATH}/{name}", headers=headers)).status == 404


async def test_what_became_of_crawls_is_told(office: Office, tmp_path: Path) -> None:
    async def told() -> Any:
        answer = await office.client.get(CRAWLS, headers=await office.headers("supervisor"))
        assert answer.status == 200
        return ScheduledCrawlsShape.model_validate(await answer.json()).crawls[0]

    never = await told()
    assert (never.name, never.at, never.running, never.started_at) == ("공지", "03:00", False, None)
    settings = load_settings(tmp_path, {"SANGDAM_DATA_DIR": str(tmp_path / "var")})
    await ScheduledCrawls(settings, MemoryStore(), lambda: None).run_once()
    done = await told()
    assert done.finished_at and done.failed == 1
    assert [(one.file, one.code) for one in done.problems] == [("https://127.0.0.1/", "private_address")]
    agent = await office.headers("agent")
    assert (await office.client.get(CRAWLS, headers=agent)).status == 403


async def test_agents_and_strangers_may_not(office: Office) -> None:
    status, body = await office.upload("가.md", "# 가\n글이에요.\n".encode(), role="agent")
    assert (status, body["code"]) == (403, "not_allowed")
    agent = await office.headers("agent")
    assert (await office.client.get(PATH, headers=agent)).status == 403
    assert (await office.client.delete(f"{PATH}/added/가.md", headers=agent)).status == 403
    for method in ("get", "post"):
        assert (await office.client.request(method, PATH)).status == 401
    assert (await office.client.delete(f"{PATH}/x.md")).status == 401
    assert (await office.listed())["documents"] == []


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"not a pdf", "broken_file"),
        ("b.exe", b"MZ", "bad_name"),
        ("c.md", b"", "empty"),
        ("d.docx", b"%PDF-1.4", "wrong_type"),
        ("..", b"x", "bad_name"),
    ],
)
async def test_what_cannot_be_read_is_refused(office: Office, name: str, data: bytes, code: str) -> None:
    status, body = await office.upload(name, data)
    assert (status, body["code"]) == (422, code) and body["remedy"] and body["title"]
    assert (await office.listed())["documents"] == []


async def test_size_fields_and_shape_are_checked(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    status, body = await office.upload("가.md", "글이에요.".encode(), audience="everybody")
    assert (status, body["code"]) == (422, "bad_metadata")
    assert (await office.upload("가.md", b"x", color="red"))[0] == 422
    assert (await office.upload("가.md", b"x", title="가" * 1000))[0] == 422
    headers = await office.headers("supervisor")
    assert (await office.client.post(PATH, json={"file": "x"}, headers=headers)).status == 415
    broken = {**headers, "Content-Type": "multipart/form-data; boundary=x"}
    assert (await office.client.post(PATH, data=b"--y\r\n\r\nz", headers=broken)).status == 422
    assert (
        await office.client.post(PATH, data=b"", headers={**headers, "Content-Type": "multipart/form-data"})
    ).status == 422
    monkeypatch.setattr(knowledge_api, "MAX_BYTES", 1000)
    status, body = await office.upload("가.md", b"x" * 1001)
    assert (status, body["code"]) == (413, "too_large")


async def test_a_full_disk_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(office.keeper.documents, "add", full)
    status, body = await office.upload("가.md", b"x")
    assert (status, body["code"]) == (507, "not_kept") and "space" in body["remedy"]


async def test_an_upload_with_a_key_is_taken_once(office: Office) -> None:
    text = "# 안내\n글이에요.\n".encode()
    first = await office.upload("가.md", text, key="k1")
    assert first[0] == 201
    removed = await office.client.delete(
        f"{PATH}/{first[1]['id']}", headers=await office.headers("supervisor")
    )
    assert removed.status == 204
    assert await office.upload("가.md", text, key="k1") == first
    assert (await office.listed())["documents"] == [], "the first answer is told again, nothing is done again"
    for other in (("나.md", text, {}), ("가.md", text + b"!", {}), ("가.md", text, {"title": "제목"})):
        status, body = await office.upload(other[0], other[1], key="k1", **other[2])
        assert (status, body["code"]) == (409, "key_reused")
    assert (await office.upload("가.md", text, key=" " * 201))[0] == 422
