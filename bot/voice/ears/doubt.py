"""What a recogniser of Whisper's kind says when nobody spoke: signs of it, and texts that no caller ever says."""

from __future__ import annotations

import re
import zlib

SECONDS_OVERHEAD, TOKENS_PER_SECOND, MOST_TOKENS = 12, 22, 220
"""Fast Korean speech is about 18 tokens a second; more is the model talking to itself."""

_SUBTITLES = re.compile(
    r"(?:시청해\s?주셔서|봐\s?주셔서)|구독(?:과|,)?\s?좋아요|좋아요와?\s?구독|자막\s?(?:제공|by|제작)|"
    r"(?:MBC|KBS|SBS|YTN)\s?뉴스|다음\s?(?:영상|시간)에서?\s?(?:만나|뵙)|thank(?:s| you) for watching",
    re.IGNORECASE,
)
"""Whisper learnt from subtitles of videos, and says their last lines when it hears nothing."""
_LETTER = re.compile(r"\w")


def token_limit(seconds: float) -> int:
    """Tokens that speech of this length can need at most."""
    return min(MOST_TOKENS, int(SECONDS_OVERHEAD + TOKENS_PER_SECOND * seconds))


def invented(text: str, no_speech: float, mean_logprob: float) -> bool:
    """Whether a text is more likely the model's than a caller's."""
    if not _LETTER.search(text) or _SUBTITLES.search(text):
        return True
    return (no_speech > 0.6 and mean_logprob < -1.0) or loops(text)


def loops(text: str) -> bool:
    """Whether it says the same over and over, as the model does when it is lost. Measured as Whisper's authors do."""
    data = text.encode()
    return len(text) > 20 and len(data) / len(zlib.compress(data)) > 2.4
