"""`GET /openapi.json`: the desk's API in OpenAPI 3.1, made from the models that check its bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.conversation.workforce import AgentProfile
from bot.desk import bodies, shapes
from bot.desk.packet import Packet

Answer = type[BaseModel] | None
CASE = "/api/desk/cases/{case_id}"
DOCUMENTS = "/api/desk/knowledge/documents"
SAID = ("title", "source", "audience", "version", "valid_from", "valid_until", "language", "category")
"""Fields that may be sent beside an uploaded file."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: what it takes, gives and refuses."""

    method: str
    path: str
    summary: str
    answer: Answer
    body: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    errors: tuple[int, ...] = ()
    public: bool = False
    upload: bool = False
    """Whether it takes a file as multipart."""


KEY = "Runs the request once: the same key again gives the first answer. Kept for a day."

OPERATIONS = (
    Operation("post", "/api/desk/login", "Sign in", shapes.SignedIn, bodies.LoginBody, (), (429,), True),
    Operation("post", "/api/desk/logout", "Sign out: the token is void from then on", None),
    Operation("get", "/api/desk/me", "Who I am", shapes.UserShape),
    Operation(
        "put", "/api/desk/me/state", "Whether I take new cases", shapes.UserShape, bodies.StateBody, (), ()
    ),
    Operation("get", "/api/desk/cases", "A tab of the inbox", shapes.CasePage, None, ("state", "cursor")),
    Operation("get", CASE, "One case", shapes.CaseShape, errors=(404,)),
    Operation("get", f"{CASE}/messages", "Lines after a cursor", shapes.Messages, None, ("after",), (404,)),
    Operation("get", f"{CASE}/packet", "The handoff packet as of now", Packet, errors=(404,)),
    Operation("post", f"{CASE}/accept", "Take a waiting case", shapes.CaseShape, errors=(404, 409)),
    Operation(
        "post", f"{CASE}/decline", "Leave it to others", shapes.CaseShape, bodies.DeclineBody, (), (404, 409)
    ),
    Operation(
        "post",
        f"{CASE}/messages",
        "Write to the customer",
        shapes.DeskMessage,
        bodies.TextBody,
        (),
        (404, 409),
    ),
    Operation(
        "post", f"{CASE}/notes", "Write to colleagues", shapes.DeskMessage, bodies.NoteBody, (), (404,)
    ),
    Operation("put", f"{CASE}/tags", "What it is called", shapes.CaseShape, bodies.TagsBody, (), (404, 409)),
    Operation(
        "post",
        f"{CASE}/reveal",
        "A value unmasked; recorded",
        shapes.Revealed,
        bodies.RevealBody,
        (),
        (404, 409),
    ),
    Operation(
        "post",
        f"{CASE}/check",
        "Look at a reply before it goes out",
        shapes.Warnings,
        bodies.DraftBody,
        (),
        (404,),
    ),
    Operation("get", f"{CASE}/journey", "The customer's contacts", shapes.Journey, errors=(404,)),
    Operation(
        "post",
        f"{CASE}/take-over",
        "From a colleague",
        shapes.CaseShape,
        bodies.TextNote,
        (),
        (403, 404, 409),
    ),
    Operation(
        "post", f"{CASE}/assign", "For a colleague", shapes.CaseShape, bodies.AssignBody, (), (403, 404, 409)
    ),
    Operation(
        "post", f"{CASE}/follow-up", "Later again", shapes.CaseShape, bodies.FollowUpBody, (), (404, 409)
    ),
    Operation("get", "/api/desk/users", "Accounts", shapes.Accounts, errors=(403,)),
    Operation("post", "/api/desk/users", "A new account", shapes.Account, bodies.NewUserBody, (), (403, 409)),
    Operation(
        "put",
        "/api/desk/users/{username}",
        "Role, password, whether it may sign in",
        shapes.Account,
        bodies.UserChangeBody,
        (),
        (403, 404, 409),
    ),
    Operation("get", "/api/desk/setup", "What config.yml says of the desk", shapes.Setup, errors=(403,)),
    Operation(
        "get", "/api/desk/review", "What the bot got wrong", shapes.ReviewPage, None, ("days",), (403,)
    ),
    Operation(
        "get", "/api/desk/knowledge/gaps", "What documents don't answer", shapes.Gaps, None, ("days",), (403,)
    ),
    Operation("get", "/api/desk/tags", "Tags in use", shapes.TagList),
    Operation("get", "/api/desk/search", "What was said in cases", shapes.Hits, None, ("q", "cursor")),
    Operation(
        "post",
        f"{CASE}/transfer",
        "Back to the queue",
        shapes.CaseShape,
        bodies.TransferBody,
        (),
        (404, 409),
    ),
    Operation(
        "post", f"{CASE}/return", "Back to the bot", shapes.CaseShape, bodies.ReturnBody, (), (404, 409)
    ),
    Operation("post", f"{CASE}/close", "End it", shapes.CaseShape, bodies.OutcomeBody, (), (404, 409)),
    Operation("put", f"{CASE}/slots", "Set slots", shapes.CaseShape, bodies.SlotsBody, (), (404, 409)),
    Operation("post", f"{CASE}/consult", "Ask a colleague", shapes.CaseShape, bodies.ConsultBody, (), (404,)),
    Operation(
        "post",
        f"{CASE}/callback/attempts",
        "A call-back was tried",
        shapes.CallbackShape,
        bodies.AttemptBody,
        (),
        (404, 409),
    ),
    Operation(
        "put", f"{CASE}/callback", "Another slot", shapes.CallbackShape, bodies.MoveBody, (), (404, 409)
    ),
    Operation(
        "post",
        f"{CASE}/callback/cancel",
        "No call-back any more",
        shapes.CaseShape,
        bodies.TextNote,
        (),
        (404, 409),
    ),
    Operation("get", "/api/desk/callbacks", "Call-backs", shapes.CallbackList, None, ("state",)),
    Operation(
        "get", "/api/desk/callback-slots", "Slots with free seats", shapes.CallbackSlots, None, ("queue",)
    ),
    Operation("get", "/api/desk/agents", "Everybody at the desk", shapes.AgentList),
    Operation(
        "put",
        "/api/desk/agents/{agent_id}/profile",
        "What routing knows of an agent",
        shapes.AgentLine,
        AgentProfile,
        (),
        (403,),
    ),
    Operation(
        "put",
        "/api/desk/agents/{agent_id}/state",
        "Correct an agent's state",
        shapes.AgentLine,
        bodies.StateBody,
        (),
        (403,),
    ),
    Operation("get", "/api/desk/board", "Queues and people as of now", shapes.Board),
    Operation(
        "get",
        "/api/desk/audit",
        "Who did what, newest first",
        shapes.AuditPage,
        None,
        ("case", "actor", "cursor"),
        (403,),
    ),
    Operation("get", "/api/desk/wrapup-codes", "Codes to end a case with", shapes.WrapupCodes),
    Operation("get", "/api/desk/templates", "Ready-made replies", shapes.Templates),
    Operation("get", "/api/desk/labels", "Names of intents", shapes.Labels),
    Operation("get", "/api/desk/options", "What the desk may do here", shapes.Options),
    Operation(
        "get", DOCUMENTS, "Documents that were added, and the index", shapes.KnowledgeDocuments, errors=(403,)
    ),
    Operation(
        "post", DOCUMENTS, "Add a document", shapes.AddedDocument, errors=(403, 413, 422, 507), upload=True
    ),
    Operation("delete", f"{DOCUMENTS}/{{document_id}}", "Remove a document", None, errors=(403, 404)),
)


