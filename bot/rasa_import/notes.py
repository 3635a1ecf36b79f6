"""What became of each part of the imported project, for the builder who has to finish the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["converted", "changed", "left"]
TITLES: dict[Kind, str] = {
    "converted": "옮겼어요",
    "changed": "바꾸어 옮겼어요",
    "left": "옮기지 못했어요",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One part, and what was done or why not."""

    kind: Kind
    what: str
    why: str = ""


@dataclass(slots=True)
class Notes:
    """All notes, in order."""

    items: list[Note] = field(default_factory=list)

    def converted(self, what: str, how: str = "") -> None:
        """It is there, as it was or as a flow."""
        self.items.append(Note("converted", what, how))

    def changed(self, what: str, how: str) -> None:
        """It is there, but behaves otherwise."""
        self.items.append(Note("changed", what, how))

    def left(self, what: str, why: str) -> None:
        """It is not there."""
        self.items.append(Note("left", what, why))

    def of(self, kind: Kind) -> list[Note]:
        """Those of one kind."""
        return [note for note in self.items if note.kind == kind]

    def markdown(self, source: str) -> str:
        """The report that is written beside the assistant."""
        lines = [f"# Rasa 프로젝트 가져오기 보고서: {source}", ""]
        for kind in ("left", "changed", "converted"):
            found = self.of(kind)
            if found:
                lines += [f"## {TITLES[kind]} ({len(found)})", ""]
                lines += [f"- {note.what}" + (f": {note.why}" if note.why else "") for note in found]
                lines.append("")
        return "\n".join(lines)
