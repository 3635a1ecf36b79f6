"""Responses in other words, by a language model, where the assistant wants it."""

from __future__ import annotations

from bot.conversation.rephrasing.rephraser import Rephraser
from bot.conversation.rephrasing.settings import RephraseSettings

__all__ = ["RephraseSettings", "Rephraser"]
