"""E-mail: single messages and threads, without what was quoted and without signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.html import read_html
from knowledge_base.loaders.reading import Reading
from knowledge_base.types import Section

MAX_MESSAGES = 200
_KOREAN = re.compile(rb"(=\?|charset=[\"']?)(ks_c_5601-1987|ksc5601|euc-kr|euckr|uhc)(?=[\"'?;\s])", re.I)
"""All of them are said of what is cp949: letters such as 뷁 break otherwise."""
_RETURN = re.compile(r"^\s*((re|fw|fwd|답장|회신|전달)\s*(\[\d+\])?\s*[:：]\s*)+", re.I)
_QUOTE_HEAD = re.compile(
    r"^\s*>?\s*("
    r"-{2,}\s*(원본 메시지|원본 메일|Original Message|Forwarded message|전달된 메시지|전달된 메일).*"
    r"|_{10,}\s*"
    r"|\d{4}년 ?\d{1,2}월 ?\d{1,2}일.*(작성|썼습니다|보냄).*[:：]\s*"
    r"|.*님이 (작성|썼)(했습니다|하였습니다|습니다)?\s*[:：]\s*"
    r"|.*\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}.*(작성|wrote)\s*[:：]\s*"
    r"|On .{4,120} wrote:\s*"
    r"|(보낸 ?사람|From)\s*[:：].*"
    r")$",
    re.I,
)
_SIGNATURE = re.compile(
    r"^\s*(--|—)\s*$|^\s*(나의|내) (iPhone|iPad|Galaxy|갤럭시|아이폰)에서 보냄|^Sent from my ", re.I
)
_GREETING = re.compile(r"^\s*(.{0,20}(안녕하세요|안녕하십니까)|.{2,20}님께?\s*[,.]?\s*$)")
_CLOSING = re.compile(
    r"^\s*(감사합니다|고맙습니다|수고하세요|.{2,20} 드림|.{2,20} 올림|.{2,20} 배상)\s*[.!,]?\s*$"
)
_CONTACT = re.compile(
    r"(\d{2,4}[-.)]\s?\d{3,4}[-.]\d{4}|[\w.+-]+@[\w-]+\.\w+|https?://|(대리|과장|차장|부장|팀장|주임|사원|본부|센터|팀)\b)"
)
_NOTICE = re.compile(
    r"(본 메일은|이 메일은|본 전자우편은|This e-?mail).*(기밀|비밀|수신인|confidential|intended)", re.I
)


def read_mail(data: bytes) -> Reading:
    """An .eml file, messages attached to it included, or an .mbox of a thread; a section's place is its message.

    Raises `DocumentProblem` for what is no mail.
    """
    messages = [inner for raw in _split(data) for inner in _messages(_parsed(raw))][:MAX_MESSAGES]
    if not messages:
        raise DocumentProblem("no_mail", "It holds no message.", "Save the mail as .eml.")
    messages.sort(key=_sent)
    sections, missing = [], []
    for number, message in enumerate(messages, 1):
        text = own_words(_text(message))
        missing += [name for part in message.iter_attachments() if (name := part.get_filename())]
        if text:
            place = f"{number}번째 메일" if len(messages) > 1 else ""
            sections.append(Section(text=text, place=place))
    title = _RETURN.sub("", str(messages[0].get("subject", ""))).strip()
    return Reading(title, sections, gaps=_gaps(missing))


def _split(data: bytes) -> list[bytes]:
    """The messages of an mbox; a single message is one."""
    if not data.startswith(b"From "):
        return [data]
    return [part.partition(b"\n")[2] for part in re.split(rb"(?m)^(?=From \S+ )", data) if part.strip()]


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(_KOREAN.sub(rb"\1cp949", raw), policy=policy.default)
    if not isinstance(message, EmailMessage) or not (message.get("from") or message.get("subject")):
        raise DocumentProblem("no_mail", "It has neither a sender nor a subject.", "Save the mail as .eml.")
    return message


def _messages(message: EmailMessage) -> Iterator[EmailMessage]:
    """The message, and those that are attached to it whole."""
    yield message
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            if isinstance(inner, EmailMessage):
                yield from _messages(inner)


def _sent(message: EmailMessage) -> datetime:
    try:
        found = parsedate_to_datetime(str(message.get("date", "")))
    except (ValueError, TypeError):
        return datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, UnicodeDecodeError):
        raw = part.get_payload(decode=True)
        content = raw.decode("cp949", "replace") if isinstance(raw, bytes) else ""
    if part.get_content_type() == "text/html":
        sections = read_html(content.encode()).sections
        return "\n".join(section.text for section in sections)
    return str(content)


def own_words(body: str) -> str:
    """What the sender wrote: up to the first quoted mail, without quoted lines, signature and legal notice."""
    kept: list[str] = []
    lines = body.replace("\r\n", "\n").split("\n")
    for at, line in enumerate(lines):
        if _QUOTE_HEAD.match(line) or _wrapped_head(lines, at):
            break
        if _SIGNATURE.match(line) or _NOTICE.search(line):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_unsigned(_ungreeted(kept)))).strip()


def _wrapped_head(lines: list[str], at: int) -> bool:
    """Mail programs wrap "2026년 … 님이\\n작성:" over two lines."""
    return (
        at + 1 < len(lines)
        and bool(re.match(r"^\s*(\d{4}[-./년]|On )", lines[at]))
        and bool(_QUOTE_HEAD.match(f"{lines[at].strip()} {lines[at + 1].strip()}"))
    )


def _ungreeted(lines: list[str]) -> list[str]:
    """Without a first paragraph of one short line that only greets."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    alone = len(filled) > 1 and not lines[filled[0] + 1].strip()
    if alone and len(lines[filled[0]]) <= 60 and _GREETING.match(lines[filled[0]]):
        return lines[filled[0] + 1 :]
    return lines


def _unsigned(lines: list[str]) -> list[str]:
    """Without the last lines that only close the mail and name its sender."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    for start in range(max(0, len(lines) - 8), len(lines)):
        rest = [line for line in lines[start + 1 :] if line.strip()]
        if _CLOSING.match(lines[start]) and all(len(line) < 80 and _names(line) for line in rest):
            return lines[:start]
    return lines


def _names(line: str) -> bool:
    """Whether a line after the closing belongs to a signature: a name, a post, a number, an address."""
    return len(line.strip()) <= 20 or bool(_CONTACT.search(line))


def _gaps(missing: list[str]) -> tuple[DocumentProblem, ...]:
    if not missing:
        return ()
    names = ", ".join(missing[:5])
    return (
        DocumentProblem(
            "attachment_left", f"Attached and not read: {names}.", "Add them as documents of their own."
        ),
    )
