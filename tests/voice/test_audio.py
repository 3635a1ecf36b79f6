"""Samples: mu-law, resampling in pieces, recordings."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from bot.voice.audio import (
    Framer,
    Resampler,
    Sound,
    bytes_of,
    mulaw_decode,
    mulaw_encode,
    pcm_of,
    resample,
    silence,
)
from bot.voice.errors import BadAudio
from bot.voice.recordings import read_wav, wav_bytes, wav_sound

ALL = np.arange(-32768, 32768).astype(np.int16)


def tone(rate: int, hertz: float = 1_000, ms: float = 1_000) -> np.ndarray:
    return (10_000 * np.sin(2 * np.pi * hertz * np.arange(int(rate * ms / 1000)) / rate)).astype(np.int16)


def test_mulaw_of_known_values() -> None:
    # From the tables of G.711.
    assert mulaw_encode(np.array([0, 32767, -32768, 8, -8], np.int16)) == bytes(
        [0xFF, 0x80, 0x00, 0xFE, 0x7E]
    )
    assert mulaw_decode(bytes([0xFF, 0x7F, 0x80, 0x00])).tolist() == [0, 0, 32124, -32124]


def test_mulaw_there_and_back_is_within_its_steps() -> None:
    back = mulaw_decode(mulaw_encode(ALL)).astype(int)
    error = np.abs(back - np.clip(ALL, -32635, 32635))
    assert (error <= np.abs(ALL.astype(int)) / 16 + 8).all()


def test_mulaw_codes_are_stable() -> None:
    codes = bytes(range(256))
    assert mulaw_decode(mulaw_encode(mulaw_decode(codes))).tolist() == mulaw_decode(codes).tolist()


@pytest.mark.parametrize(
    ("source", "target"),
    [(8_000, 16_000), (16_000, 8_000), (22_050, 8_000), (24_000, 16_000), (48_000, 16_000), (16_000, 16_000)],
)
def test_resampling_keeps_the_tone_and_the_length(source: int, target: int) -> None:
    made = resample(tone(source), source, target)
    assert abs(len(made) - target) <= 2
    assert np.abs(made.astype(int) - tone(target)[: len(made)])[200:-200].max() <= 4


@pytest.mark.parametrize("sizes", [[1], [7, 160, 333], [160], [50_000]])
def test_resampling_in_pieces_gives_what_one_piece_gives(sizes: list[int]) -> None:
    sound, whole = tone(22_050, ms=300), resample(tone(22_050, ms=300), 22_050, 8_000)
    resampler, at, turn, pieces = Resampler(22_050, 8_000), 0, 0, []
    while at < len(sound):
        size = sizes[turn % len(sizes)]
        pieces.append(resampler.push(sound[at : at + size]))
        at, turn = at + size, turn + 1
    pieces.append(resampler.flush())
    assert np.array_equal(np.concatenate(pieces), whole)


def test_what_the_lower_rate_cannot_carry_is_gone() -> None:
    made = resample(tone(16_000, hertz=6_000), 16_000, 8_000)
    assert np.abs(made.astype(int))[200:-200].max() < 100


def test_framer_cuts_equal_frames_and_keeps_the_rest() -> None:
    framer = Framer(4)
    assert [frame.tolist() for frame in framer.push(ALL[:3])] == []
    assert [len(frame) for frame in framer.push(ALL[3:10])] == [4, 4]
    assert [frame.tolist() for frame in framer.push(ALL[10:12])] == [ALL[8:12].tolist()]


def test_bytes_there_and_back() -> None:
    assert pcm_of(bytes_of(ALL)).tolist() == ALL.tolist()
    assert pcm_of(b"\x01\x00\x02").tolist() == [1]
    assert len(silence(20, 8_000)) == 160


def wav(kind: int, bits: int, body: bytes, channels: int = 1, rate: int = 8_000) -> bytes:
    width = bits // 8 * channels
    shape = struct.pack("<HHIIHH", kind, channels, rate, rate * width, width, bits)
    return (
        b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + struct.pack("<I", 16) + shape
        + b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"data" + struct.pack("<I", len(body)) + body
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "bits", "body", "expected"),
    [
        (1, 8, bytes([128, 255, 0]), [0, 32512, -32768]),
        (1, 16, struct.pack("<hh", 5, -5), [5, -5]),
        (1, 24, b"\x00\x05\x00\xff\xfb\xff", [5, -5]),
        (1, 32, struct.pack("<ii", 5 << 16, -5 << 16), [5, -5]),
        (3, 32, struct.pack("<ff", 0.5, float("nan")), [16384, 0]),
        (7, 8, bytes([0xFF, 0x80]), [0, 32124]),
    ],
)
def test_recordings_of_each_encoding(kind: int, bits: int, body: bytes, expected: list[int]) -> None:
    assert wav_sound(wav(kind, bits, body)).pcm.tolist() == expected


def test_stereo_is_mixed_and_a_stream_without_a_length_ends_where_it_ends() -> None:
    assert wav_sound(wav(1, 16, struct.pack("<hhhh", 10, 20, -4, -6), channels=2)).pcm.tolist() == [15, -5]
    endless = wav(1, 16, b"\x01\x00").replace(struct.pack("<I", 2) + b"\x01\x00", b"\xff\xff\xff\x7f\x01\x00")
    assert wav_sound(endless).pcm.tolist() == [1]


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"not audio at all", wav(1, 12, b"ab"), wav(85, 16, b"ab"), wav(1, 16, b"ab", rate=1),
     wav(1, 16, b"ab", channels=0), wav(1, 16, b"ab")[:40], b"RIFF\0\0\0\0WAVEdata\0\0\0\0"],
)  # fmt: skip
def test_what_is_no_recording_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(BadAudio):
        read_wav(path)


def test_a_missing_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAudio):
        read_wav(tmp_path / "none.wav")


def test_a_written_recording_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav_bytes(Sound(ALL, 16_000)))
    read = read_wav(tmp_path / "a.wav")
    assert (read.rate, read.pcm.tolist()) == (16_000, ALL.tolist())
    assert read.ms == 4_096
