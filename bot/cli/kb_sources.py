"""`sangdam kb add|crawl|remove`: documents that come from elsewhere than the assistant's own folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli.console import assistant_option, progress, run_async
from bot.cli.kb_report import build_json, problems_json, say_build, say_problems
from bot.server.prepare import build_knowledge, knowledge_encoder, places
from bot.server.settings import Settings, load_settings
from knowledge_base.added import AddedDocuments
from knowledge_base.crawl import CrawlOptions, CrawlReport
from knowledge_base.crawl import crawl as crawl_site
from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders import Problem
from knowledge_base.loaders.metadata import AUDIENCES, SIDECAR, checked

SAID = ("title", "audience", "version", "valid_from", "valid_until", "language", "category")


def _said_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options for what is said of the documents."""
    for name in reversed(SAID):
        kind = click.Choice(AUDIENCES) if name == "audience" else None
        option = click.option(
            f"--{name.replace('_', '-')}", name, type=kind, help=f"Said of the documents: {name}."
        )
        command = option(command)
    return command


def _after_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)
    return click.option("--no-build", is_flag=True, help="Leave the index as it is.")(command)


@click.command()
@assistant_option
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "--allow-private", multiple=True, metavar="HOST", help="A host of your own network that may be fetched."
)
@_said_options
@_after_options
def add(
    assistant: Path,
    sources: tuple[str, ...],
    allow_private: tuple[str, ...],
    no_build: bool,
    as_json: bool,
    **said: str | None,
) -> None:
    """Add documents: SOURCES are files, folders and addresses of single pages."""
    settings = load_settings(assistant)
    metadata = checked({key: value for key, value in said.items() if value})
    store = AddedDocuments(places(settings).added(settings.config.assistant_id))
    pages = [source for source in sources if source.startswith(("http://", "https://"))]
    added, problems = _add_files(store, [Path(s) for s in sources if s not in pages], metadata)
    fetched = CrawlReport()
    if pages:
        options = CrawlOptions(
            pages=len(pages) + 1, depth=0, follow=False, private=allow_private, metadata=metadata
        )
        fetched = _crawl(settings, pages, options)
    result = {
        "added": added,
        "pages": _counts(fetched),
        "problems": problems_json([*problems, *fetched.problems]),
    }
    if not as_json:
        say_problems([*problems, *fetched.problems])
        click.echo(f"{len(added) + fetched.new}개를 더했어요.")
    _finish(settings, result, no_build, as_json, failed=bool(problems or fetched.problems))


def _add_files(
    store: AddedDocuments, sources: Sequence[Path], metadata: dict[str, str]
) -> tuple[list[str], list[Problem]]:
    added: list[str] = []
    problems: list[Problem] = []
    for path, name in (file for source in sources for file in _files(source)):
        try:
            added.append(store.add(path, name, metadata)[0])
        except DocumentProblem as problem:
            problems.append(Problem(str(path), problem.code, problem.en, problem.remedy))
        except OSError as error:
            reason = f"{type(error).__name__}: {os.strerror(error.errno or 0)}."
            problems.append(
                Problem(str(path), "unreadable", reason, "Check the path, its rights and the disk.")
            )
    return added, problems


def _files(source: Path) -> Iterator[tuple[Path, str]]:
    """(path, name) of a file itself, or of the files of a folder, which keep their subfolders."""
    if not source.is_dir():
        yield source, source.name
        return
    for path in sorted(source.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(source).parts)
        if path.is_file() and not hidden and not path.name.endswith(SIDECAR):
            yield path, f"{source.resolve().name}/{path.relative_to(source).as_posix()}"


@click.command()
@assistant_option
@click.argument("starts", nargs=-1)
@click.option(
    "--list",
    "listed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with an address a line.",
)
@click.option(
    "--pages", type=click.IntRange(1, 10_000), default=200, show_default=True, help="How many pages at most."
)
@click.option(
    "--depth",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="How many links away from the start.",
)
@click.option(
    "--delay",
    type=click.FloatRange(0.1, 60),
    default=1.0,
    show_default=True,
    help="Seconds between two pages.",
)
@click.option("--no-follow", is_flag=True, help="Only the pages that are named, by you or by a sitemap.")
@click.option(
    "--allow-private", multiple=True, metavar="HOST", help="A host of your own network that may be fetched."
)
@_said_options
@_after_options
def crawl(
    assistant: Path,
    starts: tuple[str, ...],
    listed: Path | None,
    pages: int,
    depth: int,
    delay: float,
    no_follow: bool,
    allow_private: tuple[str, ...],
    no_build: bool,
    as_json: bool,
    **said: str | None,
) -> None:
    """Fetch a site's pages: STARTS are pages and sitemaps. Run it again to fetch only what changed."""
    settings = load_settings(assistant)
    metadata = checked({key: value for key, value in said.items() if value and key != "title"})
    addresses = [*starts, *(_listed(listed) if listed else ())]
    if not addresses:
        raise click.UsageError("Name a page, a sitemap or a --list.")
    options = CrawlOptions(
        name=" ".join(sorted(addresses)),
        pages=pages,
        depth=depth,
        delay=delay,
        follow=not no_follow,
        private=allow_private,
        metadata=metadata,
    )
    report = _crawl(settings, addresses, options)
    result = {**_counts(report), "problems": problems_json(report.problems)}
    if not as_json:
        say_problems(report.problems)
        click.echo(
            f"새로 읽은 쪽 {report.new}개, 그대로인 쪽 {report.unchanged}개, 없어진 쪽 {report.gone}개, "
            f"건너뛴 주소 {report.skipped}개."
        )
    _finish(settings, result, no_build, as_json, failed=not (report.new or report.unchanged or report.gone))


@click.command()
@assistant_option
@click.argument("documents", nargs=-1, required=True)
@_after_options
def remove(assistant: Path, documents: tuple[str, ...], no_build: bool, as_json: bool) -> None:
    """Remove documents that were added: DOCUMENTS are their ids, such as added/fees.pdf."""
    settings = load_settings(assistant)
    store = AddedDocuments(places(settings).added(settings.config.assistant_id))
    missing = [document for document in documents if not store.remove(document)]
    problems = [
        Problem(name, "unknown_document", "No such document was added.", "See 'kb build --json'.")
        for name in missing
    ]
    if not as_json:
        say_problems(problems)
    result = {"removed": len(documents) - len(missing), "problems": problems_json(problems)}
    _finish(settings, result, no_build, as_json, failed=bool(missing))


def _crawl(settings: Settings, addresses: Sequence[str], options: CrawlOptions) -> CrawlReport:
    with progress("수집") as tell:
        store = places(settings).added(settings.config.assistant_id)
        return run_async(crawl_site(store, addresses, options, tell))


def _listed(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _counts(report: CrawlReport) -> dict[str, int]:
    return {"new": report.new, "unchanged": report.unchanged, "gone": report.gone, "skipped": report.skipped}


def _finish(settings: Settings, result: dict[str, Any], no_build: bool, as_json: bool, failed: bool) -> None:
    """Bring the index up to date and say so; exit code 1 if something was left out."""
    if not no_build:
        with progress("색인") as tell:
            report = build_knowledge(settings, knowledge_encoder(settings), tell)
        result = {**result, "index": build_json(report) if report else None}
        if report and not as_json:
            say_build(report)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    if failed:
        raise SystemExit(1)
