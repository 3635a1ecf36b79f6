"""What config.yml names of domain and flows has to be there: refused with file, line and what could have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.assistant import load_assistant
from bot.server.references import check_references
from bot.server.settings import load_settings
from formats import FormatError

CONFIG = "assistant_id: small\nname: 작은 은행\npipeline: [{name: KoreanNormalizer}]\n"
DOMAIN = """intents: [greet, send]
slots:
  phone: {type: text, mappings: [{type: from_text}]}
  card: {type: categorical, values: [체크카드, 신용카드], mappings: [{type: from_text}]}
responses: {utter_hi: [{text: 안녕하세요.}]}
"""
FLOWS = """flows:
  send:
    name: 송금
    description: Send.
    nlu_trigger: [{intent: send}]
    steps:
      - action: utter_hi
"""


def check(folder: Path, more: str) -> None:
    (folder / "config.yml").write_text(CONFIG + more)
    check_references(load_settings(folder, {}), load_assistant(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "data" / "flows" / "flows.yml").write_text(FLOWS)
    return tmp_path


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("desk:\n  recordings:\n    values:\n      phne: '010'\n", 7, "unknown slot 'phne'"),
        (
            "desk:\n  recordings:\n    values:\n      phone: '1'\n      card: 현금\n",
            8,
            "'card' can't be '현금'",
        ),
        ("desk:\n  contact_slots: {phone: phone, mail: email}\n", 5, "unknown slot 'mail'"),
        ("desk:\n  segment_slot: segment\n", 5, "unknown slot 'segment'"),
        ("desk:\n  language_slot: tongue\n", 5, "unknown slot 'tongue'"),
        ("desk:\n  callback_flow: call_me\n", 5, "unknown flow 'call_me'"),
        (
            "desk:\n  queues:\n    - name: a\n    - name: b\n      when:\n        flows:\n          - sent\n",
            10,
            "unknown flow 'sent'",
        ),
        (
            "desk:\n  queues:\n    - {name: a}\n    - {name: b, when: {intents: [greet, great]}}\n",
            7,
            "unknown intent 'great'",
        ),
    ],
)
def test_a_name_of_nothing_is_refused(folder: Path, more: str, line: int, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        check(folder, more)
    assert f"config.yml:{line}:" in str(caught.value) and says in str(caught.value)
    assert caught.value.expected


def test_what_is_there_is_taken(folder: Path) -> None:
    check(folder, "")
    check(
        folder,
        "desk:\n  callback_flow: send\n  segment_slot: card\n  recordings: {values: {card: 체크카드, phone: '1'}}\n"
        "  queues: [{name: a, when: {flows: [send], intents: [greet]}}, {name: b}]\n",
    )
