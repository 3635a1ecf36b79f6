"""A whole assistant, loaded and checked as one: domain, flows, patterns. Refused with file and line if they don't fit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from bot.conversation.domain import Domain, SlotSpec, load_domain
from bot.conversation.flows.checks import check_flows
from bot.conversation.flows.files import load_flows
from bot.conversation.flows.model import Flow, Step
from bot.conversation.flows.predicates import Predicate
from bot.conversation.responses import Responses
from bot.conversation.slot_validators import Checked, SlotValidator, slot_validator
from formats import FormatError, load_yaml

BUILT_IN_ACTIONS = frozenset(
    {
        "action_listen",
        "action_session_start",
        "action_restart",
        "action_chitchat",
        "action_repeat_bot_messages",
        "action_clarify_flows",
        "action_ask_interrupted_flow_to_continue",
        "action_continue_interrupted_flow",
        "action_cancel_interrupted_flows",
        "action_end_session",
        "action_use_remembered",
        "action_remember_facts",
        "action_decline_remembering",
        "action_forget_facts",
        "action_tell_facts",
        "action_set_aside",
        "action_resume_set_aside",
        "action_drop_set_aside",
        "action_skip_question",
        "action_say_why_needed",
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
        self.remembers = any(spec.remembering is not None for spec in domain.slots.values())
        """Whether any slot may be remembered for later conversations."""
        self.slot_rules = {
            name: [(Predicate.parse(rule.if_), rule.utter) for rule in spec.validation.rejections]
            if spec.validation
            else []
            for name, spec in domain.slots.items()
        }
        self.slot_validators = {
            name: [slot_validator(item) for item in spec.validation.validators]
            for name, spec in domain.slots.items()
            if spec.validation
        }

    def take_over(self, other: Assistant) -> None:
        """Become another version of the same assistant; for builders, while a server runs."""
        self.__dict__.update(other.__dict__)

    def checked(self, slot: str, value: Any, now: datetime) -> tuple[Checked, SlotValidator | None]:
        """The value as the slot's validators want it written, or the first problem and who found it."""
        checked = Checked(value)
        for validator in self.slot_validators.get(slot, ()):
            checked = validator.check(checked.value, now)
            if checked.problem:
                return checked, validator
        return checked, None

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
    defaults = load_domain(RESPONSES_FILE)
    domain = domain.model_copy(
        update={
            "responses": {**defaults.responses, **domain.responses},
            "slots": {**defaults.slots, **domain.slots},
        }
    )
    own = load_flows(flow_files(folder / "data" / "flows"))
    patterns = {k: v for k, v in load_flows([PATTERNS_FILE]).items() if k not in own}
    flows = {**patterns, **own}
    check_flows(flows)
    assistant = Assistant(domain, flows)
    _check(assistant, folder / "domain.yml")
    return assistant


def flow_files(folder: Path) -> list[Path]:
    """The YAML files under a folder, in a stable order."""
    return sorted(path for path in folder.rglob("*.y*ml") if path.suffix in (".yml", ".yaml"))


def _check(assistant: Assistant, domain_file: Path) -> None:
    domain = assistant.domain
    for flow in assistant.flows.values():
        for step in flow.steps.values():
            _check_step(assistant, flow, step)
        for trigger in flow.triggers:
            if trigger.intent not in domain.intent_names():
                line = load_yaml(Path(flow.file)).line(("flows", flow.id, "nlu_trigger"))
                raise FormatError(
                    flow.file, line, f"nlu_trigger {trigger.intent!r} is no intent", "an intent of domain.yml"
                )
        _check_slot_names(assistant, flow, flow.line, set(flow.guard.names) if flow.guard else set())
    _check_slots(assistant, domain_file)


