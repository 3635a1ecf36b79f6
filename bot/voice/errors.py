"""Errors of calls.

SangdamError
├── BadAudio            a recording that can't be read
├── CallRefused         a caller who may not come in: no signature, foreign token, no room
├── WeightsMissing      the packaged speech model isn't installed or is not the one it should be
├── EarsFailed          speech could not be recognised now
│   └── EarsBusy        more speech waits than the machine can recognise in time
└── MouthFailed         text could not be spoken now
"""

from __future__ import annotations

from formats import SangdamError


class BadAudio(SangdamError):
    """Raised for a file or bytes that hold no audio of a known kind."""

    status = 422

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            "bad_audio",
            ko=f"오디오를 읽을 수 없어요. {problem}",
            en=f"{name}: {problem}",
            remedy="A WAV file with 8, 16, 24 or 32 bit PCM or float samples.",
        )


class CallRefused(SangdamError):
    """Raised before or at the first frame of a call that is not taken."""

    def __init__(self, code: str, *, ko: str, en: str, remedy: str = "", status: int = 403) -> None:
        super().__init__(code, ko=ko, en=en, remedy=remedy, status=status)


class WeightsMissing(SangdamError):
    """Raised when the speech model's weights can't be had or have not the expected checksum."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(
            "speech_weights_missing",
            ko="음성 인식 모델을 찾을 수 없어요.",
            en=problem,
            remedy=remedy,
            status=503,
        )


class EarsFailed(SangdamError):
    """Raised when a back end can't recognise; the caller is asked to say it again."""

    def __init__(self, detail: str, code: str = "ears_failed") -> None:
        super().__init__(code, ko="말씀을 알아듣지 못했어요.", en=detail, status=503)


class EarsBusy(EarsFailed):
    """Raised at once, rather than late, when the queue of recognition is full."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} utterances wait for recognition already.", "ears_busy")


class MouthFailed(SangdamError):
    """Raised when a back end can't speak; the text still reaches the log and the browser."""

    def __init__(self, detail: str) -> None:
        super().__init__("mouth_failed", ko="음성을 만들지 못했어요.", en=detail, status=503)
