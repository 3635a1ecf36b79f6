"""Sound as numbers: 16 bit PCM, mu-law (ITU-T G.711), resampling that keeps its state between frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import gcd

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
"""Mono samples, signed 16 bit."""
Floats = npt.NDArray[np.float32]

EARS_RATE = 16_000
"""Hz at which voice activity and recognition listen."""
MULAW_SILENCE = 0xFF

_BIAS = 0x84
_CLIP = 32_635
_CROSSINGS = 16
"""Zero crossings of the resampler's sinc on each side."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples and their rate in Hz."""

    pcm: Pcm
    rate: int

    @property
    def ms(self) -> float:
        """Length in milliseconds."""
        return len(self.pcm) * 1000 / self.rate


def pcm_of(data: bytes) -> Pcm:
    """Little-endian 16 bit bytes as samples; an odd last byte is left out."""
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int16, copy=False)


def bytes_of(pcm: Pcm) -> bytes:
    """Samples as little-endian 16 bit bytes."""
    return pcm.astype("<i2", copy=False).tobytes()


def floats_of(pcm: Pcm) -> Floats:
    """Samples from -1 to 1."""
    return pcm.astype(np.float32) / np.float32(32768)


def pcm_of_floats(samples: npt.NDArray[np.floating]) -> Pcm:
    """Samples from -1 to 1 as 16 bit, clipped."""
    pcm: Pcm = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
    return pcm


def silence(ms: float, rate: int) -> Pcm:
    """Digital silence."""
    return np.zeros(int(rate * ms / 1000), np.int16)


@lru_cache(maxsize=1)
def _decode_table() -> Pcm:
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = (((code & 0x0F).astype(np.int32) << 3) + _BIAS) << ((code & 0x70) >> 4).astype(np.int32)
    magnitude -= _BIAS
    table: Pcm = np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)
    return table


@lru_cache(maxsize=1)
def _encode_table() -> npt.NDArray[np.uint8]:
    """The code of each 16 bit value, indexed by the value as an unsigned number."""
    value = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    sign = np.where(value < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(value), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    table: npt.NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return table


def mulaw_decode(data: bytes) -> Pcm:
    """Mu-law bytes as samples; 0xFF is silence."""
    decoded: Pcm = _decode_table()[np.frombuffer(data, np.uint8)]
    return decoded


def mulaw_encode(pcm: Pcm) -> bytes:
    """Samples as mu-law bytes."""
    return _encode_table()[pcm.view(np.uint16)].tobytes()


@lru_cache(maxsize=16)
def _filter_bank(up: int, down: int) -> tuple[npt.NDArray[np.float64], int]:
    """One windowed-sinc filter a phase (up x taps), and half their width in input samples."""
    slower = max(1.0, down / up)
    half = int(np.ceil(_CROSSINGS * slower))
    offsets = np.arange(-half + 1, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    cutoff = 0.94 / slower
    window = np.where(np.abs(offsets) < half, np.cos(np.pi * offsets / (2 * half)) ** 2, 0)
    bank = cutoff * np.sinc(cutoff * offsets) * window
    return bank / bank.sum(axis=1, keepdims=True), half


class Resampler:
    """A stream at one rate as a stream at another. Fed in frames of any size it gives what one piece would give."""

    def __init__(self, source: int, target: int) -> None:
        common = gcd(source, target)
        self._up, self._down = target // common, source // common
        self._same = source == target
        self._bank, self._half = _filter_bank(self._up, self._down)
        # `_kept` begins half a filter before the first sample, so that output 0 is at input time 0.
        self._kept = np.zeros(self._half - 1, np.float64)
        self._next = 0
        """Time of the next output in 1/up input samples, counted from the centre of the first filter in `_kept`."""

    def push(self, pcm: Pcm) -> Pcm:
        """What can be said of the output so far; the last `half` input samples wait for their neighbours."""
        if self._same:
            return pcm
        self._kept = np.concatenate([self._kept, pcm])
        last = len(self._kept) - 2 * self._half
        if last < 0 or self._next > last * self._up + self._up - 1:
            return np.zeros(0, np.int16)
        times = np.arange(self._next, (last + 1) * self._up, self._down)
        starts, phases = times // self._up, times % self._up
        taps = np.lib.stride_tricks.sliding_window_view(self._kept, 2 * self._half)[starts]
        made = np.einsum("nk,nk->n", taps, self._bank[phases])
        following = int(times[-1]) + self._down
        used = min(following // self._up, len(self._kept))
        self._kept, self._next = self._kept[used:], following - used * self._up
        clipped: Pcm = np.clip(np.rint(made), -32768, 32767).astype(np.int16)
        return clipped

    def flush(self) -> Pcm:
        """The rest, as if silence followed."""
        return self.push(np.zeros(self._half, np.int16)) if not self._same else np.zeros(0, np.int16)


def resample(pcm: Pcm, source: int, target: int) -> Pcm:
    """A whole recording at another rate."""
    resampler = Resampler(source, target)
    return np.concatenate([resampler.push(pcm), resampler.flush()])


class Framer:
    """Cuts a stream into frames of equal size; what is left over waits for more."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rest = np.zeros(0, np.int16)

    def push(self, pcm: Pcm) -> Iterator[Pcm]:
        """Full frames."""
        data = np.concatenate([self._rest, pcm])
        full = len(data) // self._size * self._size
        self._rest = data[full:]
        yield from data[:full].reshape(-1, self._size)
