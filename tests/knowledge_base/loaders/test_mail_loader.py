"""Mail threads: what each person wrote, once."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.mail import own_words, read_mail


def mail(
    body: str, subject: str = "카드 배송", date: str = "Mon, 2 Nov 2026 09:00:00 +0900", **content: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Date"], message["Subject"] = "a@b.kr", "c@d.kr", date, subject
    message.set_content(body, **content)
    return message


@pytest.mark.parametrize(
    "tail",
    [
        "2026년 11월 2일 (월) 오전 9:12, 김민지 <a@b.kr>님이 작성:\n> 언제 와요?",
        "2026년 11월 2일 (월) 오전 9:12, 김민지 <a@b.kr>님이\n작성:\n언제 와요?",
        "-----원본 메시지-----\n보낸 사람: 김민지\n언제 와요?",
        "-----Original Message-----\nFrom: a@b.kr\n언제 와요?",
        "________________________________\n보낸 사람: 김민지\n언제 와요?",
        "보낸 사람: 김민지 <a@b.kr>\n보낸 날짜: 2026-11-02\n언제 와요?",
        "On Mon, Nov 2, 2026 at 9:12 AM Kim <a@b.kr> wrote:\n> 언제 와요?",
        "> 언제 와요?",
        "-- \n김민지 대리",
        "나의 iPhone에서 보냄",
        "감사합니다.\n\n김민지 대리\n카드운영팀\nTel. 02-123-4567 | a@b.kr",
        "김민지 드림",
        "본 메일은 지정된 수신인만을 위한 기밀 정보를 담고 있어요.",
    ],
)
def test_quotes_and_signatures_are_left_out(tail: str) -> None:
    assert (
        own_words(f"새 카드는 5영업일 안에 와요.\n\n- 앱에서 조회\n\n{tail}\n")
        == "새 카드는 5영업일 안에 와요.\n\n- 앱에서 조회"
    )


def test_thanks_in_the_middle_and_dates_are_no_signature() -> None:
    body = "문의해 주셔서 감사합니다.\n2026년 11월 2일부터 수수료가 바뀌어요."
    body += "\n자세한 내용은 아래 안내문을 천천히 읽어 보시고 궁금하면 다시 물어봐 주세요."
    assert own_words(body) == body


def test_a_greeting_that_stands_alone_is_left_out() -> None:
    assert own_words("안녕하세요, 카드팀이에요.\n\n새 카드를 보냈어요.\n") == "새 카드를 보냈어요."
    assert own_words("안녕하세요, 새 카드를 보냈어요.\n") == "안녕하세요, 새 카드를 보냈어요."


def test_a_thread_in_one_file_is_read_in_order_of_time() -> None:
    later = mail(
        "네, 바꿔 드렸어요.\n\n> 주소를 바꿔 주세요.", "Re: RE: 주소", "Tue, 3 Nov 2026 09:00:00 +0900"
    )
    later.add_attachment(mail("주소를 바꿔 주세요.", "주소"))
    read = read_mail(later.as_bytes(policy=SMTP))
    assert read.title == "주소"
    assert [(section.text, section.place) for section in read.sections] == [
        ("주소를 바꿔 주세요.", "1번째 메일"),
        ("네, 바꿔 드렸어요.", "2번째 메일"),
    ]


def test_a_mailbox_is_a_thread() -> None:
    one, two = mail("하나예요."), mail("둘이에요.", date="Tue, 3 Nov 2026 09:00:00 +0900")
    box = b"".join(b"From a@b.kr Mon Nov  2 09:00:00 2026\n" + m.as_bytes() + b"\n" for m in (two, one))
    assert [section.text for section in read_mail(box).sections] == ["하나예요.", "둘이에요."]


def test_what_is_said_to_be_euc_kr_is_cp949() -> None:
    raw = (
        b"From: a@b.kr\r\nSubject: =?ks_c_5601-1987?B?"
        + base64.b64encode("뷁 안내".encode("cp949"))
        + b'?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset="ks_c_5601-1987"\r\n'
        + b"Content-Transfer-Encoding: 8bit\r\n\r\n"
        + "뷁이라고 써요.".encode("cp949")
    )
    read = read_mail(raw)
    assert read.title == "뷁 안내" and read.sections[0].text == "뷁이라고 써요."


def test_html_mail_and_attachments() -> None:
    message = mail(
        "<html><body><p>환율은 매일 아침 9시에 정해요. 앱에서도 볼 수 있어요.</p><script>x()</script></body></html>",
        subtype="html",
    )
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="환율.pdf")
    read = read_mail(message.as_bytes())
    assert "매일 아침 9시" in read.sections[0].text and "x()" not in read.sections[0].text
    assert read.gaps[0].code == "attachment_left" and "환율.pdf" in read.gaps[0].en


def test_a_text_that_is_no_mail_is_refused() -> None:
    with pytest.raises(DocumentProblem) as caught:
        read_mail("그냥 글이에요.".encode())
    assert caught.value.code == "no_mail"
