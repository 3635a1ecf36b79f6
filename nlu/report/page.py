"""The report as one page without anything from outside: Korean, light and dark, fit for print."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from nlu.lint import Finding
from nlu.report.charts import confusion_chart, reliability_chart, risk_chart
from nlu.report.figures import Confusion, IntentFigures, Report
from nlu.report.style import STYLE

CONFUSIONS = 15
"""Pairs that are shown open; the others are folded away."""
MOVED = 0.02
"""Change of an intent's F1 from which it is told."""
_LEVELS = {"error": "고쳐야 해요", "warning": "살펴보세요", "hint": "참고"}


def page(report: Report, findings: Sequence[Finding] = (), last: Report | None = None) -> str:
    """A whole HTML document."""
    when = datetime.fromtimestamp(report.created_at).astimezone().strftime("%Y-%m-%d %H:%M")
    version = f" · 모델 {escape(report.version[:8])}" if report.version else ""
    body = "".join(
        (
            f"<header><h1>{escape(report.name)} 이해 평가</h1>",
            f"<p class='faint'>{when}{version}<br>{escape(report.how)}</p></header>",
            _tiles(report, last),
            _changes(report, last),
            _section("헷갈리는 의도", "confusions", _confusions(report.confusions)),
            _findings(findings),
            _section("혼동 행렬", "matrix", f"<figure class='wide'>{confusion_chart(report)}</figure>"),
            "<div class='pair'>",
            _section("위험-응답률", "risk", f"<figure>{risk_chart(report, last)}</figure>{_RISK}"),
            _section("신뢰도", "reliability", f"<figure>{reliability_chart(report)}</figure>{_RELIABILITY}"),
            "</div>",
            _section("의도별 성적", "intents", _intents(report.intents, last)),
        )
    )
    return (
        "<!doctype html><html lang='ko'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(report.name)} 이해 평가</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


_RISK = (
    "<p class='faint'>확신이 높은 말부터 답할 때, 답한 것 가운데 틀린 비율이에요. 점선은 지난번 평가예요. "
    "낮고 평평할수록 좋아요.</p>"
)
_RELIABILITY = (
    "<p class='faint'>막대가 점선에 닿으면 확신도를 그대로 믿어도 돼요. 위로 넘으면 겸손한 것이고, 아래면 지나치게 "
    "확신하는 거예요. 막대가 굵을수록 예문이 많아요.</p>"
)


def _section(title: str, name: str, body: str) -> str:
    return f"<section id='{name}'><h2>{title}</h2>{body}</section>"


def _tiles(report: Report, last: Report | None) -> str:
    before = {} if last is None else last.model_dump(include={"accuracy", "macro_f1", "ece", "area"})
    tiles = (
        ("정확도", f"{report.accuracy:.1%}", _delta(report.accuracy, before.get("accuracy"), 100, "%p")),
        ("Macro F1", f"{report.macro_f1:.3f}", _delta(report.macro_f1, before.get("macro_f1"), 1, "")),
        ("보정 오차(ECE)", f"{report.ece:.3f}", _delta(report.ece, before.get("ece"), 1, "", lower=True)),
        ("평균 위험", f"{report.area:.3f}", _delta(report.area, before.get("area"), 1, "", lower=True)),
        ("예문", f"{report.tests:,}", ""),
        ("의도", str(len(report.labels)), ""),
    )
    inner = "".join(
        f"<div class='tile'><span>{name}</span><b>{value}</b>{delta}</div>" for name, value, delta in tiles
    )
    return f"<div class='tiles'>{inner}</div>"


def _delta(now: float, before: float | None, scale: float, unit: str, *, lower: bool = False) -> str:
    """How it moved since the last report, in the colour of better or worse."""
    if before is None:
        return ""
    moved = (now - before) * scale
    digits = 1 if scale == 100 else 3
    if abs(moved) < 0.5 * 10**-digits:
        return "<i class='faint'>그대로</i>"
    better = (moved < 0) == lower
    return f"<i class='{'good' if better else 'bad'}'>{moved:+.{digits}f}{unit}</i>"


def _changes(report: Report, last: Report | None) -> str:
    if last is None:
        return ""
    before = {row.intent: row.f1 for row in last.intents}
    moved = [
        (row.f1 - before[row.intent], row)
        for row in report.intents
        if row.intent in before and abs(row.f1 - before[row.intent]) >= MOVED
    ]
    moved.sort(key=lambda item: item[0])
    rows = "".join(
        f"<tr><td>{escape(row.intent)}</td><td class='n'>{before[row.intent]:.3f}</td><td class='n'>{row.f1:.3f}</td>"
        f"<td class='n'>{_delta(row.f1, before[row.intent], 1, '')}</td></tr>"
        for _, row in moved
    )
    new = sorted({row.intent for row in report.intents} - set(before))
    gone = sorted(set(before) - {row.intent for row in report.intents})
    notes = "".join(
        f"<p>{what}: {escape(', '.join(names))}</p>"
        for what, names in (("새 의도", new), ("없어진 의도", gone))
        if names
    )
    when = datetime.fromtimestamp(last.created_at).astimezone().strftime("%Y-%m-%d %H:%M")
    table = (
        f"<table><thead><tr><th>의도</th><th class='n'>F1 전</th><th class='n'>F1 지금</th><th class='n'>차이</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else "<p class='faint'>눈에 띄게 달라진 의도가 없어요.</p>"
    )
    return _section(
        "지난번과 비교",
        "changes",
        f"<p class='faint'>지난번: {when}, 예문 {last.tests:,}개</p>{table}{notes}",
    )


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return _section("예문 점검", "lint", "<p class='good'>찾은 문제가 없어요.</p>")
    rows = "".join(
        f"<tr><td><span class='level {f.level}'>{_LEVELS[f.level]}</span></td><td>{escape(f.title)}<br>"
        f"<span class='faint'>{escape(f.ko)}</span></td><td class='place'>{_place(f.place.file, f.place.line)}"
        + (f"<br>{_place(f.other.file, f.other.line)}" if f.other else "")
        + "</td></tr>"
        for f in findings
    )
    head = "<thead><tr><th>정도</th><th>무엇</th><th>어디</th></tr></thead>"
    return _section(
        f"예문 점검 <small>{len(findings)}건</small>", "lint", f"<table>{head}<tbody>{rows}</tbody></table>"
    )


def _confusions(found: Sequence[Confusion]) -> str:
    if not found:
        return "<p class='good'>틀린 예문이 없어요.</p>"
    blocks = [_confusion(item, at < 5) for at, item in enumerate(found)]
    rest = blocks[CONFUSIONS:]
    more = f"<details><summary>나머지 {len(rest)}쌍</summary>{''.join(rest)}</details>" if rest else ""
    return "".join(blocks[:CONFUSIONS]) + more


def _confusion(item: Confusion, is_open: bool) -> str:
    lines = "".join(
        f"<li><span>{escape(u.text)}</span> <span class='faint'>{u.confidence:.0%}</span> "
        f"<span class='place'>{_place(u.file, u.line)}</span></li>"
        for u in item.utterances
    )
    got = escape(item.got) if item.got else "(알아듣지 못함)"
    return (
        f"<details{' open' if is_open else ''}><summary><b>{escape(item.wanted)}</b> → <b class='bad'>{got}</b> "
        f"<span class='faint'>{len(item.utterances)}개</span></summary><ul>{lines}</ul></details>"
    )


def _intents(rows: Sequence[IntentFigures], last: Report | None) -> str:
    before = {row.intent: row.f1 for row in last.intents} if last else {}
    body = "".join(
        f"<tr><td>{escape(row.intent)}</td><td class='n'>{row.precision:.3f}</td><td class='n'>{row.recall:.3f}</td>"
        f"<td class='n'><b>{row.f1:.3f}</b><div class='bar'><div style='width:{row.f1 * 100:.0f}%'></div></div></td>"
        f"<td class='n'>{_delta(row.f1, before.get(row.intent), 1, '')}</td><td class='n'>{row.support}</td></tr>"
        for row in rows
    )
    head = (
        "<thead><tr><th>의도</th><th class='n'>정밀도</th><th class='n'>재현율</th><th class='n'>F1</th>"
        "<th class='n'>지난번보다</th><th class='n'>예문</th></tr></thead>"
    )
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _place(file: str, line: int) -> str:
    """File and line, the file as seen from here."""
    if not file:
        return ""
    path = Path(file)
    shown = os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else file
    return f"{escape(str(shown))}:{line}"
