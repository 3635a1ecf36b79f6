"""The list: nearly the same messages as one item, personal data out, nothing that is known or decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.store import Head
from bot.review import Candidate, collect, review_list
from bot.review.items import without_personal_data
from bot.storage.memory import MemoryStore


def candidate(text: str, confidence: float = 0.3, seq: int = 1, **more: Any) -> Candidate:
    given: dict[str, Any] = {
        "conversation_id": f"c{seq}",
        "seq": seq,
        "at": float(seq),
        "text": text,
        "reasons": ("low_confidence",),
        "intent": "loss",
        "confidence": confidence,
        "ranking": (("loss", confidence),),
        "context": (),
    }
    return Candidate(**{**given, **more})


def test_nearly_the_same_is_one_item_and_the_most_frequent_comes_first() -> None:
    found = review_list(
        [
            candidate("통장 비번 까먹음", seq=1),
            candidate("카드가 안 긁혀요", seq=2),
            candidate("카드가 안긁혀요!", seq=3, reasons=("thumbs_down",)),
            candidate("카드가 안 긁혀요", seq=4),
        ]
    )
    assert [(item.text, item.count) for item in found] == [("카드가 안 긁혀요", 3), ("통장 비번 까먹음", 1)]
    assert found[0].reasons == ("thumbs_down", "low_confidence") and found[0].seq == 4
    assert found[0].variants == (), "other spacing is no other wording"


def test_known_and_decided_messages_are_left_out() -> None:
    said = [candidate("카드 정지"), candidate("통장 비번 까먹음", seq=2), candidate("새로운 말이에요", seq=3)]
    found = review_list(said, known=["카드정지!"], decided=["통장 비번 까먹음ㅠ"])
    assert [item.text for item in found] == ["새로운 말이에요"]


def test_personal_data_are_out_of_text_variants_and_context() -> None:
    said = [
        candidate("010-1234-5678로 전화 주세요", seq=1, context=(("bot", "hong@bank.kr 맞으세요?"),)),
        candidate("제 번호 010-1234-5678로 전화 주세요", seq=2),
    ]
    shown = "".join(item.model_dump_json() for item in review_list(said))
    assert "1234" not in shown and "5678" not in shown and "hong@" not in shown


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("010-1234-5678로 전화 주세요", "010-0000-0000로 전화 주세요"),
        ("010-1234-5678이 제 번호예요", "010-0000-0000이 제 번호예요"),
        ("제 이름은 김민수예요", "제 이름은 이민수예요"),
        ("제 메일은 hong@bank.kr 이에요", "제 메일은 x@bank.kr 이에요"),
        ("카드\n분실 \t 신고", "카드 분실 신고"),
        ("9월 3일에 3만원", "9월 3일에 3만원"),
    ],
)
def test_an_utterance_without_personal_data(text: str, clean: str) -> None:
    assert without_personal_data(text) == clean


def test_nothing_gives_nothing() -> None:
    assert review_list([]) == [] == review_list([candidate("카드")], known=["카드"])


async def test_conversations_are_read_page_by_page(
    talk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.conversation.store import Commit

    monkeypatch.setattr("bot.review.items.PAGE", 2)
    store, said = MemoryStore(), talk()
    for number in range(4):
        said.says(f"모르는 말 {number}", "loss", 0.1).answers("네?")
    events = said.events
    head = Head(conversation_id="c1", version=len(events))
    await store.commit(Commit(conversation_id="c1", expected_version=0, events=events, head=head))
    told: list[float] = []
    found = await collect(store, 0, 0.4, told.append)
    assert [c.text for c in found] == [f"모르는 말 {n}" for n in range(4)] and told == [1.0]
    assert [c.text for c in await collect(store, events[3].timestamp, 0.4)] == ["모르는 말 2", "모르는 말 3"]
