"""Answers written by a language model from passages, each sentence checked against them."""

from __future__ import annotations

from knowledge_base.grounding.writer import Backed, GroundedWriter

__all__ = ["Backed", "GroundedWriter"]
