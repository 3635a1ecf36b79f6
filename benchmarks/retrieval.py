"""How well questions find passages, view by view, and how fast in a large index.

    python benchmarks/retrieval.py quality --documents DIR|F.jsonl --questions F.jsonl [--synonyms F.yml]
    python benchmarks/retrieval.py quality --korquad KorQuAD_v1.0_dev.json [--half choose|report] [--most 700]
    python benchmarks/retrieval.py titles --documents DIR|F.jsonl
    python benchmarks/retrieval.py speed --documents DIR|F.jsonl --chunks 10000 100000
    python benchmarks/retrieval.py cost --documents DIR|F.jsonl --questions F.jsonl

`quality` prints recall@1 and MRR@10 over documents for each view alone, for their sum, and for each reranker. Questions of
KorQuAD are parted by a seeded draw: one half to choose by, the other to report. `titles` robs every section of its headings
and asks by them, as a FAQ is asked by its titles. `speed` fills an index with sentences drawn from the documents; their
vectors are those of real passages with noise, so that only questions need the model, and measures build (without encoding),
load and search with encoding. `cost` prints the processor time of an answer apart from the encoder: of all questions, put to
an index that has just been opened.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder, Role, Tokens, Vectors, load_encoder
from encoder.remembering import RememberingEncoder
from encoder.tokens import encode_with_tokens, joined, token_space
from knowledge_base.build import build
from knowledge_base.evaluation import Question, ranking, read_questions
from knowledge_base.fit_reranker import bare_sections
from knowledge_base.index import Index, load_index, text_of
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Reranker, Synonyms, load_reranker, load_synonyms
from knowledge_base.retrieval.candidates import VIEWS, candidates
from knowledge_base.retrieval.features import features
from knowledge_base.retrieval.query import make_query
from korean.morphology import morphology

LOOKED_AT = 40
Order = Callable[[str, list[str], Any], Any]


def ways(names: Sequence[str]) -> dict[str, Order]:
    """Each view alone, and the rerankers of those names."""
    found: dict[str, Order] = {
        view: (lambda _question, _texts, table, at=at: table[:, at]) for at, view in enumerate(VIEWS)
    }
    for name in names:
        reranker: Reranker = load_reranker(name)
        found[f"reranker {name}"] = reranker.scores
    return found


def quality(
    source: Path, questions: Sequence[Question], encoder: Encoder, synonyms: Synonyms, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Figures by way."""
    orders = ways(names)
    ranks: dict[str, list[int | None]] = {way: [] for way in orders}
    with tempfile.TemporaryDirectory() as folder:
        build(source, Path(folder), encoder)
        index = load_index(Path(folder), encoder)
        for question in questions:
            if question.gold:
                _rank(index, question, encoder, synonyms, orders, ranks)
    return {way: {"questions": len(found), **ranking(found)} for way, found in ranks.items()}


def _rank(
    index: Index,
    question: Question,
    encoder: Encoder,
    synonyms: Synonyms,
    orders: dict[str, Order],
    ranks: dict[str, list[int | None]],
) -> None:
    query = make_query(question.query, encoder, morphology(), synonyms)
    found = candidates(index, query, LOOKED_AT)
    table = features(index, query, found)
    texts = [text_of(index.chunks[row]) for row in found.rows]
    names = [index.chunks[row].document_id for row in found.rows]
    for way, order in orders.items():
        best = np.argsort(-order(question.query, texts, table), kind="stable")
        documents = list(dict.fromkeys(names[at] for at in best))[:10]
        places = [place for place, name in enumerate(documents) if question.answered_by(name)]
        ranks[way].append(places[0] if places else None)


