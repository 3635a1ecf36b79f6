"""Calls of customers' clients, of other programs in Rasa's protocol, and of those who run the server."""

from __future__ import annotations

from bot.channels import webchat_shapes as chat
from bot.server.openapi.operation import FILE, MESSAGE_ID, TEXT, Operation, Schema
from bot.server.shapes import Health, ModelStatus, ParseBody, Parsed, Ready, TrackerShape, Version

AFTER: Schema = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1, "default": 0}
DOCUMENT: Schema = {"type": "object"}

CHAT = (
    Operation(
        "post",
        "/api/chat/session",
        "Begin a conversation, or go on with one",
        chat.SessionShape,
        chat.SessionBody,
        errors=(400, 401, 413),
        token=None,
        optional_body=True,
    ),
    Operation(
        "get",
        "/api/chat/messages",
        "What the customer may see after a cursor",
        chat.Sync,
        query={"after": AFTER},
        errors=(400,),
        token="chat",
    ),
    Operation(
        "post",
        "/api/chat/messages",
        "Say something, or send a filled-in form",
        chat.Acknowledged,
        chat.ChatBody,
        errors=(400, 404, 409, 413, 422, 429),
        token="chat",
    ),
    Operation(
        "post",
        "/api/chat/files",
        "Send a file",
        chat.FileAcknowledged,
        query={"client_msg_id": MESSAGE_ID, "name": TEXT},
        required=("client_msg_id",),
        errors=(400, 409, 413, 415, 422, 429),
        token="chat",
        upload={"application/octet-stream": FILE},
    ),
    Operation(
        "get",
        "/api/chat/files/{file_id}",
        "A file of the own conversation",
        FILE,
        errors=(404,),
        token="chat",
        media="*/*",
    ),
)

RASA = (
    Operation("get", "/webhooks/rest/", "Whether the channel is there", Health, token="api"),
    Operation(
        "post",
        "/webhooks/rest/webhook",
        "One message of a customer; the answer holds what is said to it",
        chat.RestReplies,
        chat.RestBody,
        errors=(400, 409, 413, 422),
        token="api",
    ),
    Operation(
        "post",
        "/webhooks/rest/feedback",
        "Say whether an answer helped",
        None,
        chat.RestFeedback,
        status=204,
        errors=(400, 404, 413),
        token="api",
    ),
    Operation("get", "/version", "Which server this is", Version, token=None),
    Operation("get", "/status", "Which model is served", ModelStatus, token="api"),
    Operation(
        "post",
        "/model/parse",
        "What is understood of a text",
        Parsed,
        ParseBody,
        errors=(400, 413),
        token="api",
    ),
    Operation(
        "get",
        "/conversations/{conversation_id}/tracker",
        "A conversation as Rasa's tracker",
        TrackerShape,
        query={
            "include_events": {
                "enum": ["ALL", "APPLIED", "AFTER_RESTART", "NONE"],
                "default": "AFTER_RESTART",
            }
        },
        errors=(400, 404),
        token="api",
    ),
)

RUNNING = (
    Operation("get", "/healthz", "The process lives", Health, token=None),
    Operation("get", "/readyz", "It can take messages; 503 if not", Ready, token=None),
    Operation("get", "/metrics", "For Prometheus", TEXT, token=None, media="text/plain"),
    Operation("get", "/openapi.json", "This document", DOCUMENT, token=None),
    Operation("get", "/asyncapi.json", "What goes over Socket.IO, in AsyncAPI 3.0", DOCUMENT, token=None),
)
