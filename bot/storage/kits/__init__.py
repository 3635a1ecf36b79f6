"""The parts of the conformance kits in `bot.storage.testing`."""
