"""/openapi.json describes every call of the desk, and nothing that doesn't exist."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.desk.admin_routes import AdminRoutes
from bot.desk.floor_routes import FloorRoutes
from bot.desk.http import Door
from bot.desk.openapi import OPERATIONS, SAID, document
from bot.desk.routes import DeskRoutes
from bot.desk.supervise_routes import SuperviseRoutes
from bot.server.routes.desk_review import DeskReview
from bot.server.routes.knowledge_api import KnowledgeApi
from formats import load_yaml
from knowledge_base.loaders.metadata import KNOWN

ROOT = Path(__file__).parents[2]


def test_every_route_is_described() -> None:
    nothing: Any = None
    door = Door(nothing, nothing, nothing)
    routes = [
        *DeskRoutes(nothing, nothing, door, nothing, codes=[], templates=[]).routes(),
        *FloorRoutes(SimpleNamespace(floor=nothing), door, nothing, nothing).routes(),
        *SuperviseRoutes(nothing, door).routes(),
        *AdminRoutes(nothing, nothing, door, nothing, ()).routes(),
        *DeskReview(nothing, nothing, door, nothing).routes(),
        *KnowledgeApi(nothing, nothing).routes(),
    ]
    served = {(route.method.lower(), route.path.replace(":.+}", "}")) for route in routes}
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


def test_an_upload_names_every_field_that_is_taken() -> None:
    upload = document("1")["paths"]["/api/desk/knowledge/documents"]["post"]
    fields = upload["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert set(fields) == {"file", *KNOWN} and set(SAID) == set(KNOWN)
    assert set(upload["responses"]) == {"201", "401", "403", "413", "422", "507"}


async def test_the_server_serves_what_is_described(desk: Any) -> None:
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in desk.client.server.app.router.routes()
        if route.resource is not None
    }
    assert {(operation.method, operation.path) for operation in OPERATIONS} <= served
    status, body = await desk.call(await desk.sign_in(), "get", "knowledge/documents")
    assert (status, body["code"]) == (403, "not_allowed")


async def test_it_is_served_without_signing_in(desk: Any) -> None:
    answer = await desk.client.get("/openapi.json")
    assert answer.status == 200
    found = await answer.json()
    assert found["openapi"] == "3.1.0"
    close = found["paths"]["/api/desk/cases/{case_id}/close"]["post"]
    assert close["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/OutcomeBody")
    assert set(close["responses"]) == {"200", "401", "404", "409", "422"}
    assert found["paths"]["/api/desk/login"]["post"]["security"] == []


def test_every_socket_event_is_described() -> None:
    described = load_yaml(ROOT / "docs" / "reference" / "desk-events.asyncapi.yaml").data
    source = (ROOT / "bot" / "desk" / "live.py").read_text("utf-8")
    emitted = set(re.findall(r'self\.emit\(\s*"(\w+)"', source))
    assert (
        emitted == set(described["components"]["messages"]) == set(described["channels"]["desk"]["messages"])
    )
