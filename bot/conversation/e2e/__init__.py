"""Conversation tests that people write in YAML: the format, the run over a real engine, and the verdict."""
