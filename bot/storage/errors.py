"""Errors of the storage layer. Those of the store port itself stand in `bot.conversation.errors`.

SangdamError
├── BadStoreUrl       a database or bus URL that names no engine of ours
├── NewerSchema       the database was written by a newer version of the product
├── BusUnavailable    the bus can't be reached; nothing was published, the commit it told of stands
└── (bot.conversation) StoreUnavailable, VersionConflict, DuplicateMessage, UnknownCase, BadMessage
"""

from __future__ import annotations

from formats import SangdamError


class BadStoreUrl(SangdamError):
    """Raised at start for a URL that can't be used. `expected` shows one that can."""

    def __init__(self, what: str, expected: str) -> None:
        super().__init__(
            "bad_store_url",
            ko=f"저장소 주소를 알 수 없어요: {what}",
            en=f"Not a usable store or bus URL: {what}.",
            remedy=f"Use one like {expected}.",
        )


class NewerSchema(SangdamError):
    """Raised at start if the database's revision isn't known here; nothing was touched."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "newer_schema",
            ko="더 새로운 버전에서 쓰던 데이터베이스예요.",
            en=f"The database is at revision {revision}, which this version doesn't know.",
            remedy="Start the newer version again, or restore a backup from before the update.",
        )


class BusUnavailable(SangdamError):
    """Raised by `publish` and `subscribe` when the bus is closed or its server can't be reached."""

    status = 503

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            "bus_unavailable",
            ko="실시간 알림에 문제가 생겼어요.",
            en=f"The bus is unavailable. {detail}".strip(),
            remedy="Check the Redis server named by SANGDAM_BUS_URL.",
        )
