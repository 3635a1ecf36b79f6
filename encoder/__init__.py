"""Sentences as vectors: one port, several back ends, chosen by name."""

from encoder.errors import EncoderError
from encoder.port import Encoder, Role, Tokens, Vectors
from encoder.registry import DEFAULT, expected_name, load_encoder

__all__ = ["DEFAULT", "Encoder", "EncoderError", "Role", "Tokens", "Vectors", "expected_name", "load_encoder"]
