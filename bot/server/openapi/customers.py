"""The desk's calls about customers (docs/reference/desk-api.md)."""

from __future__ import annotations

from pydantic import BaseModel

from bot.desk import bodies, shapes
from bot.desk.customers import shapes as customers
from bot.desk.customers.routes import CASE, CUSTOMER, IDENTITY, MAX_QUERY
from bot.server.openapi.operation import CURSOR, Operation, Schema

TIME: Schema = {"type": "string", "format": "date-time"}


def _act(
    method: str,
    path: str,
    summary: str,
    body: type[BaseModel] | None,
    *errors: int,
    answer: type[BaseModel] = customers.CustomerShape,
) -> Operation:
    return Operation(method, path, summary, answer, body, errors=(404, 409, *errors), keyed=True)


OPERATIONS = (
    Operation(
        "get",
        f"{CASE}/customer",
        "The customer behind a case",
        customers.CustomerShape,
        errors=(404,),
    ),
    Operation(
        "get",
        f"{CASE}/history",
        "What was said in the customer's other conversations",
        customers.History,
        query={"before": CURSOR, "since": TIME},
        errors=(404, 422),
    ),
    _act(
        "post",
        f"{CASE}/history/reveal",
        "A line of another conversation unmasked; recorded",
        bodies.LineBody,
        answer=shapes.Revealed,
    ),
    Operation(
        "get",
        "/api/desk/customers",
        "Find customers",
        customers.FoundCustomers,
        query={"q": {"type": "string", "maxLength": MAX_QUERY}},
        errors=(422,),
    ),
    Operation("get", CUSTOMER, "One customer", customers.CustomerShape, errors=(404,)),
    _act("put", CUSTOMER, "Name and segment", bodies.CustomerBody),
    Operation(
        "delete",
        CUSTOMER,
        "Forget a customer and all that was said",
        None,
        errors=(403, 404, 409),
        status=204,
        keyed=True,
    ),
    _act("delete", f"{CUSTOMER}/facts", "Forget what the bot remembers; supervisors", None, 403),
    _act("post", f"{CUSTOMER}/notes", "A note on the customer", bodies.NoteText),
    _act("post", f"{CUSTOMER}/identities", "A number or address", bodies.IdentityBody),
    _act("put", IDENTITY, "Whether it was checked", bodies.VerifiedBody),
    _act("delete", IDENTITY, "It isn't theirs", None),
    _act("post", f"{IDENTITY}/reveal", "Unmasked; recorded", None, answer=shapes.Revealed),
    _act("post", f"{CUSTOMER}/merge", "Two customers are one, or are not", bodies.MergeBody),
    _act(
        "post",
        f"{CUSTOMER}/merges/{{merge_id}}/undo",
        "Part what a merge put together",
        bodies.UndoBody,
    ),
)
