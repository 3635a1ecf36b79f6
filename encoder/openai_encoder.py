"""`openai:<model>`: any server that speaks OpenAI's `POST /embeddings` (vLLM, Ollama, TEI, a hosted one).

Address and key come from the environment alone: SANGDAM_EMBEDDINGS_URL (with its path, as https://host/v1) and
SANGDAM_EMBEDDINGS_KEY. Batches, a time-out for each request, and retries with growing pauses where the server says that it
is busy; what can't be had then is an `EncoderError`, and understanding goes on with characters alone.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from encoder.errors import EncoderError
from encoder.port import Role, Vectors

URL, KEY = "SANGDAM_EMBEDDINGS_URL", "SANGDAM_EMBEDDINGS_KEY"
BATCH = 64
"""Texts a request."""
TIMEOUT = 20.0
"""Seconds for each request."""
RETRIES = 3
LIVE_TIMEOUT, LIVE_RETRIES = 3.0, 1
"""For a single text: a customer waits for it."""
DOWN = 15.0
"""Seconds for which a server that doesn't answer isn't asked again: each message would wait for it in vain."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
"""Seconds before the first retry, doubled each time; a server's Retry-After counts up to the longest."""
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class OpenAIEncoder:
    """Texts leave this machine: choose a server that may see what customers write."""

    learns_from: Role = "query"

    def __init__(
        self,
        model: str,
        *,
        url: str | None = None,
        key: str | None = None,
        timeout: float = TIMEOUT,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._model = model
        self._url = (url if url is not None else os.environ.get(URL, "")).rstrip("/")
        self._key = key if key is not None else os.environ.get(KEY, "")
        self._timeout = timeout
        self._pause = pause
        self._dimensions = 0
        self._down_until = 0.0
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Model and server: the same model name elsewhere may be another model."""
        parts = urlsplit(self._url)
        return (
            f"openai:{self._model}@{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
        )

    @property
    def dimensions(self) -> int:
        """Numbers a vector; asks the server once."""
        with self._lock:
            if not self._dimensions:
                self._dimensions = len(self._request(["."])[0])
            return self._dimensions

    def warm_up(self) -> None:
        """Ask the server once. Raises `EncoderError` where it can't be reached or refuses."""
        _ = self.dimensions

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Scaled to length 1. A text without letters is sent as a full stop, as servers refuse empty input."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            rows += self._request([text if text.strip() else "." for text in texts[start : start + BATCH]])
        if len({len(row) for row in rows}) != 1:
            raise self._unusable("vectors of different lengths")
        vectors = np.asarray(rows, np.float32)
        if not np.isfinite(vectors).all():
            raise self._unusable("numbers that are none")
        with self._lock:
            if self._dimensions and vectors.shape[1] != self._dimensions:
                raise self._unusable(f"{vectors.shape[1]} numbers where there were {self._dimensions}")
            self._dimensions = vectors.shape[1]
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _request(self, texts: Sequence[str]) -> list[list[float]]:
        """One batch, asked again while the server is busy."""
        if not self._url.startswith(("http://", "https://")):
            raise EncoderError(
                "encoder_not_configured",
                f"{URL} is {'not set' if not self._url else 'no http address'}.",
                f"Set {URL} to the server's address, such as https://host/v1, and {KEY} if it wants a key.",
            )
        if time.monotonic() < self._down_until:
            raise self._unreachable("asked a moment ago")
        live = len(texts) == 1
        retries, timeout = (
            (LIVE_RETRIES if live else RETRIES),
            min(LIVE_TIMEOUT if live else TIMEOUT, self._timeout),
        )
        wait = FIRST_PAUSE
        for attempt in range(retries + 1):
            try:
                return self._rows(self._post(texts, timeout), len(texts))
            except urllib.error.HTTPError as error:
                with error:
                    if error.code not in _BUSY or attempt == retries:
                        raise self._refused(error.code) from None
                    wait = max(wait, _asked_to_wait(error.headers.get("Retry-After")))
            except (OSError, http.client.HTTPException) as error:
                if attempt == retries:
                    self._down_until = time.monotonic() + DOWN
                    raise self._unreachable(type(error).__name__) from None
            self._pause(min(wait, LONGEST_PAUSE))
            wait *= 2
        raise AssertionError("the last attempt returns or raises")

    def _post(self, texts: Sequence[str], timeout: float) -> Any:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(
            f"{self._url}/embeddings", json.dumps(body).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=timeout) as response:
            try:
                return json.load(response)
            except ValueError:
                raise self._unusable("no JSON") from None

    def _rows(self, answer: Any, count: int) -> list[list[float]]:
        """In the order of the texts, whatever the server's."""
        try:
            items = sorted(answer["data"], key=lambda item: item["index"])
            rows = [[float(number) for number in item["embedding"]] for item in items]
        except (TypeError, KeyError, ValueError):
            raise self._unusable("no list of embeddings") from None
        if [item["index"] for item in items] != list(range(count)) or not all(rows):
            raise self._unusable(f"{len(items)} embeddings for {count} texts")
        return rows

    @property
    def _host(self) -> str:
        return urlsplit(self._url).netloc.rpartition("@")[2]

    def _unreachable(self, why: str) -> EncoderError:
        problem = f"The embeddings server {self._host} doesn't answer ({why})."
        return EncoderError(
            "encoder_unreachable", problem, f"Look whether it runs, and whether {URL} is right."
        )

    def _refused(self, status: int) -> EncoderError:
        remedy = {
            401: f"Check the key in {KEY}.",
            403: f"Check the key in {KEY}.",
            404: f"Check that {URL} ends as the server wants it (often /v1), and that it has the model.",
            429: "Ask less often, or for a larger quota.",
        }.get(status, "Look into the server's log.")
        problem = f"The embeddings server {self._host} refuses model {self._model!r} with status {status}."
        return EncoderError("encoder_refused", problem, remedy)

    def _unusable(self, what: str) -> EncoderError:
        problem = f"The embeddings server {self._host} answered with {what}."
        return EncoderError("encoder_answer", problem, "Check that it speaks OpenAI's embeddings protocol.")


def _asked_to_wait(header: str | None) -> float:
    """Seconds of a Retry-After header; 0 for a date or none."""
    try:
        return max(float(header or 0), 0.0)
    except ValueError:
        return 0.0
