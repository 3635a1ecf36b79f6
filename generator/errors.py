"""Errors of generators.

SangdamError
└── GeneratorError      a language model can't be reached, is too slow, or answers nonsense
"""

from __future__ import annotations

from formats import SangdamError


class GeneratorError(SangdamError):
    """Codes: `llm_unreachable`, `llm_refused` (an HTTP status), `llm_timeout`, `llm_nonsense`. Holds no text of a customer."""

    status = 502

    def __init__(
        self, code: str, en: str, remedy: str = "Check llm.url in config.yml or SANGDAM_LLM_URL."
    ) -> None:
        super().__init__(code, ko=f"언어 모델을 쓸 수 없어요. {en}", en=en, remedy=remedy)
