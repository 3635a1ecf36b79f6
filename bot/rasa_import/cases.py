"""Conversation tests: the project's own test stories, and one for each flow that an utterance can start."""

from __future__ import annotations

import re
from typing import Any

from bot.rasa_import.flows import FlowsImport
from bot.rasa_import.names import plain
from bot.rasa_import.notes import Notes
from bot.rasa_import.project import RasaProject
from bot.rasa_import.steps import CannotRead, Turn, turns_of

_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def bare(text: str) -> str:
    """An example without its annotations."""
    return _ANNOTATED.sub(r"\1", text).strip()


def examples_of(project: RasaProject, intent: str) -> list[str]:
    """An intent's utterances, annotations left out."""
    found: list[str] = []
    for item in project.nlu:
        if isinstance(item, dict) and plain(str(item.get("intent", ""))) == intent:
            found += [bare(text) for text in lines_of(item.get("examples"))]
    return found


def lines_of(examples: Any) -> list[str]:
    """Examples in either of Rasa's forms: a block of `- …` lines, or a list of texts and `{text}`."""
    if isinstance(examples, str):
        lines = (line.strip() for line in examples.splitlines())
        return [line[1:].strip() for line in lines if line.startswith("-")]
    return [
        str(item["text"]).strip() if isinstance(item, dict) else str(item).strip() for item in examples or []
    ]


def test_cases(project: RasaProject, flows: FlowsImport, notes: Notes) -> list[dict[str, Any]]:
    """Cases as `sangdam test` reads them."""
    cases = []
    for draft in flows.flows.values():
        words = [text for intent in draft.triggers for text in examples_of(project, intent)[:1]]
        if words and not draft.guards:
            step = {"user": words[0], "assertions": [{"flow_started": draft.id}]}
            cases.append({"test_case": f"흐름 {draft.id} 시작", "steps": [step]})
    for intent in flows.small_talk:
        words = examples_of(project, intent)[:1]
        if words:
            step = {"user": words[0], "assertions": [{"bot_uttered": {"utter_name": f"utter_{intent}"}}]}
            cases.append({"test_case": f"의도 {intent}의 답", "steps": [step]})
    for story in project.tests:
        try:
            cases.append(_case(story, flows))
        except CannotRead as problem:
            notes.left(f"테스트 {story.get('story')}", str(problem))
    return _named(cases)


def _case(story: dict[str, Any], flows: FlowsImport) -> dict[str, Any]:
    turns = [turn for turn in turns_of(story.get("steps") or []) if turn.intents or turn.text]
    if not turns or any(not turn.text for turn in turns):
        raise CannotRead("손님의 말이 없는 이야기")
    return {"test_case": str(story.get("story")), "steps": [_step(turn, flows) for turn in turns]}


def _step(turn: Turn, flows: FlowsImport) -> dict[str, Any]:
    step: dict[str, Any] = {"user": bare(turn.text)}
    assertions: list[dict[str, Any]] = [{"flow_started": turn.starts}] if turn.starts in flows.flows else []
    for name in turn.actions:
        if name in flows.domain["responses"]:
            assertions.append({"bot_uttered": {"utter_name": name}})
        elif name in flows.domain["actions"]:
            assertions.append({"action_executed": name})
    if assertions:
        step["assertions"] = assertions
    return step


def _named(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names are unique in a test file."""
    seen: dict[str, int] = {}
    for case in cases:
        name = case["test_case"]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            case["test_case"] = f"{name} ({seen[name]})"
    return cases
