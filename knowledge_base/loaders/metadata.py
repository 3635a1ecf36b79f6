"""What a document says of itself: in the head of a Markdown file, in `<name>.meta.yml` beside any file, in its properties.

A value that would silently hide or reveal a document is refused with its line; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from knowledge_base.errors import DocumentProblem

SIDECAR = ".meta.yml"
"""Ending of the file beside a document: `card.pdf` has `card.pdf.meta.yml`."""
AUDIENCES = ("public", "staff")
KNOWN = (
    "title",
    "source",
    "audience",
    "version",
    "valid_from",
    "valid_until",
    "language",
    "category",
)
_BLOCK = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SOURCE = re.compile(r"(?!https?://\S+\Z)[a-z][a-z0-9+.-]*:", re.I)


class _DatesAsWritten(RoundTripConstructor):
    """Leaves dates as text: YAML's own would refuse 30 February without saying where it stands."""


_DatesAsWritten.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """(metadata, rest of the text). Raises `DocumentProblem` for a block that is no mapping or has unknown keys."""
    match = _BLOCK.match(text)
    if match is None:
        return {}, text
    return parse_metadata(match.group(1), first_line=2), text[match.end() :]


def parse_metadata(text: str, first_line: int = 1) -> dict[str, str]:
    """`key: value` lines of YAML. Raises `DocumentProblem` with the line, counted from `first_line`."""
    reader = YAML(typ="rt")
    reader.Constructor = _DatesAsWritten
    reader.allow_duplicate_keys = False
    try:
        data = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = (error.problem or error.context or "not valid").splitlines()[0]
        raise _bad(f"It is no YAML: {what}", "key: value", first_line + (mark.line if mark else 0)) from None
    except (YAMLError, ValueError) as error:
        raise _bad(f"It is no YAML: {str(error).splitlines()[0]}", "key: value", first_line) from None
    if data is None:
        return {}
    if not isinstance(data, CommentedMap):
        raise _bad("It is no mapping.", "Write 'key: value' lines.", first_line)
    lines = {str(key): first_line + data.lc.key(key)[0] for key in data}
    for key in data:
        if key not in KNOWN:
            raise _bad(f"Unknown key {key!r}.", f"One of {', '.join(KNOWN)}.", lines[str(key)])
    return checked(data, lines)


def checked(metadata: Mapping[str, Any], lines: Mapping[str, int] | None = None) -> dict[str, str]:
    """The metadata as text. Raises `DocumentProblem` for a wrong value, with its line where that is known."""
    where = lines or {}
    found: dict[str, str] = {}
    for key, value in metadata.items():
        if value is None:
            continue
        if not isinstance(value, str | int | float):
            raise _bad(f"{key} is no single value.", f"{key}: text", where.get(key))
        found[str(key)] = str(value).strip()
    for key, value in found.items():
        expected = _expected(key, value)
        if expected:
            raise _bad(f"{key} is {value!r}.", expected, where.get(key))
    if found.get("valid_from", "") > found.get("valid_until", "9999"):
        raise _bad("It ends before it begins.", "valid_until after valid_from.", where.get("valid_until"))
    return found


def _expected(key: str, value: str) -> str:
    """What the value should have been; nothing if it is right."""
    if key == "audience" and value not in AUDIENCES:
        return f"One of {', '.join(AUDIENCES)}."
    if key in ("valid_from", "valid_until") and not _is_date(value):
        return "A date such as 2026-12-31."
    if key == "language" and not is_language(value):
        return "A language tag such as ko or en."
    if key == "source" and _SOURCE.match(value):
        return "An http(s) address, or words."
    return ""


def is_language(text: str) -> bool:
    """Whether it is a language tag such as `ko` or `en-US`."""
    return bool(_LANGUAGE.fullmatch(text))


def _is_date(text: str) -> bool:
    if not _ISO.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _bad(what: str, remedy: str, line: int | None) -> DocumentProblem:
    return DocumentProblem("bad_metadata", what, remedy, line=line)
