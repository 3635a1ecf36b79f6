"""Entities with values: one file a kind, overlaps settled by priority and length."""

from nlu.entities.extractor import extract

__all__ = ["extract"]
