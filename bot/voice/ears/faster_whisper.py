"""`faster-whisper`: Whisper by CTranslate2, 8 bit on the CPU. Without a model name it is the packaged base model.

The network is called directly rather than through `transcribe`: a turn is one window, which needs no seeking, no
timestamps and no second try at higher temperatures; and the window's length, which is most of the cost, is ours to set.
"""

from __future__ import annotations

import threading
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from bot.voice.audio import EARS_RATE, Pcm, floats_of
from bot.voice.ears.doubt import invented, token_limit
from bot.voice.ears.port import Heard, Place
from bot.voice.ears.workers import Workers, cores
from bot.voice.errors import EarsFailed
from bot.voice.weights import packaged_base

FRAMES_PER_SECOND = 100
WHOLE_WINDOW = 30.0
_SPARE = 1.0
"""Seconds of silence that the short window must leave after the speech."""


class FasterWhisperOptions(BaseModel):
    """Options under `voice.ears_options`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = ""
    """Name or folder of another CTranslate2 Whisper model; empty is the packaged base model."""
    device: Literal["cpu", "cuda", "auto"] = "cpu"
    compute_type: str = "int8"
    beam_size: int = Field(default=5, ge=1, le=10)
    window: float = Field(default=20, ge=10, le=30)
    """Seconds that the encoder sees of a turn which fits into it; longer turns get the whole 30."""
    workers: int = Field(default=0, ge=0, le=64)
    """Utterances recognised at once; 0 is one a core."""
    waiting: int = Field(default=16, ge=0, le=1_000)
    """Utterances that may wait; more are refused."""

    def make(self, place: Place) -> FasterWhisper:
        """See `EarsOptions.make`."""
        return FasterWhisper(self, place)


class FasterWhisper:
    """One model shared by all threads."""

    def __init__(self, options: FasterWhisperOptions, place: Place) -> None:
        self._options = options
        self._place = place
        self._workers = Workers(options.workers or cores(), options.waiting)
        self._loading = threading.Lock()
        self._model: Any = None

    async def warm_up(self) -> None:
        """See `Ears.warm_up`."""
        if self._model is None:
            await self._workers.run(self._loaded)

    async def recognise(self, pcm: Pcm) -> Heard:
        """See `Ears.recognise`."""
        if not len(pcm):
            return Heard("", 0.0)
        return await self._workers.run(lambda: self._recognise(pcm))

    async def close(self) -> None:
        """See `Ears.close`."""
        self._workers.close()

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                from faster_whisper import WhisperModel

                options = self._options
                self._model = WhisperModel(
                    options.model or str(packaged_base(self._place.data_dir)),
                    device=options.device,
                    compute_type=options.compute_type,
                    cpu_threads=max(1, cores() // self._workers.threads),
                    num_workers=self._workers.threads,
                )
            return self._model

    def _recognise(self, pcm: Pcm) -> Heard:
        model = self._loaded()
        seconds = len(pcm) / EARS_RATE
        try:
            result = self._generate(model, self._features(model, pcm, seconds), seconds)
        except RuntimeError as error:
            raise EarsFailed(f"CTranslate2: {type(error).__name__}") from error
        ids = result.sequences_ids[0]
        first_special = model.hf_tokenizer.token_to_id("<|endoftext|>")
        text = model.hf_tokenizer.decode([token for token in ids if token < first_special]).strip()
        # The score is the mean over the tokens; the end of the text counts as one more.
        logprob = result.scores[0] * len(ids) / (len(ids) + 1)
        if invented(text, result.no_speech_prob, logprob):
            return Heard("", 0.0)
        return Heard(text, float(np.exp(logprob)))

    def _features(self, model: Any, pcm: Pcm, seconds: float) -> Any:
        """Log-mel frames, padded with silence to the window."""
        window = self._options.window if seconds + _SPARE <= self._options.window else WHOLE_WINDOW
        length = int(window * FRAMES_PER_SECOND)
        mel = model.feature_extractor(floats_of(pcm))[:, :length]
        return np.pad(mel, ((0, 0), (0, length - mel.shape[1]))).astype(np.float32)

    def _generate(self, model: Any, mel: Any, seconds: float) -> Any:
        from ctranslate2 import StorageView

        tokens = ["<|startoftranscript|>"]
        if model.model.is_multilingual:
            tokens += [f"<|{self._place.language}|>", "<|transcribe|>"]
        prompt = [model.hf_tokenizer.token_to_id(token) for token in [*tokens, "<|notimestamps|>"]]
        encoded = model.model.encode(StorageView.from_array(np.ascontiguousarray(mel[None])), to_cpu=False)
        found = model.model.generate(
            encoded,
            [prompt],
            beam_size=self._options.beam_size,
            max_length=len(prompt) + token_limit(seconds),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return found[0]
