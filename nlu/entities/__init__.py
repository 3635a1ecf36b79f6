"""Entities with values: one file a kind, overlaps settled by priority and length."""

from nlu.entities.extractor import BUILT_IN, EntityExtractor, extract
from nlu.entities.roles import RoleModel, annotated_words

__all__ = ["BUILT_IN", "EntityExtractor", "RoleModel", "annotated_words", "extract"]
