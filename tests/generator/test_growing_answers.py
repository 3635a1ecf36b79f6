"""From a question to an answer that grows, over a real model server: what is shown, what is kept, what is broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.builtin.answer_from_knowledge import AnswerFromKnowledge
from bot.conversation.live_answers import LiveAnswers
from bot.server.knowledge import Knowledge
from encoder import load_encoder
from generator import OpenAICompatibleGenerator
from knowledge_base.build import build
from knowledge_base.grounding import GroundedWriter
from knowledge_base.knowledge_base import KnowledgeBase

from .conftest import ModelServer
from .test_worded_answers import DOCUMENT, QUESTION, TRUE

MORE = "훼손된 카드를 바꿀 때는 수수료가 없어요."
LIE = "새 카드는 영업일로 3일 안에 도착해요."


class Screen:
    """A customer who looks on."""

    name = "webchat"

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.ids: set[str] = set()
        self.first = asyncio.Event()

    def looks_on(self, conversation_id: str) -> bool:
        return conversation_id == "c1"

    async def show(self, conversation_id: str, message_id: str, text: str) -> None:
        self.shown.append(text)
        self.ids.add(message_id)
        if text:
            self.first.set()


@pytest.fixture
async def desk(model: ModelServer, tmp_path: Path) -> AsyncIterator[Any]:
    """(the action, who looks on, the answers that are being written)."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "재발급.md").write_text(DOCUMENT)
    encoder = load_encoder(cache_dir=Path("var/models"))
    build(tmp_path / "documents", tmp_path / "index", encoder)
    client = OpenAICompatibleGenerator(model.url, "test-model")
    writer = GroundedWriter(client, encoder, timeout=1.0, longest=2.0, max_tokens=200)
    knowledge = Knowledge(KnowledgeBase.open(tmp_path / "index", encoder), None, writer)
    screen, live = Screen(), LiveAnswers()
    live.audiences.append(screen)
    yield AnswerFromKnowledge(knowledge, live), screen, live
    await knowledge.aclose()


async def ask(action: AnswerFromKnowledge, channel: str = "webchat") -> tuple[dict[str, Any], dict[str, Any]]:
    """(what is said, the event) of one question."""
    asked = {"event": "user", "text": QUESTION, "input_channel": channel}
    tracker = Tracker("c1", {}, {"text": QUESTION}, [asked], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, {})
    return dispatcher.messages[0], events[0]


async def test_sentences_are_shown_one_by_one_and_lies_never(model: ModelServer, desk: Any) -> None:
    action, screen, _ = desk
    model.answer = f"{TRUE} [1] {LIE} {MORE}"
    said, event = await ask(action)
    assert screen.shown == ["", TRUE, f"{TRUE} {MORE}"]
    assert said["text"] == event["text"] == f"{TRUE} {MORE}" and said["citations"] and not event["stopped"]
    assert screen.ids == {event["message_id"]}


async def test_it_is_broken_off_when_the_customer_has_read_enough(model: ModelServer, desk: Any) -> None:
    action, screen, live = desk
    model.manner, model.answer = "stalling", f"{TRUE} {MORE}"
    asking = asyncio.ensure_future(ask(action))
    await asyncio.wait_for(screen.first.wait(), 5)
    assert live.stop("c1", next(iter(screen.ids)))
    said, event = await asking
    assert event["stopped"] and said["text"] == event["text"] == TRUE == screen.shown[-1]
    assert said["custom"] == {"stopped": True} and event["outcome"] == "answer"


async def test_before_the_first_sentence_there_is_nothing_to_keep(model: ModelServer, desk: Any) -> None:
    action, screen, live = desk
    model.manner, model.answer = "stalling", f"{TRUE} "
    asking = asyncio.ensure_future(ask(action))
    await asyncio.wait_for(model.asked.wait(), 5)
    assert live.stop("c1", next(iter(screen.ids)))
    said, event = await asking
    assert said["response"] == "utter_answer_stopped" and (event["stopped"], event["text"]) == (True, "")
    await asyncio.wait_for(model.left.wait(), 5)


async def test_a_model_that_stalls_leaves_what_was_read(model: ModelServer, desk: Any) -> None:
    action, screen, _ = desk
    model.manner, model.answer = "stalling", f"{TRUE} {MORE}"
    said, event = await ask(action)
    assert said["text"] == event["text"] == TRUE == screen.shown[-1] and not event["stopped"]


async def test_a_model_that_never_begins_is_replaced_by_the_extract(model: ModelServer, desk: Any) -> None:
    action, screen, _ = desk
    model.manner, model.answer = "slow", TRUE
    said, _ = await ask(action)
    assert "2,000원" in said["text"] and screen.shown == [""]


async def test_other_channels_get_the_whole_at_once(model: ModelServer, desk: Any) -> None:
    action, screen, _ = desk
    model.answer = f"{TRUE} {MORE}"
    said, _ = await ask(action, "kakao")
    assert said["text"] == f"{TRUE} {MORE}" and screen.shown == []
