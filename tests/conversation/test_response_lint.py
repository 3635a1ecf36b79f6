"""`sangdam lint responses`: one register throughout, particles that fit, spaces where they belong, a wording for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import cli
from bot.conversation.assistant import RESPONSES_FILE
from bot.conversation.cautions import Caution
from bot.conversation.domain import load_domain
from bot.conversation.response_lint import lint_responses
from korean.register import register, registers

ROOT = Path(__file__).parent.parent.parent
USUAL = "  utter_one: [{text: 카드를 정지했어요.}]\n  utter_two: [{text: 더 도와드릴까요?}]\n"


def findings(tmp_path: Path, response: str) -> list[Caution]:
    path = tmp_path / "domain.yml"
    path.write_text(
        f"slots: {{card: {{type: text}}}}\nresponses:\n{USUAL}  utter_x: {response}\n", encoding="utf-8"
    )
    return lint_responses(load_domain(path), path)


@pytest.mark.parametrize(
    ("response", "code", "problem"),
    [
        ("[{text: 카드를 정지했습니다.}]", "style", "합쇼체"),
        ("[{text: 카드를 정지했다.}]", "style", "반말"),
        ("[{text: 카드를 정지했어요. 확인해 주십시오.}]", "style", "확인해 주십시오"),
        ('[{text: "{card}을(를) 정지했어요."}]', "both_particles", "을(를)"),
        ("[{text: 은행(으)로 오세요.}]", "both_particles", "(으)로"),
        ('[{text: "{card}를 정지했어요."}]', "fixed_particle", "{card}를"),
        ('[{text: "{card|에게} 보냈어요."}]', "unknown_particle", "에게"),
        ("[{text: 카드를  정지했어요.}]", "spacing", "둘 이상"),
        ("[{text: 정지했어요 . 더 도와드릴까요?}]", "spacing", "부호 앞"),
        ("[{text: 정지했어요.더 도와드릴까요?}]", "spacing", "문장 사이"),
        ("[{text: 지금 정지할수 있어요.}]", "spacing", "'정지할수'는"),
        ("[{text: 카드가 있는것 같아요.}]", "spacing", "있는것"),
        ("[{text: 안녕하세요., channel: kakao}]", "no_fallback", "아무 말도"),
        ('[{text: 안녕하세요., condition: slots.card = "가"}]', "no_fallback", "아무 말도"),
        ("[{text: 아래 버튼을 눌러 주세요., buttons: [{title: 네}]}]", "not_spoken", "전화에서"),
    ],
)
def test_what_is_found(tmp_path: Path, response: str, code: str, problem: str) -> None:
    [found] = findings(tmp_path, response)
    assert (found.code, found.line) == (code, 5)
    assert problem in found.problem and found.problem.startswith("utter_x: ") and found.remedy


@pytest.mark.parametrize(
    "response",
    [
        "[{text: 상담원 연결}]",
        '[{text: "{card|을} 정지했어요. 접수번호는 {card|이에요}."}]',
        "[{text: 3.5%예요. 1588-0000으로 전화해 주세요...}]",
        "[{text: 할 수 있는 것 같아요.}]",
        "[{text: 아래 버튼을 눌러 주세요., buttons: [{title: 네}]}, {text: 네라고 말씀해 주세요., channel: voice}]",
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, response: str) -> None:
    assert findings(tmp_path, response) == []


@pytest.mark.parametrize("path", [ROOT / "domain.yml", RESPONSES_FILE])
def test_our_own_words_hold(path: Path) -> None:
    assert [one for one in lint_responses(load_domain(path), path) if one.level != "hint"] == []


def test_registers_of_sentences() -> None:
    assert list(registers("정지했어요. 맞습니까?\n접수번호: 3")) == [
        ("정지했어요.", "해요체"),
        ("맞습니까?", "합쇼체"),
    ]
    assert register("바다") is None and register("이건 바다다.") == "반말" and register("할게.") == "반말"


def test_lint_by_itself_checks_everything_and_options_may_stand_before_or_behind(tmp_path: Path) -> None:
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "data" / "nlu").mkdir()
    (tmp_path / "config.yml").write_text("assistant_id: a\nname: b\npipeline: [{name: KoreanNormalizer}]\n")
    (tmp_path / "domain.yml").write_text(
        "intents: [go, stay]\nresponses:\n  utter_hi: [{text: 안녕하세요. 카드를 정지했어요.}]\n"
        "  utter_no: [{text: 카드을(를) 정지했어요.}]\n"
    )
    said = {"go": ["가요", "갑니다"], "stay": ["있어요", "있습니다"]}
    nlu = "".join(
        f"  - intent: {name}\n    examples: |\n" + "".join(f"      - {one}\n" for one in lines)
        for name, lines in said.items()
    )
    (tmp_path / "data" / "nlu" / "nlu.yml").write_text(f"nlu:\n{nlu}")
    told = CliRunner().invoke(cli, ["lint", "--assistant", str(tmp_path)])
    for part in ("흐름", "응답", "예문", "[both_particles]", "[too_few_examples]"):
        assert part in told.output, told.output
    folder, strict = ["--assistant", str(tmp_path)], ["--strict"]
    codes = [
        CliRunner().invoke(cli, arguments).exit_code
        for arguments in (
            ["lint", *folder, *strict],
            ["lint", *folder, *strict, "responses"],
            ["lint", "responses", *folder, *strict],
            ["lint", "responses", *folder],
        )
    ]
    assert codes == [1, 1, 1, 0]
