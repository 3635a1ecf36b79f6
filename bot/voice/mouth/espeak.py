"""`espeak`: espeak-ng, robotic and always there. The command where it is installed, else its library by ctypes.

espeak-ng is GPL-3; it runs as a program of its own, or is loaded from the optional package `espeakng-loader`.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from pydantic import BaseModel, ConfigDict, Field

from bot.voice.audio import Sound, pcm_of
from bot.voice.errors import MouthFailed
from bot.voice.mouth.espeak_library import available, synthesise

HEADER = 44
"""Bytes of the WAV header that the command writes before the samples; the sample rate stands at 24."""
BLOCK = 8_192


class EspeakOptions(BaseModel):
    """Options under `voice.mouth_options`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voice: str = Field(default="ko", pattern=r"^[A-Za-z0-9_+-]{1,40}$")
    speed: int = Field(default=165, ge=80, le=450)
    """Words a minute, as espeak counts them."""
    pitch: int = Field(default=50, ge=0, le=99)
    program: str = "espeak-ng"
    """The command; empty uses the library."""

    def make(self) -> Espeak:
        """See `MouthOptions.make`."""
        return Espeak(self)


class Espeak:
    """Speaks by whichever form is there."""

    def __init__(self, options: EspeakOptions | None = None) -> None:
        self._options = options or EspeakOptions()
        self._program = shutil.which(self._options.program) if self._options.program else None

    async def warm_up(self) -> None:
        """Raises `MouthFailed` where neither form is installed."""
        if self._program is None and not available():
            raise MouthFailed("Neither the command espeak-ng nor the package espeakng-loader is installed.")

    async def speak(self, text: str) -> AsyncIterator[Sound]:
        """See `Mouth.speak`."""
        said = " ".join(text.split())
        if not said:
            return
        await self.warm_up()
        if self._program is None:
            options = self._options
            yield await asyncio.to_thread(synthesise, said, options.voice, options.speed, options.pitch)
            return
        # Closed with this one: left to the garbage collector, the program would speak on after a barge-in.
        async with aclosing(self._by_command(self._program, said)) as sounds:
            async for sound in sounds:
                yield sound

    async def _by_command(self, program: str, text: str) -> AsyncGenerator[Sound, None]:
        options = self._options
        process = await asyncio.create_subprocess_exec(
            program,
            *("-v", options.voice, "-s", str(options.speed), "-p", str(options.pitch)),
            *("-b", "1", "--stdin", "--stdout"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(text.encode())
            process.stdin.close()
            async for sound in _samples(process.stdout):
                yield sound
            if await process.wait() != 0:
                raise MouthFailed(f"espeak-ng ended with {process.returncode}")
        except (BrokenPipeError, ConnectionResetError, asyncio.IncompleteReadError) as error:
            raise MouthFailed("espeak-ng stopped early") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def close(self) -> None:
        """Nothing is held open."""


async def _samples(stream: asyncio.StreamReader) -> AsyncIterator[Sound]:
    """What follows the header, in whole samples."""
    header = await stream.readexactly(HEADER)
    rate, rest = int.from_bytes(header[24:28], "little"), b""
    while block := await stream.read(BLOCK):
        block = rest + block
        even = len(block) // 2 * 2
        rest = block[even:]
        if even:
            yield Sound(pcm_of(block[:even]), rate)
