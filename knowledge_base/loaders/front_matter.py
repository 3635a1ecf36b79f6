"""The YAML block at the head of a Markdown file: title, audience, version, validity."""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.reading import KNOWN, checked

_BLOCK = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """(metadata, rest of the text). Raises `DocumentProblem` for a block that is no YAML mapping or has unknown keys."""
    match = _BLOCK.match(text)
    if match is None:
        return {}, text
    try:
        data = YAML(typ="safe").load(match.group(1)) or {}
    except (YAMLError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise DocumentProblem(
            "bad_front_matter", f"The head is no YAML: {first}", "Mend the --- block."
        ) from None
    if not isinstance(data, dict):
        raise DocumentProblem("bad_front_matter", "The head is no mapping.", "Write 'key: value' lines.")
    unknown = sorted(set(map(str, data)) - set(KNOWN))
    if unknown:
        raise DocumentProblem(
            "bad_front_matter", f"Unknown keys: {', '.join(unknown)}", f"One of {', '.join(KNOWN)}."
        )
    return checked(data), text[match.end() :]
