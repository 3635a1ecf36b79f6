"""Turn-taking policies, one a file, chosen by `voice.turn_taking` in config.yml."""

from bot.voice.turn_taking.port import Decision, TurnTaking, TurnTakingOptions
from bot.voice.turn_taking.silence import SilenceOptions, SilenceTurns

POLICIES: dict[str, type[SilenceOptions]] = {"silence": SilenceOptions}
"""Name -> options, which make the policy."""

__all__ = ["POLICIES", "Decision", "SilenceOptions", "SilenceTurns", "TurnTaking", "TurnTakingOptions"]
