"""Puts operations together as one OpenAPI 3.1 document; schemas come from the models that check bodies and shape answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.desk.shapes import Problem
from bot.server.openapi.operation import TEXT, Answer, Operation

KEY = (
    "Runs the request once: the same key again gives the first answer, with another request 409 `key_reused`. "
    "Kept for a day."
)
TOKENS = {
    "desk": "An agent's, of POST /api/desk/login.",
    "chat": "A customer's, of POST /api/chat/session; it opens one conversation.",
    "api": "SANGDAM_API_TOKEN. Where none is set the server listens on loopback only and asks for none.",
}
REFUSALS = {
    400: "The body or a parameter has not the documented shape",
    401: "The bearer token is missing or wrong",
    403: "Needs a higher role",
    404: "No such thing",
    409: "Not in this state; `code` says why",
    413: "Too large",
    415: "Of a type that isn't taken",
    422: "Refused as it stands; `detail` says what is wrong",
    429: "Too many; wait a little",
    502: "The language model gave no usable answer; try again",
    503: "The database doesn't answer; try again",
    507: "There is no room to keep it",
}


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The whole document."""
    listed = list(operations)
    models = {model for o in listed for model in (o.body, o.answer) if isinstance(model, type)} | {Problem}
    _, definitions = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sangdam", "version": version},
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": words}
                for name, words in TOKENS.items()
            },
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _name(operation),
        "responses": _responses(operation),
        "security": [{operation.token: []}] if operation.token else [],
    }
    parameters = [_parameter(name, "path", TEXT, True) for name in operation.parameters]
    parameters += [
        _parameter(name, "query", schema, name in operation.required)
        for name, schema in operation.query.items()
    ]
    if operation.keyed:
        schema = {"type": "string", "minLength": 1, "maxLength": 200}
        parameters.append({**_parameter("Idempotency-Key", "header", schema, False), "description": KEY})
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {
            "required": not operation.optional_body,
            "content": _content(operation.body, "application/json"),
        }
    if operation.upload is not None:
        content = {media: {"schema": schema} for media, schema in operation.upload.items()}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _name(operation: Operation) -> str:
    """`post_api_desk_cases_case_id_accept`: stable, for generated clients."""
    words = operation.path.replace("{", "").replace("}", "").replace("-", "_").replace(".", "_").split("/")
    return "_".join([operation.method, *filter(None, words)])


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": operation.summary}
    if operation.answer is not None:
        good["content"] = _content(operation.answer, operation.media)
    problems = {
        str(status): {
            "description": REFUSALS[status],
            "content": _content(Problem, "application/problem+json"),
        }
        for status in operation.refused
    }
    return {str(operation.status): good, **problems}


def _content(answer: Answer, media: str) -> dict[str, Any]:
    if isinstance(answer, type):
        return {media: {"schema": {"$ref": f"#/components/schemas/{answer.__name__}"}}}
    return {media: {"schema": answer}}


def _parameter(name: str, place: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}