_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        **{name: {"type": "string"} for name in SAID},
    },
}


def document(version: str) -> dict[str, Any]:
    """The whole document."""
    models = {m for o in OPERATIONS for m in (o.body, o.answer) if m is not None} | {shapes.Problem}
    _, definitions = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sangdam desk API", "version": version},
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": operation.summary, "responses": _responses(operation)}
    parameters = [_parameter(name, "query", False) for name in operation.query]
    parameters[:0] = [_parameter(name, "path", True) for name in re.findall(r"\{(\w+)\}", operation.path)]
    if operation.method != "get" and not operation.public and not operation.path.startswith(DOCUMENTS):
        parameters.append({**_parameter("Idempotency-Key", "header", False), "description": KEY})
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.upload:
        found["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    if operation.public:
        found["security"] = []
    return found


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": operation.summary}
    if operation.answer is not None:
        good["content"] = _content(operation.answer)
    refused = {401, *operation.errors} | ({422} if operation.body or operation.query else set())
    problems = {
        str(status): {
            "description": "Refused; `code` says why",
            "content": _content(shapes.Problem, "application/problem+json"),
        }
        for status in sorted(refused)
    }
    status = "201" if operation.upload else "200" if operation.answer else "204"
    return {status: good, **problems}


def _content(model: type[BaseModel], media: str = "application/json") -> dict[str, Any]:
    return {media: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _parameter(name: str, place: str, required: bool) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": {"type": "string"}}


class OpenApi:
    """Serves the document; it holds nothing secret."""

    def __init__(self, version: str) -> None:
        self._document = document(version)

    def routes(self) -> list[web.RouteDef]:
        """One address."""
        return [web.get("/openapi.json", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """The document."""
        return web.json_response(self._document)
