"""Conversations as supervisors look into them: what is going on, the trace of one, and the test that is made of it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.conversation.clock import KOREA
from bot.conversation.conversations import Conversations
from bot.conversation.e2e.recording import as_test_file, recorded
from bot.conversation.e2e.stand_ins import StandIns, say_secrets
from bot.conversation.engine import Engine
from bot.conversation.errors import UnknownConversation
from bot.conversation.events import Event, UserUttered
from bot.conversation.flows.stack import root_frame
from bot.conversation.secrecy import HIDDEN
from bot.conversation.trace import Tracing
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import iso
from bot.desk.settings import RecordingSettings
from formats import SangdamError
from korean.privacy import mask, mask_for_agent

RECENT = 86_400.0
"""Seconds: conversations in which something happened since then are listed."""
MOST = 100
WINDOW = 600
"""Events that a trace begins with; older ones are looked up in the transcript."""
PAGE = 500
_UNSAID = f"무엇을 말했는지는 남기지 않아요. {HIDDEN} 자리에 테스트 고객의 값을 적어 주세요."
LONGEST = 5_000
"""Events that a test is made of."""


class NothingSaid(SangdamError):
    """Raised where a test is wanted of a conversation in which no customer spoke."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "nothing_said",
            ko="고객이 아직 말하지 않아 저장할 대화가 없어요.",
            en="The customer has said nothing yet: there is no test to make.",
            remedy="Wait for the customer's first message.",
        )


class NotKept(SangdamError):
    """Raised where a test can't be written into its folder."""

    status = 507

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            "not_kept",
            ko="테스트 파일을 폴더에 저장하지 못했어요.",
            en=f"{folder} can't be written: {reason}",
            remedy="Free some disk space, check the folder's rights, or change desk.recordings.folder in config.yml.",
        )


class Traces:
    """Reads only, but for the file that a recording leaves in its folder."""

    def __init__(self, engine: Engine, settings: RecordingSettings, assistant_dir: Path) -> None:
        self._engine = engine
        self._conversations: Conversations = engine.conversations
        self._tracing = Tracing(engine.assistant, engine.roles.nlu_threshold, mask_for_agent)
        self._values = settings.values
        self._folder = assistant_dir / settings.folder if settings.folder else None

    async def going_on(self) -> list[dict[str, Any]]:
        """Conversations of the last day in which a customer spoke, newest first; personal data masked."""
        ids = await self._conversations.store.changed_since(time.time() - RECENT, limit=MOST)
        trackers = [await self._conversations.tracker(conversation_id) for conversation_id in ids]
        return [self._row(tracker) for tracker in trackers if tracker.state.turns]

    def _row(self, tracker: Tracker) -> dict[str, Any]:
        state, frame = tracker.state, root_frame(tracker.stack)
        flow = self._engine.assistant.flows.get(frame.flow_id) if frame else None
        return {
            "id": tracker.conversation_id,
            "channel": state.channel,
            "customer": {"name": state.customer_name},
            "owner": state.owner,
            "goal": flow.name if flow else None,
            "turns": state.turns,
            "last_text": mask(str(state.latest_message.get("text") or ""))[:200],
            "last_at": iso(state.latest_user_at),
            "case_id": state.case_id,
        }

    async def trace(self, conversation_id: str, after: int | None) -> dict[str, Any]:
        """Lines after a cursor, without one of the last turns. Raises `UnknownConversation`."""
        head = await self._conversations.store.head(conversation_id)
        if head is None or head.version == 0:
            raise UnknownConversation()
        start = max(0, head.version - WINDOW) if after is None else after
        events = await self._events(conversation_id, start)
        lines = self._tracing.lines(conversation_id, events)
        told = [{**asdict(line), "at": iso(line.at)} for line in lines]
        return {"lines": told, "cursor": events[-1].seq if events else start}

    async def recording(self, conversation_id: str) -> dict[str, Any]:
        """A conversation test of it, nobody's data in it; a file too, where a folder is set.

        Raises `UnknownConversation`, `NothingSaid`, `NotKept`.
        """
        events = await self._events(conversation_id, 0)
        if not events:
            raise UnknownConversation()
        assistant = self._engine.assistant
        said, missing = say_secrets(events, self._values, assistant.responses.secret_slots)
        stand_ins = StandIns(self._values)
        case = recorded(_name(conversation_id, events), stand_ins.events(said))
        if not case["steps"]:
            raise NothingSaid()
        labels = sorted(assistant.domain.label(slot) for slot in missing)
        text = "".join(f"# {label}: {_UNSAID}\n" for label in labels) + as_test_file([case])
        name = f"{case['test_case'].split()[1]}-{_mark(conversation_id)}.yml"
        return {
            "name": name,
            "text": text,
            "steps": len(case["steps"]),
            "replaced": stand_ins.count,
            "missing": labels,
            "file": self._keep(name, text),
        }

    def _keep(self, name: str, text: str) -> str | None:
        if self._folder is None:
            return None
        target = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Whole or not at all: a test run must never find half a file.
            part = target.with_suffix(f".{os.getpid()}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(target)
        except OSError as error:
            raise NotKept(self._folder, error.strerror or type(error).__name__) from None
        return str(target)

    async def _events(self, conversation_id: str, after: int) -> list[Event]:
        found: list[Event] = []
        while len(found) < LONGEST:
            page = await self._conversations.store.events(
                conversation_id, after=found[-1].seq if found else after, limit=PAGE
            )
            found += page
            if len(page) < PAGE:
                break
        return found


def _name(conversation_id: str, events: Sequence[Event]) -> str:
    """By when it began: one conversation has one name, however often it is recorded."""
    first = next((event for event in events if isinstance(event, UserUttered)), events[0])
    began = datetime.fromtimestamp(first.timestamp, KOREA)
    return f"기록 {began:%Y-%m-%d} {began:%H:%M} {_mark(conversation_id)}"


def _mark(conversation_id: str) -> str:
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:8]
