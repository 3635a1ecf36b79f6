"""`whisper`: OpenAI's own implementation (extra `[transformers]`). Without a model name the packaged base weights serve."""

from __future__ import annotations

import math
import threading
from importlib.util import find_spec
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.voice.audio import EARS_RATE, Pcm, floats_of
from bot.voice.ctranslate2_file import whisper_checkpoint
from bot.voice.ears.doubt import invented, token_limit
from bot.voice.ears.port import Heard, Place
from bot.voice.ears.workers import Workers
from bot.voice.errors import EarsFailed
from bot.voice.weights import packaged_base


class OpenAiWhisperOptions(BaseModel):
    """Options under `voice.ears_options`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = ""
    """Name or file that `whisper.load_model` takes; empty is the packaged base model."""
    device: str = "cpu"
    beam_size: int = Field(default=1, ge=1, le=10)
    """1 is greedy; more is better by a little and slower by much, as torch searches without the tricks of CTranslate2."""
    waiting: int = Field(default=16, ge=0, le=1_000)

    def make(self, place: Place) -> OpenAiWhisper:
        """See `EarsOptions.make`."""
        return OpenAiWhisper(self, place)


class OpenAiWhisper:
    """One worker, as torch uses all cores for one utterance."""

    def __init__(self, options: OpenAiWhisperOptions, place: Place) -> None:
        self._options = options
        self._place = place
        self._workers = Workers(1, options.waiting)
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
                if find_spec("whisper") is None:
                    raise EarsFailed(
                        "The package openai-whisper is missing: pip install 'sangdam[transformers]'"
                    )
                import whisper

                name, device = self._options.model, self._options.device
                self._model = whisper.load_model(name, device=device) if name else self._packaged()
            return self._model

    def _packaged(self) -> Any:
        import torch
        from whisper.model import ModelDimensions, Whisper

        dimensions, state = whisper_checkpoint(packaged_base(self._place.data_dir) / "model.bin")
        model = Whisper(ModelDimensions(**dimensions))
        model.load_state_dict(
            {name: torch.from_numpy(value.astype("float32")) for name, value in state.items()}
        )
        return model.to(self._options.device)

    def _recognise(self, pcm: Pcm) -> Heard:
        model = self._loaded()
        from whisper import DecodingOptions, decode, log_mel_spectrogram, pad_or_trim

        mel = log_mel_spectrogram(pad_or_trim(floats_of(pcm)), model.dims.n_mels).to(model.device)
        options = DecodingOptions(
            language=self._place.language,
            without_timestamps=True,
            beam_size=self._options.beam_size if self._options.beam_size > 1 else None,
            sample_len=token_limit(len(pcm) / EARS_RATE),
            fp16=self._options.device != "cpu",
        )
        try:
            found = decode(model, mel, options)
        except RuntimeError as error:
            raise EarsFailed(f"torch: {type(error).__name__}") from error
        text = found.text.strip()
        if invented(text, found.no_speech_prob, found.avg_logprob):
            return Heard("", 0.0)
        return Heard(text, math.exp(found.avg_logprob))
