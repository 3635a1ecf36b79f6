"""The desk's calls (docs/reference/desk-api.md)."""

from __future__ import annotations

from bot.conversation.workforce import AgentProfile
from bot.desk import bodies, shapes
from bot.desk.packet import Packet
from bot.desk.routes import MAX_QUERY
from bot.desk.service import VIEWS
from bot.server.openapi.operation import CURSOR, FILE, MESSAGE_ID, TEXT, Answer, Operation, Schema
from bot.server.routes.desk_review import MOST_DAYS
from knowledge_base.loaders.metadata import KNOWN

DESK = "/api/desk"
CASE = f"{DESK}/cases/{{case_id}}"
CONVERSATION = f"{DESK}/conversations/{{conversation_id}}"
AFTER: Schema = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
DOCUMENTS = f"{DESK}/knowledge/documents"
DAYS: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": 30}
_UPLOAD: Schema = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": FILE, **dict.fromkeys(sorted(KNOWN), TEXT)},
        "additionalProperties": False,
    }
}


def _get(path: str, summary: str, answer: Answer, *errors: int, **query: Schema) -> Operation:
    refused = (*errors, 422) if query else errors
    return Operation("get", path, summary, answer, query=query, errors=refused)


def _act(path: str, summary: str, body: type[bodies._Body] | None, *errors: int) -> Operation:
    return Operation("post", f"{CASE}/{path}", summary, shapes.CaseShape, body, errors=errors, keyed=True)


def _put(
    path: str, summary: str, answer: Answer, body: type[bodies._Body] | type[AgentProfile], *errors: int
) -> Operation:
    return Operation("put", path, summary, answer, body, errors=errors, keyed=True)


def _record(of: str) -> Operation:
    summary, errors = "Make a conversation test of it", (403, 404, 409, 507)
    return Operation("post", f"{of}/recording", summary, shapes.Recording, errors=errors, keyed=True)


