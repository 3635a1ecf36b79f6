"""The picture of a flow shows every step once, nothing over another, and says in words what it shows."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.flows.drawing import flow_svg, outline
from bot.conversation.flows.layout import lay_out

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def bank() -> Assistant:
    """The reference assistant."""
    return load_assistant(ROOT)


@pytest.fixture(
    params=["card_loss", "request_callback", "transfer_limit_change", "phishing_report", "loan_precheck"]
)
def flow_id(request: pytest.FixtureRequest) -> str:
    """Each of the bank's first flows."""
    return str(request.param)


def test_every_step_has_a_place_of_its_own_below_what_leads_to_it(bank: Assistant, flow_id: str) -> None:
    flow = bank.flows[flow_id]
    layout = lay_out(flow)
    assert {cell.step_id for cell in layout.cells.values() if cell.step_id} == set(flow.steps)
    places = [(cell.row, cell.column) for cell in layout.cells.values()]
    assert len(set(places)) == len(places)
    for arrow in layout.arrows:
        start, goal = layout.cells[arrow.start], layout.cells[arrow.goal]
        assert (goal.row <= start.row) == arrow.back
    assert sum(len(step.branches) for step in flow.steps.values()) == len(layout.arrows)


def test_a_loop_is_one_arrow_back(bank: Assistant) -> None:
    back = [arrow for arrow in lay_out(bank.flows["card_loss"]).arrows if arrow.back]
    assert [arrow.goal for arrow in back] == ["ask_phone"]


def test_the_picture_is_whole_and_has_words_for_those_who_can_not_see_it(
    bank: Assistant, flow_id: str
) -> None:
    flow = bank.flows[flow_id]
    root = ElementTree.fromstring(flow_svg(flow, bank))
    assert root.findtext(f"{SVG}title") == flow.name
    described = root.findtext(f"{SVG}desc") or ""
    assert all(line in described for line in outline(flow, bank))
    boxes = [rect for rect in root.iter(f"{SVG}rect") if "box" in str(rect.get("class"))]
    assert len(boxes) == len(flow.steps)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for box in boxes:
        x, y, w, h = (float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
        assert x >= 0 and x + w <= width and y >= 0 and y + h <= height


def test_the_outline_names_labels_conditions_and_ends(bank: Assistant) -> None:
    lines = outline(bank.flows["card_loss"], bank)
    assert lines[0] == "1. 질문 전화번호: → 2."
    assert "slots.block_confirmed → 12, → 11." in lines[9]
    assert lines[-1].endswith("→ 끝.")


def test_words_of_builders_can_not_break_the_picture(tmp_path: Path) -> None:
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text(
        'slots: {a: {type: text}}\nresponses: {utter_ask_a: [{text: "<b>&\\"]]> 아주아주아주아주아주아주 긴 질문이에요"}]}\n',
        encoding="utf-8",
    )
    (tmp_path / "data" / "flows" / "f.yml").write_text(
        'flows: {f: {name: "<script>", description: d, steps: [{collect: a, next: [{if: slots.a = "<", then: END}, '
        "{else: END}]}]}}",
        encoding="utf-8",
    )
    assistant = load_assistant(tmp_path)
    root = ElementTree.fromstring(flow_svg(assistant.flows["f"], assistant))
    assert root.findtext(f"{SVG}title") == "<script>"
    assert not list(root.iter(f"{SVG}script"))
