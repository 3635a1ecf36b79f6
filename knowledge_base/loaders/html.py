"""HTML: the main text by trafilatura; scripts, menus and footers stay out."""

from __future__ import annotations

import logging
import re
from typing import Any

from knowledge_base.loaders.markdown import parse_markdown
from knowledge_base.loaders.metadata import KNOWN, checked, is_language
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.text import decode
from knowledge_base.types import Section

_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.I)
_KOREAN = (b"euc-kr", b"ks_c_5601-1987", b"cp949", b"uhc")
_CHROME = "script, style, nav, header, footer, aside, noscript, template, form, iframe"
_TOO_LITTLE = 80
"""Characters below which the extractor has probably missed the text."""


def read_html(data: bytes) -> Reading:
    """A page's main text, its tables by row, metadata from `<meta name=…>`."""
    import trafilatura
    from selectolax.lexbor import LexborHTMLParser

    # It tells of every page that is short; what is found too little is read otherwise below.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = _decode(data)
    tree = LexborHTMLParser(text)
    metadata = checked(_metadata(tree))
    found = trafilatura.extract(text, output_format="markdown", favor_precision=True, include_tables=True)
    first, sections = parse_markdown(found or "")
    title = _title(tree) or first
    if sum(len(section.text) for section in sections) < _TOO_LITTLE:
        first, sections = parse_markdown(_plain(tree))
    return Reading(title or first, _untitled(sections, title), metadata)


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:2048])
    if declared and declared.group(1).lower() in _KOREAN:
        try:
            return data.decode("cp949")
        except UnicodeDecodeError:
            pass  # saved in another encoding than it says
    return decode(data)


def _title(tree: Any) -> str:
    """The heading of the main part; that of the page's frame is often the company's name."""
    for place in ("main h1", "article h1", "body > h1", "title", "h1"):
        node = tree.css_first(place)
        if node is not None and node.text().strip():
            return " ".join(node.text().split())
    return ""


def _plain(tree: Any) -> str:
    """Where the extractor finds too little: the text of <main> or <body> as Markdown, headings kept."""
    for node in tree.css(_CHROME):
        node.decompose()
    root = tree.css_first("main") or tree.css_first("body")
    if root is None:
        return ""
    for level in range(1, 7):
        for node in root.css(f"h{level}"):
            node.replace_with(f"\n\n{'#' * level} {' '.join(node.text().split())}\n\n")
    lines = (line.strip() for line in root.text(separator="\n").splitlines())
    return "\n".join(line for line in lines if line)


def _untitled(sections: list[Section], title: str) -> list[Section]:
    """The document's own title is no heading of its parts."""
    return [
        section.model_copy(update={"heading": section.heading[1:]})
        if section.heading[:1] == (title,)
        else section
        for section in sections
    ]


def _metadata(tree: Any) -> dict[str, str]:
    """`<meta name="audience" …>` and the like; the language from `<html lang>`."""
    found = {}
    root = tree.css_first("html[lang]")
    language = (root.attributes.get("lang") or "").strip() if root is not None else ""
    if is_language(language):
        found["language"] = language
    for node in tree.css("meta[name]"):
        name, content = node.attributes.get("name"), node.attributes.get("content")
        if name in KNOWN and name != "title" and content:
            found[name] = content.strip()
    return found
