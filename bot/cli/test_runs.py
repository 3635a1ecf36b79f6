"""Conversation tests over one assistant, in this process or shared out among several."""

from __future__ import annotations

import logging
import multiprocessing
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.cli.console import Tell, configure_logging, run_async
from bot.conversation.e2e.coverage import Taken
from bot.conversation.e2e.files import LoadedCase
from bot.conversation.e2e.run import CaseRunner, Result
from bot.conversation.flows.model import Flow
from bot.server.settings import Settings, load_settings
from formats import SangdamError
from nlu.pipeline import Pipeline


@dataclass(slots=True)
class Ran:
    """What came of the cases, in their order, and what they went through."""

    results: list[Result] = field(default_factory=list)
    taken: Taken = field(default_factory=Taken)
    flows: dict[str, Flow] = field(default_factory=dict)
    """Business flows of the assistant."""


def run_cases(
    settings: Settings, cases: Sequence[LoadedCase], jobs: int, *, fail_fast: bool, tell: Tell
) -> Ran:
    """Train and index what has changed, then run all cases. Raises what `prepare` and `open_server` raise."""
    from bot.conversation.assistant import load_assistant
    from bot.server.serve import prepare

    pipeline = prepare(settings, tell)
    shares = shared_out(cases, jobs)
    if len(shares) < 2:
        ran = run_async(_run(settings, pipeline, cases, fail_fast))
    else:
        del pipeline
        ran = _side_by_side(settings.assistant_dir, shares, fail_fast)
        order = {case.name: place for place, case in enumerate(cases)}
        ran.results.sort(key=lambda result: order[result.case.name])
    ran.flows = load_assistant(settings.assistant_dir).business_flows
    return ran


def shared_out(cases: Sequence[LoadedCase], jobs: int) -> list[list[LoadedCase]]:
    """Whole files, so that each finds the back office as its own cases left it; the longest first to the least busy."""
    files: dict[Path, list[LoadedCase]] = {}
    for case in cases:
        files.setdefault(case.file, []).append(case)
    shares: list[list[LoadedCase]] = [[] for _ in range(min(jobs, len(files)))]
    for found in sorted(files.values(), key=_weight, reverse=True):
        min(shares, key=_weight).extend(found)
    return shares


def _weight(cases: Sequence[LoadedCase]) -> int:
    return sum(len(case.case.steps) for case in cases)


def _side_by_side(assistant: Path, shares: list[list[LoadedCase]], fail_fast: bool) -> Ran:
    """Each share in a process of its own, with a database and a back office of its own."""
    whole = Ran()
    # Threads of the models don't survive a fork.
    with multiprocessing.get_context("spawn").Pool(len(shares)) as pool:
        work = [(assistant, share, fail_fast) for share in shares]
        for part in pool.imap_unordered(_in_process, work):
            if isinstance(part, _Trouble):
                raise SangdamError(part.code, ko=part.ko, en=part.en, remedy=part.remedy)
            whole.results += part.results
            whole.taken.add(part.taken)
            if fail_fast and any(not result.passed for result in part.results):
                break
    return whole


@dataclass(frozen=True, slots=True)
class _Trouble:
    """An error on its way between processes; an exception with arguments of its own wouldn't arrive."""

    code: str
    ko: str
    en: str
    remedy: str


def _in_process(work: tuple[Path, list[LoadedCase], bool]) -> Ran | _Trouble:
    from bot.server.prepare import load_pipeline

    assistant, cases, fail_fast = work
    configure_logging(logging.CRITICAL)
    try:
        settings = load_settings(assistant)
        return run_async(_run(settings, load_pipeline(settings), cases, fail_fast))
    except SangdamError as error:
        return _Trouble(error.code, error.ko, error.en, error.remedy)


async def _run(settings: Settings, pipeline: Pipeline, cases: Sequence[LoadedCase], fail_fast: bool) -> Ran:
    from bot.server.companions import Companions
    from bot.server.serve import open_server

    companions = Companions(settings.config.companions)
    ran = Ran()
    with tempfile.TemporaryDirectory() as folder:
        companions.start()
        try:
            apart = settings.model_copy(update={"database_url": f"sqlite:///{folder}/test.db", "bus_url": ""})
            server = await open_server(apart, pipeline)
            try:
                await companions.ready()
                engine = server.service.engine
                engine.machine.watchers.append(ran.taken)
                runner = CaseRunner(engine)
                for case in cases:
                    await companions.reset()
                    ran.results.append(await runner.run(case))
                    if fail_fast and not ran.results[-1].passed:
                        break
            finally:
                await server.service.close()
        finally:
            companions.stop()
    return ran