def korquad(file: Path, folder: Path, half: str, most: int) -> tuple[Path, list[Question]]:
    """Paragraphs as documents without titles, and one half of their questions."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    lines, questions = [], []
    for article in articles:
        for number, paragraph in enumerate(article["paragraphs"]):
            name = f"{article['title']}#{number}"
            lines.append(
                json.dumps({"id": name, "title": "", "text": paragraph["context"]}, ensure_ascii=False)
            )
            questions += [Question(asked["question"], (name,)) for asked in paragraph["qas"]]
    random.Random(1).shuffle(questions)
    middle = len(questions) // 2
    part = questions[:middle] if half == "choose" else questions[middle:]
    source = folder / "paragraphs.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    return source, part[:most]


def titles(documents: Path, folder: Path) -> tuple[Path, list[Question]]:
    """Sections without headings, and their headings as questions."""
    sections, questions = bare_sections(documents)
    source = folder / "sections.jsonl"
    source.write_text("\n".join(json.dumps(s, ensure_ascii=False) for s in sections), encoding="utf-8")
    return source, questions


class DrawnVectors:
    """The real encoder for questions; for passages, vectors of real ones with noise, and tokens of three real ones."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self._real, self._tokens = encode_with_tokens(encoder, texts, "passage")
        self.token_space = token_space(encoder)
        self.learns_from = encoder.learns_from
        self._draw = np.random.default_rng(1)
        self.name, self.dimensions = f"{encoder.name}-drawn", encoder.dimensions

    def warm_up(self) -> None:
        """Load the model."""
        self._encoder.warm_up()

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Real vectors for a single question."""
        if role == "query" and len(texts) == 1:
            return self._encoder.encode(texts, role)
        return self._drawn(len(texts))

    def encode_with_tokens(self, texts: Sequence[str], role: Role = "query") -> tuple[Vectors, list[Tokens]]:
        """Real ones for a single question."""
        if role == "query" and len(texts) == 1:
            return encode_with_tokens(self._encoder, texts, role)
        three = self._draw.integers(0, len(self._tokens), (len(texts), 3))
        return self._drawn(len(texts)), [joined([self._tokens[at] for at in row]) for row in three]

    def _drawn(self, count: int) -> Vectors:
        rows = self._real[self._draw.integers(0, len(self._real), count)]
        made = rows + self._draw.normal(0, 0.02, rows.shape).astype(np.float32)
        vectors: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return vectors


def speed(documents: Path, count: int, encoder: Encoder) -> dict[str, float]:
    """Seconds and milliseconds of an index of `count` passages."""
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(documents, folder / "small", encoder)
        small = load_index(folder / "small", encoder)
        sentences = [s for chunk in small.chunks for s in chunk.text.splitlines() if len(s) > 15]
        lines = [
            json.dumps(
                {"id": str(n), "title": f"안내 {n}", "text": " ".join(draw.sample(sentences, 4))[:390]}
            )
            for n in range(count)
        ]
        (folder / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
        drawn = DrawnVectors(encoder, [text_of(chunk) for chunk in small.chunks])
        started = time.perf_counter()
        report = build(folder / "many.jsonl", folder / "large", drawn)
        built = time.perf_counter() - started
        started = time.perf_counter()
        build(folder / "many.jsonl", folder / "large", drawn)
        again = time.perf_counter() - started
        started = time.perf_counter()
        base = KnowledgeBase.open(folder / "large", drawn)
        loaded = time.perf_counter() - started
        asked = [" ".join(draw.choice(sentences).split()[:5]) + " 알려 주세요" for _ in range(220)]
        spent = []
        for question in asked:
            started = time.perf_counter()
            base.answer(question)
            spent.append(1000 * (time.perf_counter() - started))
        spent = sorted(spent[20:])
    return {
        "chunks": report.chunks,
        "build_without_encoding_s": round(built, 1),
        "again_s": round(again, 2),
        "load_s": round(loaded, 2),
        "search_ms_p50": round(spent[len(spent) // 2], 1),
        "search_ms_p95": round(spent[int(len(spent) * 0.95)], 1),
    }


def cost(documents: Path, questions: Sequence[Question], encoder: Encoder) -> dict[str, float]:
    """Processor milliseconds of all threads an answer, its question's vector being known."""
    with tempfile.TemporaryDirectory() as name:
        build(documents, Path(name), encoder)
        remembering = RememberingEncoder(encoder, 2 * len(questions))
        for question in questions:
            remembering.learn([question.query])
        base = KnowledgeBase.open(Path(name), remembering)
        # The first search loads libraries.
        base.search(questions[0].query)
        started = time.process_time()
        for question in questions:
            base.answer(question.query)
        spent = time.process_time() - started
    return {"questions": len(questions), "cpu_ms": round(1000 * spent / len(questions), 2)}


def encoding_speed(documents: Path, encoder: Encoder) -> dict[str, float]:
    """Passages a second of a whole build from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report = build(documents, Path(folder), encoder)
    return {
        "chunks": report.chunks,
        "build_s": round(report.seconds, 2),
        "chunks_per_s": round(report.chunks / report.seconds, 1),
    }


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("quality", "titles", "speed", "cost"))
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--korquad", type=Path)
    parser.add_argument("--half", choices=("choose", "report"), default="report")
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--synonyms", type=Path)
    parser.add_argument("--rerankers", nargs="+", default=["none", "light"])
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000])
    parser.add_argument("--encoder", default="e5-small-int8")
    parser.add_argument("--cache", type=Path, default=Path("var/encoder"))
    given = parser.parse_args()
    encoder = load_encoder(given.encoder, cache_dir=given.cache)
    encoder.warm_up()
    if given.what == "speed":
        print(json.dumps(encoding_speed(given.documents, encoder)))
        for count in given.chunks:
            print(json.dumps(speed(given.documents, count, encoder)))
        return
    if given.what == "cost":
        print(json.dumps(cost(given.documents, read_questions(given.questions), encoder)))
        return
    with tempfile.TemporaryDirectory() as name:
        if given.what == "titles":
            source, questions = titles(given.documents, Path(name))
        elif given.korquad:
            source, questions = korquad(given.korquad, Path(name), given.half, given.most)
        else:
            source, questions = given.documents, read_questions(given.questions)
        synonyms = load_synonyms(given.synonyms) if given.synonyms else Synonyms()
        figures = quality(source, questions, encoder, synonyms, given.rerankers)
    width = max(map(len, figures))
    for way, row in figures.items():
        print(
            f"{way:{width}}  recall@1 {row['recall@1']:.4f}  mrr@10 {row['mrr@10']:.4f}  ({row['questions']} questions)"
        )


if __name__ == "__main__":
    main()
