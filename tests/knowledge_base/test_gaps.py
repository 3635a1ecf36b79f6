"""What customers ask and the documents don't answer, put together by meaning."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.conversation.events import FeedbackGiven, KnowledgeAnswered
from bot.conversation.store import Commit, Head
from bot.review.unanswered import failed_questions
from bot.storage.sql import open_store
from encoder import Encoder
from knowledge_base.gaps import Unanswered, find_gaps

Write = Callable[[str, str | bytes], Path]


def asked(question: str, outcome: Any, message: str) -> KnowledgeAnswered:
    return KnowledgeAnswered(
        message_id=message, question=question, outcome=outcome, confidence=0.1, timestamp=100.0
    )


def test_what_failed_is_read_from_the_events() -> None:
    events = [
        asked("금 시세 얼마예요", "none", "m1"),
        asked("카드 한도", "closest", "m2"),
        asked("수수료", "answer", "m3"),
        asked("환전", "answer", "m4"),
        FeedbackGiven(message_id="m3", value="down"),
        FeedbackGiven(message_id="m4", value="down"),
        FeedbackGiven(message_id="m4", value=None),
    ]
    found = failed_questions("c1", events)
    assert [(one.question, one.reason) for one in found] == [
        ("금 시세 얼마예요", "none"),
        ("카드 한도", "closest"),
        ("수수료", "down"),
    ]


def test_questions_of_one_matter_are_one_gap(e5: Encoder) -> None:
    texts = [
        *(("골드바 살 수 있나요?", "none"), ("골드바 구매하고 싶어요", "none"), ("골드바 팔아요?", "down")),
        *(("펀드 환매는 며칠 걸려요", "none"), ("골드바 살 수 있나요", "none"), ("?!", "none")),
        ("010-1234-5678로 문자 보내 주세요", "closest"),
    ]
    found = find_gaps([Unanswered(text, why, f"c{i}", float(i)) for i, (text, why) in enumerate(texts)], e5)
    assert [gap.times for gap in found] == [4, 1, 1]
    first = found[0]
    assert "골드바" in first.question and first.reasons == {"none": 3, "down": 1} and first.conversations == 4
    assert first.draft() == {"question": first.question, "answer": "", "category": ""}
    shown = json.dumps([gap.examples for gap in found], ensure_ascii=False)
    assert "1234" not in shown
    assert find_gaps([], e5) == []


@pytest.fixture
def sangdam(
    bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    (tmp_path / "config.yml").write_text(
        "assistant_id: small\nname: 작은 은행\npipeline: [{name: KoreanNormalizer}]\n"
        "knowledge: {documents: knowledge, encoder: hashing}\n"
    )
    monkeypatch.setenv("SANGDAM_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SANGDAM_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")

    def call(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(args=["kb", *arguments, "--assistant", str(tmp_path)])
        return int(ended.value.code or 0), capsys.readouterr().out

    return call


def test_gaps_by_command_with_a_draft_to_fill_in(sangdam: Callable[..., Any], tmp_path: Path) -> None:
    code, out = sangdam("gaps")
    assert code == 0 and "없어요" in out

    async def talk() -> None:
        store = await open_store(f"sqlite:///{tmp_path / 'x.db'}")
        event = asked("금 시세 얼마예요", "none", "m1").model_copy(update={"seq": 1, "timestamp": 4e9})
        head = Head(conversation_id="c1", version=1)
        await store.commit(Commit(conversation_id="c1", expected_version=0, events=[event], head=head))
        await store.close()

    asyncio.run(talk())
    assert sangdam("build")[0] == 0
    code, out = sangdam("gaps", "--json", "--draft", str(tmp_path / "faq.csv"))
    body = json.loads(out)
    assert code == 0 and body["questions"] == 1 and body["gaps"][0]["question"] == "금 시세 얼마예요"
    rows = list(csv.DictReader((tmp_path / "faq.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0]["question"] == "금 시세 얼마예요" and rows[0]["answer"] == ""


def test_calibrate_keeps_its_model_beside_the_index(sangdam: Callable[..., Any], tmp_path: Path) -> None:
    assert sangdam("build")[0] == 0
    questions = tmp_path / "q.jsonl"
    lines = [{"query": f"재발급 수수료 {n}", "gold": ["카드/분실.md"]} for n in range(15)]
    lines += [{"query": f"코끼리 {n} 마리", "gold": []} for n in range(30)]
    questions.write_text("\n".join(json.dumps(line) for line in lines))
    code, out = sangdam(
        "calibrate", "--questions", str(questions), "--picture", str(tmp_path / "c.svg"), "--json"
    )
    model = json.loads(out)
    assert (
        code == 0
        and model["fitted_on"]["answerable"] >= 15
        and 0 < model["closest_from"] < model["answer_from"]
    )
    kept = json.loads((tmp_path / "var" / "index" / "small" / "no_answer.json").read_text())
    assert kept == model
    picture = (tmp_path / "c.svg").read_text()
    assert picture.startswith("<svg") and "작은 은행" in picture
    assert sangdam("search", "코끼리 세 마리")[1].startswith("none")


def test_versions_and_the_way_back(sangdam: Callable[..., Any], write: Write) -> None:
    assert sangdam("build")[0] == 0
    first = json.loads(sangdam("versions", "--json")[1])
    assert first["versions"] == [first["current"]]
    assert sangdam("back")[0] == 2
    write("새.md", "# 새 안내\n새로 생긴 글이에요.\n")
    assert sangdam("build")[0] == 0
    assert sangdam("back")[1].strip() == first["current"]
