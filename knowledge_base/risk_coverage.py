"""The price of answering more: how many of the answers are wrong at each share of questions that is answered; a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 640, 400, 56


@dataclass(frozen=True, slots=True)
class Point:
    """At a threshold: share of the answerable questions that are answered rightly, of the others that are answered, and
    of all answers that are wrong."""

    threshold: float
    coverage: float
    false_answers: float
    risk: float


def curve(scored: Sequence[tuple[float, bool, bool]]) -> list[Point]:
    """One point a threshold, from strict to lenient, of (confidence, answerable, right source) a question."""
    answerable = max(sum(ok for _, ok, _ in scored), 1)
    others = max(sum(not ok for _, ok, _ in scored), 1)
    points, right, wrong, false = [], 0, 0, 0
    for confidence, ok, good in sorted(scored, key=lambda item: -item[0]):
        right += ok and good
        wrong += not (ok and good)
        false += not ok
        points.append(Point(confidence, right / answerable, false / others, wrong / (right + wrong)))
    return points


def picture(points: Sequence[Point], threshold: float, title: str) -> str:
    """An SVG: correct answers across, wrong share upwards, the chosen threshold marked."""
    inner_w, inner_h = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN

    def place(across: float, up: float) -> tuple[float, float]:
        return MARGIN + across * inner_w, HEIGHT - MARGIN - up * inner_h

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{MARGIN}" y="24" font-size="15" fill="#111">{_escaped(title)}</text>',
    ]
    for step in range(6):
        share = step / 5
        (x, bottom), (left, y) = place(share, 0), place(0, share)
        lines.append(
            f'<path d="M{x:.0f} {bottom:.0f}v{-inner_h}M{left:.0f} {y:.0f}h{inner_w}" stroke="#e5e5e5"/>'
        )
        lines.append(f'<text x="{x:.0f}" y="{bottom + 18:.0f}" text-anchor="middle">{share:.0%}</text>')
        lines.append(f'<text x="{left - 8:.0f}" y="{y + 4:.0f}" text-anchor="end">{share:.0%}</text>')
    lines += [
        _path([place(p.coverage, p.risk) for p in points], "#2563eb"),
        _path([place(p.coverage, p.false_answers) for p in points], "#dc2626"),
    ]
    chosen = [p for p in points if p.threshold >= threshold]
    if chosen:
        x, y = place(chosen[-1].coverage, chosen[-1].false_answers)
        lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#dc2626"/>')
        words = f"{chosen[-1].coverage:.1%} / {chosen[-1].false_answers:.1%}"
        lines.append(f'<text x="{x:.1f}" y="{y - 12:.1f}" text-anchor="end">{words}</text>')
    lines += [
        f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle">'
        "답이 있는 질문 가운데 바르게 답한 비율 (correct answers)</text>",
        f'<text x="{MARGIN + 12}" y="{MARGIN + 16}" fill="#2563eb">답 가운데 틀린 비율 (risk)</text>',
        f'<text x="{MARGIN + 12}" y="{MARGIN + 34}" fill="#dc2626">답이 없는데 답한 비율 (false answers)</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _path(places: Sequence[tuple[float, float]], colour: str) -> str:
    steps = " ".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(places))
    return f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
