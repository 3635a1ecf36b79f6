"""Whether and how the language model translates at the desk: `llm.translation` in config.yml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class TranslationSettings(BaseModel):
    """Without a language model nothing is translated, whatever stands here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    timeout: float = Field(default=8.0, gt=0, le=60)
    """Seconds until a message stays in its own language, with a mark and a way to try again."""
    longest: int = Field(default=2_000, ge=50, le=5_000)
    """Characters of a message that is translated; a longer one stays as it is."""
    earlier: int = Field(default=10, ge=0, le=50)
    """Messages said before an agent took the case that are translated when one does, the latest ones."""
    remembered: int = Field(default=1_000, ge=0, le=100_000)
    """Translations that are kept in memory, so that the same words aren't asked for twice."""
