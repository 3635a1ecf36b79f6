"""`sangdam customer list|show|facts|merge|undo|forget-facts|delete`."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.channels.sent_files import forget_files
from bot.cli.console import assistant_option, run_async
from bot.conversation.customers import Fact, Merge, Profile, UnknownCustomer
from bot.conversation.store import Case
from bot.conversation.transcript import iso
from bot.conversation.workforce import AuditRow
from bot.desk.customers.contacts import search_terms
from bot.desk.customers.profile_json import customer_json, node_names, summary_json
from bot.server.settings import load_settings
from bot.storage.sql import SqlStore, open_store

Result = TypeVar("Result")
as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")
KEPT = (
    "What stays: when the cases were, their queue, agent, codes and targets, without words; who did what, without\n"
    "words; and copies that left Sangdam: backups, exports, utterances labelled by 'sangdam review', the company's\n"
    "own systems."
)


@click.group()
def customer() -> None:
    """Look at customers, merge and part them, forget them. Contact data are shown masked."""


@customer.command("list")
@assistant_option
@click.argument("words", nargs=-1)
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True)
@as_json
def list_customers(assistant: Path, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Customers by name, telephone number, address or account; the newest without WORDS."""

    async def read(store: SqlStore) -> list[Profile]:
        found = await store.find_customers(search_terms(" ".join(words)), limit=limit)
        return [await store.profile(one) for one in found]

    found = _with_store(assistant, read)
    if as_json:
        return click.echo(json.dumps([summary_json(one) for one in found], ensure_ascii=False, indent=2))
    for profile in found:
        head = summary_json(profile)
        known = ", ".join(_identity(one) for one in head["identities"])
        click.echo(f"{head['id']}\t{head['name']}\t{head['segment'] or '-'}\t{known or '-'}")


@customer.command("show")
@assistant_option
@click.argument("customer_id")
@as_json
def show_customer(assistant: Path, customer_id: str, as_json: bool) -> None:
    """All that is known of one; an id that was merged shows the whole."""

    async def read(store: SqlStore) -> tuple[Profile, dict[str, str], list[Case]]:
        profile = await store.profile(customer_id)
        return profile, await _names(store, profile), await store.cases_of(profile.conversations)

    profile, names, cases = _with_store(assistant, read)
    shown = customer_json(profile, names)
    if as_json:
        lines = [_case(case) for case in cases]
        return click.echo(json.dumps({**shown, "cases": lines}, ensure_ascii=False, indent=2))
    click.echo(f"{shown['id']}\t{shown['name']}\t{shown['segment'] or '-'}\tversion {shown['version']}")
    for one in shown["identities"]:
        click.echo(f"  {one['kind']}\t{_identity(one)}")
    for note in shown["notes"]:
        click.echo(f"  note\t{note['at'][:16]}\t{note['actor']['name']}: {note['text']}")
    for merge in shown["merges"]:
        names_of = f"{merge['kept']['name']} <- {merge['gone']['name']}"
        click.echo(f"  merge {merge['id']}\t{merge['at'][:16]}\t{names_of}\t{merge['state']}")
    for case in cases:
        click.echo("  case\t{created_at}\t{channel}\t{state}\t{id}".format(**_case(case)))


@customer.command("merge")
@assistant_option
@click.argument("kept_id")
@click.argument("gone_id")
@click.option("--reason", default="", help="Kept with the merge, for those who look at it later.")
def merge_customers(assistant: Path, kept_id: str, gone_id: str, reason: str) -> None:
    """Take GONE_ID for the same person as KEPT_ID. Nothing is moved; `undo` parts them again."""

    async def act(store: SqlStore) -> Merge:
        kept, gone = await store.profile(kept_id), await store.profile(gone_id)
        who = getpass.getuser()
        merge = Merge(
            kept_id=kept.customer.id,
            gone_id=gone.customer.id,
            at=time.time(),
            actor_id="cli",
            actor_name=who,
            reason=reason,
        )
        done = await store.merge(
            merge, kept_version=kept.customer.version, gone_version=gone.customer.version
        )
        told = {"customer_id": done.kept_id, "other": done.gone_id, "merge_id": str(done.id)}
        await _record(store, "merge_customers", told)
        return done

    done = _with_store(assistant, act)
    click.echo(f"{done.kept_id} <- {done.gone_id}\tmerge {done.id}")


