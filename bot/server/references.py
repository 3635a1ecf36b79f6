"""What config.yml names of the domain and the flows: refused at start, with file and line, where there is no such thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.conversation.assistant import Assistant
from bot.server.settings import Settings
from formats import YamlFile, load_yaml

_Place = tuple[str | int, ...]


def check_references(settings: Settings, assistant: Assistant) -> None:
    """Raises `FormatError`."""
    file = load_yaml(settings.assistant_dir / "config.yml")
    names: Mapping[str, Collection[str]] = {
        "slot": assistant.domain.slots,
        "flow": assistant.flows,
        "intent": assistant.domain.intent_names(),
    }
    for place, kind, name in _references(settings, file):
        if name not in names[kind]:
            raise file.error(place, f"unknown {kind} {name!r}", _expected(kind, names[kind]))
    for name, value in settings.config.desk.recordings.values.items():
        slot = assistant.domain.slots[name]
        if slot.values and value not in map(str, slot.values):
            wanted = f"one of {', '.join(map(str, slot.values))}"
            raise file.error(("desk", "recordings", "values", name), f"{name!r} can't be {value!r}", wanted)


def _references(settings: Settings, file: YamlFile) -> Iterator[tuple[_Place, str, str]]:
    """(where it stands, slot, flow or intent, its name)"""
    desk = settings.config.desk
    for name in desk.recordings.values:
        yield ("desk", "recordings", "values", name), "slot", name
    given: Any = (file.data.get("desk") or {}).get("contact_slots") or {}
    for name in given:
        # The usual ones needn't be there; those that somebody wrote do.
        yield ("desk", "contact_slots", name), "slot", name
    for key, name in (("segment_slot", desk.segment_slot), ("language_slot", desk.language_slot)):
        if name:
            yield ("desk", key), "slot", name
    if desk.callback_flow:
        yield ("desk", "callback_flow"), "flow", desk.callback_flow
    for index, queue in enumerate(desk.queues):
        for kind, names in (("flow", queue.when.flows), ("intent", queue.when.intents)):
            for at, name in enumerate(names):
                yield ("desk", "queues", index, "when", f"{kind}s", at), kind, name


def _expected(kind: str, names: Collection[str]) -> str:
    shown = sorted(name for name in names if not name.startswith("pattern_"))
    return f"a {kind} of the assistant: {', '.join(shown)}" if shown else f"a {kind} of the assistant"
