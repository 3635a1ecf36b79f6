"""`openai-compatible`: any server with `/audio/speech` (OpenAI, Speaches, Kokoro servers and others)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from pydantic import Field

from bot.voice.audio import Sound, pcm_of
from bot.voice.endpoint import Client, Endpoint
from bot.voice.errors import MouthFailed

BLOCK = 9_600


class OpenAiMouthOptions(Endpoint):
    """Options under `voice.mouth_options`."""

    voice: str = "alloy"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    sample_rate: int = Field(default=24_000, ge=8_000, le=48_000)
    """Hz of the server's raw PCM; OpenAI's is 24,000."""

    def make(self) -> OpenAiMouth:
        """See `MouthOptions.make`."""
        return OpenAiMouth(self)


class OpenAiMouth:
    """Takes raw PCM as it comes, so that speech begins before it is all made."""

    def __init__(self, options: OpenAiMouthOptions) -> None:
        self._options = options
        self._client = Client(options)

    async def warm_up(self) -> None:
        """Nothing to load here."""

    async def speak(self, text: str) -> AsyncIterator[Sound]:
        """See `Mouth.speak`."""
        if not text.strip():
            return
        options, rest = self._options, b""
        body = {
            "model": options.model,
            "voice": options.voice,
            "input": text,
            "speed": options.speed,
            "response_format": "pcm",
        }
        url = f"{options.url}/audio/speech"
        try:
            async with self._client.session.post(url, json=body) as response:
                if response.status != 200:
                    raise MouthFailed(f"{url} answered {response.status}")
                async for block in response.content.iter_chunked(BLOCK):
                    block = rest + block
                    even = len(block) // 2 * 2
                    rest = block[even:]
                    if even:
                        yield Sound(pcm_of(block[:even]), options.sample_rate)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MouthFailed(f"{url}: {type(error).__name__}") from error

    async def close(self) -> None:
        """See `Mouth.close`."""
        await self._client.close()
