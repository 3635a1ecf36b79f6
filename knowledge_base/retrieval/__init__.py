"""From a question to passages."""

from __future__ import annotations

from knowledge_base.retrieval.reranking import Reranker, load_reranker
from knowledge_base.retrieval.retriever import Found, Hit, Retriever, Searching
from knowledge_base.retrieval.synonyms import Synonyms, load_synonyms

__all__ = ["Found", "Hit", "Reranker", "Retriever", "Searching", "Synonyms", "load_reranker", "load_synonyms"]
