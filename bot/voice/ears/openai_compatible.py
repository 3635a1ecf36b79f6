"""`openai-compatible`: any server with `/audio/transcriptions` (OpenAI, vLLM, Speaches, whisper.cpp and others)."""

from __future__ import annotations

import aiohttp

from bot.voice.audio import EARS_RATE, Pcm, Sound
from bot.voice.ears.doubt import invented
from bot.voice.ears.port import Heard, Place
from bot.voice.endpoint import Client, Endpoint
from bot.voice.errors import EarsFailed
from bot.voice.recordings import wav_bytes


class OpenAiEarsOptions(Endpoint):
    """Options under `voice.ears_options`."""

    def make(self, place: Place) -> OpenAiEars:
        """See `EarsOptions.make`."""
        return OpenAiEars(self, place)


class OpenAiEars:
    """Sends each turn as a WAV file."""

    def __init__(self, options: OpenAiEarsOptions, place: Place) -> None:
        self._options = options
        self._language = place.language
        self._client = Client(options)

    async def warm_up(self) -> None:
        """Nothing to load here."""

    async def recognise(self, pcm: Pcm) -> Heard:
        """See `Ears.recognise`."""
        if not pcm.any():
            return Heard("", 0.0)
        form = aiohttp.FormData()
        form.add_field(
            "file", wav_bytes(Sound(pcm, EARS_RATE)), filename="turn.wav", content_type="audio/wav"
        )
        fields = {
            "model": self._options.model,
            "language": self._language,
            "response_format": "json",
            "temperature": "0",
        }
        for name, value in fields.items():
            form.add_field(name, value)
        text = await self._ask(form)
        return Heard("", 0.0) if invented(text, 0.0, 0.0) else Heard(text)

    async def _ask(self, form: aiohttp.FormData) -> str:
        url = f"{self._options.url}/audio/transcriptions"
        try:
            async with self._client.session.post(url, data=form) as response:
                if response.status != 200:
                    raise EarsFailed(f"{url} answered {response.status}")
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise EarsFailed(f"{url}: {type(error).__name__}") from error
        text = answer.get("text") if isinstance(answer, dict) else None
        if not isinstance(text, str):
            raise EarsFailed(f"{url} answered without a text")
        return text.strip()

    async def close(self) -> None:
        """See `Ears.close`."""
        await self._client.close()
