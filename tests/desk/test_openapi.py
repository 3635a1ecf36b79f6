"""/openapi.json describes every call of the desk, and nothing that doesn't exist."""

from __future__ import annotations

from typing import Any

from bot.desk.openapi import OPERATIONS, document
from bot.desk.routes import DeskRoutes


def test_every_route_is_described() -> None:
    nothing: Any = None
    routes = DeskRoutes(nothing, nothing, nothing, codes=[], templates=[]).routes()
    served = {(route.method.lower(), route.path) for route in routes}
    assert served == {(operation.method, operation.path) for operation in OPERATIONS}


def test_every_reference_leads_somewhere() -> None:
    found = document("1")
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


async def test_it_is_served_without_signing_in(desk: Any) -> None:
    answer = await desk.client.get("/openapi.json")
    assert answer.status == 200
    found = await answer.json()
    assert found["openapi"] == "3.1.0"
    close = found["paths"]["/api/desk/cases/{case_id}/close"]["post"]
    assert close["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/OutcomeBody")
    assert set(close["responses"]) == {"200", "401", "404", "409", "422"}
    assert found["paths"]["/api/desk/login"]["post"]["security"] == []
