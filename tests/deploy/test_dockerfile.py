"""The Dockerfile copies what exists and what set-up needs, and runs as an ordinary user. `make image-check` runs its steps."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def check_image() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_image", ROOT / "deploy" / "check_image.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(check_image: ModuleType) -> list[tuple[str, str]]:
    result: list[tuple[str, str]] = check_image.steps((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    return result


def test_everything_that_is_copied_exists(check_image: ModuleType, found: list[tuple[str, str]]) -> None:
    copied = [
        source for i, rest in check_image.build_stage(found) if i == "COPY" for source in rest.split()[:-1]
    ]
    assert copied and [source for source in copied if not (ROOT / source).exists()] == []


def test_all_packages_of_the_distribution_are_copied(found: list[tuple[str, str]]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = [name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]]
    copied = {source for i, rest in found if i == "COPY" for source in rest.split()[:-1]}
    assert set(packages) <= copied


def test_it_serves_as_an_ordinary_user_with_a_health_check(found: list[tuple[str, str]]) -> None:
    instructions = dict(found)
    assert instructions["USER"] == "sangdam"
    assert "/readyz" in instructions["HEALTHCHECK"]
    assert "deploy/start.sh" in instructions["ENTRYPOINT"]
