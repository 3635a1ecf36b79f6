"""Readers by file type. A file that can't be read is reported with reason and remedy; the others go on."""

from knowledge_base.loaders.folder import Loaded, LoadReport, Problem, load_document, load_folder
from knowledge_base.loaders.jsonl import load_jsonl

__all__ = ["LoadReport", "Loaded", "Problem", "load_document", "load_folder", "load_jsonl"]
