"""Voice activity, turn-taking and the cutting of a stream into turns."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from bot.voice.activity import FRAME, SileroActivity
from bot.voice.audio import Framer, Pcm, Resampler, resample, silence
from bot.voice.kits.mouth import said
from bot.voice.listening import Listener, SpeechDropped, SpeechEnded, SpeechStarted
from bot.voice.mouth.espeak import Espeak
from bot.voice.testing import LoudnessActivity, babble, utterance
from bot.voice.turn_taking import Decision, SilenceOptions, SilenceTurns

NOTHING = np.zeros(FRAME, np.int16)


def decisions(policy: SilenceTurns, probabilities: list[float]) -> list[tuple[int, str]]:
    found = [(at, policy.frame(p, 32, NOTHING)) for at, p in enumerate(probabilities)]
    return [(at, decision.value) for at, decision in found if decision is not None]


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([0.0] * 50, []),
        ([0.9] * 10 + [0.0] * 20, [(2, "started"), (24, "ended")]),
        ([0.9, 0.9] + [0.0] * 20, []),
        ([0.9] * 3 + [0.0] * 20, [(2, "started"), (17, "dropped")]),
        ([0.9] * 5 + [0.0] * 10 + [0.9] * 5 + [0.0] * 20, [(2, "started"), (34, "ended")]),
        ([0.9] * 5 + [0.4] * 30 + [0.0] * 20, [(2, "started"), (49, "ended")]),
        ([0.4] * 50, []),
        ([0.9] * 3 + [0.0] * 15 + [0.9] * 4 + [0.0] * 15, [(2, "started"), (17, "dropped"), (20, "started"), (36, "ended")]),
    ],
)  # fmt: skip
def test_silence_policy(probabilities: list[float], expected: list[tuple[int, str]]) -> None:
    assert decisions(SilenceTurns(), probabilities) == expected


def test_a_turn_is_cut_at_its_longest() -> None:
    policy = SilenceTurns(SilenceOptions(max_turn_s=2))
    found = decisions(policy, [0.9] * 100)
    assert found[:2] == [(2, "started"), (62, "ended")]


def test_voiced_time_is_of_the_turn_alone() -> None:
    policy = SilenceTurns()
    policy.frame(0.9, 32, NOTHING)
    assert policy.voiced_ms == 0
    for _ in range(4):
        policy.frame(0.9, 32, NOTHING)
    assert policy.voiced_ms == 160
    policy.reset()
    assert policy.voiced_ms == 0
    assert policy.frame(0.9, 200, NOTHING) is Decision.STARTED


@pytest.mark.parametrize(
    "options", [{"silence_ms": 5}, {"threshold": 1.5}, {"silence": 400}, {"max_turn_s": 60}]
)
def test_bad_options_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        SilenceOptions.model_validate(options)


def signals(pcm: Pcm, rate: int = 16_000, frame: int = 160) -> list[object]:
    listener = Listener(LoudnessActivity(), SilenceTurns(), rate)
    return [s for at in range(0, len(pcm), frame) for s in listener.push(pcm[at : at + frame])]


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
@pytest.mark.parametrize("frame", [80, 160, 1_000])
def test_a_stream_is_cut_into_turns(rate: int, frame: int) -> None:
    stream = np.concatenate([silence(500, rate), utterance(800, rate), utterance(400, rate)])
    kinds = [type(signal) for signal in signals(stream, rate, frame)]
    assert kinds == [SpeechStarted, SpeechEnded, SpeechStarted, SpeechEnded]


def test_a_turn_holds_what_came_before_its_first_voiced_frame() -> None:
    soft = babble(200, loudness=0.01)
    stream = np.concatenate([silence(1_000, 16_000), soft, utterance(800)])
    ended = next(signal for signal in signals(stream) if isinstance(signal, SpeechEnded))
    assert 800 + 480 + 200 <= len(ended.pcm) / 16 <= 800 + 480 + 320 + 64
    assert 780 <= ended.voiced_ms <= 832


def test_a_knock_is_no_turn() -> None:
    stream = np.concatenate([babble(90), silence(700, 16_000)])
    assert [type(signal) for signal in signals(stream)] == [SpeechStarted, SpeechDropped]


def test_an_unfinished_turn_can_be_cut_off() -> None:
    listener = Listener(LoudnessActivity(), SilenceTurns(), 16_000)
    assert listener.cut() is None
    list(listener.push(babble(500)))
    assert listener.in_turn
    cut = listener.cut()
    assert cut is not None
    assert len(cut.pcm) >= 480 * 16
    assert not listener.in_turn


# -- the real network -------------------------------------------------------------------------------------------------


def probabilities(pcm: Pcm) -> list[float]:
    activity = SileroActivity()
    return [activity.probability(frame) for frame in Framer(FRAME).push(pcm)]


def test_silence_noise_and_tones_are_no_speech_to_silero() -> None:
    rng = np.random.default_rng(3)
    for sound in (
        silence(2_000, 16_000),
        rng.normal(0, 300, 32_000).astype(np.int16),
        babble(2_000),
        np.where(np.arange(32_000) % 4_000 < 40, 20_000, 0).astype(np.int16),
    ):
        found = probabilities(sound)
        assert sum(p >= 0.5 for p in found) <= 3, max(found)


def test_silero_begins_again_after_a_reset() -> None:
    activity = SileroActivity()
    frames = list(Framer(FRAME).push(np.random.default_rng(0).normal(0, 2_000, 8_192).astype(np.int16)))
    first = [activity.probability(frame) for frame in frames]
    activity.reset()
    assert [activity.probability(frame) for frame in frames] == first


@pytest.mark.parametrize("line", [8_000, 16_000])
async def test_made_speech_is_two_turns_on_a_telephone_line(line: int) -> None:
    mouth = Espeak()
    rate = (await anext(mouth.speak("네"))).rate
    spoken = resample(await said(mouth, "카드를 잃어버려서 정지하고 싶어요"), rate, line)
    stream = np.concatenate([silence(600, line), spoken, silence(1_200, line), spoken, silence(1_200, line)])
    listener = Listener(SileroActivity(), SilenceTurns(), line)
    found = [s for at in range(0, len(stream), 160) for s in listener.push(stream[at : at + 160])]
    ended = [signal for signal in found if isinstance(signal, SpeechEnded)]
    assert len(ended) == 2
    expected = len(spoken) * 1000 / line
    assert all(expected * 0.5 < one.voiced_ms < expected * 1.3 for one in ended)


def test_the_first_samples_of_a_line_are_not_late() -> None:
    resampler = Resampler(8_000, 16_000)
    assert len(resampler.push(silence(20, 8_000))) >= 2 * (160 - 32)
