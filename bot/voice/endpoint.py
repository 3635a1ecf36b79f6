"""A speech server with OpenAI's paths: where it is, how it is reached, what can go wrong."""

from __future__ import annotations

import os
from typing import Self

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, field_validator


class Endpoint(BaseModel):
    """Options that both directions share. The key comes from the environment, never from a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    """Base with the version, such as http://localhost:8000/v1."""
    model: str
    key_variable: str = "SANGDAM_SPEECH_KEY"
    """Name of the environment variable that holds the key; unset sends none."""
    timeout: float = Field(default=10, gt=0, le=120)
    """Seconds."""

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("not an http:// or https:// address")
        return value.rstrip("/")


class Client:
    """A session that is opened when it is first needed, in the loop that needs it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session."""
        if self._session is None or self._session.closed:
            key = os.environ.get(self._endpoint.key_variable)
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=aiohttp.ClientTimeout(total=self._endpoint.timeout),
            )
        return self._session

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