OPERATIONS = (
    Operation(
        "post", f"{DESK}/login", "Sign in", shapes.SignedIn, bodies.LoginBody, errors=(401, 429), token=None
    ),
    Operation(
        "post",
        f"{DESK}/logout",
        "Sign out: the token is void from then on",
        None,
        status=204,
        keyed=True,
    ),
    _get(f"{DESK}/me", "Who I am", shapes.UserShape),
    _put(f"{DESK}/me/state", "Whether I take new cases", shapes.UserShape, bodies.StateBody),
    _get(
        f"{DESK}/cases",
        "A tab of the inbox",
        shapes.CasePage,
        state={"enum": list(VIEWS), "default": "all"},
        cursor=CURSOR,
    ),
    _get(CASE, "One case", shapes.CaseShape, 404),
    _get(
        f"{CASE}/messages",
        "Lines after a cursor",
        shapes.Messages,
        404,
        after={"type": "integer", "minimum": 0, "maximum": 10**15 - 1, "default": 0},
    ),
    _get(f"{CASE}/packet", "The handoff packet as of now", Packet, 404),
    _act("accept", "Take a waiting case", None, 404, 409),
    _act("decline", "Leave it to others", bodies.DeclineBody, 404, 409),
    Operation(
        "post",
        f"{CASE}/messages",
        "Write to the customer",
        shapes.DeskMessage,
        bodies.ReplyBody,
        errors=(404, 409),
        keyed=True,
    ),
    Operation(
        "post",
        f"{CASE}/notes",
        "Write to colleagues",
        shapes.DeskMessage,
        bodies.NoteBody,
        errors=(404,),
        keyed=True,
    ),
    _put(f"{CASE}/tags", "What it is called", shapes.CaseShape, bodies.TagsBody, 404, 409),
    Operation(
        "post",
        f"{CASE}/reveal",
        "A value unmasked; recorded",
        shapes.Revealed,
        bodies.RevealBody,
        errors=(404, 409),
        keyed=True,
    ),
    Operation(
        "post",
        f"{CASE}/check",
        "Look at a reply before it goes out",
        shapes.Warnings,
        bodies.DraftBody,
        errors=(404,),
        keyed=True,
    ),
    Operation(
        "post",
        f"{CASE}/translate",
        "A reply in the customer's language, before it is sent",
        shapes.TranslatedReply,
        bodies.TranslateBody,
        errors=(404, 409, 502),
        keyed=True,
    ),
    Operation(
        "post",
        f"{CASE}/translations",
        "Translate a customer's message once more",
        shapes.DeskMessage,
        bodies.MessageIdBody,
        errors=(404, 409),
        keyed=True,
    ),
    _get(f"{CASE}/journey", "The customer's contacts", shapes.Journey, 404),
    _act("take-over", "From a colleague", bodies.TextNote, 403, 404, 409),
    _act("assign", "For a colleague", bodies.AssignBody, 403, 404, 409),
    _act("follow-up", "Later again", bodies.FollowUpBody, 404, 409),
    _act("transfer", "Back to the queue", bodies.TransferBody, 404, 409),
    _act("return", "Back to the bot", bodies.ReturnBody, 404, 409),
    _act("close", "End it", bodies.OutcomeBody, 404, 409),
    _put(f"{CASE}/slots", "Set slots", shapes.CaseShape, bodies.SlotsBody, 404, 409),
    _act("consult", "Ask a colleague", bodies.ConsultBody, 404),
    Operation(
        "post",
        f"{CASE}/callback/attempts",
        "A call-back was tried",
        shapes.CallbackShape,
        bodies.AttemptBody,
        errors=(404, 409),
        keyed=True,
    ),
    _put(f"{CASE}/callback", "Another slot", shapes.CallbackShape, bodies.MoveBody, 404, 409),
    _act("callback/cancel", "No call-back any more", bodies.TextNote, 404, 409),
    _get(f"{CASE}/trace", "What came of what, and why", shapes.Trace, 404, after=AFTER),
    _record(CASE),
    _get(f"{DESK}/conversations", "Conversations of the last day", shapes.GoingOn, 403),
    _get(f"{CONVERSATION}/trace", "What came of what, and why", shapes.Trace, 403, 404, after=AFTER),
    _record(CONVERSATION),
    _get(f"{CASE}/survey", "What the customer said of it", shapes.CaseSurvey, 404),
    Operation(
        "get",
        f"{CASE}/files/{{file_id}}",
        "A file that the customer sent",
        FILE,
        errors=(404,),
        media="*/*",
    ),
    Operation(
        "post",
        f"{CASE}/files",
        "Send the customer a file",
        shapes.DeskMessage,
        query={"client_msg_id": MESSAGE_ID, "name": TEXT},
        required=("client_msg_id",),
        errors=(404, 409, 413, 415, 422, 429),
        upload={"application/octet-stream": FILE},
    ),
    _get(f"{DESK}/surveys", "What customers said", shapes.SurveyPage, cursor=CURSOR),
    _get(f"{DESK}/users", "Accounts", shapes.Accounts, 403),
    Operation(
        "post",
        f"{DESK}/users",
        "A new account",
        shapes.Account,
        bodies.NewUserBody,
        errors=(403, 409),
        keyed=True,
    ),
    _put(
        f"{DESK}/users/{{username}}",
        "Role, password, whether it may sign in",
        shapes.Account,
        bodies.UserChangeBody,
        403,
        404,
        409,
    ),
    _get(f"{DESK}/setup", "What config.yml says of the desk", shapes.Setup, 403),
    _get(f"{DESK}/review", "What the bot got wrong", shapes.ReviewPage, 403, days=DAYS),
    _get(f"{DESK}/knowledge/crawls", "Sites that are read on a schedule", shapes.ScheduledCrawls, 403),
    _get(f"{DESK}/knowledge/gaps", "What documents don't answer", shapes.Gaps, 403, days=DAYS),
    _get(f"{DESK}/tags", "Tags in use", shapes.TagList),
    _get(
        f"{DESK}/search",
        "What was said in cases",
        shapes.Hits,
        q={"type": "string", "maxLength": MAX_QUERY},
        cursor=CURSOR,
    ),
    _get(
        f"{DESK}/callbacks",
        "Call-backs",
        shapes.CallbackList,
        state={"enum": ["open", "ended", "all"], "default": "open"},
        cursor=CURSOR,
    ),
    _get(f"{DESK}/callback-slots", "Slots with free seats", shapes.CallbackSlots, queue=TEXT),
    _get(f"{DESK}/agents", "Everybody at the desk", shapes.AgentList),
    _put(
        f"{DESK}/agents/{{agent_id}}/profile",
        "What routing knows of an agent",
        shapes.AgentLine,
        AgentProfile,
        403,
    ),
    _put(
        f"{DESK}/agents/{{agent_id}}/state",
        "Correct an agent's state",
        shapes.AgentLine,
        bodies.StateBody,
        403,
    ),
    _get(f"{DESK}/board", "Queues and people as of now", shapes.Board),
    _get(
        f"{DESK}/audit",
        "Who did what, newest first",
        shapes.AuditPage,
        403,
        case=TEXT,
        actor=TEXT,
        cursor=CURSOR,
    ),
    _get(f"{DESK}/wrapup-codes", "Codes to end a case with", shapes.WrapupCodes),
    _get(f"{DESK}/templates", "Ready-made replies", shapes.Templates),
    _get(f"{DESK}/labels", "Names of intents", shapes.Labels),
    _get(f"{DESK}/options", "What the desk may do here", shapes.Options),
    _get(DOCUMENTS, "Documents that were added, and the index", shapes.KnowledgeDocuments, 403),
    Operation(
        "post",
        DOCUMENTS,
        "Add a document",
        shapes.AddedDocument,
        errors=(400, 403, 413, 415, 422, 507),
        upload=_UPLOAD,
        status=201,
        keyed=True,
    ),
    Operation(
        "delete",
        f"{DOCUMENTS}/{{document_id}}",
        "Remove a document",
        None,
        errors=(403, 404),
        status=204,
        keyed=True,
    ),
)
