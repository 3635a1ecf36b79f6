"""A report's files in a folder: report.html, confusion.svg, report.json. The last one is what the next is compared with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from nlu.lint import Finding
from nlu.report.charts import confusion_chart
from nlu.report.figures import Report
from nlu.report.page import page

PAGE, PICTURE, FIGURES = "report.html", "confusion.svg", "report.json"


def read_report(folder: Path) -> Report | None:
    """The last report in the folder; None where there is none that can be read."""
    try:
        return Report.model_validate_json((folder / FIGURES).read_bytes())
    except (OSError, ValidationError):
        return None


def write_report(folder: Path, report: Report, findings: Sequence[Finding], last: Report | None) -> Path:
    """Write all files, each whole or not at all: the page."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / PICTURE, confusion_chart(report, standalone=True))
    _write(folder / PAGE, page(report, findings, last))
    _write(folder / FIGURES, report.model_dump_json(indent=1))
    return folder / PAGE


def _write(path: Path, text: str) -> None:
    working = path.with_suffix(f".{os.getpid()}.tmp")
    working.write_text(text, encoding="utf-8")
    os.replace(working, path)
