"""What all acts on a case share: who may act, what is changed, how an outcome and a note are written down."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.conversation.draft import Draft
from bot.conversation.engine import Engine
from bot.conversation.errors import NotOwner, OwnershipError, UnknownCase
from bot.conversation.events import HandoffOutcome, NoteAdded
from bot.conversation.intake import clean_text
from bot.conversation.store import Case
from formats import SangdamError

TARGET_SECONDS = 120.0
"""How long a case that was handed to a colleague waits for them alone."""


@dataclass(frozen=True, slots=True)
class Agent:
    """The person who acts."""

    id: str
    name: str


class AlreadyTaken(NotOwner):
    """Raised when an agent accepts what another one has."""

    def __init__(self, owner_name: str) -> None:
        super().__init__(owner_name)
        self.code = "already_taken"
        self.ko = f"{owner_name} 상담원이 먼저 받았어요." if owner_name else "다른 상담원이 먼저 받았어요."
        self.remedy = "Pick another case."


class NotOffered(SangdamError):
    """Raised where agents take only what is offered to them."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "not_offered",
            ko="아직 받을 차례가 아니에요. 배정되면 알려 드릴게요.",
            en="This case isn't offered to you.",
            remedy="Wait for an offer, or set desk.take_from_queue in config.yml.",
        )


class NoRoom(SangdamError):
    """Raised when an agent picks one more case than fits."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "no_room",
            ko="지금은 더 받을 수 없어요. 진행 중인 상담을 먼저 마쳐 주세요.",
            en="You hold as many contacts as you can.",
            remedy="End one of your own contacts first.",
        )


class CaseChanged(SangdamError):
    """Raised when an agent acts on a version of the case that is no longer the newest."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "case_changed",
            ko="그사이 상태가 바뀌었어요. 새 내용을 확인해 주세요.",
            en="The case has changed since that version.",
            remedy="Load the case again, then repeat.",
        )


class CaseChanges:
    """Base of the acts: each is one change under the conversation's lock and a compare-and-set in the store."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.engine = engine
        self.conversations = engine.conversations

    def _open(self, draft: Draft, case: Case) -> Case:
        current = draft.tracker.case
        if current is None or current.id != case.id:
            raise OwnershipError(draft.tracker.owner, "agent") if draft.tracker.seq else UnknownCase()
        return current

    def _own(self, draft: Draft, case: Case, agent: Agent, version: int | None = None) -> Case:
        current = self._open(draft, case)
        if draft.tracker.owner != "agent" or current.agent_id != agent.id:
            raise NotOwner(current.agent_name or "")
        if version is not None and version != current.version:
            raise CaseChanged()
        return current

    def _changed(self, draft: Draft, **changes: Any) -> Case:
        changed = draft.update_case(**changes)
        if changed is None:
            raise UnknownCase()
        return changed

    def _outcome(
        self,
        draft: Draft,
        case: Case,
        agent: Agent,
        resolution: str,
        code: str,
        note: str,
        slots: dict[str, Any],
    ) -> None:
        draft.emit(
            HandoffOutcome.model_validate(
                {
                    "case_id": case.id,
                    "resolution": resolution,
                    "code": code,
                    "note": note,
                    "agent_id": agent.id,
                    "agent_name": agent.name,
                    "slots": slots,
                }
            )
        )

    def _note_of(self, draft: Draft, agent: Agent, note: str) -> None:
        if note.strip():
            draft.emit(
                NoteAdded(
                    text=clean_text(note),
                    message_id=uuid.uuid4().hex,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )


def passed(case: Case, agent_id: str, until: float | None) -> dict[str, float]:
    return case.passed if until is None else {**case.passed, agent_id: until}
