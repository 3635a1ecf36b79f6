"""Cards, forms, files and notices: written in domain.yml, filled with values, kept in events, put into words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation.domain import Domain, load_domain
from bot.conversation.engine import reply_of
from bot.conversation.events import BotUttered
from bot.conversation.in_words import in_words
from bot.conversation.messages import Button, Reply
from bot.conversation.responses import Responses, show
from formats import FormatError

SLOTS = "slots:\n  phone: {type: text, label: 전화번호}\n  card: {type: categorical, values: [신용카드, 체크카드]}\n"


def said(response: dict[str, Any], **slots: Any) -> Reply:
    domain = {
        "slots": {
            "phone": {"type": "text", "label": "전화번호"},
            "card": {"type": "categorical", "values": ["가", "나"]},
        },
        "responses": {"utter_x": [response]},
    }
    return Responses(Domain.model_validate(domain)).say("utter_x", slots=slots)


def test_slots_and_particles_are_filled_inside_cards_and_forms() -> None:
    reply = said(
        {
            "text": "{card|을} 봐요",
            "elements": [
                {
                    "title": "{card}",
                    "subtitle": "{card|이} 왔어요",
                    "image_url": "/images/{card}.png",
                    "image_alt": "{card} 그림",
                    "buttons": [{"title": "{card|을} 정지", "payload": "/SetSlots(card={card})"}],
                }
            ],
        },
        card="체크카드",
    )
    (card,) = reply.elements
    assert (card.title, card.subtitle, card.image_alt) == ("체크카드", "체크카드가 왔어요", "체크카드 그림")
    assert card.buttons == (Button(title="체크카드를 정지", payload="/SetSlots(card=체크카드)"),)
    form = said(
        {
            "text": "a",
            "form": {
                "title": "{card} 신청",
                "fields": [{"slot": "phone"}, {"slot": "card", "type": "choice"}],
            },
        },
        card="가",
    ).form
    assert form is not None and form.title == "가 신청"
    assert [(field.label, field.choices) for field in form.fields] == [
        ("전화번호", ()),
        ("card", ("가", "나")),
    ]


def test_rasas_template_attachment_and_quick_replies_are_the_same_as_ours() -> None:
    element = {"title": "가", "buttons": [{"type": "web_url", "title": "열기", "url": "https://a.kr"}]}
    template = {"type": "template", "payload": {"template_type": "generic", "elements": [element]}}
    reply = said({"attachment": template, "quick_replies": [{"title": "네", "payload": "/affirm"}]})
    assert reply.attachment is None and reply.elements[0].buttons[0].url == "https://a.kr"
    assert reply.buttons == (Button(title="네", payload="/affirm"),)
    phone = said({"buttons": [{"type": "phone_number", "title": "전화", "payload": "1588-0000"}]}).buttons[0]
    assert (phone.url, phone.payload) == ("tel:1588-0000", "")


def test_what_was_shown_is_kept_in_the_event_and_read_back() -> None:
    first = said(
        {
            "text": "골라 보세요",
            "elements": [{"title": "가"}, {"title": "나", "subtitle": "나예요"}],
            "attachment": {"type": "file", "payload": {"src": "/a.pdf", "title": "약관"}},
            "custom": {"a": 1},
        }
    )
    event = BotUttered(text=first.text, message_id=first.message_id, data=first.data(), response="utter_x")
    again = BotUttered.model_validate_json(event.model_dump_json())
    assert reply_of(again) == first.model_copy(update={"wording": None})
    assert set(event.data) == {"elements", "attachment", "custom"}
    assert in_words(event.text, event.data) == "골라 보세요\n1. 가\n2. 나: 나예요\n약관: /a.pdf"


def test_a_form_in_words_names_what_will_be_asked() -> None:
    reply = said({"text": "예약할게요.", "form": {"title": "예약", "fields": [{"slot": "phone"}]}})
    assert in_words(reply.text, reply.data()) == "예약할게요.\n전화번호를 차례로 여쭤볼게요."


def test_moments_are_shown_as_people_say_them() -> None:
    assert [show(v) for v in ("2026-11-26", "15:00", "00:05", "12:30", "2026-13-40", "25:00", "1:2")] == [
        "11월 26일 (목)", "오후 3:00", "오전 12:05", "오후 12:30", "2026-13-40", "25:00", "1:2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("response", "line", "problem"),
    [
        ("elements:\n        - titel: 가", 8, "unknown key 'titel'"),
        ("elements:\n        - {title: 가, image_url: /a.png}", 8, "image_alt"),
        ("elements:\n        - {title: 가, image_url: 'javascript:1', image_alt: 가}", 8, "image_url"),
        (
            "elements:\n        - {title: 가, buttons: [{title: a, url: 'javascript:alert(1)'}]}",
            8,
            "'url' begins",
        ),
        (
            "elements:\n        - {title: 가, buttons: [{title: a}, {title: b}, {title: c}, {title: d}]}",
            8,
            "at most 3",
        ),
        ("attachment: {type: exe, payload: {src: /a}}", 7, "exe"),
        ("form: {title: 가, fields: [{slot: nothing}]}", 7, "unknown slot 'nothing'"),
        ("form: {title: 가, fields: [{slot: phone, type: choice}]}", 7, "nothing to choose"),
        ("form: {title: 가, fields: [{slot: phone}, {slot: phone}]}", 7, "each slot stands once"),
        ("form: {title: 가, fields: [{slot: phone, type: time, earliest: '25:00'}]}", 7, "times like 09:00"),
        ("form: {title: 가, fields: []}", 7, "at least 1"),
        ("notice: true\n      buttons: [{title: a}]", 7, "a notice is text alone"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    tmp_path: Path, response: str, line: int, problem: str
) -> None:
    file = tmp_path / "domain.yml"
    file.write_text(f"{SLOTS}responses:\n  utter_x:\n    - text: 가\n      {response}\n", encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        load_domain(file)
    assert problem in str(caught.value)
    # The line of the part or of the response that holds it.
    assert line - 1 <= caught.value.line <= line
