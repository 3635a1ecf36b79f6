"""The company's own desk: Sangdam as the agent bot of a Chatwoot inbox. docs/how-to/chatwoot.md.

payload    what Chatwoot sends, and whether it is Chatwoot that sends it
client     calls back: messages, notes, attributes, status
rendering  replies and the handoff packet in Chatwoot's forms
channel    one webhook: customers' turns, hand-off, what people there do
"""

from __future__ import annotations

from bot.channels.chatwoot.channel import ChatwootChannel, ChatwootOptions
from bot.channels.chatwoot.client import ChatwootClient

__all__ = ["ChatwootChannel", "ChatwootClient", "ChatwootOptions"]
