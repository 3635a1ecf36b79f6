"""Lines: one caller on one connection, a protocol a file."""

from bot.voice.transports.browser import BrowserTransport
from bot.voice.transports.port import Audio, CallInfo, Digit, Inbound, Played, Transport
from bot.voice.transports.testing import TestingTransport
from bot.voice.transports.twilio import TwilioTransport

__all__ = [
    "Audio",
    "BrowserTransport",
    "CallInfo",
    "Digit",
    "Inbound",
    "Played",
    "TestingTransport",
    "Transport",
    "TwilioTransport",
]
