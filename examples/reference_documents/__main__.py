"""`python -m examples.reference_documents`: makes the office files of `data/knowledge` from their texts.

Hangul files need `pip install hwp-converter-ai==0.2.0` (MIT), which nothing else here does; without it they are left as
they are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from examples.reference_documents.office import slides, without_dates, word, workbook
from examples.reference_documents.pdf import pdf
from examples.reference_documents.text import Text, read

TEXTS = Path(__file__).parent / "texts"
DOCUMENTS = Path("data/knowledge")
QUESTION = "> 고객님이 물으신 내용이에요.\n> 빨리 답을 주세요."


def mail(text: Text) -> bytes:
    """An answer to a question, with what mail programs put under it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "이음은행 <help@ieum.example>"
    message["To"] = "customer@mail.example"
    message["Date"] = "Mon, 02 Nov 2026 09:00:00 +0900"
    message["Subject"] = text.title
    paragraphs = text.body.partition("\n")[2].strip()
    head = "2026년 11월 1일 (일) 오후 3:20, 고객 <customer@mail.example>님이 작성:"
    message.set_content(f"{paragraphs}\n\n{head}\n{QUESTION}\n", cte="8bit")
    return message.as_bytes()


def hangul(text: Text, suffix: str) -> bytes | None:
    """HWP or HWPX, where the library that writes them is installed."""
    try:
        from hwp_converter_ai import HwpWriter, HwpxGenerator
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"document{suffix}"
        if suffix == ".hwp":
            HwpWriter().from_markdown(text.body, path)
            return path.read_bytes()
        HwpxGenerator().from_markdown(text.body, output_path=path)
        return without_dates(path.read_bytes())


WRITERS: dict[str, Callable[[Text], bytes | None]] = {
    ".docx": word,
    ".pptx": slides,
    ".xlsx": workbook,
    ".pdf": pdf,
    ".eml": mail,
    ".hwp": lambda text: hangul(text, ".hwp"),
    ".hwpx": lambda text: hangul(text, ".hwpx"),
}


def make(texts: Path = TEXTS, documents: Path = DOCUMENTS) -> list[Path]:
    """All files; gives those that were written."""
    written = []
    for source in sorted(texts.rglob("*.md")):
        target = documents / source.relative_to(texts).with_suffix("")
        text = read(source)
        data = WRITERS[target.suffix](text)
        if data is None:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if text.beside:
            target.with_name(target.name + ".meta.yml").write_text(text.beside + "\n", encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    for path in make():
        print(path)
