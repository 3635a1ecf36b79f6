"""The generator port: its twin, and OpenAI's protocol against a real server that may be slow, broken or gone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from generator import (
    Generator,
    GeneratorError,
    Message,
    OpenAICompatibleGenerator,
    ScriptedGenerator,
    complete,
)
from generator.testing import GeneratorConformance

from .conftest import ModelServer

ASKED = [Message("user", "안녕하세요?")]


class TestTheTwin(GeneratorConformance):
    @pytest.fixture
    def generator(self) -> Generator:
        return ScriptedGenerator("네, 안녕하세요.")

    @pytest.fixture
    def broken(self) -> Generator:
        return ScriptedGenerator(GeneratorError("llm_unreachable", "Gone."))


class TestOpenAICompatible(GeneratorConformance):
    @pytest.fixture
    async def generator(self, model: ModelServer) -> AsyncIterator[Generator]:
        made = OpenAICompatibleGenerator(model.url, "test-model", "secret")
        yield made
        await made.close()

    @pytest.fixture
    async def broken(self) -> AsyncIterator[Generator]:
        made = OpenAICompatibleGenerator("http://127.0.0.1:9", "test-model")
        yield made
        await made.close()


@pytest.fixture
async def client(model: ModelServer) -> AsyncIterator[OpenAICompatibleGenerator]:
    made = OpenAICompatibleGenerator(model.url + "/", "test-model", "secret")
    yield made
    await made.close()


@pytest.mark.parametrize("manner", ["stream", "whole"])
async def test_the_protocol(model: ModelServer, client: OpenAICompatibleGenerator, manner: str) -> None:
    model.manner = manner
    assert await complete(client, ASKED, max_tokens=50, timeout=10) == "네, 안녕하세요."
    (sent,) = model.requests
    assert sent["model"] == "test-model" and sent["max_tokens"] == 50 and sent["stream"] is True
    assert sent["messages"] == [{"role": "user", "content": "안녕하세요?"}]
    assert model.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    ("manner", "code"),
    [
        ("status", "llm_refused"),
        ("nonsense", "llm_nonsense"),
        ("other", "llm_nonsense"),
        ("broken", "llm_nonsense"),
        ("error", "llm_nonsense"),
        ("cut", "llm_unreachable"),
    ],
)
async def test_what_goes_wrong_has_a_code_and_none_of_the_words(
    model: ModelServer, client: OpenAICompatibleGenerator, manner: str, code: str
) -> None:
    model.manner = manner
    with pytest.raises(GeneratorError) as caught:
        await complete(client, ASKED, max_tokens=50, timeout=10)
    assert caught.value.code == code and caught.value.remedy
    assert "안녕하세요" not in caught.value.en + caught.value.ko


async def test_a_slow_server_is_not_waited_for(model: ModelServer, client: OpenAICompatibleGenerator) -> None:
    model.manner = "slow"
    with pytest.raises(GeneratorError) as caught:
        await complete(client, ASKED, max_tokens=50, timeout=0.1)
    assert caught.value.code == "llm_timeout"


async def test_an_endless_answer_is_cut_off(model: ModelServer, client: OpenAICompatibleGenerator) -> None:
    model.answer = "가" * 30_000
    assert len(await complete(client, ASKED, max_tokens=50, timeout=20)) <= 20_000
