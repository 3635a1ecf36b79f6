"""Embeddings by OpenAI's protocol, against a real server on this machine that speaks it, well and badly."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from aiohttp import web

import encoder.openai_encoder as openai_encoder
from encoder import EncoderError, load_encoder
from encoder.hashing import HashingEncoder
from encoder.openai_encoder import KEY, URL, OpenAIEncoder

SECRET = "sk-secret-1234"


class EmbeddingsServer:
    """Answers as OpenAI does; `plan` holds what to do instead for the next requests: a status, or a function."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.plan: list[Any] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    async def embeddings(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization"))
        if self.plan:
            step = self.plan.pop(0)
            if isinstance(step, int):
                return web.json_response({"error": {"message": f"bad key {SECRET}"}}, status=step)
            return await step(body)  # type: ignore[no-any-return]
        made = HashingEncoder().encode(body["input"]) * 3
        data = [
            {"object": "embedding", "index": at, "embedding": row.tolist()} for at, row in enumerate(made)
        ]
        answer = {"object": "list", "model": body["model"], "data": data[::-1], "usage": {"total_tokens": 1}}
        return web.json_response(answer)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/embeddings", self.embeddings)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{port}/v1"
        self._started.set()

    def __enter__(self) -> EmbeddingsServer:
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as running:
        yield running


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def encoder(server: EmbeddingsServer, pauses: list[float]) -> OpenAIEncoder:
    return OpenAIEncoder("small", url=server.url, key=SECRET, timeout=5, pause=pauses.append)


def test_the_ports_promises(encoder: OpenAIEncoder, server: EmbeddingsServer) -> None:
    texts = ["카드를 잃어버렸어요", "네"]
    made = encoder.encode(texts)
    assert np.allclose(made, HashingEncoder().encode(texts), atol=1e-6), "in order, scaled to length 1"
    assert (made.dtype, encoder.dimensions, encoder.encode([]).shape) == (np.float32, 256, (0, 256))
    assert server.requests == [{"model": "small", "input": texts, "encoding_format": "float"}]
    assert server.keys == [f"Bearer {SECRET}"]


def test_by_name_with_address_and_key_from_the_environment(
    server: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv(URL, f"{server.url}/")
    monkeypatch.delenv(KEY, raising=False)
    found = load_encoder("openai:org/model:v1", cache_dir=tmp_path)
    found.warm_up()
    host = server.url.removeprefix("http://")
    assert found.name == f"openai:org/model:v1@{host}" and server.keys == [None]


def test_many_texts_go_in_batches(encoder: OpenAIEncoder, server: EmbeddingsServer) -> None:
    texts = [f"문장 {number}" for number in range(openai_encoder.BATCH * 2 + 3)]
    assert np.allclose(encoder.encode(texts), HashingEncoder().encode(texts), atol=1e-6)
    assert [len(body["input"]) for body in server.requests] == [64, 64, 3]


def test_an_empty_text_is_sent_as_something(encoder: OpenAIEncoder, server: EmbeddingsServer) -> None:
    encoder.encode(["", " \n"])
    assert server.requests[0]["input"] == [".", "."]


def test_a_busy_server_is_asked_again(
    encoder: OpenAIEncoder, server: EmbeddingsServer, pauses: list[float]
) -> None:
    async def later(body: Any) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "7"})

    server.plan = [503, later]
    assert encoder.encode(["카드", "금리"]).shape == (2, 256)
    assert pauses == [0.5, 7.0] and len(server.requests) == 3


def test_for_a_single_text_a_customer_waits(
    encoder: OpenAIEncoder, server: EmbeddingsServer, pauses: list[float]
) -> None:
    server.plan = [503, 503, 503]
    with pytest.raises(EncoderError):
        encoder.encode(["카드"])
    assert pauses == [0.5] and len(server.requests) == 2


def test_a_server_that_is_down_is_not_waited_for_again(pauses: list[float]) -> None:
    encoder = OpenAIEncoder("m", url="http://127.0.0.1:9/v1", timeout=0.1, pause=pauses.append)
    for _ in range(2):
        with pytest.raises(EncoderError) as caught:
            encoder.encode(["카드"])
        assert caught.value.code == "encoder_unreachable"
    assert pauses == [0.5], "the second one asked nobody"


@pytest.mark.parametrize(
    ("header", "wait"), [("Wed, 25 Nov 2026 10:00:00 GMT", 0.5), ("900", 20.0), ("-1", 0.5)]
)
def test_how_long_a_server_may_make_us_wait(
    encoder: OpenAIEncoder, server: EmbeddingsServer, pauses: list[float], header: str, wait: float
) -> None:
    async def later(body: Any) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": header})

    server.plan = [later]
    encoder.encode(["카드"])
    assert pauses == [wait]


