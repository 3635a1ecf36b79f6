"""Writes docs/reference/handoff-packet.schema.json: `python -m bot.desk.packet_schema`."""

from __future__ import annotations

import json
from pathlib import Path

from bot.desk.packet import Packet

PLACE = Path(__file__).parents[2] / "docs" / "reference" / "handoff-packet.schema.json"


def main() -> None:
    """The schema of the newest version."""
    PLACE.write_text(json.dumps(Packet.model_json_schema(), ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
