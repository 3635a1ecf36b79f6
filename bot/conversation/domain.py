"""domain.yml: intents, entities, slots, responses, actions, in Rasa 3.1's format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.conversation.flows.predicates import Predicate, PredicateError
from bot.conversation.rich import MAX_ELEMENTS, Attachment, Button, Element, Form, TemplateAttachment
from bot.conversation.slot_validators import slot_validator
from formats import FormatError, YamlFile, load_yaml


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class MappingCondition(_Spec):
    """When a mapping applies."""

    active_flow: str | None = None
    active_loop: str | None = None
    requested_slot: str | None = None


class SlotMapping(_Spec):
    """Where a slot's value may come from."""

    type: Literal["from_entity", "from_intent", "from_text", "controlled", "custom", "from_llm"]
    entity: str | None = None
    role: str | None = None
    group: str | None = None
    intent: str | list[str] | None = None
    not_intent: str | list[str] | None = None
    value: Any = None
    action: str | None = None
    conditions: list[MappingCondition] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> SlotMapping:
        if self.type == "from_entity" and not self.entity:
            raise ValueError("from_entity needs 'entity'")
        if self.type == "from_intent" and "value" not in self.model_fields_set:
            raise ValueError("from_intent needs 'value'")
        return self

    def intents(self) -> list[str]:
        """The intents that the mapping is limited to; empty means any."""
        return [self.intent] if isinstance(self.intent, str) else list(self.intent or [])

    def forbidden_intents(self) -> list[str]:
        """The intents under which the mapping does not apply."""
        return [self.not_intent] if isinstance(self.not_intent, str) else list(self.not_intent or [])


class SlotRejection(_Spec):
    """A value that the slot refuses anywhere."""

    if_: Annotated[str | bool, Field(alias="if")]
    utter: str

    @field_validator("if_")
    @classmethod
    def _parse(cls, condition: str | bool) -> str | bool:
        try:
            Predicate.parse(condition)
        except PredicateError as error:
            raise ValueError(str(error)) from None
        return condition


class SlotValidation(_Spec):
    """Rules for every value, whichever flow sets it."""

    rejections: list[SlotRejection] = Field(default_factory=list)
    validators: list[str | dict[str, Any]] = Field(default_factory=list)
    """Validators of the product, by name or with settings."""
    refill_utter: str | None = None
    """Asks again after a refusal, instead of the question itself."""

    @model_validator(mode="after")
    def _whole(self) -> SlotValidation:
        if not self.rejections and not self.validators:
            raise ValueError("'rejections' or 'validators'")
        return self

    @field_validator("validators")
    @classmethod
    def _known(cls, validators: list[str | dict[str, Any]]) -> list[str | dict[str, Any]]:
        for item in validators:
            slot_validator(item)
        return validators


class RememberSpec(_Spec):
    """`metadata.remember` of a slot: its values are kept for later conversations, with the customer's consent."""

    days: int | None = Field(default=None, ge=1, le=3_650)
    """How long; None: as `sessions.remember_days` of config.yml says."""
    confirm: bool = True
    """Whether the customer is asked before a remembered value is used."""


class SlotSpec(_Spec):
    """One slot."""

    type: Literal["text", "bool", "categorical", "float", "any", "list"]
    initial_value: Any = None
    influence_conversation: bool = True
    values: list[Any] = Field(default_factory=list)
    min_value: float | None = None
    max_value: float | None = None
    mappings: list[SlotMapping] = Field(default_factory=list)
    validation: SlotValidation | None = None
    label: str = ""
    """Korean name, for people who read the packet; the slot's name if absent."""
    metadata: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> SlotSpec:
        if self.type == "categorical" and not self.values:
            raise ValueError("a categorical slot needs 'values'")
        remember = self.metadata.get("remember")
        if remember is not None and remember != "with_consent":
            if not isinstance(remember, dict):
                raise ValueError("'remember' is with_consent, or {days, confirm}")
            RememberSpec.model_validate(remember)
        if remember is not None and self.metadata.get("secret"):
            raise ValueError("a secret slot is never remembered")
        return self

    @property
    def remembering(self) -> RememberSpec | None:
        """How its values are remembered; None: not at all."""
        remember = self.metadata.get("remember")
        if remember is None:
            return None
        return RememberSpec() if remember == "with_consent" else RememberSpec.model_validate(remember)


class ResponseCondition(_Spec):
    """Rasa 3's list form of a condition."""

    type: Literal["slot"] = "slot"
    name: str
    value: Any = None


