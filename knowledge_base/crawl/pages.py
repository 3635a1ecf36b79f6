"""Crawled pages on disk: where each lies, and what its server said of it, so that only what changed is fetched again."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from knowledge_base.added import PAGES, write_sidecar
from knowledge_base.loaders.metadata import SIDECAR

_STATE = ".crawl.json"
_UNSAFE = re.compile(r"[^\w가-힣.-]+")


class KnownPages:
    """The pages of one store. Saved by `close`, and after every page a reader finds whole files.

    `crawl` is the name under which pages are taken; those of other names aren't its own.
    """

    def __init__(self, folder: Path, crawl: str = "") -> None:
        self._folder = folder / PAGES
        self._crawl = crawl
        self._state: dict[str, dict[str, str]] = {}
        with suppress(OSError, ValueError):
            self._state = _checked(json.loads((self._folder / _STATE).read_text(encoding="utf-8")))

    def conditions(self, url: str) -> dict[str, str]:
        """Headers that ask the server to send a page only if it changed."""
        known = self._state.get(url, {})
        if not known or not (self._folder / known.get("file", "")).is_file():
            return {}
        pairs = (("If-None-Match", known.get("etag")), ("If-Modified-Since", known.get("modified")))
        return {name: value for name, value in pairs if value}

    def keep(
        self, url: str, data: bytes, suffix: str, headers: Mapping[str, str], said: Mapping[str, str]
    ) -> bool:
        """Write a page; whether it is new or changed. Raises `OSError`."""
        digest = hashlib.sha256(data).hexdigest()
        known = self._state.get(url, {})
        path = self._folder / (known.get("file") or _file_of(url, suffix))
        same = known.get("digest") == digest and path.is_file()
        if not same:
            path.parent.mkdir(parents=True, exist_ok=True)
            working = path.with_name(f".{path.name}")
            working.write_bytes(data)
            write_sidecar(path, {**said, "source": url})
            os.replace(working, path)
        self._state[url] = {
            **known,
            "file": path.relative_to(self._folder).as_posix(),
            "digest": digest,
            "etag": headers.get("ETag", ""),
            "modified": headers.get("Last-Modified", ""),
            **({} if same else {"said": _told(said)}),
        }
        return self.still(url, said) or not same

    def still(self, url: str, said: Mapping[str, str]) -> bool:
        """A page that is as it was is this crawl's now; whether what is said of it changed. Raises `OSError`."""
        known = self._state.get(url)
        if known is None:
            return False
        if self._crawl:
            known["crawl"] = self._crawl
        if known.get("said") == _told(said):
            return False
        write_sidecar(self._folder / known["file"], {**said, "source": url})
        known["said"] = _told(said)
        return True

    def own(self) -> list[str]:
        """Addresses of the pages that this crawl took, now or before."""
        return [
            url for url, known in self._state.items() if self._crawl and known.get("crawl") == self._crawl
        ]

    def drop(self, url: str) -> bool:
        """Forget a page that is gone; whether it was known."""
        known = self._state.pop(url, None)
        if known is None:
            return False
        path = self._folder / known.get("file", "")
        for part in (path, path.with_name(path.name + SIDECAR)):
            part.unlink(missing_ok=True)
        return True

    def links(self, url: str) -> bytes:
        """The page as it was kept, for its links; empty if it isn't there."""
        with suppress(OSError):
            return (self._folder / self._state.get(url, {}).get("file", "")).read_bytes()
        return b""

    def close(self) -> None:
        """Remember for the next time. Raises `OSError`."""
        if not self._state and not self._folder.is_dir():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        working = self._folder / f"{_STATE}.{os.getpid()}"
        working.write_text(json.dumps(self._state, ensure_ascii=False), encoding="utf-8")
        os.replace(working, self._folder / _STATE)


def _checked(data: Any) -> dict[str, dict[str, str]]:
    """Only what we could have written; a file name never leads out of the folder."""
    return {
        str(url): {str(key): str(value) for key, value in known.items()}
        for url, known in data.items()
        if isinstance(known, dict)
        and ".." not in str(known.get("file", ""))
        and not str(known.get("file")).startswith("/")
    }


def _told(said: Mapping[str, str]) -> str:
    return json.dumps(dict(said), ensure_ascii=False, sort_keys=True)


def _file_of(url: str, suffix: str) -> str:
    """`host/path.html`; a query and what is too long are told apart by a digest."""
    parts = urlsplit(url)
    steps = [_UNSAFE.sub("-", unquote(step)).strip(".-")[:60] for step in parts.path.split("/")]
    name = "/".join(filter(None, steps[-6:])) or "index"
    if name.lower().endswith(suffix):
        name = name[: -len(suffix)]
    plain = parts.query == "" and len(parts.path) < 200 and unquote(parts.path).strip("/") == name
    mark = (
        ""
        if plain or (name == "index" and not parts.query)
        else "-" + hashlib.sha256(url.encode()).hexdigest()[:8]
    )
    host = _UNSAFE.sub("-", parts.netloc)
    return f"{host}/{name}{mark}{suffix}"
