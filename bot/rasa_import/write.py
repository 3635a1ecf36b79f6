"""Writes the imported assistant into an empty folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.rasa_import.cases import lines_of, test_cases
from bot.rasa_import.domain import convert_domain
from bot.rasa_import.flows import NO, YES, FlowsImport
from bot.rasa_import.names import plain
from bot.rasa_import.notes import Notes
from bot.rasa_import.project import RasaProject, read_project
from formats import SangdamError

ACTIONS = "rasa_actions"
"""Folder of the project's own actions on our side: `actions` is taken by the product."""
REPORT = "IMPORT.md"


class TargetNotEmpty(SangdamError):
    """Raised rather than overwriting somebody's work."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "target_not_empty",
            ko=f"{folder} 폴더가 비어 있지 않아요.",
            en=f"{folder} is not empty.",
            remedy="Name a new folder.",
        )


def import_project(source: Path, target: Path) -> Notes:
    """The whole import. Raises `NoRasaProject`, `FormatError`, `TargetNotEmpty`; then nothing is written."""
    if target.exists() and any(target.iterdir()):
        raise TargetNotEmpty(target)
    project, notes = read_project(source), Notes()
    domain = convert_domain(project, notes)
    flows = FlowsImport(project, domain, notes)
    specs = flows.run()
    cases = test_cases(project, flows, notes)
    target.mkdir(parents=True, exist_ok=True)
    _dump(target / "config.yml", _config(project, flows, notes))
    _dump(target / "data" / "nlu" / "nlu.yml", {"version": "3.1", "nlu": _nlu(project)})
    _dump(target / "data" / "flows" / "flows.yml", {"version": "3.1", "flows": specs})
    _dump(target / "domain.yml", domain)
    if cases:
        _dump(target / "data" / "conversations" / "imported.yml", {"test_cases": cases})
    _copy_actions(project, target, notes)
    (target / REPORT).write_text(notes.markdown(source.name), encoding="utf-8")
    return notes


def _config(project: RasaProject, flows: FlowsImport, notes: Notes) -> dict[str, Any]:
    source = project.config
    names = [str(item.get("name", "")) for item in source.get("pipeline") or [] if isinstance(item, dict)]
    if names:
        notes.changed("pipeline", f"{', '.join(names)} 대신 한국어 파이프라인을 써요.")
    policy: dict[str, Any] = {"name": "FlowPolicy", "knowledge": []}
    intents = flows.domain["intents"]
    for role, candidates in (("affirm", YES), ("deny", NO)):
        found = next((name for name in candidates if name in intents), None)
        if found and found != role:
            policy[role] = found
    if flows.stopping and flows.stopping != "cancel":
        policy["cancel"] = flows.stopping
    for item in source.get("pipeline") or []:
        if isinstance(item, dict) and item.get("name") == "FallbackClassifier":
            policy["nlu_threshold"] = item.get("threshold", 0.3)
            policy["ambiguity_threshold"] = item.get("ambiguity_threshold", 0.1)
    language = str(source.get("language") or "ko")
    if language not in ("ko", "en"):
        notes.changed("language", f"{language}는 지원하지 않아서 en으로 바꿨어요.")
        language = "en"
    config: dict[str, Any] = {
        "recipe": "default.v1",
        "assistant_id": str(source.get("assistant_id") or project.folder.resolve().name),
        "language": language,
        "name": str(source.get("assistant_id") or project.folder.resolve().name),
        "pipeline": [
            {"name": "KoreanNormalizer"},
            {"name": "CharNgramFeaturizer"},
            {"name": "SentenceEncoderFeaturizer", "encoder": "e5-small-int8"},
            {"name": "KoreanIntentClassifier"},
            {"name": "OutOfScopeDetector"},
            {"name": "KoreanEntityExtractor"},
            {"name": "SentimentClassifier"},
            {"name": "AbuseClassifier"},
        ],
        "policies": [policy],
    }
    actions = _action_config(project, flows, notes)
    if actions:
        config["actions"] = actions
    for key in ("tracker_store", "event_broker", "lock_store", "nlg", "model"):
        if project.endpoints.get(key):
            notes.left(
                f"endpoints.yml {key}", "저장소와 버스는 SANGDAM_DATABASE_URL, SANGDAM_BUS_URL로 정해요."
            )
    return config


def _action_config(project: RasaProject, flows: FlowsImport, notes: Notes) -> dict[str, Any]:
    url = (project.endpoints.get("action_endpoint") or {}).get("url")
    if project.actions is not None and flows.domain["actions"]:
        if url:
            notes.changed(
                "action_endpoint", f"{url} 대신 같은 프로세스에서 실행해요. actions.url로 되돌릴 수 있어요."
            )
        return {"packages": [ACTIONS]}
    return {"url": str(url)} if url else {}


def _copy_actions(project: RasaProject, target: Path, notes: Notes) -> None:
    if project.actions is None or not project.actions.exists():
        return
    goal = target / ACTIONS
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    if project.actions.is_dir():
        shutil.copytree(project.actions, goal, ignore=ignored)
    else:
        goal.mkdir()
        shutil.copy(project.actions, goal / "actions.py")
    init = goal / "__init__.py"
    if not init.exists():
        init.write_text("", encoding="utf-8")
    notes.converted("actions", f"{ACTIONS} 폴더에 그대로 옮겼어요")


def _nlu(project: RasaProject) -> list[dict[str, Any]]:
    found = []
    for item in project.nlu:
        key = next((name for name in ("intent", "synonym", "regex", "lookup") if name in item), None)
        if key is None:
            continue
        lines = "".join(f"- {line}\n" for line in lines_of(item.get("examples")))
        name = plain(str(item[key])) if key == "intent" else str(item[key])
        found.append({key: name, "examples": LiteralScalarString(lines)})
    return found


def _dump(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = YAML()
    writer.width = 120
    writer.allow_unicode = True
    with path.open("w", encoding="utf-8") as file:
        writer.dump(data, file)
