"""Readers by file type. A file that can't be read is reported with reason and remedy; the others go on."""

from knowledge_base.loaders.folder import LoadReport, Problem, load_document, load_folder

__all__ = ["LoadReport", "Problem", "load_document", "load_folder"]
