"""The index: what is stored of documents so that questions find them."""

from __future__ import annotations

from knowledge_base.index.analysis import Analysis, analyse, heading_of, named, text_of
from knowledge_base.index.loaded import Index, empty_index
from knowledge_base.index.store import FORMAT, check_index, load_index, save_index
from knowledge_base.index.versions import current_version, go_back, versions

__all__ = [
    "FORMAT",
    "Analysis",
    "Index",
    "analyse",
    "check_index",
    "current_version",
    "empty_index",
    "go_back",
    "heading_of",
    "load_index",
    "named",
    "save_index",
    "text_of",
    "versions",
]
