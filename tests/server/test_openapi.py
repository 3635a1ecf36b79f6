"""/openapi.json describes every call of the server, and nothing that doesn't exist."""

from __future__ import annotations

import re
from typing import Any

from bot.server.openapi import NOT_DESCRIBED, OPERATIONS, PAGES, document
from knowledge_base.loaders.metadata import KNOWN


async def test_every_route_is_described_and_nothing_else(house: Any) -> None:
    served = {
        (route.method.lower(), re.sub(r":[^}]+}", "}", route.resource.canonical))
        for route in house.client.server.app.router.routes()
        if route.method != "HEAD"
    }
    left_out = {
        (method, path) for method, path in served if path.startswith(tuple(NOT_DESCRIBED)) or path in PAGES
    }
    assert served - left_out == {(operation.method, operation.path) for operation in OPERATIONS}
    assert all(
        any(path.startswith(begin) for _, path in left_out)
        for begin in NOT_DESCRIBED
        if "chatwoot" not in begin
    )


def test_every_reference_leads_somewhere() -> None:
    found = document(OPERATIONS, "1")
    schemas = found["components"]["schemas"]

    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*(references(value) for value in part.values()))
        if isinstance(part, list):
            return set().union(*(references(item) for item in part))
        return set()

    for reference in references(found):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference
    names = [of["operationId"] for path in found["paths"].values() for of in path.values()]
    assert len(names) == len(set(names)), "generated clients name their methods by them"


def test_an_upload_names_every_field_that_is_taken() -> None:
    upload = document(OPERATIONS, "1")["paths"]["/api/desk/knowledge/documents"]["post"]
    fields = upload["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert set(fields) == {"file", *KNOWN}


async def test_it_is_served_without_signing_in(house: Any) -> None:
    answer = await house.client.get("/openapi.json")
    assert answer.status == 200
    found = await answer.json()
    assert found["openapi"] == "3.1.0"
    close = found["paths"]["/api/desk/cases/{case_id}/close"]["post"]
    assert close["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/OutcomeBody")
    assert set(close["responses"]) == {"200", "401", "404", "409", "413", "422", "503"}
    assert close["security"] == [{"desk": []}]
    assert found["paths"]["/api/desk/login"]["post"]["security"] == []
