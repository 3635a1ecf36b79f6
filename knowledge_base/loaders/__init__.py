"""Readers by file type. A file that can't be read is reported with reason and remedy; the others go on."""

from knowledge_base.loaders.folder import Found, LoadReport, Problem, load_folder, load_found, scan
from knowledge_base.loaders.jsonl import load_jsonl
from knowledge_base.loaders.kept import KeptReadings

__all__ = [
    "Found",
    "KeptReadings",
    "LoadReport",
    "Problem",
    "load_folder",
    "load_found",
    "load_jsonl",
    "scan",
]
