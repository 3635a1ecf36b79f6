"""Voice activity: how likely it is that a frame holds speech. The port, and Silero's network out of faster-whisper's package."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bot.voice.audio import EARS_RATE, Pcm, floats_of
from bot.voice.errors import WeightsMissing

FRAME = 512
"""Samples at 16 kHz that are judged at once."""
FRAME_MS = FRAME * 1000 / EARS_RATE
_CONTEXT = 64
"""Samples of the frame before that the network sees again."""


class VoiceActivity(Protocol):
    """Judges one stream. Frames come in order."""

    def probability(self, frame: Pcm) -> float:
        """0 to 1 for `FRAME` samples at 16 kHz. Costs well under a millisecond, as it runs in the event loop."""

    def reset(self) -> None:
        """Forget the stream so far."""


class SileroActivity:
    """Silero VAD v6 (MIT); the network is shared by all calls, the state is this call's own."""

    def __init__(self) -> None:
        self._session = _session()
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def probability(self, frame: Pcm) -> float:
        """See `VoiceActivity.probability`."""
        samples = floats_of(frame)
        given = np.concatenate([self._context, samples])[None, :]
        self._context = samples[-_CONTEXT:]
        output, self._h, self._c = self._session.run(None, {"input": given, "h": self._h, "c": self._c})
        return float(np.ravel(output)[0])


@lru_cache(maxsize=1)
def _session() -> Any:
    """One thread: a frame costs 0.06 ms, and more threads would only wait for each other."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(_model()), options, providers=["CPUExecutionProvider"])


def _model() -> Path:
    found = find_spec("faster_whisper")
    path = Path(found.origin).parent / "assets" / "silero_vad_v6.onnx" if found and found.origin else None
    if path is None or not path.exists():
        raise WeightsMissing(
            "faster-whisper's voice activity model is missing.", "pip install faster-whisper"
        )
    return path
