"""Earlier models: kept beside the one that is served, compared with it, and taken back when they were better."""

from nlu.versions.card import HeldOut, ModelCard
from nlu.versions.comparison import Comparison, compare
from nlu.versions.store import ModelVersions

__all__ = ["Comparison", "HeldOut", "ModelCard", "ModelVersions", "compare"]
