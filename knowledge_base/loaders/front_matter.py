"""The YAML block at the head of a Markdown file: title, audience, version, validity."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge_base.errors import DocumentProblem

_BLOCK = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.S)
KNOWN = {"title", "audience", "version", "valid_from", "valid_until", "language", "category"}


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """(metadata, rest of the text). Raises `DocumentProblem` for a block that is no YAML mapping or has unknown keys."""
    match = _BLOCK.match(text)
    if match is None:
        return {}, text
    try:
        data = YAML(typ="safe").load(match.group(1)) or {}
    except YAMLError as error:
        first = str(error).splitlines()[0]
        raise DocumentProblem(
            "bad_front_matter", f"The head is no YAML: {first}", "Mend the --- block."
        ) from None
    if not isinstance(data, dict) or set(data) - KNOWN:
        unknown = ", ".join(sorted(set(map(str, data)) - KNOWN)) if isinstance(data, dict) else "no mapping"
        raise DocumentProblem(
            "bad_front_matter", f"Unknown keys: {unknown}", f"One of {', '.join(sorted(KNOWN))}."
        )
    return {key: str(value) for key, value in data.items()}, text[match.end() :]
