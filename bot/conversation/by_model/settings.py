"""How a language model takes part in understanding: `llm.commands` in config.yml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ModelCommandSettings(BaseModel):
    """When the model is asked, what it is told, and how long it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["off", "unsure", "always"] = "off"
    """`unsure`: only where the trained understanding is; `always`: at each message that isn't a plain answer."""
    timeout: float = Field(default=2.0, gt=0, le=30)
    """Seconds until the trained understanding counts instead."""
    sure_from: float = Field(default=0.7, ge=0, le=1)
    """Confidence of an intent from which the trained understanding is sure."""
    flows: int = Field(default=20, ge=1, le=200)
    """Flows that the model is told of: those nearest to the message, besides the running ones and
    those with `always_include_in_prompt`."""
    turns: int = Field(default=4, ge=0, le=20)
    """Earlier messages of the customer, with the answers to them."""
    longest: int = Field(default=500, ge=20, le=5_000)
    """Characters of a message that the model is asked about; a longer one is left to the trained understanding."""
    remembered: int = Field(default=1_000, ge=0, le=100_000)
    """Answers that are kept, so that the same question isn't asked twice."""
    pause: float = Field(default=30.0, ge=0, le=3_600)
    """Seconds for which the model isn't asked after three failures in a row."""