@customer.command("undo")
@assistant_option
@click.argument("merge_id", type=int)
def undo_merge(assistant: Path, merge_id: int) -> None:
    """Part what merge MERGE_ID put together; `show` lists the numbers."""

    async def act(store: SqlStore) -> Merge:
        merge = await store.merge_of(merge_id)
        if merge is None:
            raise UnknownCustomer()
        root = (await store.profile(merge.kept_id)).customer
        done = await store.undo_merge(merge_id, version=root.version, at=time.time(), by=getpass.getuser())
        await _record(store, "undo_merge", {"customer_id": root.id, "merge_id": str(merge_id)})
        return done

    done = _with_store(assistant, act)
    click.echo(f"{done.kept_id}\t{done.gone_id}\tparted")


@customer.command("delete", epilog=KEPT.replace("\n", " "))
@assistant_option
@click.argument("customer_id")
@click.option("--yes", is_flag=True, help="Don't ask.")
def delete_customer(assistant: Path, customer_id: str, yes: bool) -> None:
    """Forget a customer: everything that was said, files, profile, notes, with all that is merged. For good."""
    settings = load_settings(assistant)

    async def read(store: SqlStore) -> Profile:
        return await store.profile(customer_id)

    profile = _with_store(assistant, read)
    click.echo(f"{node_names(profile)[profile.customer.id]}: {len(profile.conversations)} conversations")
    if not yes:
        click.confirm("This can't be undone. Forget this customer?", abort=True)

    async def act(store: SqlStore) -> Profile:
        erased = await store.erase_customer(profile.customer.id, at=time.time())
        await _record(store, "erase_customer", {"customer_id": erased.customer.id})
        return erased

    erased = _with_store(assistant, act)
    for conversation_id in erased.conversations:
        forget_files(settings.data_dir / "uploads", conversation_id)
    click.echo(f"Forgotten.\n{KEPT}")
    if settings.database_url.startswith("sqlite"):
        click.echo("A server that runs on this database keeps open pages in memory until it is restarted.")


@customer.command("facts")
@assistant_option
@click.argument("customer_id")
@as_json
def show_facts(assistant: Path, customer_id: str, as_json: bool) -> None:
    """What the bot remembers of a customer, until when, and what they decided. Values are shown whole, for the customer."""

    async def read(store: SqlStore) -> list[Fact]:
        return await store.facts((await store.profile(customer_id)).customer.id)

    facts, now = _with_store(assistant, read), time.time()
    rows: list[dict[str, Any]] = [
        {
            "name": fact.name,
            "consent": fact.consent,
            "decided_at": iso(fact.decided_at),
            "value": fact.value if fact.known(now) else None,
            "remembered_at": iso(fact.remembered_at),
            "expires_at": iso(fact.expires_at),
        }
        for fact in facts
    ]
    if as_json:
        return click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    for row in rows:
        known = f"{row['value']}\tuntil {row['expires_at'][:10]}" if row["value"] is not None else "-"
        agreed = "agreed" if row["consent"] else "refused"
        click.echo(f"{row['name']}\t{agreed} {row['decided_at'][:10]}\t{known}")


@customer.command("forget-facts")
@assistant_option
@click.argument("customer_id")
@click.option("--name", "names", multiple=True, help="Only this slot; may be given several times.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def forget_facts_of(assistant: Path, customer_id: str, names: tuple[str, ...], yes: bool) -> None:
    """Delete what the bot remembers of a customer, who isn't asked again. What was said stays; `delete` forgets all."""
    if not yes:
        click.confirm("This can't be undone. Delete what is remembered?", abort=True)

    async def act(store: SqlStore) -> list[str]:
        root = (await store.profile(customer_id)).customer.id
        gone = await store.forget_facts(root, at=time.time(), names=names or None)
        await _record(store, "forget_facts", {"customer_id": root, "slots": ", ".join(gone)})
        return gone

    gone = _with_store(assistant, act)
    click.echo(f"Forgotten: {', '.join(gone) or 'nothing was remembered'}")


def _with_store(assistant: Path, work: Callable[[SqlStore], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        store = await open_store(load_settings(assistant).database_url)
        try:
            return await work(store)
        finally:
            await store.close()

    return run_async(run())


async def _record(store: SqlStore, action: str, detail: dict[str, Any]) -> None:
    await store.record(
        AuditRow(at=time.time(), actor_id="cli", actor_name=getpass.getuser(), action=action, detail=detail)
    )


async def _names(store: SqlStore, profile: Profile) -> dict[str, str]:
    names = node_names(profile)
    for merge in profile.merges:
        for other in {merge.kept_id, merge.gone_id} - names.keys():
            names.update(node_names(await store.profile(other)))
    return names


def _identity(one: dict[str, Any]) -> str:
    return f"{one['value']}{'' if one['verified'] else ' (unverified)'}"


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "channel": case.channel,
        "state": case.state,
        "outcome": case.outcome_code,
        "created_at": (iso(case.created_at) or "")[:16],
    }
