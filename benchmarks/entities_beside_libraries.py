"""Own entities and personal data beside libraries for the same, on one table of expressions; and milliseconds a message.

    pip install ko-pii==1.22.15 korean-datetime==1.0.0
    python benchmarks/entities_beside_libraries.py [data/evaluation/entities.jsonl]

A library counts as right where any of its findings shows the value, which is kinder than the exact comparison of
`sangdam evaluate entities`. Days and times: the value somewhere in what was parsed. Personal data: whether a message that holds
some is noticed at all, and how many that hold none are.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from korean.privacy import detect
from nlu.entities import extract

_PERSONAL = {"phone", "account", "card", "rrn", "passport", "driver_license", "email", "address", "person"}
_NEITHER = {"brn", "url", "postcode", "card_last4"}
"""Of a company, or only part of a number: neither expected nor wrong."""
Row = dict[str, Any]


def personal(rows: list[Row], notices: Callable[[str], bool]) -> str:
    """Messages noticed that hold personal data, and that hold none."""
    hits, total, false, clean = 0, 0, 0, 0
    notices(rows[0]["text"])
    started = time.perf_counter()
    for row in rows:
        kinds = {entity["entity"] for entity in row["entities"]}
        noticed = notices(row["text"])
        if kinds & _PERSONAL:
            total, hits = total + 1, hits + noticed
        elif not kinds & _NEITHER:
            clean, false = clean + 1, false + noticed
    return f"{hits} of {total} noticed, {false} of {clean} falsely, {_each(started, rows)}"


def times(rows: list[Row], shown: Callable[[str, datetime], str]) -> str:
    """Days and times whose value is shown."""
    hits = total = 0
    told = [row for row in rows if any(entity["entity"] in ("date", "time") for entity in row["entities"])]
    for row in told:
        shown(row["text"], datetime.fromisoformat(row["now"]))  # calendars are made once
    started = time.perf_counter()
    for row in told:
        text = shown(row["text"], datetime.fromisoformat(row["now"]))
        for entity in row["entities"]:
            if entity["entity"] in ("date", "time"):
                total, hits = total + 1, hits + (entity["value"] in text)
    return f"{hits} of {total} right, {_each(started, told)}"


def _each(started: float, rows: list[Row]) -> str:
    return f"{1000 * (time.perf_counter() - started) / len(rows):.3f} ms a message"


def _parsed(text: str, now: datetime) -> str:
    """What korean-datetime finds, as ISO moments."""
    import korean_datetime

    options = korean_datetime.ParseOptions(timezone=now.tzinfo)
    found = korean_datetime.parse_all(text, now, options)
    return " ".join(moment.isoformat() for item in found for moment in (item.start, item.end) if moment)


def main() -> None:
    """Print four lines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path, nargs="?", default=Path("data/evaluation/entities.jsonl"))
    rows = [json.loads(line) for line in parser.parse_args().table.read_text(encoding="utf-8").splitlines()]
    import ko_pii

    print("personal data, own:     ", personal(rows, lambda text: bool(detect(text))))
    print("personal data, ko-pii:  ", personal(rows, lambda text: bool(ko_pii.detect_all(text))))
    print(
        "days, own:              ", times(rows, lambda text, now: str([e.value for e in extract(text, now)]))
    )
    print("days, korean-datetime:  ", times(rows, _parsed))


if __name__ == "__main__":
    main()
