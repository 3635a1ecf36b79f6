"""A small domain, actions of every temper, and the engine that runs them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action

from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.execution.in_process import InProcessRunner
from bot.storage.memory import MemoryStore

DOMAIN = """version: "3.1"
intents: [start, other, request_human, unknown]
entities: []
slots:
  color: {type: text, mappings: [{type: from_text}]}
  done: {type: bool, initial_value: false, mappings: [{type: controlled}]}
responses:
  utter_ask_color: [{text: 어떤 색인가요?}]
  utter_done: [{text: 다 됐어요.}]
  utter_other: [{text: 다른 답이에요.}]
actions: [action_work]
"""
FLOWS = """version: "3.1"
flows:
  work:
    name: 일
    description: Does the work.
    nlu_trigger: [{intent: {name: start}}]
    steps:
      - collect: color
      - action: action_work
      - action: utter_done
  other:
    name: 다른 일
    description: Something else.
    nlu_trigger: [{intent: {name: other}}]
    steps:
      - action: utter_other
"""


class Work(Action):  # type: ignore[misc]
    """Does what the test says."""

    def __init__(self, act: Callable[..., Any], name: str = "action_work") -> None:
        self._act, self._name = act, name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        answer = self._act(dispatcher, tracker, domain)
        return await answer if asyncio.iscoroutine(answer) else answer


class Blocking(Action):  # type: ignore[misc]
    """A plain function that blocks its thread."""

    def name(self) -> str:
        return "action_work"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        time.sleep(0.6)
        return []


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("assistant")
    (folder / "domain.yml").write_text(DOMAIN)
    (folder / "data" / "flows").mkdir(parents=True)
    (folder / "data" / "flows" / "flows.yml").write_text(FLOWS)
    return load_assistant(folder)


@pytest.fixture
def runner(assistant: Assistant) -> InProcessRunner:
    return InProcessRunner(assistant.domain, timeout=0.25)


@pytest.fixture
def run(runner: InProcessRunner) -> Callable[..., Any]:
    """Runs one action over an empty conversation."""

    async def call(act: Callable[..., Any] | Action, context: dict[str, Any] | None = None) -> Any:
        action = act if isinstance(act, Action) else Work(act)
        runner.register([action])
        return await runner.run(action.name(), Tracker("c1"), context or {})

    return call


@pytest.fixture
def talk(assistant: Assistant, runner: InProcessRunner) -> Callable[..., Any]:
    """Says something to the engine and gives (texts, events)."""
    table = {text: understood(text, intent) for text, intent in [("시작", "start"), ("다른 거", "other")]}
    engine = Engine(
        Conversations(MemoryStore(), assistant.responses), assistant, TableUnderstander(table), runner
    )

    async def say(text: str) -> tuple[list[str], list[Any]]:
        result = await engine.handle(UserMessage(conversation_id="c1", text=text, channel="rest"))
        return [reply.text for reply in result.replies], await engine.conversations.store.events("c1")

    return say


@pytest.fixture
def work() -> type[Work]:
    return Work


@pytest.fixture
def blocking() -> Blocking:
    return Blocking()
