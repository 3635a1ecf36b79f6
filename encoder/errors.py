"""Errors of encoders.

SangdamError
└── EncoderError       an encoder can't be had: unknown name, package missing, weights unreadable
"""

from __future__ import annotations

from formats import SangdamError


class EncoderError(SangdamError):
    """Raised when an encoder can't be loaded; `remedy` says what to do."""

    def __init__(self, code: str, en: str, remedy: str = "") -> None:
        super().__init__(code, ko=f"문장 인코더를 불러올 수 없어요. {en}", en=en, remedy=remedy)
