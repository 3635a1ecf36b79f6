"""Results of conversation tests as people read them, and as JUnit's XML for machines that build."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from bot.conversation.e2e.coverage import FlowCoverage, total
from bot.conversation.e2e.run import Failure, Result

SPEAKERS = {"customer": "고객", "bot": "봇", "agent": "상담원", "system": "—"}
LIKE = 0.4
"""Texts that share less than this are shown whole instead of compared."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def verdict(result: Result) -> list[str]:
    """The lines of one case: one if it passed, else the conversation up to each failure and what differs."""
    name = f"{result.case.name}  ({result.seconds:.2f}초)"
    if result.passed:
        return [f"통과  {name}"]
    lines = [f"실패  {name}"]
    told = 0
    for failure in result.failures:
        place = f"{result.case.file}:{result.case.line_of(failure.step)}"
        lines.append(f"      {place} {failure.step}번째 단계")
        # What led to the first failure needn't be read again for the second.
        talk = [line for line in result.lines if told < line.step <= failure.step]
        lines += [f"        {SPEAKERS[line.speaker]:<4} {line.text.replace(chr(10), ' / ')}" for line in talk]
        told = failure.step
        lines += [f"      - 기대: {failure.expected}", f"      + 실제: {failure.found}"]
        lines += [f"        차이: {text}" for text in _differences(failure, result)]
    return lines


def _differences(failure: Failure, result: Result) -> Iterable[str]:
    """Where an expected text is nearly what the bot said: the words that differ."""
    said = [line.text for line in result.lines if line.step == failure.step and line.speaker == "bot"]
    for wanted in failure.texts:
        near = max(said, key=lambda text: _likeness(wanted, text), default="")
        if _likeness(wanted, near) >= LIKE:
            yield word_diff(wanted, near)


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def word_diff(expected: str, found: str) -> str:
    """Both texts in one, word by word.

    >>> word_diff("전화번호를 알려 주세요.", "전화번호를 다시 알려 주세요.")
    '전화번호를 {+다시+} 알려 주세요.'
    """
    left, right = expected.split(), found.split()
    parts = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, came = " ".join(left[a:b]), " ".join(right[c:d])
        if kind == "equal":
            parts.append(gone)
            continue
        parts += [f"[-{gone}-]"] if gone else []
        parts += [f"{{+{came}+}}"] if came else []
    return " ".join(parts)


def coverage_lines(covered: Sequence[FlowCoverage], *, whole: bool) -> list[str]:
    """How much of the flows was gone through; `whole` lists each flow and what is missing."""
    lines = []
    if whole:
        for flow in covered:
            lines.append(f"{flow.share:>5.0%}  {flow.name} ({flow.flow_id}): {_counts(flow)}")
            lines += [f"         {missing}" for missing in flow.missing]
    return [*lines, f"흐름 {len(covered)}개 가운데 {_counts(total(covered))}를 지났어요."]


def _counts(flow: FlowCoverage) -> str:
    return f"단계 {flow.steps_taken}/{flow.steps}, 갈래 {flow.branches_taken}/{flow.branches}"


def as_json(result: Result) -> dict[str, Any]:
    """One result as JSON."""
    failures = [
        {
            "step": f.step,
            "line": result.case.line_of(f.step),
            "said": f.said,
            "expected": f.expected,
            "found": f.found,
        }
        for f in result.failures
    ]
    return {
        "test_case": result.case.name,
        "file": str(result.case.file),
        "line": result.case.line,
        "passed": result.passed,
        "seconds": round(result.seconds, 3),
        "failures": failures,
    }


def coverage_json(covered: Iterable[FlowCoverage]) -> list[dict[str, Any]]:
    """Coverage as JSON, one entry a flow."""
    return [
        {
            "flow": flow.flow_id,
            "steps": [flow.steps_taken, flow.steps],
            "branches": [flow.branches_taken, flow.branches],
            "missing": list(flow.missing),
        }
        for flow in covered
    ]


def write_junit(path: Path, results: Sequence[Result]) -> None:
    """JUnit's XML: a suite a file, a test case a run of a case. Raises `OSError`."""
    suites = Xml.Element("testsuites", {"name": "sangdam test", **_sums(results)})
    by_file: dict[str, list[Result]] = {}
    for result in results:
        by_file.setdefault(str(result.case.file), []).append(result)
    for file, found in by_file.items():
        suite = Xml.SubElement(suites, "testsuite", {"name": file, **_sums(found)})
        for result in found:
            case = Xml.SubElement(
                suite,
                "testcase",
                classname=Path(file).stem,
                name=_xml(result.case.name),
                file=file,
                line=str(result.case.line),
                time=f"{result.seconds:.3f}",
            )
            if not result.passed:
                first = result.failures[0]
                message = f"step {first.step}: expected {first.expected}, {first.found}"
                failure = Xml.SubElement(case, "failure", message=_xml(message), type="expectation")
                failure.text = _xml("\n".join(verdict(result)))
    path.parent.mkdir(parents=True, exist_ok=True)
    Xml.indent(suites)
    Xml.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def _sums(results: Sequence[Result]) -> dict[str, str]:
    failed = sum(not result.passed for result in results)
    seconds = sum(result.seconds for result in results)
    return {"tests": str(len(results)), "failures": str(failed), "errors": "0", "time": f"{seconds:.3f}"}


def _xml(text: str) -> str:
    """Without the letters that no XML may hold."""
    return _NOT_XML.sub("�", text)
