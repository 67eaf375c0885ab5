"""A run store for the time of a command, and what has to be said about it aloud."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.engine.store import RunStore


@contextlib.contextmanager
def opened(folder: Path, lang: str) -> Iterator["RunStore"]:
    """The folder's run store; runs of other model code in it are told of, never used.

    Raises:
        sim.engine.store.StoreTrouble: it cannot be read or written.
    """
    from sim.engine.store import RunStore

    with RunStore(folder) as store:
        tell_stale(store, lang)
        yield store


def tell_stale(store: "RunStore", lang: str) -> None:
    """Say how many runs of the store are of no use any more."""
    if store.stale:
        zh = f"{store.path} 里有 {store.stale} 次运行是用别的模型代码做的，不会使用；需要的会重新计算。"
        en = f"{store.stale} runs in {store.path} were made by other model code; they are not used, what is needed is run."
        click.echo(zh if lang == "zh" else en, err=True)
