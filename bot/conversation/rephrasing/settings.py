"""Which responses a language model words anew: `llm.rephrase` in config.yml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RephraseSettings(BaseModel):
    """Which, with what in view, and how long it may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["off", "marked", "all"] = "off"
    """`marked`: responses with `metadata: {rephrase: true}`; `all`: all but those with `rephrase: false`."""
    timeout: float = Field(default=1.5, gt=0, le=10)
    """Seconds until the text goes out as it is written."""
    turns: int = Field(default=1, ge=0, le=10)
    """Earlier messages of the customer that the model is told, with the answers to them, besides the last one. 0: the response
    alone."""
    longest: int = Field(default=300, ge=20, le=2_000)
    """Characters of a response that is worded anew; a longer one goes out as it is."""
    remembered: int = Field(default=1_000, ge=0, le=100_000)
    """Answers that are kept, so that the same text isn't asked for twice."""
    pause: float = Field(default=30.0, ge=0, le=3_600)
    """Seconds for which the model isn't asked after three failures in a row."""
