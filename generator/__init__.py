"""Language models behind one port. Nothing in the product needs one."""

from __future__ import annotations

from generator.errors import GeneratorError
from generator.openai_compatible import OpenAICompatibleGenerator
from generator.port import Generator, Message, complete
from generator.scripted import ScriptedGenerator

__all__ = [
    "Generator",
    "GeneratorError",
    "Message",
    "OpenAICompatibleGenerator",
    "ScriptedGenerator",
    "complete",
]
