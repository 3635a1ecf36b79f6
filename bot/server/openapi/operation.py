"""What one call of the API takes, gives and refuses; documents are made of these."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

Answer = type[BaseModel] | dict[str, Any] | None
"""A model, a schema as it stands, or no content."""
Token = Literal["desk", "chat", "api"]
"""Whose bearer token opens a call: an agent's, a customer's, or that of SANGDAM_API_TOKEN."""
Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FILE: Schema = {"type": "string", "format": "binary"}
MESSAGE_ID: Schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[^\x00-\x1f\x7f]+$"}
CURSOR: Schema = {"type": "string", "description": "As the page before gave it; without one the first page."}


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    method: str
    path: str
    summary: str
    answer: Answer
    body: type[BaseModel] | None = None
    query: dict[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    """Names of query parameters that can't be left out."""
    errors: tuple[int, ...] = ()
    token: Token | None = "desk"
    upload: Schema | None = None
    """Schema of a body that isn't JSON, by media type."""
    status: int = 200
    media: str = "application/json"
    """Of the answer."""
    keyed: bool = False
    """Whether an `Idempotency-Key` makes it run once."""
    optional_body: bool = False

    @property
    def parameters(self) -> list[str]:
        """Names in the path."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def refused(self) -> list[int]:
        """Every status of a refusal."""
        found = {503, *self.errors}
        found |= {401} if self.token else set()
        found |= {413, 422} if self.body and self.token in ("desk", None) else set()
        found |= {409, 422} if self.keyed else set()
        return sorted(found)
