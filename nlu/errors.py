"""Errors of understanding.

SangdamError
├── FormatError            (formats) a training or config file is wrong
└── NluError
    ├── ModelError         a model file is missing, cut short, or of another version
    └── TrainingError      the data can't be trained on
"""

from __future__ import annotations

from formats import SangdamError


class NluError(SangdamError):
    """Base of this package's errors."""


class ModelError(NluError):
    """Raised when a model file can't be used; the running service keeps its old model."""

    def __init__(self, code: str, en: str, remedy: str = "Run 'sangdam train'.") -> None:
        super().__init__(code, ko=f"모델을 불러올 수 없어요. {en}", en=en, remedy=remedy)


class TrainingError(NluError):
    """Raised when training data are readable but not enough."""

    status = 422

    def __init__(self, en: str, remedy: str = "") -> None:
        super().__init__("bad_training_data", ko=f"학습할 수 없는 자료예요. {en}", en=en, remedy=remedy)
