"""The review list in a terminal: the message, the guess and its context; one key decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.review import ReviewItem, ReviewTarget, decide

if TYPE_CHECKING:
    from rich.console import Console

REASONS = {
    "thumbs_down": "아쉬워요를 누름",
    "corrected": "시작한 일을 바로 취소함",
    "handed_over": "상담원에게 넘어감",
    "low_confidence": "확신이 낮음",
}
SPEAKERS = {"customer": "고객", "bot": "봇", "agent": "상담원"}
HELP = "Enter 맞아요 · 1-5 고르기 · i 의도 입력 · o 업무 밖 · s 건너뛰기 · u 되돌리기 · q 끝"
STOPS = ("q", "\x03", "\x04")
"""Quit, and what Ctrl+C and Ctrl+D send."""


def ask(items: Sequence[ReviewItem], target: ReviewTarget) -> int:
    """Go through the items until the end or `q`: how many were decided. Each decision is kept at once."""
    from rich.console import Console

    console = Console(highlight=False)
    if not items:
        console.print("살펴볼 말이 없어요.")
        return 0
    console.print(f"살펴볼 말 {len(items)}개. {HELP}", markup=False)
    at = 0
    while at < len(items):
        _show(console, items[at], at + 1, len(items), target)
        step = _decided(items[at], target, console)
        if step is None:
            break
        if step < 0 and at:
            target.decisions.forget([items[at - 1].key])
        at = max(0, at + step)
    return at


def _show(console: Console, item: ReviewItem, number: int, total: int, target: ReviewTarget) -> None:
    when = datetime.fromtimestamp(item.at).astimezone().strftime("%m-%d %H:%M")
    why = ", ".join(REASONS[reason] for reason in item.reasons)
    often = f" · {item.count}번" if item.count > 1 else ""
    console.print(f"\n[{number}/{total}] {when} · {why}{often}", style="dim", markup=False)
    for speaker, line in item.context[:-1] if _answered(item) else item.context:
        console.print(f"    {SPEAKERS.get(speaker, speaker)}: {_short(line)}", style="dim", markup=False)
    console.print(f"  > {item.text}", style="bold", markup=False)
    if _answered(item):
        speaker, line = item.context[-1]
        console.print(f"    {SPEAKERS.get(speaker, speaker)}: {_short(line)}", style="dim", markup=False)
    for variant in item.variants:
        console.print(f"    ~ {variant}", style="dim", markup=False)
    for place, (name, confidence) in enumerate(_choices(item, target), 1):
        console.print(f"  {place} {name} {confidence:.0%}", markup=False)


def _answered(item: ReviewItem) -> bool:
    """Whether the context ends with what the bot said to it."""
    return bool(item.context) and item.context[-1][0] == "bot"


def _choices(item: ReviewItem, target: ReviewTarget) -> list[tuple[str, float]]:
    """The ranking, as far as it can be chosen."""
    return [(name, confidence) for name, confidence in item.ranking if name in target.intents][:5]


def _decided(item: ReviewItem, target: ReviewTarget, console: Console) -> int | None:
    """1 for the next item, -1 for the one before, None for the end."""
    choices = _choices(item, target)
    while True:
        key = click.getchar()
        if key in STOPS:
            return None
        if key == "u":
            return -1
        if key == "s":
            return _note(console, item, target, "skip")
        if key == "o":
            return _note(console, item, target, "out_of_scope")
        if key in ("\r", "\n") and choices:
            return _note(console, item, target, "intent", choices[0][0])
        if key in "12345" and key.isdigit() and int(key) <= len(choices):
            return _note(console, item, target, "intent", choices[int(key) - 1][0])
        if key == "i" and (intent := _typed(target.intents)):
            return _note(console, item, target, "intent", intent)
        console.print(f"  {HELP}", style="dim", markup=False)


def _note(console: Console, item: ReviewItem, target: ReviewTarget, verdict: str, intent: str = "") -> int:
    decide(target, item, verdict, intent)
    said = {"skip": "건너뜀", "out_of_scope": "업무 밖"}.get(verdict, intent)
    console.print(f"  = {said}", style="green", markup=False)
    return 1


def _typed(intents: Sequence[str]) -> str | None:
    """An intent by name or any part of it that only one has; Tab completes where the terminal can. Empty input gives up."""
    with _Completion(intents):
        while typed := click.prompt("  의도", default="", show_default=False).strip():
            found = matching(typed, intents)
            if len(found) == 1:
                return found[0]
            click.echo(f"  {', '.join(found) if found else '그런 의도가 없어요. ' + ', '.join(intents)}")
    return None


def matching(typed: str, intents: Sequence[str]) -> list[str]:
    """The intent of that name; else those that begin so; else those that contain it."""
    for fits in (str.__eq__, str.startswith, str.__contains__):
        if found := [name for name in intents if fits(name, typed)]:
            return found
    return []


class _Completion:
    """Tab completes intents while this is open."""

    def __init__(self, intents: Sequence[str]) -> None:
        self._intents = intents
        self._before: Callable[[str, int], str | None] | None = None

    def __enter__(self) -> None:
        try:
            import readline
        except ImportError:  # Windows
            return
        self._before = readline.get_completer()
        readline.set_completer(self._complete)
        readline.parse_and_bind("tab: complete")

    def __exit__(self, *_: object) -> None:
        try:
            import readline
        except ImportError:
            return
        readline.set_completer(self._before)

    def _complete(self, typed: str, state: int) -> str | None:
        found = matching(typed, self._intents)
        return found[state] if state < len(found) else None


def _short(line: str) -> str:
    flat = " ".join(line.split())
    return flat if len(flat) <= 90 else f"{flat[:89]}…"
