"""HTML: the main text by trafilatura; scripts, menus and footers stay out."""

from __future__ import annotations

import re

from knowledge_base.loaders.markdown import parse_markdown
from knowledge_base.loaders.text import decode
from knowledge_base.types import Section

_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.I)


def read_html(data: bytes) -> tuple[str, list[Section], dict[str, str]]:
    """(title, sections, metadata)."""
    import trafilatura
    from selectolax.lexbor import LexborHTMLParser

    text = _decode(data)
    tree = LexborHTMLParser(text)
    head = tree.css_first("h1") or tree.css_first("title")
    title = " ".join(head.text().split()) if head else ""
    markdown = (
        trafilatura.extract(text, output_format="markdown", favor_precision=True, include_tables=True) or ""
    )
    found, sections = parse_markdown(markdown)
    if sum(len(section.text) for section in sections) < 80:
        sections = _plain(tree)
    return title or found, sections, _metadata(tree)


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:2048])
    if declared and declared.group(1).lower() in (b"euc-kr", b"ks_c_5601-1987", b"cp949"):
        return data.decode("cp949", "replace")
    return decode(data)


def _plain(tree: object) -> list[Section]:
    """Where the extractor finds too little: the text of <main> or <body>, headings as sections."""
    for node in tree.css("script, style, nav, header, footer, noscript"):  # type: ignore[attr-defined]
        node.decompose()
    root = tree.css_first("main") or tree.css_first("body")  # type: ignore[attr-defined]
    text = (
        "\n".join(line.strip() for line in root.text(separator="\n").splitlines() if line.strip())
        if root
        else ""
    )
    return [Section(text=text)] if text else []


def _metadata(tree: object) -> dict[str, str]:
    """`<meta name="audience" …>` and the like."""
    found = {}
    for node in tree.css("meta[name]"):  # type: ignore[attr-defined]
        name, content = node.attributes.get("name"), node.attributes.get("content")
        if name in ("audience", "version", "valid_from", "valid_until", "category") and content:
            found[name] = content
    return found
