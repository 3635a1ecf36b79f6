"""`sangdam customer` over a database with two customers in it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from bot.channels.sent_files import folder_of
from bot.conversation.customers import Customer, Fact, Identity
from bot.storage.kits.samples import AT, case_of, commit_of, said
from bot.storage.sql import default_url, open_store

PHONE = Identity(kind="phone", value="010-1234-5678", verified=True, source="agent", added_at=AT)


def fill(folder: Path) -> None:
    """김서연 with a closed case, and a visitor without one."""

    async def work() -> None:
        store = await open_store(default_url(folder))
        case = case_of("h1", "c1", state="closed", closed_at=AT + 9)
        await store.commit(commit_of("c1", [said("홍길동이에요")], case=case))
        await store.commit(commit_of("c2", [said("010-1234-5678이에요")]))
        await store.meet("c1", Customer(id="k1", name="김서연", segment="vip", created_at=AT))
        await store.meet("c2", Customer(id="k2", created_at=AT + 1))
        await store.put_identity("k2", PHONE)
        await store.close()

    asyncio.run(work())


def test_customers_are_listed_shown_merged_parted_and_forgotten(sangdam: Any, tmp_path: Path) -> None:
    fill(tmp_path)
    assert sangdam("customer", "list", "서연").stdout == "k1\t김서연\tvip\t-\n"
    found = json.loads(sangdam("customer", "list", "1234-5678", "--json").stdout)
    assert [(one["id"], one["identities"][0]["value"]) for one in found] == [("k2", "010-****-5678")]
    merged = sangdam("customer", "merge", "k1", "k2", "--reason", "같은 번호")
    assert merged.stdout == "k1 <- k2\tmerge 1\n", merged.stderr
    whole = sangdam("customer", "show", "k2").stdout
    assert "김서연" in whole and "010-****-5678" in whole and "case\t" in whole and "merge 1\t" in whole
    assert sangdam("customer", "merge", "k1", "k2").returncode == 2
    assert sangdam("customer", "undo", "1").stdout == "k1\tk2\tparted\n"
    assert sangdam("customer", "undo", "1").returncode == 2
    assert sangdam("customer", "undo", "99").returncode == 2
    kept = json.loads(sangdam("customer", "show", "k1", "--json").stdout)
    assert (kept["merges"][0]["state"], [one["id"] for one in kept["cases"]]) == ("undone", ["h1"])

    sent = folder_of(tmp_path / "uploads", "c1")
    sent.mkdir(parents=True)
    (sent / "a").write_text("그림")
    refused = sangdam("customer", "delete", "k1", stdin="n\n")
    assert refused.returncode == 1 and sent.exists()
    gone = sangdam("customer", "delete", "k1", "--yes")
    assert gone.returncode == 0 and "What stays" in gone.stdout and not sent.exists()
    assert sangdam("customer", "show", "k1").returncode == 2
    # A write-ahead log that was not emptied yet would still hold the words.
    kept_bytes = b"".join(path.read_bytes() for path in tmp_path.glob("sangdam.db*"))
    assert "홍길동이에요".encode() not in kept_bytes
    assert sangdam("customer", "list").stdout.startswith("k2\t방문자")


def test_what_is_remembered_is_shown_and_deleted_at_the_customers_request(
    sangdam: Any, tmp_path: Path
) -> None:
    fill(tmp_path)

    async def work() -> None:
        store = await open_store(default_url(tmp_path))
        kept = {"consent": True, "decided_at": AT, "remembered_at": AT, "expires_at": 9e9}
        await store.put_fact("k1", Fact(name="branch", value="판교점", **kept))
        await store.put_fact("k1", Fact(name="email", value="a@b.kr", **{**kept, "expires_at": AT + 1}))
        await store.put_fact("k1", Fact(name="phone", consent=False, decided_at=AT))
        await store.close()

    asyncio.run(work())
    shown = {one["name"]: one for one in json.loads(sangdam("customer", "facts", "k1", "--json").stdout)}
    assert shown["branch"]["value"] == "판교점" and shown["branch"]["remembered_at"]
    assert shown["email"]["value"] is None, "its time is over"
    assert shown["phone"]["consent"] is False
    assert "branch\tagreed" in sangdam("customer", "facts", "k1").stdout
    assert sangdam("customer", "forget-facts", "k1", stdin="n\n").returncode == 1
    one = sangdam("customer", "forget-facts", "k1", "--name", "email", "--yes")
    assert one.stdout == "Forgotten: nothing was remembered\n"
    assert sangdam("customer", "forget-facts", "k1", "--yes").stdout == "Forgotten: branch\n"
    assert not any(one["consent"] for one in json.loads(sangdam("customer", "facts", "k1", "--json").stdout))
    assert sangdam("customer", "facts", "nobody").returncode == 2
