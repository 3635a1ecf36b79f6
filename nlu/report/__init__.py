"""How well an assistant understands, as figures, as pictures and as a page that a builder works from."""

from nlu.report.figures import Confusion, IntentFigures, Report, Utterance, summarise
from nlu.report.files import read_report, write_report

__all__ = [
    "Confusion",
    "IntentFigures",
    "Report",
    "Utterance",
    "read_report",
    "summarise",
    "write_report",
]
