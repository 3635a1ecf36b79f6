"""Commands from a language model, beside the trained understanding or behind it."""

from __future__ import annotations

from bot.conversation.by_model.proposer import ModelProposer, Proposal
from bot.conversation.by_model.settings import ModelCommandSettings

__all__ = ["ModelCommandSettings", "ModelProposer", "Proposal"]
