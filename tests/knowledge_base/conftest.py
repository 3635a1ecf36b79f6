"""Documents of a small bank, in every format, made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from encoder import Encoder, load_encoder
from encoder.hashing import HashingEncoder
from knowledge_base.build import build
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Searching, load_synonyms

Write = Callable[[str, str | bytes], Path]

OVERSEAS = """---
title: 해외 결제 안내
audience: public
valid_until: 2099-12-31
---
# 해외에서 카드 쓰기

이음 체크카드와 신용카드는 해외 가맹점과 현금인출기에서 쓸 수 있어요.

## 수수료

해외에서 카드로 결제하면 국제 브랜드 수수료 1%와 해외 서비스 수수료 0.25%가 붙어요. 현금을 뽑으면 건당 3달러가 더 나가요.
원화로 결제하면 환전 수수료가 3~8% 더 붙을 수 있으니 현지 통화로 결제해 주세요.

## 한도

| 카드 | 하루 한도 | 월 한도 |
|---|---|---|
| 체크카드 | 500만 원 | 2,000만 원 |
| 신용카드 | 카드 한도 안 | 카드 한도 안 |

## 준비할 것

- 여권의 영문 이름과 카드의 영문 이름이 같은지 확인해 주세요.
- 출국 전에 앱에서 해외 결제를 켜 주세요.
"""

LOSS = """# 카드를 잃어버렸을 때

카드를 잃어버리면 바로 분실 신고를 해 주세요. 신고한 때부터 카드를 쓸 수 없게 돼요.

## 분실 신고 방법

고객센터 1588-0000으로 전화하거나 앱의 카드 메뉴에서 신고할 수 있어요. 24시간 언제든 받아요.

## 재발급

재발급 수수료는 2,000원이고, 새 카드는 영업일로 5일 안에 도착해요.
"""

FAQ = """question,answer,category
이체 한도는 어떻게 올리나요?,"앱의 이체 한도 메뉴에서 올릴 수 있어요. 5천만 원보다 크게 올리려면 영업점에 와 주세요.",이체
공동인증서는 어디서 발급받나요?,앱의 인증센터에서 무료로 발급받을 수 있어요.,인증
영업점은 몇 시에 여나요?,"평일 오전 9시에 열고 오후 4시에 닫아요. 주말과 공휴일에는 쉬어요.",영업점
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty knowledge folder."""
    path = tmp_path / "knowledge"
    path.mkdir()
    return path


@pytest.fixture
def write(folder: Path) -> Write:
    """Puts a file into the knowledge folder."""

    def put(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


@pytest.fixture
def bank(folder: Path, write: Write) -> Path:
    """The knowledge folder with three documents in it."""
    write("카드/해외결제.md", OVERSEAS)
    write("카드/분실.md", LOSS)
    write("faq.csv", FAQ)
    return folder


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """Makes a PDF of placed texts, lines and pictures."""
    return korean_pdf


@pytest.fixture
def hashing() -> Encoder:
    """An encoder that needs no model: enough where the meaning of vectors doesn't matter."""
    return HashingEncoder()


@pytest.fixture(scope="session")
def e5() -> Encoder:
    """The default encoder, its model kept with the others of this checkout."""
    encoder = load_encoder(cache_dir=Path("var/models"))
    encoder.warm_up()
    return encoder


@pytest.fixture(scope="session")
def reference(e5: Encoder, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The reference bank's documents behind the default encoder."""
    place = tmp_path_factory.mktemp("reference")
    build(Path("data/knowledge"), place, e5)
    return KnowledgeBase.open(place, e5, Searching(load_synonyms(Path("data/synonyms.yml"))))


Placed = tuple[float, float, float, str]
"""(left, top, size, text) in points from the page's top left."""


def korean_pdf(
    pages: Sequence[Sequence[Placed]],
    *,
    rules: dict[int, Sequence[tuple[float, float, float, float]]] | None = None,
    pictures: Sequence[int] = (),
) -> bytes:
    """A PDF with Korean text in a standard (not embedded) font, drawn lines, and a grey picture on some pages."""
    objects: list[bytes] = [b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    font = add(
        b"<</Type/Font/Subtype/Type0/BaseFont/HYGoThic-Medium/Encoding/UniKS-UCS2-H/DescendantFonts[4 0 R]>>"
    )
    add(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/HYGoThic-Medium/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)"
        b"/Supplement 1>>/FontDescriptor 5 0 R/DW 1000>>"
    )
    add(
        b"<</Type/FontDescriptor/FontName/HYGoThic-Medium/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 700/StemV 80>>"
    )
    picture = add(
        _stream(
            b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        )
    )
    kids = []
    for at, placed in enumerate(pages):
        content = b"".join(
            b"BT /F1 %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n"
            % (size, left, 842 - top - size, text.encode("utf-16-be").hex().encode())
            for left, top, size, text in placed
        )
        for x0, y0, x1, y1 in (rules or {}).get(at, ()):
            content += b"%g %g m %g %g l S\n" % (x0, 842 - y0, x1, 842 - y1)
        if at in pictures:
            content += b"q 595 0 0 842 0 0 cm /P1 Do Q\n"
        stream = add(_stream(content))
        kids.append(
            add(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 %d 0 R>>"
                b"/XObject<</P1 %d 0 R>>>>>>" % (stream, font, picture)
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    return _assembled(objects)


def _stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(out),
        )
    )
