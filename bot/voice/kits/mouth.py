"""Mouths: words make sound at one rate, nothing makes nothing, a speaker can be stopped at any time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import numpy as np

from bot.voice.audio import Pcm
from bot.voice.mouth import Mouth

TEXT = "안녕하세요. 카드 두 장을 정지할게요."


class MouthKit:
    """For implementations of `Mouth`. The fixture `mouth` gives one."""

    async def test_words_make_sound_at_one_rate(self, mouth: Mouth) -> None:
        sounds = [sound async for sound in mouth.speak(TEXT)]
        assert len({sound.rate for sound in sounds}) == 1
        assert 8_000 <= sounds[0].rate <= 48_000
        assert sum(sound.ms for sound in sounds) > 100
        assert max(int(np.abs(sound.pcm.astype(int)).max()) for sound in sounds) > 500

    async def test_nothing_makes_nothing(self, mouth: Mouth) -> None:
        for text in ("", "  ", "\n"):
            assert [sound async for sound in mouth.speak(text)] == []

    async def test_longer_text_takes_longer(self, mouth: Mouth) -> None:
        assert len(await said(mouth, TEXT * 3)) > 2 * len(await said(mouth, TEXT))

    async def test_text_that_looks_like_an_option_or_markup_is_only_text(self, mouth: Mouth) -> None:
        for text in (
            "--version",
            "-v en 안녕",
            "<speak>안녕",
            "$(whoami) 안녕",
            "안녕\n하세요",
            "&amp; 안녕",
        ):
            assert len(await said(mouth, text)) > 0

    async def test_stopping_early_leaves_the_mouth_usable(self, mouth: Mouth) -> None:
        async with aclosing(mouth.speak(TEXT * 20)) as sounds:  # type: ignore[type-var]
            async for _ in sounds:
                break
        task = asyncio.create_task(said(mouth, TEXT * 20))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(await said(mouth, TEXT)) > 0

    async def test_several_at_once(self, mouth: Mouth) -> None:
        alone = len(await said(mouth, TEXT))
        together = await asyncio.gather(*(said(mouth, TEXT) for _ in range(4)))
        assert all(abs(len(pcm) - alone) <= alone * 0.05 for pcm in together)


async def said(mouth: Mouth, text: str) -> Pcm:
    """The whole sound of a text."""
    pieces = [sound.pcm async for sound in mouth.speak(text)]
    return np.concatenate([np.zeros(0, np.int16), *pieces])
