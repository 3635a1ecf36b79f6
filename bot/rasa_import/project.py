"""A Rasa 3 project as it lies in a folder: files are told by their top keys, not by their names, as Rasa does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formats import FormatError, SangdamError, load_yaml

SKIPPED = {".rasa", "models", "results", ".git", ".venv", "venv", "__pycache__", "node_modules"}
DOMAIN_LISTS = ("intents", "entities", "actions", "e2e_actions")
DOMAIN_MAPS = ("slots", "responses", "forms", "session_config", "config")


class NoRasaProject(SangdamError):
    """Raised for a folder that holds no domain."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "no_rasa_project",
            ko=f"{folder}에서 Rasa 프로젝트를 찾지 못했어요.",
            en=f"{folder} holds no Rasa project: no file in it has intents and responses.",
            remedy="Name the folder that has config.yml and domain.yml.",
        )


@dataclass(slots=True)
class RasaProject:
    """Everything of the project that has a meaning here."""

    folder: Path
    domain: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    endpoints: dict[str, Any] = field(default_factory=dict)
    nlu: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)
    """Stories whose customers say words: those of files named test_…"""
    actions: Path | None = None
    """Folder or file of the project's own rasa-sdk actions."""


def read_project(folder: Path) -> RasaProject:
    """Read all of it. Raises `FormatError` for broken YAML, `NoRasaProject` for a folder without a domain."""
    project = RasaProject(folder)
    for path in sorted(folder.rglob("*.y*ml")) if folder.is_dir() else ():
        if path.suffix in (".yml", ".yaml") and not SKIPPED & set(path.relative_to(folder).parts):
            _take(project, path)
    if not project.domain.get("intents") and not project.domain.get("responses"):
        raise NoRasaProject(folder)
    for name in ("actions", "actions.py"):
        if (folder / name).exists():
            project.actions = folder / name
            break
    return project


def _take(project: RasaProject, path: Path) -> None:
    data = load_yaml(path).data
    if not isinstance(data, dict):
        return
    if path.name.startswith("endpoints"):
        project.endpoints.update(data)
        return
    if "pipeline" in data or "policies" in data or "recipe" in data:
        project.config.update(data)
        return
    for key in DOMAIN_LISTS:
        known = project.domain.setdefault(key, [])
        known += [item for item in _list(path, data, key) if item not in known]
    for key in DOMAIN_MAPS:
        value = data.get(key) or {}
        if not isinstance(value, dict):
            raise FormatError(path, load_yaml(path).line((key,)), f"{key} is no mapping", "names with values")
        project.domain.setdefault(key, {}).update(value)
    project.nlu += _list(path, data, "nlu")
    project.rules += _list(path, data, "rules")
    stories = _list(path, data, "stories")
    (project.tests if path.name.startswith("test_") else project.stories).extend(stories)


def _list(path: Path, data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key) or []
    if not isinstance(value, list):
        raise FormatError(path, load_yaml(path).line((key,)), f"{key} is no list", "a list")
    return value
