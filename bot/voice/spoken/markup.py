"""What is written for the eye and can't be said: Markdown, links, emoji, tables. What is left is sentences."""

from __future__ import annotations

import re

_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U00002600-\U000027bf\U00002b00-\U00002bff\U0001f1e6-\U0001f1ff\ufe0f\u200d\u20e3]+"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"```.*?```", re.DOTALL), " "),
    (re.compile(r"<[^<>\n]{1,200}>"), " "),
    (re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"), " "),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"(?:https?://|www\.)[^\s)\]>\"'가-힣]+"), " "),
    (re.compile(r"^\s{0,3}#{1,6}\s+", re.MULTILINE), ""),
    (re.compile(r"^\s*>\s?", re.MULTILINE), ""),
    (re.compile(r"^\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*$", re.MULTILINE), ""),
    (re.compile(r"^\s*(?:[-*+•·▪●○■□※]|-{1,2})\s+", re.MULTILINE), ""),
    (re.compile(r"^\s*(\d{1,2})[.)]\s+(?=\D)", re.MULTILINE), r"\1번, "),
    (re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1", re.DOTALL), r"\2"),
    (re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]+?)(?<=\S)[*_](?![\w*])"), r"\1"),
    (re.compile(r"\s*\|\s*"), ", "),
    (re.compile(r"[ㅋㅎㅠㅜ]{2,}"), " "),
    (re.compile(r"\s*(?:→|⇒|➔|=>|->)\s*"), ", "),
    (re.compile(r"\s*[·ㆍ]\s*(?=[가-힣])"), ", "),
    (re.compile(r"[“”\"‘’'「」『』《》〈〉]"), ""),
    (re.compile(r"\s*[([{]\s*([^()\[\]{}]*?)\s*[)\]}]"), r", \1, "),
    (re.compile(r"\s*;\s*"), ", "),
    (re.compile(r"(?<=[가-힣A-Za-z])\s*:\s+"), ", "),
    (re.compile(r"…|\.{3,}"), ", "),
)
_TIDY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r"(?:\s*,)+\s*(?=[.!?]|$)"), ""),
    (re.compile(r"(?:\s*,\s*){2,}"), ", "),
    (re.compile(r",\s*(?=(?:은|는|이|가|을|를|과|와|의|에|에서|으로|로|도|만|까지|부터)(?:[\s,.]|$))"), ""),
    (re.compile(r"^[\s,.]+"), ""),
    (re.compile(r"\s+(?=[,.!?])"), ""),
)


def plain(text: str) -> str:
    """The text without markup, line ends as sentence ends."""
    text = _EMOJI.sub(" ", text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    lines = (line.strip(" ,\t") for line in text.splitlines())
    text = " ".join(line if line[-1] in ".!?" else f"{line}." for line in lines if line)
    return tidy(text)


def tidy(text: str) -> str:
    """Spaces and commas as they should stand."""
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return text.strip()


def sentences(text: str) -> list[str]:
    """Sentences, so that the first can be heard while the others are made; very short ones stay with the next."""
    parts = re.split(r"(?<=[.!?])\s+", text.strip())
    made: list[str] = []
    for part in parts:
        if made and len(made[-1]) < 8:
            made[-1] += f" {part}"
        elif part:
            made.append(part)
    return made
