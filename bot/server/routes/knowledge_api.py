"""Documents through the desk: uploaded, listed, removed by supervisors and administrators (docs/reference/desk-api.md)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from bot.conversation.transcript import iso
from bot.desk.accounts import User
from bot.desk.bodies import BadRequest
from bot.desk.http import KEY, Door
from bot.server.crawl_schedule import CrawlSpec, CrawlState, next_run
from bot.server.knowledge_keeper import KnowledgeKeeper
from bot.server.scheduled_crawls import ScheduledCrawls
from formats import SangdamError
from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.file_type import MAX_BYTES
from knowledge_base.loaders.metadata import KNOWN

MAX_FIELD = 2_000
"""Bytes of one field of metadata."""
PATH = "/api/desk/knowledge/documents"
CRAWLS = "/api/desk/knowledge/crawls"


class UnknownDocument(SangdamError):
    """Raised for a document that wasn't added here; the assistant's own folder is changed on disk only."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "unknown_document",
            ko="올린 자료 가운데 찾을 수 없어요.",
            en="No such document was added.",
            remedy=f"GET {PATH} lists them.",
        )


class DiskFull(SangdamError):
    """Raised where an upload can't be kept."""

    status = 507

    def __init__(self, reason: str) -> None:
        super().__init__(
            "not_kept",
            ko="자료를 저장하지 못했어요.",
            en=f"It can't be kept: {reason}",
            remedy="Free some disk space, or check the rights of the data folder.",
        )


class KnowledgeApi:
    """Thin: who may, what was sent, what the store says."""

    def __init__(self, keeper: KnowledgeKeeper, crawls: ScheduledCrawls, door: Door) -> None:
        self._keeper = keeper
        self._crawls = crawls
        self._door = door

    def routes(self) -> Iterable[web.RouteDef]:
        """All of `/api/desk/knowledge`: supervisors' business; changes are recorded."""
        signed_in, document = self._door.signed_in, f"{PATH}/{{document_id:.+}}"
        return [
            web.get(PATH, signed_in(self.list, role="supervisor")),
            web.get(CRAWLS, signed_in(self.crawls, role="supervisor")),
            web.post(PATH, signed_in(self.upload, role="supervisor", audited="add_document", streamed=True)),
            web.delete(document, signed_in(self.remove, role="supervisor", audited="remove_document")),
        ]

    async def list(self, request: web.Request, user: User) -> web.Response:
        """What was added, and what the last build left out."""
        names = await asyncio.to_thread(lambda: [*self._keeper.documents.names()])
        return _json({"documents": names, "index": self._index()})

    async def crawls(self, request: web.Request, user: User) -> web.Response:
        """Sites that are read on a schedule: when they were, what came of it, when they will be again."""
        states = await asyncio.to_thread(self._crawls.states)
        return _json({"crawls": [_crawl_line(spec, state) for spec, state in states]})

    async def upload(self, request: web.Request, user: User) -> web.StreamResponse:
        """Multipart: `file`, and fields of metadata. It is read at once; what can't be read is refused."""
        if not request.content_type.startswith("multipart/"):
            raise web.HTTPUnsupportedMediaType(reason="The body is no multipart/form-data.")
        with tempfile.TemporaryDirectory(prefix="sangdam-upload-") as folder:
            name, path, metadata = await _received(request, Path(folder))
            key = request.headers.get(KEY)
            if key is None:
                return await self._keep(path, name, metadata)
            told = await asyncio.to_thread(_fingerprint, path, name, metadata)
            return await self._door.once(user, key, told, lambda: self._keep(path, name, metadata))

    async def _keep(self, path: Path, name: str, metadata: dict[str, str]) -> web.Response:
        try:
            added = await asyncio.to_thread(lambda: self._added(path, name, metadata))
        except OSError as error:
            raise DiskFull(os.strerror(error.errno or 0)) from error
        self._keeper.wake()
        return _json(added, status=201)

    async def remove(self, request: web.Request, user: User) -> web.Response:
        """Forget a document; it is quoted no more as soon as the index is built."""
        document_id = request.match_info["document_id"]
        if not await asyncio.to_thread(lambda: self._keeper.documents.remove(document_id)):
            raise UnknownDocument()
        self._keeper.wake()
        return web.Response(status=204)

    def _added(self, path: Path, name: str, metadata: dict[str, str]) -> dict[str, Any]:
        document_id, reading = self._keeper.documents.add(path, name, metadata)
        return {
            "id": document_id,
            "title": metadata.get("title")
            or reading.metadata.get("title")
            or reading.title
            or Path(name).stem,
            "sections": len(reading.sections),
            "problems": [{"code": gap.code, "reason": gap.en, "remedy": gap.remedy} for gap in reading.gaps],
        }

    def _index(self) -> dict[str, Any]:
        report, problem = self._keeper.report, self._keeper.problem
        return {
            "building": self._keeper.building,
            "version": report.version if report else None,
            "documents": report.documents if report else None,
            "chunks": report.chunks if report else None,
            "problems": [
                {"file": left.file, "code": left.code, "reason": left.reason, "remedy": left.remedy}
                for left in (report.problems if report else ())
            ],
            "problem": {"code": problem.code, "ko": problem.ko, "en": problem.en, "remedy": problem.remedy}
            if problem
            else None,
        }


def _crawl_line(spec: CrawlSpec, state: CrawlState) -> dict[str, Any]:
    now = time.time()
    told = state.model_dump(exclude={"started_at", "finished_at", "alive_at"})
    return {
        "name": spec.name,
        "every": spec.every,
        "at": spec.at,
        "running": state.running(now),
        "started_at": iso(state.started_at) if state.started_at else None,
        "finished_at": iso(state.finished_at) if state.finished_at else None,
        "next_at": iso(max(next_run(spec, state), now)),
        **told,
    }


def _fingerprint(path: Path, name: str, metadata: dict[str, str]) -> str:
    """Of what was sent: another file, name or field gives another one."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(json.dumps([content, name, metadata], sort_keys=True).encode()).hexdigest()


async def _received(request: web.Request, folder: Path) -> tuple[str, Path, dict[str, str]]:
    """(name, where it lies, metadata). The file is written piece by piece, and refused as soon as it is too large."""
    name, metadata = "", {}
    path = folder / "upload"
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise BadRequest("a part holds parts of its own")
            if part.name == "file" and not name:
                # Some browsers send the path on the sender's disk.
                name = (part.filename or "").replace("\\", "/").rpartition("/")[2]
                await _write(part, path)
            elif part.name in KNOWN:
                metadata[part.name] = await _field(part)
            else:
                raise BadRequest(f"{part.name!r} is none of file, {', '.join(KNOWN)}")
    except ValueError as error:
        raise BadRequest(f"the body can't be read: {error}"[:200]) from None
    if not name:
        raise BadRequest("there is no part 'file' with a file name")
    return name, path, {key: value for key, value in metadata.items() if value}


async def _write(part: BodyPartReader, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := await part.read_chunk(64 * 1024):
            size += len(chunk)
            if size > MAX_BYTES:
                raise DocumentProblem(
                    "too_large", f"It has more than {MAX_BYTES // 2**20} MB.", "Split it.", status=413
                )
            file.write(chunk)


async def _field(part: BodyPartReader) -> str:
    data = await part.read_chunk(MAX_FIELD + 1)
    if len(data) > MAX_FIELD:
        raise BadRequest(f"{part.name!r} is too long")
    try:
        return data.decode().strip()
    except UnicodeDecodeError:
        raise BadRequest(f"{part.name!r} is no UTF-8 text") from None


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(body, ensure_ascii=False), status=status, content_type="application/json"
    )