class Variation(_Spec):
    """One wording of a response."""

    text: str = ""
    buttons: list[Button] = Field(default_factory=list)
    image: str | None = None
    custom: dict[str, Any] = Field(default_factory=dict)
    attachment: Annotated[Attachment | TemplateAttachment, Field(discriminator="type")] | None = None
    elements: list[Element] = Field(default_factory=list, max_length=MAX_ELEMENTS)
    """Cards; as in Rasa, a template attachment may hold them instead."""
    quick_replies: list[Button] = Field(default_factory=list)
    """The same as buttons, under the name that some of Rasa's channels use."""
    form: Form | None = None
    notice: bool = False
    """Shown as a line of the system."""
    channel: str | None = None
    condition: str | list[ResponseCondition] | None = None
    id: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    translation: dict[str, str] = Field(default_factory=dict)
    allow_interruptions: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Variation:
        if self.notice and (self.buttons or self.quick_replies or self.cards() or self.form):
            raise ValueError("a notice is text alone")
        if self.form and (self.buttons or self.quick_replies):
            raise ValueError("a form has its own button, 'submit'")
        return self

    @field_validator("metadata")
    @classmethod
    def _yes_or_no(cls, metadata: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(metadata.get("rephrase", False), bool):
            raise ValueError("rephrase is true or false")
        return metadata

    @property
    def rephrase(self) -> bool | None:
        """`metadata.rephrase`: whether a language model may word it anew; None where nothing is said of it."""
        return self.metadata.get("rephrase")

    def cards(self) -> tuple[Element, ...]:
        """The cards, wherever they stand."""
        template = self.attachment
        return (
            *self.elements,
            *(template.payload.elements if isinstance(template, TemplateAttachment) else ()),
        )

    @field_validator("condition")
    @classmethod
    def _parse(cls, condition: str | list[ResponseCondition] | None) -> str | list[ResponseCondition] | None:
        if isinstance(condition, str):
            try:
                Predicate.parse(condition)
            except PredicateError as error:
                raise ValueError(str(error)) from None
        return condition


class SessionConfig(_Spec):
    """When a conversation counts as a new matter."""

    session_expiration_time: float = 60
    """Minutes; 0 never."""
    carry_over_slots_to_new_session: bool = True
    start_session_after_expiry: bool = True


class EntitySpec(_Spec):
    """Roles and groups of an entity."""

    roles: list[str] = Field(default_factory=list)
    groups: list[str] = Field(default_factory=list)
    influence_conversation: bool = True


class Domain(_Spec):
    """The whole file. Names are unique; a response or action that is used and missing is refused by `Assistant`."""

    version: str | None = None
    intents: list[str | dict[str, Any]] = Field(default_factory=list)
    entities: list[str | dict[str, EntitySpec]] = Field(default_factory=list)
    slots: dict[str, SlotSpec] = Field(default_factory=dict)
    responses: dict[str, list[Variation]] = Field(default_factory=dict)
    actions: list[str | dict[str, Any]] = Field(default_factory=list)
    forms: dict[str, Any] = Field(default_factory=dict)
    session_config: SessionConfig = Field(default_factory=SessionConfig)
    config: dict[str, Any] = Field(default_factory=dict)

    def intent_names(self) -> list[str]:
        """Plain names, options left out."""
        return [item if isinstance(item, str) else next(iter(item)) for item in self.intents]

    def action_names(self) -> list[str]:
        """Plain names, options left out."""
        return [item if isinstance(item, str) else next(iter(item)) for item in self.actions]

    def for_actions(self) -> Domain:
        """As its writer wrote it: without the slots that the product's own patterns ask for."""
        own = {name: spec for name, spec in self.slots.items() if not spec.metadata.get("pattern")}
        return self.model_copy(update={"slots": own})

    def label(self, slot: str) -> str:
        """What people call the slot."""
        spec = self.slots.get(slot)
        return (spec.label or str(spec.metadata.get("label", "")) or slot) if spec else slot


def load_domain(path: Path) -> Domain:
    """The domain in a file. Raises `FormatError` with file and line."""
    file = load_yaml(path)
    domain = file.validate(Domain)
    for kind, names in (("intents", domain.intent_names()), ("actions", domain.action_names())):
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled:
            raise file.error(
                (kind, names.index(doubled)), f"{doubled!r} stands twice in {kind}", "each name once"
            )
    _check_forms(file, domain)
    return domain


def _check_forms(file: YamlFile, domain: Domain) -> None:
    for name, variations in domain.responses.items():
        for place, variation in enumerate(variations):
            for index, field in enumerate(variation.form.fields if variation.form else ()):
                where = ("responses", name, place, "form", "fields", index)
                spec = domain.slots.get(field.slot)
                if spec is None:
                    raise file.error(
                        (*where, "slot"), f"form field of unknown slot {field.slot!r}", "a slot of domain.yml"
                    )
                if field.type == "choice" and not (field.choices or spec.values):
                    raise file.error(where, f"nothing to choose for {field.slot!r}", "choices: [...]")


def coerce(slot: str, spec: SlotSpec, value: Any) -> Any:
    """`value` as the slot's type. Raises `ValueError` if it is none."""
    if value is None or spec.type in ("any", "list"):
        return value
    if spec.type == "bool":
        return _boolean(value)
    if spec.type == "float":
        number = float(value)
        low, high = spec.min_value, spec.max_value
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError(f"{slot} is outside {low}..{high}")
        return int(number) if number.is_integer() else number
    if spec.type == "categorical":
        for allowed in spec.values:
            if str(allowed).casefold() == str(value).casefold():
                return allowed
        raise ValueError(f"{slot} is none of {spec.values}")
    return str(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in ("true", "yes", "1", "네", "예"):
        return True
    if word in ("false", "no", "0", "아니요", "아니오"):
        return False
    raise ValueError(f"{value!r} is neither true nor false")


__all__ = ["Domain", "FormatError", "SlotMapping", "SlotSpec", "Variation", "coerce", "load_domain"]
