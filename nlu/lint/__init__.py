"""What a builder should look at in training data before customers find it: each finding with its file and line."""

from nlu.lint.findings import CODES, Finding, Level, Place
from nlu.lint.rules import DomainNames, lint

__all__ = ["CODES", "DomainNames", "Finding", "Level", "Place", "lint"]
