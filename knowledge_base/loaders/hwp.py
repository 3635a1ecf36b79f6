"""Hangul files: HWPX and HWP 5, as Markdown by hwp2markdown, held against a second reader for what got lost."""

from __future__ import annotations

import io

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.markdown import parse_markdown
from knowledge_base.loaders.outline import Outline, looks_like_heading
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.table import ITEM
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
    title, sections = parse_markdown(markdown)
    if not title and all(not section.heading for section in sections):
        title, sections = _unstyled(sections)
    letters, wanted = sum(len(_letters(section)) for section in sections), _second_opinion(data, name)
    if not letters:
        # A cut-off file is "read" without a word by most libraries.
        raise DocumentProblem("broken_hwp", "No text could be read.", "Open it, check it, and save it anew.")
    gaps: tuple[DocumentProblem, ...] = ()
    if letters < KEPT * wanted:
        share = round(100 * letters / wanted)
        gaps = (DocumentProblem("text_lost", f"Only {share} % of the text was read.", "Save it as .hwpx."),)
    return Reading(title, sections, gaps=gaps)


def _unstyled(sections: list[Section]) -> tuple[str, list[Section]]:
    """Offices often write without outline styles: the first short line is the title, numbered ones are headings."""
    outline = Outline()
    for line in "\n".join(section.text for section in sections).splitlines():
        text = line.strip()
        if not text:
            continue
        bare = text.removeprefix(ITEM)
        if not outline.title and not outline.sections and len(bare) <= 50 and not bare.endswith((".", "요")):
            outline.head(1, bare)
        elif text == bare and looks_like_heading(bare):
            outline.head(2, bare)
        else:
            outline.line(text)
    outline.close()
    return outline.title, outline.sections


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
