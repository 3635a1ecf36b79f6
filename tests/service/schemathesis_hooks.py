"""For `st run` in a folder with tokens.json: which token opens which call.

A new customer for each message and file, as one alone would soon be told to be slower.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import requests
import schemathesis

TOKENS: dict[str, str] = json.loads(Path("tokens.json").read_text())
KINDS = (
    (r"/api/desk/logout", "leaving"),
    (r"/api/desk/", "desk"),
    (r"/api/chat/(messages|files)$", "new"),
    (r"/api/chat/files/", "chat"),
    (r"/(webhooks|model|conversations|status)", "api"),
)


@schemathesis.auth(refresh_interval=None)
class Tokens:
    """Bearer tokens by path."""

    def get(self, case: Any, context: Any) -> str:
        """Nothing for what is public."""
        path = case.operation.path
        kind = next((kind for begin, kind in KINDS if re.match(begin, path)), "")
        if kind != "new":
            return TOKENS.get(kind, "")
        answer = requests.post(f"{case.operation.base_url.rstrip('/')}/api/chat/session", timeout=10)
        return str(answer.json()["token"])

    def set(self, case: Any, data: str, context: Any) -> None:
        """As `Authorization`."""
        if data:
            case.headers["Authorization"] = f"Bearer {data}"
