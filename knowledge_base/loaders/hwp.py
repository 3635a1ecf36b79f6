"""Hangul files: HWPX and HWP 5, as Markdown by hwp2markdown, held against a second reader for what got lost."""

from __future__ import annotations

import io
from itertools import pairwise

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.markdown import parse_markdown
from knowledge_base.loaders.outline import HEADING_LENGTH, looks_like_heading
from knowledge_base.loaders.reading import Reading
from knowledge_base.types import Section

KEPT = 0.8
"""Share of the letters of the second reader below which something is missing."""


def read_hwp(data: bytes) -> Reading:
    """An .hwp file. Raises `DocumentProblem`."""
    return _read(data, "document.hwp")


def read_hwpx(data: bytes) -> Reading:
    """An .hwpx file. Raises `DocumentProblem`."""
    return _read(data, "document.hwpx")


def _read(data: bytes, name: str) -> Reading:
    import hwp2md

    try:
        markdown = hwp2md.convert_bytes(data, name).markdown
    except hwp2md.EncryptedDocumentError:
        raise DocumentProblem("encrypted", "It has a password.", "Save it without a password.") from None
    except hwp2md.DrmProtectedError:
        raise DocumentProblem("encrypted", "It is protected by DRM.", "Save it without protection.") from None
    except hwp2md.Hwp2mdError as error:
        raise DocumentProblem("broken_hwp", f"It can't be read: {error}"[:200], "Save it anew.") from None
    title, sections = parse_markdown(_with_headings(markdown))
    letters, wanted = sum(len(_letters(section)) for section in sections), _second_opinion(data, name)
    if not letters:
        # A cut-off file is "read" without a word by most libraries.
        raise DocumentProblem("broken_hwp", "No text could be read.", "Open it, check it, and save it anew.")
    gaps: tuple[DocumentProblem, ...] = ()
    if letters < KEPT * wanted:
        share = round(100 * letters / wanted)
        gaps = (DocumentProblem("text_lost", f"Only {share} % of the text was read.", "Save it as .hwpx."),)
    return Reading(title, sections, gaps=gaps)


def _with_headings(markdown: str) -> str:
    """Offices often write without outline styles: the first short line is the title, numbered ones are headings."""
    lines = markdown.splitlines()
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if not filled or any(line.startswith("#") for line in lines):
        return markdown
    first = lines[filled[0]].strip()
    if len(first) <= HEADING_LENGTH and not first.endswith((".", "요", "|")):
        lines[filled[0]] = f"# {first}"
    for at, after in pairwise(filled):
        # Numbered lines that follow each other are a list.
        if looks_like_heading(lines[at]) and not looks_like_heading(lines[after]):
            lines[at] = f"## {lines[at]}"
    return "\n".join(lines)


def _letters(section: Section) -> str:
    return "".join(char for char in " ".join((*section.heading, section.text)) if char.isalnum())


def _second_opinion(data: bytes, name: str) -> int:
    """Letters that another library finds; 0 where it can't read the file."""
    from extract_hwp import extract_text_from_hwp5, extract_text_from_hwpx

    try:
        text = (
            extract_text_from_hwpx(io.BytesIO(data)) if name.endswith("x") else extract_text_from_hwp5(data)
        )
    except Exception:
        return 0  # it is only there to compare
    return sum(char.isalnum() for char in text or "")
