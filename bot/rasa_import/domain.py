"""domain.yml: nearly the same on both sides. What Rasa has and we don't is changed or left, with a note."""

from __future__ import annotations

from typing import Any

from bot.rasa_import.names import name_of, plain
from bot.rasa_import.notes import Notes
from bot.rasa_import.project import RasaProject

SLOT_TYPES = {"text", "bool", "categorical", "float", "any", "list"}
SLOT_KEYS = {
    "type",
    "initial_value",
    "influence_conversation",
    "values",
    "min_value",
    "max_value",
    "mappings",
}
MAPPINGS = {"from_entity", "from_intent", "from_text", "custom", "controlled"}
VARIATION_KEYS = {
    "text",
    "buttons",
    "image",
    "custom",
    "attachment",
    "elements",
    "quick_replies",
    "channel",
    "condition",
    "id",
    "metadata",
}


def convert_domain(project: RasaProject, notes: Notes) -> dict[str, Any]:
    """The domain in our vocabulary; forms are not in it, as they become flows."""
    source = project.domain
    intents = [_intent(item) for item in source.get("intents", [])]
    intents += [name for name in _retrieval_intents(project) if name not in map(name_of, intents)]
    domain: dict[str, Any] = {
        "version": "3.1",
        "intents": [item for item in intents if not _is_retrieval_base(name_of(item), project)],
        "entities": source.get("entities", []),
        "slots": {
            name: _slot(name, spec or {}, notes)
            for name, spec in source.get("slots", {}).items()
            if name not in ("requested_slot", "session_started_metadata")
        },
        "responses": {
            plain(name): [_variation(name, item, notes) for item in variations or []]
            for name, variations in source.get("responses", {}).items()
        },
        "actions": _actions(source, project.actions is not None, notes),
    }
    if source.get("session_config"):
        domain["session_config"] = source["session_config"]
    if source.get("e2e_actions"):
        notes.left("e2e_actions", "문장으로 학습하는 응답은 없어요. 응답(utter_…)으로 적어 주세요.")
    notes.converted("domain.yml", f"의도 {len(domain['intents'])}개, 응답 {len(domain['responses'])}개")
    return domain


def _intent(item: Any) -> Any:
    """Which entities an intent uses matters to Rasa's policies only."""
    return plain(name_of(item))


def _retrieval_intents(project: RasaProject) -> list[str]:
    found = (str(item.get("intent", "")) for item in project.nlu if isinstance(item, dict))
    return [plain(name) for name in dict.fromkeys(found) if "/" in name]


def _is_retrieval_base(name: str, project: RasaProject) -> bool:
    """`faq` of `faq/hours`: it has no utterances of its own."""
    own = {str(item.get("intent", "")) for item in project.nlu if isinstance(item, dict)}
    return name not in own and any(other.startswith(f"{name}/") for other in own)


def _slot(name: str, spec: dict[str, Any], notes: Notes) -> dict[str, Any]:
    slot = {key: value for key, value in spec.items() if key in SLOT_KEYS}
    if slot.get("type") not in SLOT_TYPES:
        notes.changed(f"슬롯 {name}", f"형식 {slot.get('type')!r}은 없어서 any로 바꿨어요.")
        slot["type"] = "any"
    slot["mappings"] = [m for m in (_mapping(name, item, notes) for item in spec.get("mappings") or []) if m]
    return slot


def _mapping(name: str, item: dict[str, Any], notes: Notes) -> dict[str, Any] | None:
    kind = item.get("type")
    if kind not in MAPPINGS:
        notes.left(
            f"슬롯 {name}의 {kind}",
            "이 방식은 없어요. 흐름의 set_slots나 from_intent로 적어 주세요.",
        )
        return None
    mapping = {key: value for key, value in item.items() if key != "conditions"}
    for key in ("intent", "not_intent"):
        if isinstance(mapping.get(key), list):
            mapping[key] = [plain(intent) for intent in mapping[key]]
        elif mapping.get(key):
            mapping[key] = plain(str(mapping[key]))
    conditions = []
    for condition in item.get("conditions") or []:
        loop = condition.get("active_loop")
        if loop:
            # A form is a flow here.
            conditions.append({key: value for key, value in condition.items() if key != "active_loop"})
            conditions[-1]["active_flow"] = loop
    if conditions:
        mapping["conditions"] = conditions
    return mapping


def _variation(name: str, item: dict[str, Any], notes: Notes) -> dict[str, Any]:
    unknown = sorted(set(item) - VARIATION_KEYS)
    if unknown:
        notes.changed(f"응답 {name}", f"{', '.join(unknown)}는 뜻이 없어서 뺐어요.")
    return {key: value for key, value in item.items() if key in VARIATION_KEYS}


def _actions(source: dict[str, Any], in_process: bool, notes: Notes) -> list[str]:
    forms = source.get("forms", {})
    found = []
    for name in dict.fromkeys(name_of(item) for item in source.get("actions", [])):
        if name.startswith("utter_") or name in forms:
            continue
        if name.removeprefix("validate_") in forms or name == "action_validate_slot_mappings":
            if in_process:
                how = "슬롯마다 그 질문에서 validate_<슬롯> 메서드를 실행해요. required_slots와 extract_<슬롯>은 쓰지 않아요."
                notes.changed(f"액션 {name}", how)
            else:
                why = (
                    "액션 서버의 양식 확인은 부르지 않아요. 슬롯마다 validate_<슬롯> 액션으로 나누어 주세요."
                )
                notes.left(f"액션 {name}", why)
            continue
        found.append(name)
    return found
