"""From decisions to the utterance files: planned as a diff that a person sees, then written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.review.decisions import Decision, Decisions
from bot.review.items import ReviewItem
from formats import SangdamError
from nlu.utterance_files import FileChange, add_utterances, apply


class ReviewError(SangdamError):
    """Raised for a decision that can't be carried out."""

    status = 422

    def __init__(self, code: str, ko: str, en: str, remedy: str) -> None:
        super().__init__(code, ko=ko, en=en, remedy=remedy)


@dataclass(frozen=True, slots=True)
class ReviewTarget:
    """Where decisions and utterances of an assistant lie."""

    utterances: Path
    """Folder of nlu.yml and TSV files."""
    decisions: Decisions
    intents: tuple[str, ...]
    """That have examples: others can't be chosen."""


@dataclass(frozen=True, slots=True)
class Written:
    """What would change, or has."""

    changes: tuple[FileChange, ...]
    decisions: tuple[Decision, ...]


def decide(target: ReviewTarget, item: ReviewItem, verdict: str, intent: str = "", by: str = "") -> Decision:
    """Note a decision. `verdict` is `intent`, `out_of_scope` or `skip`. Raises `ReviewError`."""
    if verdict == "intent" and intent not in target.intents:
        raise ReviewError(
            "unknown_intent",
            f"{intent!r} 의도는 예문이 없어요.",
            f"No intent {intent!r} has examples.",
            f"One of {', '.join(target.intents)}; a new intent is begun in nlu.yml by hand.",
        )
    if verdict not in ("intent", "out_of_scope", "skip"):
        raise ReviewError(
            "unknown_verdict",
            f"{verdict!r}라는 판정은 없어요.",
            f"No verdict is called {verdict!r}.",
            "One of intent, out_of_scope, skip.",
        )
    decision = Decision.model_validate(
        {
            "key": item.key,
            "text": item.text,
            "verdict": verdict,
            "intent": intent if verdict == "intent" else "",
            "by": by,
        }
    )
    target.decisions.add([decision])
    return decision


def plan(target: ReviewTarget) -> Written:
    """What the pending decisions would change; nothing is written yet. Raises `FormatError`."""
    pending = tuple(decision for decision in target.decisions.all().values() if decision.pending)
    additions = [(d.text, d.intent) for d in pending if d.verdict == "intent"]
    outside = [d.text for d in pending if d.verdict == "out_of_scope"]
    return Written(tuple(add_utterances(target.utterances, additions, outside)), pending)


def write(target: ReviewTarget, planned: Written) -> Sequence[Path]:
    """Write the planned changes: the files. Raises `FormatError` if one of them was changed by somebody else meanwhile."""
    files = apply(planned.changes)
    target.decisions.add([decision.model_copy(update={"written": True}) for decision in planned.decisions])
    return files
