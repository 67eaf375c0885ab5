"""A study's result as a workbook for Excel: what is read, every number, and where it comes from."""

import contextlib
import datetime as dt
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from sim.studies.words import text

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.result import StudyResult

FONT = {"zh": "微软雅黑", "en": "Calibri"}
WIDEST = 60


def write(result: "StudyResult", path: Path, lang: str) -> Path:
    """Write a study's workbook as a whole or not at all; the same result gives the same bytes."""
    with _book(path, result.title(lang), lang) as (book, head, plain, wrapped):
        _read(book.add_worksheet(text("shown_sheet", lang)), result, lang, head, plain, wrapped)
        _numbers(book.add_worksheet(text("numbers_sheet", lang)), result.table, head, plain)
        _about(book.add_worksheet(text("about_sheet", lang)), result, lang, plain)
    return path


def write_frames(frames: "dict[str, pd.DataFrame]", path: Path) -> Path:
    """Write tables as a workbook, a sheet each, as a whole or not at all."""
    with _book(path, path.stem, "zh") as (book, head, plain, _):
        for name, frame in frames.items():
            _numbers(book.add_worksheet(name), frame, head, plain)
    return path


@contextlib.contextmanager
def _book(path: Path, title: str, lang: str) -> Iterator[tuple[Any, Any, Any, Any]]:
    """A workbook with its formats (head, plain, wrapped), put in place when the block ends well."""
    with tempfile.TemporaryDirectory(prefix=".xlsx-", dir=path.resolve().parent) as folder:
        unfinished = Path(folder, path.name)
        with xlsxwriter.Workbook(str(unfinished)) as book:
            book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
            base = {"font_name": FONT[lang], "font_size": 10.5, "valign": "top"}
            head = book.add_format(base | {"bold": True, "bottom": 1, "text_wrap": True})
            yield book, head, book.add_format(base), book.add_format(base | {"text_wrap": True})
        os.replace(unfinished, path)


def _read(sheet: Any, result: "StudyResult", lang: str, head: Any, plain: Any, wrapped: Any) -> None:
    names, body = result.shown(lang)
    sheet.write(0, 0, f"{result.title(lang)} · {result.about.title[lang]}", head)
    lines = [*result.about.warnings(lang), *(line for line in result.answer(lang).splitlines() if line.strip())]
    last = max(len(names) - 1, 1)
    for number, line in enumerate(lines, start=1):
        sheet.merge_range(number, 0, number, last, line, wrapped)
        sheet.set_row(number, 16 * math.ceil(_width(line) / 90))
    top = len(lines) + 2
    for column, name in enumerate(names):
        sheet.write(top, column, name, head)
        longest = max([_width(name), *(_width(row[column]) for row in body)])
        sheet.set_column(column, column, min(longest + 2, WIDEST))
        for at, row in enumerate(body, start=top + 1):
            sheet.write_string(at, column, row[column], plain)
    sheet.freeze_panes(top + 1, 1)


def _numbers(sheet: Any, table: "pd.DataFrame", head: Any, plain: Any) -> None:
    for column, name in enumerate(table.columns):
        sheet.write(0, column, str(name), head)
        sheet.set_column(column, column, max(12, len(str(name)) + 2))
        for line, value in enumerate(table[name], start=1):
            value = value.item() if hasattr(value, "item") else value
            if isinstance(value, float) and not math.isfinite(value):
                sheet.write_blank(line, column, None, plain)
            else:
                sheet.write(line, column, value if isinstance(value, int | float | bool) else str(value), plain)
    sheet.freeze_panes(1, 0)


def _about(sheet: Any, result: "StudyResult", lang: str, plain: Any) -> None:
    rows = [(key, str(value)) for key, value in result.provenance().items()]
    for line, (key, value) in enumerate([*rows, ("", result.about.note(lang))]):
        sheet.write(line, 0, key, plain)
        sheet.write_string(line, 1, value, plain)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)


def _width(written: str) -> int:
    """Columns a text takes; a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in written)
