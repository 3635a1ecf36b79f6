"""`sangdam run --reload`: the next message uses what was edited; what is broken is told of, and changes nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import call

pytestmark = pytest.mark.slow
FILES = {
    "config.yml": """assistant_id: edited
name: 고치는 상담
pipeline: [{name: KoreanIntentClassifier}]
actions: {packages: [edited_actions]}
""",
    "domain.yml": """intents: [go, other]
slots:
  color: {type: text, mappings: [{type: from_text}]}
responses:
  utter_hi: [{text: 안녕하세요.}]
  utter_ask_color: [{text: 어떤 색인가요?}]
actions: [action_tell]
""",
    "data/nlu/nlu.yml": """nlu:
  - intent: go
    examples: |
      - 안내해 주세요
      - 안내 부탁해요
      - 안내요
  - intent: other
    examples: |
      - 색을 고를게요
      - 색깔 고르기
      - 색 선택이요
""",
    "data/flows/flows.yml": """flows:
  go:
    name: 안내
    description: Tell.
    nlu_trigger: [{intent: go}]
    run_pattern_completed: false
    steps:
      - action: action_tell
  other:
    name: 색 고르기
    description: Ask.
    nlu_trigger: [{intent: other}]
    steps:
      - collect: color
      - action: action_tell
""",
    "edited_actions/__init__.py": "",
    "edited_actions/tell.py": """from rasa_sdk import Action


class Tell(Action):
    def name(self):
        return "action_tell"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="하나")
        return []
""",
}
TAKEN, KEPT = "바뀐 도메인, 흐름, 액션을 다시 읽었어요", "앞 버전으로 계속해요"


class Builder:
    """Somebody who edits while the server runs, and a customer beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Any = None
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    async def edits(self, name: str, old: str, new: str, told: str) -> str:
        """Replace a part of a file, and wait for what the server says to it."""
        before = len(self._log())
        path = self.folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        async with asyncio.timeout(60):
            while told not in (said := self._log()[before:]):  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
        return re.sub(r"\s+", " ", said)

    async def hears(self, text: str, sender: str = "c") -> list[str]:
        """What the customer is answered."""
        body = {"sender": sender, "message": text}
        answer = await call("POST", f"{self.server.url}/webhooks/rest/webhook", body=body)
        return [line["text"] for line in answer]

    def _log(self) -> str:
        return str(self.server.log.read_text())


@pytest.fixture
def builder(tmp_path: Path, start_server: Any, data_dir_of: Callable[[], Path]) -> Builder:
    made = Builder(tmp_path)
    options = ["--assistant", str(tmp_path), "--reload"]
    made.server = start_server(data_dir_of(), companions=False, options=options)
    return made


async def test_edits_are_taken_up_and_broken_ones_told_of(builder: Builder) -> None:
    assert await builder.hears("/go") == ["하나"]
    await builder.edits("edited_actions/tell.py", "하나", "둘", TAKEN)
    assert await builder.hears("/go") == ["둘"], "the action's module"
    greeted = "      - action: utter_hi\n      - action: action_tell\n  other:"
    await builder.edits("data/flows/flows.yml", "      - action: action_tell\n  other:", greeted, TAKEN)
    assert await builder.hears("/go") == ["안녕하세요.", "둘"], "the flow"
    await builder.edits("domain.yml", "안녕하세요.", "반가워요.", TAKEN)
    assert await builder.hears("/go") == ["반가워요.", "둘"], "the domain"

    told = await builder.edits("data/flows/flows.yml", "action: utter_hi", "action: utter_gone", KEPT)
    assert "flows.yml:8" in told and "utter_gone" in told and "expected" in told
    assert await builder.hears("/go") == ["반가워요.", "둘"], "the version before goes on"
    await builder.edits("data/flows/flows.yml", "action: utter_gone", "action: utter_hi", TAKEN)
    told = await builder.edits("edited_actions/tell.py", "return []", "return [", KEPT)
    assert "edited_actions" in told and "SyntaxError" in told
    assert await builder.hears("/go") == ["반가워요.", "둘"]
    await builder.edits("edited_actions/tell.py", "return [", "return []", TAKEN)
    assert await builder.hears("/go") == ["반가워요.", "둘"]


async def test_who_is_in_a_flow_that_an_edit_removes_is_told(builder: Builder) -> None:
    assert await builder.hears("/other", "d") == ["어떤 색인가요?"]
    text = FILES["data/flows/flows.yml"]
    await builder.edits("data/flows/flows.yml", text[text.index("  other:") :], "", TAKEN)
    told = await builder.hears("빨강이요", "d")
    assert told and "하나" not in told and "바뀌" in told[0]
    assert await builder.hears("/go", "d") == ["하나"]
