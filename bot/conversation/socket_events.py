"""What goes over a socket, declared: the namespaces speak by these tables, and /asyncapi.json is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the server."""

    payload: type[BaseModel]
    summary: str


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of a client; `answer` is its acknowledgement, None for one that is only taken note of."""

    payload: type[BaseModel]
    summary: str
    answer: type[BaseModel] | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """All of one namespace."""

    namespace: str
    summary: str
    told: Mapping[str, Told]
    heard: Mapping[str, Heard]

    def declared(self, event: str) -> str:
        """The event itself. Raises `LookupError` for one that nobody could know of."""
        if event not in self.told:
            raise LookupError(f"{event!r} is not declared for {self.namespace}")
        return event
