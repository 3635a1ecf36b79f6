"""What the commands share with a person: errors in one line, progress, where things lie."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import structlog

from formats import SangdamError
from korean.privacy import mask

Result = TypeVar("Result")
Tell = Callable[[str, float], None]


def guarded(command: Callable[..., Any], **options: Any) -> None:
    """Run a command; what went wrong is said in one line, never as a stack trace."""
    configure_logging()
    try:
        command(**options)
    except SangdamError as error:
        click.echo(f"sangdam: {error.en}", err=True)
        if error.remedy:
            click.echo(f"         {error.remedy}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """The thin shell between a synchronous command and asynchronous work."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one: it costs a turn less than the standard loop. Windows has none."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def configure_logging(level: int = logging.WARNING) -> None:
    """Logs on stderr, personal data masked; warnings and worse unless a command says otherwise."""
    _quiet_libraries()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            mask_personal_data,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
            if sys.stderr.isatty()
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at each line: what standard error is may change under a long-lived process, and does in tests.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def mask_personal_data(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: numbers and addresses of people don't reach the log, whatever an exception quotes."""
    for key, value in entry.items():
        if key not in ("timestamp", "level"):
            entry[key] = masked_value(value)
    return entry


def masked_value(value: Any) -> Any:
    """Texts masked wherever they lie in lists and dictionaries; numbers and other plain values as they are.

    What is none of these is written as its masked `repr`, which is how a renderer would show it.
    """
    if isinstance(value, str):
        return mask(value)
    if value is None or isinstance(value, bool | int | float):
        return _masked_number(value)
    if isinstance(value, Mapping):
        return {mask(str(key)): masked_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked_value(item) for item in value]
    return mask(repr(value))


def _masked_number(value: Any) -> Any:
    """An integer as long as a telephone number may be one."""
    return mask(str(value)) if type(value) is int and abs(value) >= 10**8 else value


class _StandardError(logging.Handler):
    """Standard error as it is when a line is written: it may change under a long-lived process, and does in tests."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; what can't be written is dropped."""
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except Exception:
            self.handleError(record)


class MaskingFormatter(logging.Formatter):
    """The lines of libraries, tracebacks included, with personal data masked."""

    def format(self, record: logging.LogRecord) -> str:
        """One masked record."""
        return mask(super().format(record))


def _quiet_libraries() -> None:
    """Libraries that log at DEBUG or to the root logger on their own say only what is wrong."""
    # A handler that fails would print the record's arguments as they are.
    logging.raiseExceptions = False
    handler = _StandardError()
    handler.setLevel(logging.ERROR)
    handler.setFormatter(MaskingFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """A progress bar on a terminal; on anything else one line a stage."""
    if not sys.stderr.isatty():
        told: list[str] = []

        def line(what: str, _share: float) -> None:
            if what not in told:
                told.append(what)
                click.echo(f"{title}: {what}", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda what, share: bar.update(task, description=f"{title}: {what}", completed=share)


def assistant_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--assistant DIR`: the folder with config.yml, domain.yml and data/."""
    return click.option(
        "--assistant",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        show_default=True,
        help="Folder with config.yml, domain.yml and data/.",
    )(command)
