"""Builders see what they edit at once; a slip leaves the running version as it was, and is told of with its place."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.conversation.assistant import load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander
from bot.desk.queues import default_book
from bot.server.action_services import action_services
from bot.server.knowledge import Knowledge
from bot.server.reloading import Reloading
from bot.server.service import make_runner
from bot.server.settings import load_settings
from bot.storage.memory import MemoryStore

DOMAIN = """intents: [go]
responses: {utter_hi: [{text: 안녕하세요.}]}
actions: [action_tell]
"""
FLOWS = """flows:
  go:
    name: 안내
    description: Tell.
    nlu_trigger: [{intent: go}]
    run_pattern_completed: false
    steps:
      - action: action_tell
"""
ACTION = """from rasa_sdk import Action


class Tell(Action):
    def name(self):
        return "action_tell"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="하나")
        return []
"""


class House:
    """An assistant in a folder, served by a real engine with real actions in process."""

    def __init__(self, folder: Path, package: str) -> None:
        self.folder, self.package = folder, folder / package
        (folder / "data" / "flows").mkdir(parents=True)
        self.package.mkdir()
        (self.package / "__init__.py").write_text("")
        self.write(ACTION)
        (folder / "domain.yml").write_text(DOMAIN)
        (folder / "data" / "flows" / "flows.yml").write_text(FLOWS)
        (folder / "config.yml").write_text(
            f"assistant_id: a\nname: 안내\npipeline: [{{name: KoreanNormalizer}}]\nactions: {{packages: [{package}]}}\n"
        )
        settings = load_settings(folder, {})
        assistant = load_assistant(folder)
        store = MemoryStore()
        services = action_services(assistant, store, default_book(), Knowledge(None), remember_days=365)
        runner = make_runner(settings, assistant, services)
        conversations = Conversations(store, assistant.responses)
        self.engine = Engine(conversations, assistant, TableUnderstander({}), runner)
        service: Any = SimpleNamespace(
            settings=settings,
            assistant=assistant,
            conversations=conversations,
            engine=self.engine,
            services=services,
        )
        self.told: list[str] = []
        self.reloading = Reloading(service, self.told.append)

    def write(self, text: str) -> None:
        (self.package / "tell.py").write_text(text)

    async def says(self) -> list[str]:
        result = await self.engine.handle(UserMessage(conversation_id="c", text="/go", channel="rest"))
        return [reply.text for reply in result.replies]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"edited_{tmp_path.name.replace('-', '_')}"
    made = House(tmp_path, name)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return made


async def test_an_edited_action_counts_from_the_next_message(house: House) -> None:
    assert await house.says() == ["하나"]
    assert await house.reloading.look() is False
    house.write(ACTION.replace("하나", "두 번째"))
    assert await house.reloading.look() is True
    assert await house.says() == ["두 번째"]


async def test_edited_flows_and_responses_count_too(house: House) -> None:
    (house.folder / "domain.yml").write_text(DOMAIN.replace("안녕하세요.", "반가워요."))
    flows = FLOWS.replace("action: action_tell", "action: utter_hi")
    (house.folder / "data" / "flows" / "flows.yml").write_text(flows)
    assert await house.reloading.look() is True
    assert await house.says() == ["반가워요."]


@pytest.mark.parametrize("slip", ["def broken(:\n", "import no_such_module_anywhere\n"])
async def test_a_broken_action_leaves_the_old_one(house: House, slip: str) -> None:
    house.write(slip)
    assert await house.reloading.look() is False
    assert "앞 버전으로 계속해요" in house.told[-1] and house.package.name in house.told[-1]
    assert await house.says() == ["하나"]
    house.write(ACTION.replace("하나", "고친 것"))
    assert await house.reloading.look() is True
    assert await house.says() == ["고친 것"]


async def test_a_broken_flow_leaves_the_old_one(house: House) -> None:
    (house.folder / "data" / "flows" / "flows.yml").write_text(FLOWS.replace("action_tell", "action_lost"))
    assert await house.reloading.look() is False
    assert "flows.yml:" in house.told[-1] and "action_lost" in house.told[-1]
    assert await house.says() == ["하나"]
