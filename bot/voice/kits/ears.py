"""Ears: silence is nothing, any audio is survived, many turns at once are answered each by its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import numpy as np
import pytest

from bot.voice.audio import EARS_RATE, Pcm, silence
from bot.voice.ears import Ears
from bot.voice.errors import EarsFailed


class EarsKit:
    """For implementations of `Ears`. The fixture `ears` gives one, `speech` a turn in which something is said."""

    @pytest.fixture
    def speech(self) -> Pcm:
        """16 kHz, to be overridden by a back end that needs real speech."""
        raise NotImplementedError

    async def test_speech_is_heard(self, ears: Ears, speech: Pcm) -> None:
        heard = await ears.recognise(speech)
        assert heard.text
        assert heard.text == heard.text.strip()
        assert 0 < heard.confidence <= 1

    @pytest.mark.parametrize("ms", [0, 1, 500, 2_000, 29_000])
    async def test_silence_is_nothing(self, ears: Ears, ms: float) -> None:
        assert (await ears.recognise(silence(ms, EARS_RATE))).text == ""

    async def test_noise_raises_nothing(self, ears: Ears) -> None:
        noise = np.random.default_rng(1).integers(-32768, 32767, 3 * EARS_RATE, dtype=np.int16)
        assert isinstance((await ears.recognise(noise)).text, str)

    async def test_turns_at_once(self, ears: Ears, speech: Pcm) -> None:
        texts = await asyncio.gather(ears.recognise(speech), ears.recognise(silence(900, EARS_RATE)))
        assert texts[0].text
        assert not texts[1].text

    async def test_a_caller_who_left_disturbs_no_other(self, ears: Ears, speech: Pcm) -> None:
        gone = asyncio.create_task(ears.recognise(speech))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert (await ears.recognise(speech)).text

    async def test_warming_up_twice_is_once(self, ears: Ears) -> None:
        await ears.warm_up()
        await ears.warm_up()

    async def test_closed_ears_say_so_or_hear(self, ears: Ears, speech: Pcm) -> None:
        await ears.close()
        with suppress(EarsFailed, RuntimeError):
            await ears.recognise(speech)
