"""``sim notebooks``: run the notebooks again and keep their outputs; twice gives the same bytes."""

from pathlib import Path
from typing import Any

import click

from sim.commands.terminal import ends_well, lang_option


@click.command()
@click.argument("where", metavar="FOLDER|FILE", default="notebooks", type=click.Path(exists=True))
@lang_option
def notebooks(where: str, lang: str) -> None:
    """重新运行笔记本并保存输出。 / Run the notebooks of a folder, or one of them, again and keep their outputs."""
    with ends_well(lang):
        import nbformat

        for path in sorted(Path(where).glob("*.ipynb")) if Path(where).is_dir() else [Path(where)]:
            click.echo(str(path), err=True)
            book = nbformat.read(path, as_version=4)
            nbformat.write(executed(book, path.parent), path)


def executed(book: Any, folder: Path) -> Any:
    """The notebook with fresh outputs, without anything that differs from one run to the next.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    from nbclient import NotebookClient

    client = NotebookClient(
        book, timeout=1800, record_timing=False, store_widget_state=False, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    for name in ("language_info", "widgets"):
        book.metadata.pop(name, None)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    return book
