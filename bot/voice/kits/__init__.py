"""Conformance kits: a back end of a voice port subclasses its kit, gives the fixture, and is tested like the rest."""

from bot.voice.kits.ears import EarsKit
from bot.voice.kits.mouth import MouthKit
from bot.voice.kits.transport import Peer, TransportKit

__all__ = ["EarsKit", "MouthKit", "Peer", "TransportKit"]