@pytest.mark.parametrize(
    ("status", "asked", "word"), [(401, 1, KEY), (404, 1, "/v1"), (400, 1, "log"), (503, 4, "log")]
)
def test_a_refusal_names_status_and_remedy_but_never_the_key(
    encoder: OpenAIEncoder, server: EmbeddingsServer, status: int, asked: int, word: str
) -> None:
    server.plan = [status] * 9
    with pytest.raises(EncoderError) as caught:
        encoder.encode(["카드", "금리"])
    error = caught.value
    assert (error.code, len(server.requests)) == ("encoder_refused", asked)
    assert str(status) in error.en and word in error.remedy
    assert SECRET not in error.en + error.ko + error.remedy


async def _no_json(body: Any) -> web.Response:
    return web.Response(text="<html>")


def _answering(data: Any) -> Callable[[Any], Any]:
    async def answer(body: Any) -> web.Response:
        return web.json_response(data)

    return answer


@pytest.mark.parametrize(
    "step",
    [
        _no_json,
        _answering([]),
        _answering({"data": []}),
        _answering({"data": [{"index": 0, "embedding": [1, 2]}]}),
        _answering({"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}),
        _answering({"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]}),
        _answering({"data": [{"index": 0, "embedding": ["a"]}, {"index": 1, "embedding": [1]}]}),
        _answering({"data": [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}]}),
    ],
    ids=["no json", "list", "none", "too few", "twice", "ragged", "words", "empty"],
)
def test_an_answer_that_is_none(encoder: OpenAIEncoder, server: EmbeddingsServer, step: Any) -> None:
    server.plan = [step]
    with pytest.raises(EncoderError) as caught:
        encoder.encode(["카드", "금리"])
    assert caught.value.code == "encoder_answer"


def test_a_server_that_changes_its_model_is_noticed(encoder: OpenAIEncoder, server: EmbeddingsServer) -> None:
    encoder.warm_up()
    server.plan = [_answering({"data": [{"index": 0, "embedding": [1.0, 2.0]}]})]
    with pytest.raises(EncoderError, match="2 numbers where there were 256"):
        encoder.encode(["카드"])


def test_time_out_and_nobody_there(server: EmbeddingsServer, pauses: list[float]) -> None:
    async def slow(body: Any) -> web.Response:
        await asyncio.sleep(0.5)
        return web.Response()

    server.plan = [slow] * 4
    for url in (server.url, "http://127.0.0.1:9/v1"):
        encoder = OpenAIEncoder("small", url=url, timeout=0.1, pause=pauses.append)
        with pytest.raises(EncoderError) as caught:
            encoder.encode(["카드", "금리"])
        assert caught.value.code == "encoder_unreachable"
    assert pauses == [0.5, 1.0, 2.0] * 2


@pytest.mark.parametrize("url", ["", "localhost:8000"])
def test_without_an_address_it_says_which_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, url: str
) -> None:
    monkeypatch.setenv(URL, url)
    with pytest.raises(EncoderError) as caught:
        load_encoder("openai:small", cache_dir=tmp_path).warm_up()
    assert caught.value.code == "encoder_not_configured" and URL in caught.value.remedy


def test_credentials_in_an_address_are_not_part_of_name_or_error(pauses: list[float]) -> None:
    encoder = OpenAIEncoder("m", url="http://user:pass@127.0.0.1:9/v1", timeout=0.1, pause=pauses.append)
    with pytest.raises(EncoderError) as caught:
        encoder.warm_up()
    assert "pass" not in encoder.name + caught.value.en


def test_an_assistant_trains_and_understands_by_it(
    server: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from nlu.training import load_model
    from nlu.updating import train

    monkeypatch.setenv(URL, server.url)
    lines = [
        "카드를 잃어버렸어요\tloss",
        "카드 분실이요\tloss",
        "금리가 얼마예요\trates",
        "적금 금리요\trates",
    ]
    (tmp_path / "nlu.tsv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "config.yml").write_text(
        "pipeline:\n  - {name: SentenceEncoderFeaturizer, encoder: 'openai:small'}\n  - name: KoreanIntentClassifier\n"
    )
    train(tmp_path / "config.yml", tmp_path / "nlu.tsv", tmp_path / "m.npz", tmp_path)
    pipeline = load_model(tmp_path / "m.npz", tmp_path / "config.yml", tmp_path)
    found = pipeline.understand("카드를 분실했어요")
    assert found.intent is not None and found.intent.name == "loss"
    assert json.dumps(pipeline.encoder.name).count("openai:small@127.0.0.1")  # type: ignore[union-attr]
