"""What a conversation was taken for, which step of which flow came of it, and why: for the terminal and the desk."""

from bot.conversation.trace.lines import Kind, TraceLine, Tracing
from bot.conversation.trace.names import intent_labels

__all__ = ["Kind", "TraceLine", "Tracing", "intent_labels"]
