"""`GET /asyncapi.json`: what goes over Socket.IO in AsyncAPI 3.0, made from the namespaces' own declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.channels.webchat_events import EVENTS as WEBCHAT
from bot.conversation.socket_events import Events
from bot.desk.events import EVENTS as DESK

NAMESPACES = (WEBCHAT, DESK)


def document(namespaces: Iterable[Events], version: str) -> dict[str, Any]:
    """The whole document. `send` is what the server sends; a `reply` is the acknowledgement of the socket's event."""
    listed = list(namespaces)
    models = sorted(
        {model for events in listed for model in _models(events)}, key=lambda model: model.__name__
    )
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for events in listed:
        name = name_of(events)
        channels[name] = _channel(events)
        here = {"$ref": f"#/channels/{name}"}
        for event, told in events.told.items():
            operations[f"{name}.tell.{event}"] = {
                "action": "send",
                "channel": here,
                "summary": told.summary,
                "messages": [{"$ref": f"#/channels/{name}/messages/{event}"}],
            }
        for event, heard in events.heard.items():
            taken: dict[str, Any] = {
                "action": "receive",
                "channel": here,
                "summary": heard.summary,
                "messages": [{"$ref": f"#/channels/{name}/messages/client.{event}"}],
            }
            if heard.answer is not None:
                answer = {"$ref": f"#/channels/{name}/messages/client.{event}.answer"}
                taken["reply"] = {"channel": here, "messages": [answer]}
            operations[f"{name}.hear.{event}"] = taken
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Sangdam events", "version": version},
        "defaultContentType": "application/json",
        "servers": {"sangdam": {"host": "localhost:8080", "pathname": "/socket.io/", "protocol": "socketio"}},
        "channels": channels,
        "operations": operations,
        "components": {"schemas": definitions["$defs"]},
    }


def name_of(events: Events) -> str:
    """The channel's name in the document."""
    return events.namespace.strip("/") or "webchat"


def _models(events: Events) -> Iterable[type[BaseModel]]:
    yield from (told.payload for told in events.told.values())
    for heard in events.heard.values():
        yield heard.payload
        if heard.answer is not None:
            yield heard.answer


def _channel(events: Events) -> dict[str, Any]:
    messages = {event: _message(event, told.payload, told.summary) for event, told in events.told.items()}
    for event, heard in events.heard.items():
        messages[f"client.{event}"] = _message(event, heard.payload, heard.summary)
        if heard.answer is not None:
            messages[f"client.{event}.answer"] = _message(event, heard.answer, f"Acknowledges {event}")
    return {"address": events.namespace, "summary": events.summary, "messages": messages}


def _message(event: str, model: type[BaseModel], summary: str) -> dict[str, Any]:
    return {
        "name": event,
        "summary": summary,
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }


class AsyncApi:
    """Serves the document; it holds nothing secret."""

    def __init__(self, version: str) -> None:
        self._document = document(NAMESPACES, version)

    def routes(self) -> list[web.RouteDef]:
        """One address."""
        return [web.get("/asyncapi.json", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """The document."""
        return web.json_response(self._document)
