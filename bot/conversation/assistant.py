"""A whole assistant, loaded and checked as one: domain, flows, patterns. Refused with file and line if they don't fit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.conversation.domain import Domain, load_domain
from bot.conversation.flows.files import load_flows
from bot.conversation.flows.model import Flow, Step
from bot.conversation.flows.predicates import Predicate
from bot.conversation.responses import Responses
from formats import FormatError, load_yaml

BUILT_IN_ACTIONS = frozenset(
    {
        "action_listen",
        "action_session_start",
        "action_restart",
        "action_chitchat",
        "action_repeat_bot_messages",
        "action_clarify_flows",
        "action_answer_from_knowledge",
        "action_request_handoff",
    }
)
"""Actions that the product brings; the domain needn't list them."""

PATTERNS_FILE = Path(__file__).parent / "patterns" / "default.yml"
RESPONSES_FILE = Path(__file__).parent / "patterns" / "responses.yml"


class Assistant:
    """Domain and flows of one assistant. `business_flows` leaves the repair patterns out."""

    def __init__(self, domain: Domain, flows: dict[str, Flow]) -> None:
        self.domain = domain
        self.flows = flows
        self.responses = Responses(domain)
        self.slot_rules = {
            name: [(Predicate.parse(rule.if_), rule.utter) for rule in spec.validation.rejections]
            if spec.validation
            else []
            for name, spec in domain.slots.items()
        }

    @property
    def business_flows(self) -> dict[str, Flow]:
        """Flows that customers come for."""
        return {flow_id: flow for flow_id, flow in self.flows.items() if not flow.is_pattern}

    def flow_of_intent(self, intent: str, confidence: float) -> Flow | None:
        """The flow that the intent starts, if it is confident enough."""
        for flow in self.flows.values():
            for trigger in flow.triggers:
                if trigger.intent == intent and confidence >= trigger.confidence:
                    return flow
        return None


def load_assistant(folder: Path) -> Assistant:
    """domain.yml and data/flows of a folder. Raises `FormatError` for what is wrong in or between them."""
    domain = load_domain(folder / "domain.yml")
    defaults = load_domain(RESPONSES_FILE).responses
    domain = domain.model_copy(update={"responses": {**defaults, **domain.responses}})
    files = flow_files(folder / "data" / "flows")
    own = load_flows(files)
    patterns = {k: v for k, v in load_flows([PATTERNS_FILE]).items() if k not in own}
    assistant = Assistant(domain, {**patterns, **own})
    _check(assistant, folder / "domain.yml", _where(files))
    return assistant


def flow_files(folder: Path) -> list[Path]:
    """The YAML files under a folder, in a stable order."""
    return sorted(path for path in folder.rglob("*.y*ml") if path.suffix in (".yml", ".yaml"))


def _where(files: Iterable[Path]) -> dict[str, Path]:
    found = {}
    for path in files:
        for flow_id in load_yaml(path).data.get("flows") or {}:
            found[flow_id] = path
    return found


def _check(assistant: Assistant, domain_file: Path, places: dict[str, Path]) -> None:
    for flow in assistant.flows.values():
        place = places.get(flow.id, PATTERNS_FILE)
        for step in flow.steps.values():
            _check_step(assistant, step, place)
        for trigger in flow.triggers:
            if trigger.intent not in assistant.domain.intent_names():
                line = load_yaml(place).line(("flows", flow.id, "nlu_trigger"))
                raise FormatError(
                    place, line, f"nlu_trigger {trigger.intent!r} is no intent", "an intent of domain.yml"
                )
    _check_slots(assistant, domain_file)


def _check_step(assistant: Assistant, step: Step, place: Path) -> None:
    domain = assistant.domain
    if step.kind == "collect":
        if step.name not in domain.slots:
            raise FormatError(
                place, step.line, f"collect of unknown slot {step.name!r}", "a slot of domain.yml"
            )
        own_question = f"action_ask_{step.name}" in domain.action_names()
        if step.utter not in domain.responses and not own_question:
            raise FormatError(
                place,
                step.line,
                f"nothing asks for {step.name!r}",
                f"a response {step.utter} or action_ask_{step.name}",
            )
    if step.kind == "action" and not _known_action(assistant, step.name):
        raise FormatError(
            place, step.line, f"unknown action {step.name!r}", "a response or action of domain.yml"
        )
    for rejection in step.rejections:
        if rejection.utter not in domain.responses:
            raise FormatError(
                place, step.line, f"unknown response {rejection.utter!r}", "a response of domain.yml"
            )
    names = {name for name, _ in step.values}
    for predicate in [b.condition for b in step.branches if b.condition] + [
        r.condition for r in step.rejections
    ]:
        names |= {name.removeprefix("slots.") for name in predicate.names if name.startswith("slots.")}
    for name in sorted(names - set(domain.slots)):
        raise FormatError(place, step.line, f"unknown slot {name!r}", f"one of {', '.join(domain.slots)}")


def _known_action(assistant: Assistant, name: str) -> bool:
    domain = assistant.domain
    return name in domain.responses or name in BUILT_IN_ACTIONS or name in domain.action_names()


def _check_slots(assistant: Assistant, domain_file: Path) -> None:
    domain = assistant.domain
    for name, spec in domain.slots.items():
        for index, mapping in enumerate(spec.mappings):
            unknown = [
                i for i in mapping.intents() + mapping.forbidden_intents() if i not in domain.intent_names()
            ]
            if unknown:
                line = load_yaml(domain_file).line(("slots", name, "mappings", index))
                raise FormatError(
                    domain_file, line, f"mapping of {name!r} names unknown intent {unknown[0]!r}", "an intent"
                )
