"""What is known of a trained model: a small JSON file beside it, with its answers to questions that it hadn't seen."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from korean.normalise import compact

State = Literal["kept", "refused", "set_aside"]
"""`refused`: it did worse than the model that was served. `set_aside`: a person went back to another one."""


class HeldOut(BaseModel):
    """The answer to an example by a model that was trained without it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    """What the example was meant as."""
    intent: str
    """What it was taken for."""
    confidence: float


class ModelCard(BaseModel):
    """One version. `held_out` is keyed by `example_key`, so that the card holds no utterance."""

    model_config = ConfigDict(extra="forbid")

    version: str
    created_at: float
    """Seconds since the epoch, UTC."""
    encoder: str | None
    intents: list[str]
    examples: int
    accuracy: float
    """Share of the examples that are answered rightly by models that hadn't seen them."""
    state: State = "kept"
    held_out: dict[str, HeldOut] = Field(default_factory=dict)


def example_key(text: str) -> str:
    """The same for the same utterance, spaces and punctuation aside."""
    return hashlib.sha256(compact(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def write_card(path: Path, card: ModelCard) -> None:
    """Whole or not at all."""
    working = path.with_suffix(f".{os.getpid()}.tmp")
    working.write_text(card.model_dump_json(), encoding="utf-8")
    os.replace(working, path)


def read_card(path: Path) -> ModelCard | None:
    """None where there is none that can be read: such a model can't be compared, but is still a model."""
    try:
        return ModelCard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
