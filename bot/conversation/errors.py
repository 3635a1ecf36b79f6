"""Errors of conversations.

SangdamError
├── VersionConflict        somebody else committed first; load again and decide again
├── DuplicateMessage       this message id is in the conversation already; says where
├── MessageIdReused        another message came under this id before; the new one was not taken
├── OwnershipError         not an edge of the ownership machine
├── NotOwner               an agent speaks or acts in a conversation that isn't theirs
├── UnknownConversation    no such conversation
├── UnknownCase            no such case
├── UnknownMessage         no such message in this conversation
├── UnknownForm            no such form in this conversation
├── FormClosed             a form that nobody waits for any more
├── FormInvalid            a form with fields that aren't right; says which and why
├── AgentBusy              the agent whom a case is offered to has gone, or has no room
├── BadMessage             a message that can't be taken: empty, too long, unreadable
└── StoreUnavailable       the database can't be reached or is full; nothing was taken
"""

from __future__ import annotations

from formats import SangdamError


class VersionConflict(SangdamError):
    """Raised by a store when `expected_version` is no longer the conversation's version."""

    status = 409

    def __init__(self, conversation_id: str, expected: int) -> None:
        super().__init__(
            "version_conflict",
            ko="그사이 상태가 바뀌었어요. 새 내용을 확인해 주세요.",
            en=f"Conversation changed since version {expected}.",
            remedy="Load it again and repeat.",
        )
        self.conversation_id = conversation_id
        self.expected = expected


class DuplicateMessage(SangdamError):
    """Raised by a store when a message id is already there; `seq` is the first one's place."""

    status = 409

    def __init__(self, message_id: str, seq: int) -> None:
        super().__init__(
            "duplicate_message", ko="이미 받은 메시지예요.", en="This message was taken already."
        )
        self.message_id = message_id
        self.seq = seq


class MessageIdReused(SangdamError):
    """Raised for a message whose id belongs to another one: taken as a repetition it would be lost without a word."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "message_id_reused",
            ko="이 메시지는 전해지지 않았어요. 다시 보내 주세요.",
            en="Another message came under this id before; this one was not taken.",
            remedy="Send it under a new id.",
        )


class OwnershipError(SangdamError):
    """Raised for a transition that the ownership machine doesn't have."""

    status = 409

    def __init__(self, before: str, after: str) -> None:
        super().__init__(
            "wrong_state",
            ko="그사이 상태가 바뀌었어요. 새 내용을 확인해 주세요.",
            en=f"A conversation owned by {before!r} can't go to {after!r}.",
            remedy="Load the case again.",
        )
        self.before = before
        self.after = after


class NotOwner(SangdamError):
    """Raised when an agent writes into or ends a conversation that another one (or nobody) holds."""

    status = 409

    def __init__(self, owner_name: str = "") -> None:
        who = f"{owner_name} 상담원이 맡고 있어요." if owner_name else "맡은 대화가 아니에요."
        super().__init__("not_yours", ko=who, en="This conversation is not yours.", remedy="Accept it first.")


class AgentBusy(SangdamError):
    """Raised by a store when a commit's claim can't be granted."""

    status = 409

    def __init__(self, agent_id: str) -> None:
        super().__init__(
            "agent_busy",
            ko="상담원이 더 받을 수 없는 상태예요.",
            en="The agent is away or has no room for another contact.",
            remedy="Offer it to somebody else.",
        )
        self.agent_id = agent_id


class UnknownConversation(SangdamError):
    """Raised for an id under which nothing was ever said."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_conversation", ko="대화를 찾을 수 없어요.", en="No such conversation.")


class UnknownCase(SangdamError):
    """Raised for a case id that doesn't exist."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_case", ko="상담을 찾을 수 없어요.", en="No such case.")


class UnknownMessage(SangdamError):
    """Raised for a message id that isn't a customer's in this conversation."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "unknown_message", ko="메시지를 찾을 수 없어요.", en="No such message of the customer."
        )


class BadMessage(SangdamError):
    """Raised for a message that is refused; the text says why and what to do."""

    status = 422

    def __init__(self, code: str, ko: str, en: str) -> None:
        super().__init__(code, ko=ko, en=en)


class StoreUnavailable(SangdamError):
    """Raised when nothing could be stored. The message was not taken and may be sent again."""

    status = 503

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            "store_unavailable",
            ko="잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요.",
            en=f"The database is unavailable. {detail}".strip(),
            remedy="Try again; if it lasts, check the database.",
        )


class UnknownAnswer(SangdamError):
    """Raised for a judgement of what the bot never said in the conversation."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "unknown_answer",
            ko="평가할 답변을 찾지 못했어요.",
            en="The bot said no message with that id.",
            remedy="'message_id' is the id that came with the answer.",
        )


class UnknownForm(SangdamError):
    """Raised for an answer to a message that is no form of the conversation."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "unknown_form",
            ko="양식을 찾지 못했어요. 대화로 말씀해 주세요.",
            en="No message with that id holds a form.",
            remedy="'message_id' is the id of the message that brought the form.",
        )


class FormClosed(SangdamError):
    """Raised for a form whose matter is done, was left, or is with a person."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "form_closed",
            ko="이미 처리한 내용이라 고칠 수 없어요. 대화로 말씀해 주세요.",
            en="Nothing waits for this form any more.",
            remedy="Say it as a message.",
        )


class FormInvalid(SangdamError):
    """Raised for a form that isn't filled in right. `fields` has a word for each such slot."""

    status = 422

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(
            "form_invalid",
            ko=f"확인할 항목이 {len(fields)}개 있어요" if fields else "양식을 다시 확인해 주세요",
            en=f"Not right: {', '.join(sorted(fields)) or 'fields that the form does not have'}.",
            remedy="Correct the fields and send the form again.",
        )
        self.fields = fields
