"""Messages that want two things come out as two; a wish with its reason, or with what comes before it, stays one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from nlu.pipeline import Pipeline
from nlu.wishes import MOST, joints

ROOT = Path(__file__).parent.parent.parent
MESSAGES = ROOT / "data" / "evaluation" / "two_wishes.tsv"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("카드 정지하고 재발급도 해주세요", ("카드 정지하고 싶어요", "재발급도 해주세요")),
        ("주소 바꿔 주시고요 카드도 다시 보내 주세요", ("주소 바꿔 주세요", "카드도 다시 보내 주세요")),
        (
            "적금 금리가 얼마예요? 그리고 대출은 얼마까지 돼요?",
            ("적금 금리가 얼마예요", "대출은 얼마까지 돼요"),
        ),
        ("카드 만들고 싶은데 대출도 봐 주세요", ("카드 만들고 싶어요", "대출도 봐 주세요")),
        ("예금 금리 궁금하고요 방문 예약도 할게요", ("예금 금리 궁금하고 싶어요", "방문 예약도 할게요")),
        ("주소 변경하면서 카드도 재발송해 주세요", ("주소 변경하고 싶어요", "카드도 재발송해 주세요")),
        ("카드정지하고 주소도바꿔주세요", ("카드정지하고 싶어요", "주소도바꿔주세요")),
    ],
)
def test_a_joint_between_two_wishes(text: str, parts: tuple[str, str]) -> None:
    assert next(joints(text)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "퇴근하고 전화 받고 싶어요",
        "한도가 낮아서 이체가 안 되는데 올려 주세요",
        "검찰이라고 하고 돈을 보내라고 했어요",
        "앱을 지우고 다시 깔았는데 로그인이 안 돼요",
        "전입신고 하고 왔는데 은행 주소도 바꾸려고요",
        "네 알겠고요 이체 한도 올려 주세요",
        "이체 한도 올려 주세요",
        "그리고",
        "",
    ],
)
def test_no_joint(text: str) -> None:
    assert list(joints(text)) == []


def test_a_long_story_is_not_tried_at_every_clause() -> None:
    assert len(list(joints("카드도 정지하고 싶고 " * 10 + "주소도 바꿔 주세요"))) == MOST
    assert list(joints("카드도 정지하고 싶고 " * 40 + "주소도 바꿔 주세요")) == []


def test_two_wishes_and_one(bank: Pipeline, now: datetime) -> None:
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()[1:]
    rows = [(text, wanted.split("+")) for text, wanted in (line.split("\t") for line in lines)]
    found = [(wanted, [w.intent.name for w in bank.understand(text, now).wishes]) for text, wanted in rows]
    two = [got == wanted for wanted, got in found if len(wanted) == 2]
    one = [got == [] for wanted, got in found if len(wanted) == 1]
    assert (len(two), len(one)) == (80, 79)
    assert sum(two) / len(two) >= 0.85
    assert sum(one) / len(one) >= 0.97


def test_the_likelier_wish_is_the_intent(bank: Pipeline, now: datetime) -> None:
    result = bank.understand("카드 정지해 주시고 주소도 바꿔 주세요", now)
    assert [wish["intent"]["name"] for wish in result.to_rasa()["wishes"]] == ["card_loss", "address_change"]
    assert result.intent is not None and result.intent.name in ("card_loss", "address_change")