def _check_step(assistant: Assistant, flow: Flow, step: Step) -> None:
    domain, place = assistant.domain, flow.file
    if step.kind == "collect":
        if step.name not in domain.slots:
            raise FormatError(
                place, step.line, f"collect of unknown slot {step.name!r}", "a slot of domain.yml"
            )
        own_question = _known_action(assistant, f"action_ask_{step.name}")
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
    if step.kind == "collect" and domain.slots[step.name].type == "list":
        raise FormatError(
            place,
            step.line,
            f"collect of the list {step.name!r}",
            "an action that fills it: nobody says a list",
        )
    read = {f"slots.{name}" for name, _ in step.values}
    conditions = [b.condition for b in step.branches if b.condition] + [r.condition for r in step.rejections]
    for predicate in conditions + ([step.once] if step.once else []):
        read |= predicate.names
        _check_comparisons(assistant, flow, step, predicate)
    _check_slot_names(assistant, flow, step.line, read)


def _check_comparisons(assistant: Assistant, flow: Flow, step: Step, predicate: Predicate) -> None:
    """A comparison that can never hold is a slip of the pen: another type, or a value that the slot can't have."""
    for comparison in predicate.comparisons:
        spec = assistant.domain.slots.get(comparison.name.removeprefix("slots."))
        if spec is None or comparison.literal is None or not comparison.name.startswith("slots."):
            continue
        given, wanted = comparison.literal, _literals(spec)
        if wanted is not None and comparison.operator in ("=", "==", "is", "!=") and given not in wanted[0]:
            problem = f"{comparison.name} {comparison.operator} {given!r} can never tell anything"
            raise FormatError(flow.file, step.line, problem, wanted[1])
        orders = {"float": float, "text": str}.get(spec.type)
        if (
            comparison.operator in (">", ">=", "<", "<=")
            and spec.type != "any"
            and not (orders and isinstance(given, orders))
        ):
            problem = f"{comparison.name} {comparison.operator} {given!r} never holds"
            raise FormatError(
                flow.file, step.line, problem, "numbers for a float slot, quoted text for a text slot"
            )


def _literals(spec: SlotSpec) -> tuple[tuple[Any, ...], str] | None:
    """What the slot may be compared with, and the same in words; None if that isn't known."""
    if spec.type == "bool":
        return (True, False), "true or false, without quotes"
    if spec.type == "categorical":
        return tuple(spec.values), f"one of {', '.join(repr(value) for value in spec.values)}"
    return None


def _check_slot_names(assistant: Assistant, flow: Flow, line: int, read: set[str]) -> None:
    slots = assistant.domain.slots
    for name in sorted(item.removeprefix("slots.") for item in read if item.startswith("slots.")):
        if name not in slots:
            raise FormatError(flow.file, line, f"unknown slot {name!r}", f"one of {', '.join(slots)}")


def _known_action(assistant: Assistant, name: str) -> bool:
    domain = assistant.domain
    return name in domain.responses or name in BUILT_IN_ACTIONS or name in domain.action_names()


def _check_slots(assistant: Assistant, domain_file: Path) -> None:
    domain = assistant.domain
    for name, spec in domain.slots.items():
        words = [validator.utter for validator in assistant.slot_validators.get(name, ())]
        words += [rule.utter for rule in spec.validation.rejections] if spec.validation else []
        words += [spec.validation.refill_utter or ""] if spec.validation else []
        for utter in words:
            if utter and utter not in domain.responses:
                line = load_yaml(domain_file).line(("slots", name, "validation"))
                raise FormatError(
                    domain_file, line, f"unknown response {utter!r}", "a response of domain.yml"
                )
        for index, mapping in enumerate(spec.mappings):
            unknown = [
                i for i in mapping.intents() + mapping.forbidden_intents() if i not in domain.intent_names()
            ]
            if unknown:
                line = load_yaml(domain_file).line(("slots", name, "mappings", index))
                raise FormatError(
                    domain_file, line, f"mapping of {name!r} names unknown intent {unknown[0]!r}", "an intent"
                )
