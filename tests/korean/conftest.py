"""For all properties of Korean text."""

from __future__ import annotations

from hypothesis import settings

# Properties are about what comes out; how long it may take is said where it matters.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
