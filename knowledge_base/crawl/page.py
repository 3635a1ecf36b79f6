"""What a crawler looks for on a page: its links, whether it wants to be left out; and the addresses of a sitemap."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from knowledge_base.crawl.addresses import joined

_LOC = re.compile(rb"<loc>\s*(.*?)\s*</loc>", re.S | re.I)
_INDEX = re.compile(rb"<sitemapindex[\s>]", re.I)
MOST_LINKS = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """`keep`, `follow`: what `<meta name="robots">` allows."""

    links: tuple[str, ...]
    keep: bool
    follow: bool


def look_at(data: bytes, url: str) -> Page:
    """An HTML page as a crawler sees it."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(data)
    says = " ".join(
        (node.attributes.get("content") or "").lower()
        for node in tree.css("meta[name]")
        if (node.attributes.get("name") or "").lower() in ("robots", "sangdambot")
    )
    base = tree.css_first("base[href]")
    root = joined(url, base.attributes.get("href") or "") if base is not None else url
    found = [
        joined(root, node.attributes.get("href") or "")
        for node in tree.css("a[href]")[:MOST_LINKS]
        if "nofollow" not in (node.attributes.get("rel") or "").lower()
    ]
    links = tuple(dict.fromkeys(link for link in found if link.startswith(("http://", "https://"))))
    return Page(
        links, "noindex" not in says and "none" not in says, "nofollow" not in says and "none" not in says
    )


def sitemap_addresses(data: bytes) -> tuple[list[str], bool]:
    """(addresses, whether they are sitemaps again). Read by pattern: an XML parser would expand entities."""
    found = [html.unescape(match.decode("utf-8", "replace")) for match in _LOC.findall(data)]
    return found, bool(_INDEX.search(data[:4096]))
