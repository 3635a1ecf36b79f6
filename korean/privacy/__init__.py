"""Personal data of Koreans: found, masked for good, or replaced by placeholders that only the conversation can undo.

It lies in `korean` because what it knows is how such data are written in Korean; everything above may use it, and it knows
nothing of bots, logs or models.
"""

from korean.privacy.detect import detect
from korean.privacy.kinds import Finding, Kind
from korean.privacy.masks import mask, mask_for_agent
from korean.privacy.numbers import holds_secret
from korean.privacy.vault import Vault, same_value

__all__ = ["Finding", "Kind", "Vault", "detect", "holds_secret", "mask", "mask_for_agent", "same_value"]
