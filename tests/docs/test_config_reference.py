"""docs/reference/config.md tells of every key, component, policy and variable that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.conversation.command_generator import IntentRoles
from bot.conversation.escalation import POLICIES
from bot.server.settings import AssistantConfig
from nlu.config import COMPONENTS

ROOT = Path(__file__).parent.parent.parent
REFERENCE = (ROOT / "docs" / "reference" / "config.md").read_text(encoding="utf-8")
VOICE = (ROOT / "docs" / "reference" / "voice.md").read_text(encoding="utf-8")


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("key", list(keys(AssistantConfig)))
def test_keys(key: str) -> None:
    if key.startswith("voice."):
        assert re.search(rf"`(voice\.)?{key.removeprefix('voice.')}`", VOICE)
    else:
        assert f"`{key}`" in REFERENCE


@pytest.mark.parametrize("name", [*COMPONENTS, *POLICIES, *IntentRoles.model_fields])
def test_components_policies_and_roles(name: str) -> None:
    assert f"`{name}`" in REFERENCE


@pytest.mark.parametrize("kind", [*COMPONENTS.values(), *POLICIES.values()])
def test_parameters(kind: type[BaseModel]) -> None:
    assert [name for name in kind.model_fields if f"`{name}`" not in REFERENCE] == []


def test_environment_variables() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    named = set(re.findall(r"SANGDAM_[A-Z_]+[A-Z]", code)) - {"SANGDAM_LLM_URL", "SANGDAM_CORE_BANKING_URL"}
    assert sorted(name for name in named if name not in REFERENCE) == []
