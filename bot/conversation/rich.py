"""What a reply may hold besides text: buttons, cards, an attachment, a form. The shapes are Rasa's where Rasa has them.

The same models are read from domain.yml, where their texts may hold placeholders, and travel filled in a `Reply`.
Nothing is validated again after filling: a long value makes a long title, and each channel cuts where it must.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MAX_CARD_BUTTONS = 3
MAX_ELEMENTS = 10
MAX_FIELDS = 8

_ADDRESS = re.compile(r"(https?://|/(?!/))\S+$")
_LINK = re.compile(r"(https?://|tel:|mailto:|/(?!/))\S+$")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d$")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Button(_Part):
    """A choice. `payload` is free text, `/intent{"entity": "v"}` or `/SetSlots(a=b)`; or `url` opens a page, a phone."""

    title: str
    payload: str = ""
    url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _rasas(cls, data: Any) -> Any:
        """Rasa's and Facebook's `type`: postback, web_url, phone_number (the number is the payload)."""
        if not isinstance(data, dict):
            return data
        if not data.get("payload") and not data.get("url"):
            # It says its own words.
            data = {**data, "payload": data.get("title")}
        if "type" not in data:
            return data
        kind, rest = data["type"], {key: value for key, value in data.items() if key != "type"}
        if kind not in ("postback", "web_url", "phone_number"):
            raise ValueError("'type' of a button is postback, web_url or phone_number")
        if kind == "phone_number":
            return {**rest, "payload": "", "url": f"tel:{rest.get('payload', '')}"}
        return rest

    @model_validator(mode="after")
    def _acts(self) -> Self:
        if self.url is not None and not _LINK.match(self.url):
            raise ValueError("'url' begins with https://, http://, tel:, mailto: or /")
        if self.payload and self.url:
            raise ValueError(f"button {self.title!r} has both 'payload' and 'url'")
        return self


class Element(_Part):
    """A card, as in the generic template: picture (16:9), title, text, at most three buttons."""

    title: str = Field(min_length=1)
    subtitle: str = ""
    image_url: str | None = None
    """An address of the web, or a path on this server."""
    image_alt: str = ""
    """What the picture shows, for those who don't see it."""
    buttons: tuple[Button, ...] = Field(default=(), max_length=MAX_CARD_BUTTONS)

    @field_validator("image_url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url is not None and not _ADDRESS.match(url):
            raise ValueError("'image_url' begins with https://, http:// or /")
        return url

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.image_url and not self.image_alt.strip():
            raise ValueError("a picture needs 'image_alt', the words for those who don't see it")
        return self


class Media(_Part):
    """Payload of an attachment that is a file."""

    src: str
    title: str = ""

    @field_validator("src")
    @classmethod
    def _address(cls, src: str) -> str:
        if not _ADDRESS.match(src):
            raise ValueError("'src' begins with https://, http:// or /")
        return src


class Attachment(_Part):
    """A file that is sent along."""

    type: Literal["image", "video", "audio", "file"]
    payload: Media


class KeptFile(_Part):
    """A file of this conversation that the server keeps: one that an agent sends. Channels make an address of it."""

    id: str
    name: str
    media_type: str
    size: int
    """Bytes."""

    @property
    def is_image(self) -> bool:
        """Whether it can be looked at."""
        return self.media_type.startswith("image/")


class GenericTemplate(_Part):
    """Payload of Rasa's template attachment."""

    template_type: Literal["generic"]
    elements: tuple[Element, ...] = Field(min_length=1, max_length=MAX_ELEMENTS)


class TemplateAttachment(_Part):
    """Cards in the shape in which Rasa's channels send them; the same as `elements` of the response."""

    type: Literal["template"]
    payload: GenericTemplate


FieldType = Literal["text", "textarea", "phone", "email", "number", "date", "time", "choice"]


class FormField(_Part):
    """One field of a form; its value goes to a slot. Empty `label` is the slot's own."""

    slot: str
    label: str = ""
    type: FieldType = "text"
    required: bool = True
    help: str = ""
    choices: tuple[str, ...] = ()
    """Of `choice`; a categorical slot's own values if none are given."""
    max_length: int = Field(default=200, ge=1, le=1000)
    """Characters of a text."""
    days: int = Field(default=14, ge=1, le=60)
    """Of `date`: how many days from today on can be chosen."""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    """Of `date`: 1 is Monday."""
    earliest: str = "00:00"
    latest: str = "23:30"
    step: int = Field(default=30, ge=5, le=240)
    """Of `time`: the first and the last that can be chosen, and minutes between."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.weekdays or any(day not in range(1, 8) for day in self.weekdays):
            raise ValueError("'weekdays' are numbers from 1 (Monday) to 7")
        if not (_CLOCK.match(self.earliest) and _CLOCK.match(self.latest) and self.earliest <= self.latest):
            raise ValueError("'earliest' and 'latest' are times like 09:00, in this order")
        return self

    def times(self) -> list[str]:
        """What a `time` field offers, as HH:MM."""
        first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (self.earliest, self.latest))
        return [f"{at // 60:02}:{at % 60:02}" for at in range(first, last + 1, self.step)]


class Form(_Part):
    """Several slots asked for at once. A channel without forms shows the reply's text, and the flow asks one by one."""

    title: str = Field(min_length=1)
    submit: str = "보내기"
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=MAX_FIELDS)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        slots = [field.slot for field in self.fields]
        if len(set(slots)) < len(slots):
            raise ValueError("each slot stands once in a form")
        return self


Part = TypeVar("Part", bound=BaseModel)


def filled(part: Part, fill: Callable[[str], str]) -> Part:
    """The part with `fill` applied to every text in it."""
    changes = {name: _filled(getattr(part, name), fill) for name in type(part).model_fields}
    return part.model_copy(update=changes)


def _filled(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, BaseModel):
        return filled(value, fill)
    if isinstance(value, tuple):
        return tuple(_filled(item, fill) for item in value)
    return value
