"""Korean as it is written and as it is said, both ways; reading numbers is `korean.numbers`' work."""

from bot.voice.spoken.from_speech import to_written
from bot.voice.spoken.markup import sentences
from bot.voice.spoken.to_speech import to_spoken

__all__ = ["sentences", "to_spoken", "to_written"]
