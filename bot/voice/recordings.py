"""WAV files in and out."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.voice.audio import Pcm, Sound, bytes_of, mulaw_decode, pcm_of_floats
from bot.voice.errors import BadAudio

_PCM, _FLOAT, _MULAW, _EXTENSIBLE = 1, 3, 7, 0xFFFE
MAX_BYTES = 200 * 1024 * 1024


def read_wav(path: Path) -> Sound:
    """A recording as mono. PCM of 8 to 32 bit, float and mu-law. Raises `BadAudio`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadAudio(path.name, f"larger than {MAX_BYTES // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise BadAudio(path.name, error.strerror or "not readable") from None
    return wav_sound(data, path.name)


def wav_sound(data: bytes, name: str = "audio") -> Sound:
    """A WAV file's bytes as mono sound. A data chunk that claims more than there is (a stream) ends where the bytes end."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadAudio(name, "no WAV file")
    at, shape = 12, None
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if kind == b"fmt ":
            if len(body) < 16:
                raise BadAudio(name, "the format chunk is cut off")
            shape = body
        elif kind == b"data":
            if shape is None:
                raise BadAudio(name, "samples come before their format")
            return _sound(shape, body, name)
        at += 8 + size + size % 2
    raise BadAudio(name, "no samples")


def _sound(shape: bytes, body: bytes, name: str) -> Sound:
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", shape[:16])
    if kind == _EXTENSIBLE and len(shape) >= 26:
        kind = int.from_bytes(shape[24:26], "little")
    if not 1 <= channels <= 32 or not 4_000 <= rate <= 384_000:
        raise BadAudio(name, f"{channels} channels at {rate} Hz")
    pcm = _samples(kind, bits, body, name)
    pcm = pcm[: len(pcm) // channels * channels]
    mono = pcm if channels == 1 else pcm.reshape(-1, channels).mean(axis=1).astype(np.int16)
    return Sound(mono, rate)


def _samples(kind: int, bits: int, body: bytes, name: str) -> Pcm:
    width = bits // 8
    if width:
        body = body[: len(body) // width * width]
    if kind == _MULAW and bits == 8:
        return mulaw_decode(body)
    if kind == _FLOAT and bits in (32, 64):
        floats: npt.NDArray[np.floating] = np.frombuffer(body, f"<f{width}")
        return pcm_of_floats(np.nan_to_num(floats))
    if kind == _PCM and bits == 8:
        return (np.frombuffer(body, np.uint8).astype(np.int16) - 128) << 8
    if kind == _PCM and bits == 16:
        return np.frombuffer(body, "<i2").astype(np.int16)
    if kind == _PCM and bits == 24:
        octets = np.frombuffer(body, np.uint8).reshape(-1, 3)
        return np.ascontiguousarray(octets[:, 1:]).view("<i2").reshape(-1).astype(np.int16)
    if kind == _PCM and bits == 32:
        return (np.frombuffer(body, "<i4") >> 16).astype(np.int16)
    raise BadAudio(name, f"encoding {kind} with {bits} bit")


def wav_bytes(sound: Sound) -> bytes:
    """A mono 16 bit WAV file."""
    body = bytes_of(sound.pcm)
    header = struct.pack("<HHIIHH", _PCM, 1, sound.rate, sound.rate * 2, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(body))
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + header
        + (b"data" + struct.pack("<I", len(body)) + body)
    )
