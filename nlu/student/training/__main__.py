"""Teaches the student and writes `nlu/student/student.npz`.

    python -m nlu.student.training DATA [--documents data/knowledge] [--cache var/encoder] [--output FILE]

`DATA` holds the public sets of the model card in folders of their names. The encoder takes five minutes for their 188,000
sentences on two cores, the teaching nine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from encoder import load_encoder
from nlu.student.model import RESOURCE
from nlu.student.training.corpus import sentences
from nlu.student.training.fit import Recipe, teach

NAME = "student-1"
"""Raised whenever another one is shipped: models that were trained with the old one then are trained anew."""


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("var/encoder"))
    parser.add_argument("--output", type=Path, default=RESOURCE)
    options = parser.parse_args()
    texts = sentences(options.data, options.documents)
    print(f"{len(texts)} sentences", flush=True)
    vectors = load_encoder(cache_dir=options.cache, threads=2).encode(texts)
    student, _ = teach(NAME, texts, vectors, Recipe(), lambda line: print(line, flush=True))
    student.save(options.output)


if __name__ == "__main__":
    main()
