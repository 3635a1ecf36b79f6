"""Errors of the knowledge base.

SangdamError
├── DocumentProblem        one document can't be read; the others go on
└── IndexProblem           an index is missing, broken, or of another encoder or version
"""

from __future__ import annotations

from formats import SangdamError

_KOREAN = {
    "attachment_left": "첨부 파일은 읽지 않았어요.",
    "bad_address": "읽을 수 있는 주소가 아니에요.",
    "bad_csv": "CSV 형식이 올바르지 않아요.",
    "bad_metadata": "문서 정보가 올바르지 않아요.",
    "bad_name": "문서로 쓸 수 있는 이름이 아니에요.",
    "broken_file": "파일이 깨졌거나 이름과 다른 형식이에요.",
    "broken_hwp": "한글 파일을 읽을 수 없어요.",
    "broken_pdf": "PDF 파일을 열 수 없어요.",
    "empty": "내용이 없어요.",
    "encrypted": "비밀번호가 걸려 있어요.",
    "half_entries": "질문이나 답변이 빠진 줄이 있어요.",
    "link_outside": "폴더 밖을 가리키는 링크예요.",
    "no_faq_entries": "질문과 답변이 있는 줄이 없어요.",
    "no_mail": "메일이 아니에요.",
    "no_table": "열 이름이 있는 줄을 찾지 못했어요.",
    "not_found": "없는 쪽이에요.",
    "not_text": "글로 된 파일이 아니에요.",
    "old_format": "오래된 형식이에요.",
    "parser_died": "읽는 도중에 프로그램이 멈췄어요.",
    "private_address": "내부망 주소는 읽지 않아요.",
    "refused": "서버가 거절했어요.",
    "robots": "사이트의 규칙(robots.txt)이 읽지 못하게 해요.",
    "same_id": "같은 이름의 문서가 이미 있어요.",
    "scanned_pdf": "그림으로만 된 쪽이 있어요.",
    "sitemap_loop": "사이트맵이 끝없이 이어져요.",
    "text_lost": "글 일부를 읽지 못했어요.",
    "too_large": "파일이 너무 커요.",
    "too_many_redirects": "주소가 계속 다른 곳으로 넘어가요.",
    "too_many_rows": "표가 너무 길어 일부만 읽었어요.",
    "too_much_memory": "읽는 데 메모리가 너무 많이 들어요.",
    "too_slow": "시간이 너무 오래 걸려요.",
    "unknown_document": "그런 문서가 없어요.",
    "unknown_type": "읽을 수 없는 형식이에요.",
    "unreachable": "주소에 연결할 수 없어요.",
    "unreadable": "파일을 읽을 수 없어요.",
    "wrong_type": "이름과 다른 형식의 파일이에요.",
    "zip_bomb": "압축을 풀면 지나치게 커지는 파일이에요.",
}
"""What is wrong with a document, by code; the English text has the particulars."""


def in_korean(code: str) -> str:
    """What is wrong, for people."""
    return _KOREAN.get(code, "문서를 읽을 수 없어요.")


class DocumentProblem(SangdamError):
    """Raised by a loader; collected in the report of a build."""

    status = 422

    def __init__(
        self, code: str, en: str, remedy: str, *, line: int | None = None, beside: str = "", status: int = 422
    ) -> None:
        place = f"line {line}: " if line else ""
        super().__init__(code, ko=in_korean(code), en=place + en, remedy=remedy, status=status)
        self.line = line
        self.beside = beside
        """The ending of the file beside the document in which the fault lies, such as `.meta.yml`."""


class IndexProblem(SangdamError):
    """Raised when an index can't be used; one that is being served goes on."""

    def __init__(self, code: str, en: str, remedy: str = "Run 'sangdam kb build'.") -> None:
        super().__init__(code, ko=f"지식 색인을 쓸 수 없어요. {en}", en=en, remedy=remedy)
