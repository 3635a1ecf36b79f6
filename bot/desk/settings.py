"""`desk` of config.yml, checked with file, line and what was expected."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.desk.queues import DEFAULT_ROUTING, Queue, QueueBook, QueueSpec, routing_policy
from bot.desk.routing import POLICIES, RoutingPolicy
from formats import YamlFile


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CodeSettings(_Spec):
    """A wrap-up code."""

    code: str
    label: str


class TemplateSettings(_Spec):
    """A ready-made reply."""

    shortcode: str
    title: str
    text: str


class CapacitySettings(_Spec):
    """What one agent holds at once: so many calls or so many chats, or a mix that fills no more than the whole."""

    voice: int = Field(default=1, ge=0, le=20)
    chat: int = Field(default=3, ge=0, le=50)


class RecordingSettings(_Spec):
    """Conversations that supervisors save as tests."""

    folder: str = ""
    """Where the files land, seen from the assistant's folder; empty: they are only downloaded."""
    values: dict[str, str] = Field(default_factory=dict)
    """Slot -> what a customer made for tests says there, in the place of the real customer's value."""


class DeskSettings(_Spec):
    """What agents find on the desk."""

    wrapup_codes: list[CodeSettings] = Field(
        min_length=1, default=[CodeSettings(code="resolved", label="해결")]
    )
    templates: list[TemplateSettings] = Field(default_factory=list)
    capacity: CapacitySettings = CapacitySettings()
    offer_seconds: float = Field(default=20, ge=3, le=600)
    """How long an agent has to take an offer before it goes on to the next."""
    again_after: float = Field(default=60, ge=0, le=3_600)
    """Seconds for which a case isn't offered again to who declined or missed it."""
    undo_seconds: float = Field(default=3, ge=0, le=30)
    """For so long an agent can call a sent message back before it is delivered; 0 sends at once."""
    missed_offers: int = Field(default=2, ge=1, le=20)
    """Offers missed in a row after which an agent is taken to be away."""
    requeue_minutes: float = Field(default=30, ge=0, le=10_080)
    """An agent who is away or offline for so long loses the cases that are held, which go back to the queue; 0: never."""
    take_from_queue: bool = True
    """Whether agents may take waiting cases that weren't offered to them."""
    routing: list[dict[str, Any] | str] = Field(default_factory=lambda: list(DEFAULT_ROUTING), min_length=1)
    """Policies of the queues that have none of their own, by name; the first one counts most."""
    queues: list[QueueSpec] = Field(
        default_factory=lambda: [QueueSpec(name="default", label="일반 상담")], min_length=1
    )
    segment_slot: str = ""
    """Slot that says which segment a customer belongs to."""
    language_slot: str = ""
    """Slot that says which language a customer speaks."""
    contact_slots: dict[str, Literal["phone", "email"]] = {"phone": "phone", "email": "email"}
    """Slots that hold how a customer is reached; what is said in them is kept in the profile, as unverified."""
    callback_flow: str = ""
    """Flow that books a call-back; waiting customers are offered it."""
    recordings: RecordingSettings = RecordingSettings()
    minutes_per_case: float = Field(default=6, gt=0, le=240)
    """Assumed length of a contact until enough of them were measured; the waiting-time estimate starts from it."""


def queue_book(file: YamlFile, desk: DeskSettings) -> QueueBook:
    """The queues with their policies. Raises `FormatError`."""
    names = [spec.name for spec in desk.queues]
    queues = []
    for index, spec in enumerate(desk.queues):
        if names.index(spec.name) != index:
            raise file.error(("desk", "queues", index), f"queue {spec.name!r} comes twice", "another name")
        unknown = next((overflow.to for overflow in spec.overflow if overflow.to not in names), None)
        if unknown is not None:
            place: tuple[str | int, ...] = ("desk", "queues", index, "overflow")
            raise file.error(place, f"unknown queue {unknown!r}", f"one of {', '.join(names)}")
        place = ("desk", "queues", index, "routing") if spec.routing else ("desk", "routing")
        items = spec.routing or tuple(desk.routing)
        queues.append(Queue(spec, [_policy(file, (*place, at), item) for at, item in enumerate(items)]))
    return QueueBook(queues, desk.segment_slot, desk.language_slot)


def _policy(file: YamlFile, place: tuple[str | int, ...], item: dict[str, Any] | str) -> RoutingPolicy:
    try:
        return routing_policy(item)
    except KeyError:
        name = item if isinstance(item, str) else item.get("name")
        raise file.error(place, f"unknown routing policy {name!r}", f"one of {', '.join(POLICIES)}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        raise file.error(
            (*place, *first["loc"]), f"{key}: {first['msg']}", "see docs/reference/config.md"
        ) from None
