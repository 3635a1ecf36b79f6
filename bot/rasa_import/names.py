"""Names that mean something else, or nothing, on our side."""

from __future__ import annotations

import re
from typing import Any


def plain(name: str) -> str:
    """A retrieval intent or its response (`faq/hours`) as a name without a slash."""
    return name.replace("/", "_")


def human(flow_id: str) -> str:
    """A flow's name for people, until the builder gives a better one."""
    return re.sub(r"_form$", "", flow_id).replace("_", " ")


def name_of(item: Any) -> str:
    """The name of an entry that is a name, or a name with options."""
    return item if isinstance(item, str) else str(next(iter(item)))
