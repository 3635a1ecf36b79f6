"""PDF with Korean in a standard font that viewers have: small, and written by hand to stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from examples.reference_documents.text import Rows, Text

WIDTH, HEIGHT = 595, 842
MARGIN = 60
BODY, HEADING, TITLE = 10.5, 14.0, 20.0
LEADING = 1.7
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/HYSMyeongJo-Medium/Encoding/UniKS-UCS2-H/DescendantFonts[4 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/HYSMyeongJo-Medium/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)"
    b"/Supplement 1>>/FontDescriptor 5 0 R/DW 1000/W[1 95 500]>>",
    b"<</Type/FontDescriptor/FontName/HYSMyeongJo-Medium/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
    b"/Descent -120/CapHeight 700/StemV 80>>",
)


@dataclass
class _Pages:
    """Pages filled from top to bottom."""

    pages: list[list[bytes]] = field(default_factory=lambda: [[]])
    top: float = MARGIN

    def text(self, line: str, size: float, left: float = MARGIN) -> None:
        base = HEIGHT - self.top - size
        code = line.encode("utf-16-be").hex().encode()
        self.pages[-1].append(b"BT /F1 %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET" % (size, left, base, code))

    def rule(self, x0: float, top0: float, x1: float, top1: float) -> None:
        self.pages[-1].append(b"0.6 w %g %g m %g %g l S" % (x0, HEIGHT - top0, x1, HEIGHT - top1))

    def room(self, height: float) -> None:
        if self.top + height > HEIGHT - 2 * MARGIN:
            self.pages.append([])
            self.top = MARGIN


def pdf(text: Text) -> bytes:
    """Title, headings by size, ruled tables, page numbers."""
    out = _Pages()
    out.text(text.title, TITLE)
    out.top += TITLE * 2.2
    for part in text.parts:
        out.room(HEADING * 5)
        if part.heading:
            out.text(part.heading, HEADING)
            out.top += HEADING * 1.9
        for block in part.blocks:
            if isinstance(block, str):
                _paragraph(out, block)
            elif isinstance(block[0], str):
                for point in block:
                    _paragraph(out, f"• {point}")
            else:
                _table(out, block)
        out.top += BODY
    for number, page in enumerate(out.pages, 1):
        out.top = HEIGHT - MARGIN
        out.pages[number - 1] = page
        foot = f"- {number} -".encode("utf-16-be").hex().encode()
        page.append(b"BT /F1 9 Tf 1 0 0 1 %g %g Tm <%s> Tj ET" % (WIDTH / 2 - 12, 40, foot))
    return _assembled(out.pages)


def _paragraph(out: _Pages, line: str) -> None:
    for piece in _wrapped(line, (WIDTH - 2 * MARGIN) / BODY):
        out.room(BODY * LEADING)
        out.text(piece, BODY)
        out.top += BODY * LEADING


def _wrapped(line: str, ems: float) -> Iterator[str]:
    """Lines of whole words within so many times the letters' width."""
    words, now = line.split(" "), ""
    for word in words:
        longer = f"{now} {word}" if now else word
        if now and _width(longer) > ems:
            yield now
            longer = word
        now = longer
    yield now


def _width(text: str) -> float:
    return sum(0.5 if ord(char) < 128 else 1.0 for char in text)


def _table(out: _Pages, rows: Rows) -> None:
    height, columns = BODY * 2.0, len(rows[0])
    out.room(height * len(rows))
    step = (WIDTH - 2 * MARGIN) / columns
    first = out.top
    for row in rows:
        out.rule(MARGIN, out.top, WIDTH - MARGIN, out.top)
        out.top += BODY * 0.4
        for at, cell in enumerate(row):
            out.text(cell, BODY - 0.5, MARGIN + at * step + 5)
        out.top += height - BODY * 0.4
    out.rule(MARGIN, out.top, WIDTH - MARGIN, out.top)
    for at in range(columns + 1):
        out.rule(MARGIN + at * step, first, MARGIN + at * step, out.top)
    out.top += BODY


def _assembled(pages: Sequence[Sequence[bytes]]) -> bytes:
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *_FONT]
    kids = []
    for page in pages:
        content = b"\n".join(page)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end
