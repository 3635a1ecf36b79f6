"""A server over SQLite with documents of its own, some of which nobody may see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.handover import Handover
from bot.conversation.testing import TableUnderstander, understood
from bot.desk.accounts import AccountService
from bot.desk.accounts.passwords import Passwords
from bot.execution.in_process import InProcessRunner
from bot.server.action_services import action_services
from bot.server.app import Server
from bot.server.knowledge import Knowledge
from bot.server.service import BUILT_IN_PACKAGE, PULLED, Service
from bot.server.settings import load_settings
from bot.storage.sql import open_store
from encoder.hashing import HashingEncoder
from knowledge_base.build import build
from knowledge_base.knowledge_base import KnowledgeBase

ROOT = Path(__file__).parents[2]
TABLE = {
    "안녕하세요": understood("안녕하세요", "greet"),
    "수수료가 얼마예요?": understood("수수료가 얼마예요?", "bank_question", amount=500),
}
DOCUMENTS = {
    "요금/수수료.md": "# 이체 수수료 안내\n## 이체 수수료\n이체 수수료는 500원이에요.\n## 출금\n출금은 무료예요.\n",
    "나쁜 <b>문서.md": '# <script>alert("제목")</script>\n## <img src=x onerror=alert(1)>\n<b>굵게</b> & "따옴표"\n',
    "직원.md": "---\naudience: staff\n---\n# 직원 지침\n비밀번호는 4321이에요.\n",
}


@dataclass
class House:
    """The server, its client and its index."""

    server: Server
    client: TestClient[Any, Any]
    index: Path
    documents: Path

    async def call(self, method: str, path: str, body: Any = None, **rest: Any) -> tuple[int, Any]:
        """Status and JSON of a call."""
        answer = await self.client.request(method, path, json=body, **rest)
        return answer.status, await answer.json(content_type=None)


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return load_assistant(ROOT)


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Path, Path]:
    """(folder, index) of the documents."""
    folder = tmp_path / "documents"
    for name, text in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    build(folder, tmp_path / "index", HashingEncoder())
    return folder, tmp_path / "index"


@pytest.fixture
async def open_house(
    assistant: Assistant, documents: tuple[Path, Path], tmp_path: Path
) -> AsyncIterator[Callable[..., Any]]:
    """Opens servers with an environment; all are closed at the end."""
    clients = []
    folder, index = documents

    async def make(**environment: str) -> House:
        settings = load_settings(ROOT, {"SANGDAM_DATA_DIR": str(tmp_path / "var"), **environment})
        settings.data_dir.mkdir(exist_ok=True)
        store = await open_store(settings.database_url)
        conversations = Conversations(store, assistant.responses, exclusive=True, outbox_channels=PULLED)
        knowledge = Knowledge(KnowledgeBase.open(index, HashingEncoder()))
        services = action_services(assistant, store, settings.queues, knowledge, remember_days=365)
        runner = InProcessRunner(assistant.domain, services=services)
        runner.register_package(BUILT_IN_PACKAGE)
        engine = Engine(conversations, assistant, TableUnderstander(TABLE), runner, roles=settings.roles)
        service = Service(settings, assistant, store, conversations, engine, Handover(engine), knowledge)
        cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        server = Server(service, AccountService(store.accounts, cheap))
        client = TestClient(TestServer(server.application()))
        await client.start_server()
        clients.append(client)
        return House(server, client, index, folder)

    yield make
    for client in clients:
        await client.close()


@pytest.fixture
async def house(open_house: Any) -> House:
    opened: House = await open_house()
    return opened
