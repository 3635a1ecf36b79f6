"""Figures that can be worked out by hand, pictures that are well-formed, a page that holds what a builder needs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from nlu.cross_validation import Answer
from nlu.lint import Finding, Place
from nlu.report import Report, read_report, summarise, write_report
from nlu.report.charts import confusion_chart, reliability_chart, risk_chart
from nlu.report.figures import POINTS, risk_coverage
from nlu.report.page import page
from nlu.training_data import Example


def answer(wanted: str, got: str, confidence: float, text: str = "말", line: int = 1) -> Answer:
    return Answer(Example(text, wanted, (), "nlu.yml", line), got, confidence, 0.0, False)


ANSWERS = [
    answer("a", "a", 0.95),
    answer("a", "a", 0.9),
    answer("a", "b", 0.85, "카드 <b>정지</b>", 7),
    answer("b", "b", 0.6),
    answer("b", "", 0.0, "??", 9),
]


def report(answers: list[Answer] = ANSWERS, created_at: float = 1e9) -> Report:
    return summarise(answers, name="작은 <상담>", created_at=created_at, how="시험")


def test_figures_by_hand() -> None:
    made = report()
    assert (made.tests, made.accuracy, made.labels) == (5, 0.6, ("a", "b"))
    rows = {row.intent: row for row in made.intents}
    assert (rows["a"].precision, rows["a"].recall, rows["a"].f1, rows["a"].support) == (1.0, 0.6667, 0.8, 3)
    assert (rows["b"].precision, rows["b"].recall, rows["b"].f1) == (0.5, 0.5, 0.5)
    assert made.intents[0].intent == "b", "the weakest first"
    assert made.matrix == ((2, 1, 0), (0, 1, 1))
    assert [(c.wanted, c.got, c.utterances[0].line) for c in made.confusions] == [("a", "b", 7), ("b", "", 9)]


def test_risk_coverage_takes_the_surest_first() -> None:
    assert report().risk_coverage == ((0.2, 0.0), (0.4, 0.0), (0.6, 0.3333), (0.8, 0.25), (1.0, 0.4))
    tied = [answer("a", "a", 0.5), answer("a", "b", 0.5), answer("a", "a", 0.9)]
    assert risk_coverage(tied) == [(1 / 3, 0.0), (1.0, 1 / 3)], "no order among equals"


def test_a_long_curve_keeps_its_ends() -> None:
    made = report([answer("a", "a" if n % 3 else "b", 1 - n / 1000) for n in range(1000)])
    assert len(made.risk_coverage) <= POINTS + 1
    assert made.risk_coverage[0][0] == 0.001 and made.risk_coverage[-1] == (1.0, 0.334)


def test_reliability_bins() -> None:
    bins = {b.low: b for b in report([*ANSWERS, answer("a", "a", 1.0)]).reliability}
    assert (bins[0.9].count, bins[0.9].accuracy, bins[0.9].confidence) == (3, 1.0, 0.95)
    assert (bins[0.8].accuracy, bins[0.0].accuracy) == (0.0, 0.0) and 0.1 not in bins


@pytest.mark.parametrize("last", [None, report(created_at=5e8)])
def test_pictures_are_well_formed(last: Report | None) -> None:
    made = report()
    for picture in (confusion_chart(made, standalone=True), risk_chart(made, last), reliability_chart(made)):
        assert ET.fromstring(picture).tag.endswith("svg")
    assert "a → b: 1" in confusion_chart(made)


def test_one_label_and_no_mistake_can_be_drawn() -> None:
    made = report([answer("a", "a", 1.0)])
    for picture in (confusion_chart(made), risk_chart(made), reliability_chart(made)):
        ET.fromstring(picture)
    assert "틀린 예문이 없어요" in page(made)


def test_the_page_says_what_to_mend_and_runs_nothing_of_what_customers_write() -> None:
    finding = Finding("same_in_two_intents", "error", Place("nlu.yml", 3), "'가'", "en", Place("nlu.yml", 4))
    made = page(report(), [finding])
    assert "카드 &lt;b&gt;정지&lt;/b&gt;" in made and "<b>정지" not in made and "작은 &lt;상담&gt;" in made
    assert "nlu.yml:7" in made and "nlu.yml:3<br>nlu.yml:4" in made and "고쳐야 해요" in made
    assert "http" not in made.replace("http://www.w3.org/2000/svg", ""), "nothing from outside"
    assert "지난번과 비교" not in made


def test_the_page_compares_with_the_last_report() -> None:
    before = report([answer("a", "a", 0.9), answer("b", "a", 0.9), answer("c", "c", 0.9)], 5e8)
    made = page(report(), (), before)
    assert "지난번과 비교" in made and "없어진 의도: c" in made and "-6.7%p" in made


def test_files_are_written_and_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    assert read_report(folder) is None
    path = write_report(folder, report(), [], None)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert read_report(folder) == report()
    assert sorted(file.name for file in folder.iterdir()) == ["confusion.svg", "report.html", "report.json"]


@pytest.mark.parametrize("content", ["", "{}", '{"name": 1}'])
def test_a_report_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "report.json").write_text(content)
    assert read_report(tmp_path) is None
