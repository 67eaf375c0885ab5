"""What commands share in a terminal: exit codes, interruption, a progress bar, tables with wide characters."""

import contextlib
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import click

OK, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
PATIENCE_SECONDS = 5.0

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="SIM_LANG", show_envvar=True,
    help="语言 / language",
)  # fmt: skip


def workers_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--workers`` and ``--cluster``: where runs are made; the result does not depend on it."""
    for option in (
        click.option("--cluster", metavar="ADDRESS", help="Dask 集群地址，代替 --workers / Dask scheduler to run on"),
        click.option("--workers", metavar="K", help="并行进程数，默认全部处理器 / processes, default: all processors"),
    ):
        command = option(command)
    return command


@contextlib.contextmanager
def ends_well(lang: str) -> Iterator[None]:
    """Turn what can go wrong into a message and an exit code, never a traceback.

    Problems: 2. A failed study: 1. Ctrl-C or SIGTERM: 130.
    """
    from sim.failures import StudyFailed
    from sim.problems import Problems
    from sim.words import text

    def stop(*_: Any) -> NoReturn:
        # Python may lose an exception raised in an unlucky place, or wait for a worker that is still starting.
        # The end comes all the same; workers end with this process, and nothing is in place before it is whole.
        last = threading.Timer(PATIENCE_SECONDS, _end, (text("interrupted", lang),))
        last.daemon = True
        last.start()
        raise KeyboardInterrupt

    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, stop) for kind in kinds}
    try:
        yield
    except Problems as found:
        _leave(found.text("en" if lang == "en" else "zh"), WRONG)
    except StudyFailed as failed:
        _leave(failed.text(lang), FAILED)
    except KeyboardInterrupt:
        _leave(text("interrupted", lang), INTERRUPTED)
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _end(message: str) -> NoReturn:
    click.echo(message, err=True)
    os._exit(INTERRUPTED)


def _leave(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(code)


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left on stderr; nothing where nobody looks."""
    from tqdm import tqdm

    with tqdm(desc=what, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def width(text: str) -> int:
    """Columns a text takes in a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def aligned(head: list[str], body: list[list[str]]) -> str:
    """A table in plain text: first column to the left, the others to the right."""
    # The minus sign is one or two columns wide depending on the terminal's font; the hyphen is always one.
    rows = [[cell.replace("−", "-").replace("–", "-") for cell in row] for row in (head, *body)]
    widths = [max(width(row[i]) for row in rows) for i in range(len(head))]
    lines = []
    for row in rows:
        padded = [" " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)]
        lines.append("  ".join([row[0] + padded[0], *(p + c for p, c in zip(padded[1:], row[1:], strict=True))]))
    rule = "-" * max(width(line) for line in lines)
    return "\n".join([lines[0].rstrip(), rule, *(line.rstrip() for line in lines[1:])])
