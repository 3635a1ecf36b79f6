"""espeak-ng's library, out of the package `espeakng-loader`, called by ctypes."""

from __future__ import annotations

import ctypes
import threading
from importlib.util import find_spec
from typing import Any

import numpy as np

from bot.voice.audio import Pcm, Sound
from bot.voice.errors import MouthFailed

# Constants of speak_lib.h.
_SYNCHRONOUS = 2
_RATE, _PITCH = 1, 3
_BY_CHARACTER = 1
_UTF8 = 1
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

_lock = threading.Lock()
"""The library has one state for the whole process."""
_loaded: _Library | None = None


def available() -> bool:
    """Whether the package is installed."""
    return find_spec("espeakng_loader") is not None


def synthesise(text: str, voice: str, speed: int, pitch: int) -> Sound:
    """The whole text at once; blocks for some milliseconds. Raises `MouthFailed`."""
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = _Library()
        return _loaded.speak(text, voice, speed, pitch)


class _Library:
    def __init__(self) -> None:
        import espeakng_loader

        self._calls: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self._rate = int(self._calls.espeak_Initialize(_SYNCHRONOUS, 0, data, 0))
        if self._rate <= 0:
            raise MouthFailed("espeak-ng's library could not be initialised.")
        self._pieces: list[Pcm] = []
        # Kept here, as the library holds only the address.
        self._callback = _Callback(self._take)
        self._calls.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def speak(self, text: str, voice: str, speed: int, pitch: int) -> Sound:
        self._pieces = []
        if self._calls.espeak_SetVoiceByName(voice.encode()) != 0:
            raise MouthFailed(f"espeak-ng has no voice {voice!r}.")
        self._calls.espeak_SetParameter(_RATE, speed, 0)
        self._calls.espeak_SetParameter(_PITCH, pitch, 0)
        data = text.encode() + b"\0"
        if self._calls.espeak_Synth(data, len(data), 0, _BY_CHARACTER, 0, _UTF8, None, None) != 0:
            raise MouthFailed("espeak-ng could not speak.")
        pieces, self._pieces = self._pieces, []
        return Sound(np.concatenate(pieces) if pieces else np.zeros(0, np.int16), self._rate)
