"""KakaoTalk's limits hold for every reply that can be."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.kakao_templates import (
    MAX_CARD,
    MAX_LABEL,
    MAX_OUTPUTS,
    MAX_QUICK_REPLIES,
    MAX_TEXT,
    MAX_TITLE,
    fitting,
    plain,
    skill_response,
    split_text,
)
from bot.conversation.messages import Attachment, Button, Element, Form, Reply

BASE = "https://bank.example"
SENTENCE = "이체 한도를 올리려면 영업점을 방문해 주세요."


def citation(**parts: Any) -> dict[str, Any]:
    return {"title": "수수료 안내", "snippet": "500원이에요.", "url": "/knowledge/fees.md#c1", **parts}


def outputs(*replies: Reply, **rest: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = skill_response(replies, base_url=BASE, **rest)["template"]["outputs"]
    return found


def check_card(card: dict[str, Any], together: int = MAX_CARD) -> None:
    """A card with a picture, or one of a carousel."""
    assert 0 < len(card["title"]) <= MAX_TITLE
    assert all(0 < len(button["label"]) <= MAX_LABEL for button in card.get("buttons", []))
    assert len(card.get("buttons", [])) <= 3
    if "thumbnail" in card:
        assert (
            card["thumbnail"]["imageUrl"].startswith("https://") and len(card["thumbnail"]["altText"]) <= 50
        )
        assert len(card["description"]) <= 230
    else:
        assert len(card["title"]) + len(card["description"]) <= together


def check(response: dict[str, Any]) -> None:
    """Everything that protocols/kakao-skill.md limits."""
    assert response["version"] == "2.0"
    template = response["template"]
    assert 1 <= len(template["outputs"]) <= MAX_OUTPUTS
    assert len(template.get("quickReplies", [])) <= MAX_QUICK_REPLIES
    for output in template["outputs"]:
        (kind,) = output
        body = output[kind]
        if kind == "simpleText":
            assert 0 < len(body["text"]) <= MAX_TEXT
        elif kind == "textCard":
            assert len(body["title"]) <= MAX_TITLE
            assert len(body["title"]) + len(body["description"]) <= MAX_CARD
            assert body["title"] or body["description"]
            assert len(body.get("buttons", [])) <= 3
            assert all(0 < len(button["label"]) <= MAX_LABEL for button in body.get("buttons", []))
        elif kind == "basicCard":
            check_card(body)
        elif kind == "carousel":
            assert body["type"] in ("basicCard", "textCard") and 2 <= len(body["items"]) <= 10
            for item in body["items"]:
                check_card(item, 128)
                assert ("thumbnail" in item) == (body["type"] == "basicCard")
        else:
            assert kind == "simpleImage" and len(body["altText"]) <= 50
    for quick in template.get("quickReplies", []):
        assert 0 < len(quick["label"]) <= MAX_LABEL and quick["action"] == "message" and quick["messageText"]


def test_a_source_is_a_card_with_a_link() -> None:
    text, card = outputs(Reply(text="수수료는 500원이에요.", citations=(citation(),)))
    assert text == {"simpleText": {"text": "수수료는 500원이에요."}}
    assert card["textCard"]["title"] == "출처: 수수료 안내"
    assert card["textCard"]["buttons"] == [
        {"action": "webLink", "label": "원문 보기", "webLinkUrl": f"{BASE}/knowledge/fees.md#c1"}
    ]


def test_a_source_elsewhere_keeps_its_address_and_one_without_has_no_button() -> None:
    card = outputs(Reply(text="가", citations=(citation(url="https://x.example/a"),)))[1]["textCard"]
    assert card["buttons"][0]["webLinkUrl"] == "https://x.example/a"
    assert "buttons" not in outputs(Reply(text="가", citations=(citation(url=""),)))[1]["textCard"]
    script = outputs(Reply(text="가", citations=(citation(url="javascript:alert(1)"),)))[1]["textCard"]
    assert script["buttons"][0]["webLinkUrl"].startswith(BASE)


def test_waiting_for_a_person_offers_kakaos_own_button() -> None:
    reply = Reply(text="상담원을 부르고 있어요.", response="utter_handoff_started")
    (card,) = outputs(reply, waiting_for_person=True)
    assert card["textCard"]["buttons"] == [{"action": "operator", "label": "상담원 연결"}]
    assert outputs(reply) == [{"simpleText": {"text": "상담원을 부르고 있어요."}}]


def test_buttons_become_quick_replies_that_bring_their_payload_back() -> None:
    buttons = tuple(Button(title=f"{n}번 아주 긴 이름의 단추입니다", payload=f"/p{n}") for n in range(14))
    quick = skill_response([Reply(text="고르세요", buttons=buttons)], base_url=BASE)["template"][
        "quickReplies"
    ]
    assert len(quick) == 10 and all(len(item["label"]) <= 14 for item in quick)
    assert quick[0]["messageText"] == "0번 아주 긴 이름의 단추입니다" and quick[0]["extra"] == {
        "payload": "/p0"
    }


def test_only_the_last_question_keeps_its_buttons_and_nameless_ones_go() -> None:
    old = Reply(text="가", buttons=(Button(title="옛것", payload="a"),))
    new = Reply(text="나", buttons=(Button(title="새것", payload="b"), Button(title=" ", payload="c")))
    quick = skill_response([old, new], base_url=BASE)["template"]["quickReplies"]
    assert [item["label"] for item in quick] == ["새것"]


def test_pictures_are_shown() -> None:
    shown = outputs(Reply(text="지도예요.", image="https://x.example/map.png"))
    assert shown[1] == {"simpleImage": {"imageUrl": "https://x.example/map.png", "altText": "지도예요."}}
    assert outputs(Reply(text="가", image="file:///etc/passwd")) == [{"simpleText": {"text": "가"}}]


def test_long_texts_are_parted_between_sentences_at_a_comfortable_size() -> None:
    bubbles = [o["simpleText"]["text"] for o in outputs(Reply(text=" ".join([SENTENCE] * 40)))]
    assert len(bubbles) == 3
    assert all(len(text) <= 500 and text.endswith("주세요.") for text in bubbles)


def test_three_replies_get_a_bubble_each_and_four_share() -> None:
    assert len(outputs(*[Reply(text=f"{n}번") for n in range(3)])) == 3
    shared = outputs(*[Reply(text=f"{n}번") for n in range(5)])
    assert len(shared) == 1 and shared[0]["simpleText"]["text"].split("\n\n") == [f"{n}번" for n in range(5)]


def test_agents_are_named_and_marks_are_gone() -> None:
    (bubble,) = outputs(Reply(text="**확인**했어요.", speaker="agent", speaker_name="김민지"))
    assert bubble["simpleText"]["text"] == "[김민지 상담원] 확인했어요."
    assert plain("[약관](https://x.example/a)을 `보세요`") == "약관 https://x.example/a을 보세요"


def test_silence_is_told() -> None:
    assert outputs() == [{"simpleText": {"text": "메시지를 전달했어요."}}]


def test_pieces_keep_every_word() -> None:
    text = " ".join([SENTENCE] * 100)
    assert " ".join(split_text(text, 500)) == text
    assert "".join(split_text("가" * 1234, 500)) == "가" * 1234
    assert split_text("  ", 10) == []


def test_what_does_not_fit_waits_in_order() -> None:
    replies = [Reply(text=f"{n} " + "가" * 900) for n in range(5)]
    shown, rest = fitting(replies)
    assert [reply.text for reply in [*shown, *rest]] == [reply.text for reply in replies]
    assert len(shown) == 3 and not {reply.message_id for reply in rest} & {
        reply.message_id for reply in replies
    }


def test_a_giant_text_is_parted_and_nothing_is_lost() -> None:
    text = " ".join([SENTENCE] * 180)
    shown, rest = fitting([Reply(text=text, citations=(citation(),)), Reply(text="끝")])
    told = "".join("".join(reply.text.split()) for reply in [*shown, *rest])
    assert told == "".join(text.split()) + "끝"
    assert "…" not in outputs(*shown)[1]["simpleText"]["text"]


words = st.text(st.characters(codec="utf-8"), max_size=1300)
replies = st.builds(
    Reply,
    text=words,
    buttons=st.lists(st.builds(Button, title=words, payload=words), max_size=12).map(tuple),
    citations=st.lists(
        st.fixed_dictionaries({"title": words, "snippet": words, "url": words}), max_size=3
    ).map(tuple),
    image=st.none() | st.just("https://x.example/a.png"),
    response=st.sampled_from(["", "utter_handoff_started"]),
    speaker=st.sampled_from(["bot", "agent", "system"]),
    speaker_name=st.text(max_size=10),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(replies, max_size=6), st.booleans(), st.sampled_from(["", "결과 보기"]))
def test_no_reply_breaks_a_limit(given_replies: list[Reply], waiting: bool, more: str) -> None:
    check(skill_response(given_replies, base_url=BASE, waiting_for_person=waiting, more=more))
    shown, rest = fitting(given_replies, waiting_for_person=waiting)
    assert not given_replies or (shown and len(shown) + len(rest) >= len(given_replies))


def element(title: str = "이음 체크카드", picture: bool = True, **parts: Any) -> Element:
    image = {"image_url": "/images/a.png", "image_alt": "카드 그림"} if picture else {}
    return Element.model_validate({"title": title, "subtitle": "연회비가 없어요", **image, **parts})


def test_a_card_with_a_picture_keeps_its_buttons() -> None:
    buttons = [
        {"title": "안내 보기", "url": "/knowledge/a.md"},
        {"title": "전화하기", "url": "tel:1588-0000"},
        {"title": "전화로 상담받고 싶어요 지금", "payload": "/request_callback"},
    ]
    reply = Reply(text="카드예요", elements=(element(buttons=buttons),))
    text, card = outputs(reply)
    assert text["simpleText"]["text"] == "카드예요"
    body = card["basicCard"]
    assert body["thumbnail"] == {"imageUrl": f"{BASE}/images/a.png", "altText": "카드 그림"}
    assert [button["action"] for button in body["buttons"]] == ["webLink", "phone", "message"]
    assert body["buttons"][0]["webLinkUrl"] == f"{BASE}/knowledge/a.md"
    assert body["buttons"][2]["extra"] == {"payload": "/request_callback"}
    check(skill_response([reply], base_url=BASE))


def test_several_cards_are_a_carousel_of_one_kind() -> None:
    pictures = Reply(elements=(element(), element("둘")))
    mixed = Reply(elements=(element(), element("둘", picture=False)))
    assert [one["carousel"]["type"] for one in outputs(pictures)] == ["basicCard"]
    assert [one["carousel"]["type"] for one in outputs(mixed)] == ["textCard"]


def test_files_and_forms_are_said_as_well_as_can_be() -> None:
    form = Form.model_validate({"title": "예약", "fields": [{"slot": "phone", "label": "전화번호"}]})
    file = Attachment.model_validate({"type": "file", "payload": {"src": "/a.pdf", "title": "약관"}})
    image = Attachment.model_validate({"type": "image", "payload": {"src": "https://a.kr/b.png"}})
    assert outputs(Reply(text="적어 주세요", form=form))[0]["simpleText"]["text"].endswith(
        "전화번호를 차례로 여쭤볼게요."
    )
    assert outputs(Reply(attachment=file))[0]["textCard"]["buttons"][0]["webLinkUrl"] == f"{BASE}/a.pdf"
    assert outputs(Reply(attachment=image))[0]["simpleImage"]["imageUrl"] == "https://a.kr/b.png"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=120), st.text(max_size=500), st.booleans()), max_size=12),
    st.text(max_size=1500),
)
def test_any_cards_stay_within_the_limits(cards: list[tuple[str, str, bool]], text: str) -> None:
    elements = tuple(element(title, picture, subtitle=words) for title, words, picture in cards)
    check(skill_response([Reply(text=text, elements=elements)], base_url=BASE))
