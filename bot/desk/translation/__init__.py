"""What foreign customers write, in the agents' language, and what agents write, in the customer's: by the language model."""

from __future__ import annotations

from bot.desk.translation.interpreter import Interpreter
from bot.desk.translation.languages import language_of
from bot.desk.translation.settings import TranslationSettings
from bot.desk.translation.translator import Translation, Translator

__all__ = ["Interpreter", "Translation", "TranslationSettings", "Translator", "language_of"]
