"""One version of an index on disk: written in one go, checked byte by byte when it is loaded.

header.json     format, encoder, counts, what the documents looked like, digests of all other files
documents.json  documents.  passages.json  passages.  headings.json  where passages stand, with their terms
vectors.npy     passages (rows, dimensions).  headings.npy  the same of headings.  dense.faiss  where it isn't exact
rows/           windows, headings.  sentences/  see `Sentences`.  tokens/  see `PassageTokens`.  lexical/  one folder a BM25
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder, Vectors
from encoder.tokens import token_space
from knowledge_base.errors import IndexProblem
from knowledge_base.index.analysis import Analysis, text_of
from knowledge_base.index.dense import DenseIndex
from knowledge_base.index.loaded import Headings, Index, Lexical, window_rows
from knowledge_base.index.sentences import Sentences
from knowledge_base.index.tokens import PassageTokens
from knowledge_base.index.versions import current_version, new_version, version_folder
from knowledge_base.index.windows import joined, windows_of
from knowledge_base.lexical import Bm25, bigrams
from knowledge_base.types import Chunk, Document

FORMAT = 4


def save_index(
    folder: Path,
    version: str,
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    analysis: Analysis,
    vectors: Vectors,
    tokens: PassageTokens,
    heading_vectors: Mapping[str, Vectors],
    encoder: Encoder,
) -> None:
    """Write a version beside the others and point to it. A cut-short write leaves the old one served.

    Raises `IndexProblem` where the disk is full or may not be written.
    """
    lexical, windows = _lexical(chunks, analysis)
    vocabulary = lexical.terms.vocabulary
    headings = list(analysis.heading_terms)
    number = {heading: at for at, heading in enumerate(headings)}
    with new_version(folder, version) as working:
        _write_json(working / "documents.json", [document.model_dump() for document in documents])
        _write_json(working / "passages.json", [chunk.model_dump() for chunk in chunks])
        terms = [[vocabulary[term] for term in analysis.heading_terms[heading]] for heading in headings]
        _write_json(working / "headings.json", [headings, terms])
        for name in ("rows", "lexical"):
            (working / name).mkdir()
        np.save(working / "rows" / "windows.npy", windows)
        np.save(working / "rows" / "headings.npy", np.array([number[p] for p in analysis.headings], np.int32))
        np.save(working / "vectors.npy", vectors.astype(np.float32))
        made = [heading_vectors[heading] for heading in headings]
        np.save(working / "headings.npy", np.array(made, np.float32).reshape(-1, vectors.shape[1]))
        Sentences.of(analysis.sentences, vocabulary).save(working / "sentences")
        tokens.save(working / "tokens")
        for field in fields(lexical):
            getattr(lexical, field.name).save(working / "lexical" / field.name)
        DenseIndex.of(vectors).save(working / "dense.faiss")
        counts = {"chunks": len(chunks), "windows": lexical.window_terms.count}
        _write_json(
            working / "header.json",
            {
                "format": FORMAT,
                "version": version,
                "encoder": encoder.name,
                "tokens": token_space(encoder),
                **counts,
                "digests": _digests(working),
            },
        )


def _lexical(chunks: Sequence[Chunk], analysis: Analysis) -> tuple[Lexical, Any]:
    terms = analysis.terms()
    texts = [text_of(chunk) for chunk in chunks]
    windows = windows_of(chunks, [len(text) for text in texts])
    # Each pair of letters is kept once: a hundred thousand passages hold millions of them.
    once: dict[str, str] = {}
    letters = [[once.setdefault(pair, pair) for pair in bigrams(text)] for text in texts]
    lexical = Lexical(
        Bm25(terms), Bm25(letters), Bm25(joined(terms, windows)), Bm25(joined(letters, windows))
    )
    return lexical, windows


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but the header, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "header.json")
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip((f.relative_to(folder).as_posix() for f in files), pool.map(_digest, files), strict=True)
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_index(folder: Path, encoder: Encoder) -> Index:
    """The current version. Raises `IndexProblem` if there is none, it is broken, or of another encoder."""
    version = current_version(folder)
    if version is None:
        raise IndexProblem("index_missing", "There is no index.")
    try:
        return _read(version_folder(folder, version), version, encoder)
    except IndexProblem:
        raise
    except Exception as error:
        raise IndexProblem(
            "index_broken", f"Version {version} can't be read ({type(error).__name__})."
        ) from error


def check_index(folder: Path, encoder: Encoder) -> None:
    """Whether the current version is whole and of this encoder, without loading it. Raises `IndexProblem`."""
    path = version_folder(folder, current_version(folder) or "")
    try:
        _check(path, _read_json(path / "header.json"), encoder)
    except (OSError, ValueError, KeyError) as error:
        raise IndexProblem("index_broken", f"It can't be read ({type(error).__name__}).") from error


def _read(path: Path, version: str, encoder: Encoder) -> Index:
    header = _read_json(path / "header.json")
    _check(path, header, encoder)
    chunks = [Chunk.model_validate(item) for item in _read_json(path / "passages.json")]
    vectors = np.asarray(np.load(path / "vectors.npy", mmap_mode="r", allow_pickle=False))
    windows = np.load(path / "rows" / "windows.npy")
    if vectors.shape != (header["chunks"], encoder.dimensions) or {len(chunks), len(windows)} != {
        header["chunks"]
    }:
        raise IndexProblem("index_broken", "Passages and vectors disagree.")
    counts = [len(chunks), len(chunks), header["windows"], header["windows"]]
    parts = [
        Bm25.load(path / "lexical" / field.name, count)
        for field, count in zip(fields(Lexical), counts, strict=True)
    ]
    documents = [Document.model_validate(item) for item in _read_json(path / "documents.json")]
    return Index(
        version=version,
        documents={document.id: document for document in documents},
        chunks=chunks,
        lexical=Lexical(*parts),
        windows=windows,
        window_rows=window_rows(windows),
        sentences=Sentences.load(path / "sentences"),
        headings=_read_headings(path),
        vectors=vectors,
        tokens=PassageTokens.load(path / "tokens"),
        dense=DenseIndex.load(path / "dense.faiss", vectors),
        row_of={chunk.id: row for row, chunk in enumerate(chunks)},
    )


def _read_headings(path: Path) -> Headings:
    texts, terms = _read_json(path / "headings.json")
    return Headings(
        of=np.load(path / "rows" / "headings.npy"),
        texts=texts,
        terms=[frozenset(held) for held in terms],
        vectors=np.asarray(np.load(path / "headings.npy", mmap_mode="r", allow_pickle=False)),
    )


def _check(path: Path, header: dict[str, Any], encoder: Encoder) -> None:
    """Format, encoder, and every byte of the files."""
    if header["format"] != FORMAT:
        raise IndexProblem("index_version", "The index was made by another version.")
    if header["encoder"] != encoder.name:
        raise IndexProblem("index_encoder", f"The index was made with encoder {header['encoder']!r}.")
    if header["tokens"] != token_space(encoder):
        raise IndexProblem("index_encoder", f"The index was made with tokens of {header['tokens']!r}.")
    found = _digests(path)
    for name, digest in header["digests"].items():
        if found.get(name) != digest:
            raise IndexProblem("index_broken", f"{name} is damaged.")
