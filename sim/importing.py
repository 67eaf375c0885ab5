"""A user's own demand history: a CSV of units a month, checked cell by cell."""

import csv
import io
import math
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np

from sim.problems import Problem, Problems, absent_file, as_written

Missing = Literal["refuse", "not_observed"]

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_NEARLY_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})(?:[-/.]0?1)?\s*月?")


@dataclass(frozen=True, eq=False)
class History:
    """Demand of stock-keeping units, month by month."""

    skus: tuple[str, ...]
    """Names of the stock-keeping units, in the order of the file."""
    months: tuple[str, ...]
    """Consecutive months, YYYY-MM."""
    units: np.ndarray
    """Units demanded, shape [sku, month]; nan where nothing was observed."""

    def monthly_mean(self) -> np.ndarray:
        """Mean units a month over the observed months, shape [sku]; every unit has at least one."""
        return np.asarray(np.nanmean(self.units, axis=1))

    def variance_to_mean(self) -> np.ndarray:
        """Sample variance over mean of the observed months, shape [sku]; about 1 for a Poisson demand.

        nan with fewer than two observed months or without any demand.
        """
        observed = np.isfinite(self.units).sum(axis=1)
        mean = self.monthly_mean()
        squares = np.nansum((self.units - mean[:, None]) ** 2, axis=1)
        ratio = np.full(len(self.skus), np.nan)
        known = (observed > 1) & (mean > 0)
        ratio[known] = squares[known] / (observed[known] - 1) / mean[known]
        return ratio


def read_history(path: str | Path, missing: Missing = "refuse") -> History:
    """Read a demand history: first column ``sku``, then a column a month (YYYY-MM), cells in units >= 0.

    UTF-8 with or without byte order mark, or GB 18030 as Excel saves it in China.

    Args:
        path: the CSV file.
        missing: what an empty cell means: a mistake, or a month that was not observed.

    Raises:
        Problems: everything that is wrong with the file.
    """
    path = Path(path)
    absent = absent_file(path)
    if absent is not None:
        raise Problems((absent,))
    reading = _Reading(str(path), missing)
    reading.read(_decoded(path))
    if reading.problems:
        raise Problems(reading.problems)
    units = np.array(reading.rows, dtype=float)
    units.setflags(write=False)
    return History(tuple(reading.seen), tuple(reading.months), units)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    problem = Problem(
        str(path),
        None,
        "",
        None,
        "读不出文字，请在 Excel 里另存为“CSV UTF-8（逗号分隔）”",
        "not readable as text; save it in Excel as CSV UTF-8",
    )
    raise Problems((problem,))


@dataclass
class _Reading:
    """One pass over the file, collecting rows and problems."""

    file: str
    missing: Missing
    months: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    """Line of each stock-keeping unit."""
    rows: list[list[float]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self, text: str) -> None:
        """Read header and rows."""
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            if not self._header(next(lines, [])):
                return
            for cells in lines:
                # Excel keeps rows that once held something.
                if any(cell.strip() for cell in cells):
                    self._row(lines.line_num, cells)
        except csv.Error:
            self._add(lines.line_num, "", "这里的引号没有配对", "a quote is not closed here")
        if not self.seen and not self.problems:
            self._add(None, "", "文件里没有一行数据", "there is not a single row of data")

    def _add(self, line: int | None, key: str, zh: str, en: str, written: str | None = None) -> None:
        shown = None if written is None else as_written(written)
        self.problems.append(Problem(self.file, line, key, shown, zh, en))

    def _header(self, header: list[str]) -> bool:
        """Whether the rows mean anything under this header."""
        names = [name.strip() for name in header]
        while names and not names[-1]:
            names.pop()
        if not names:
            zh, en = "第一行要写 sku,2024-01,2024-02,…", "line 1 must be sku,2024-01,2024-02,…"
            self._add(1, "", zh, en)
            return False
        if names[0].casefold() not in ("sku", ""):
            zh = "没有 sku 列：第一列要写配件号，列名为 sku"
            self._add(1, "", zh, "no sku column: the first column holds the part number, named sku", names[0])
            return False
        self.months = names[1:]
        if not self.months:
            self._add(1, "", "没有月份列；列之间用逗号分隔", "no months; columns are separated by commas")
            return False
        # Every month is checked before any is judged, so that all mistakes show at once.
        good = [self._month(name, column) for column, name in enumerate(self.months, start=2)]
        if all(good):
            self._sequence()
        return True

    def _month(self, name: str, column: int) -> bool:
        if _MONTH.fullmatch(name):
            return True
        zh, en = f"第 {column} 列的月份要写成 2024-01 的样子", f"column {column}: write months like 2024-01"
        nearly = _NEARLY_MONTH.fullmatch(name)
        if nearly and 1 <= int(nearly[2]) <= 12:
            month = f"{nearly[1]}-{int(nearly[2]):02d}"
            zh, en = f"{zh}，是不是 {month}？", f"{en}, did you mean {month}?"
        self._add(1, "", zh, en, name)
        return False

    def _sequence(self) -> None:
        """Months must follow one another: a gap would shorten the history without a word."""
        seen = {self.months[0]}
        for before, month in pairwise(self.months):
            expected = _month_after(before)
            if month in seen:
                self._add(1, month, "这个月份写了两次", "this month is written twice")
            elif month < expected:
                self._add(1, month, f"月份要从早到晚，它却在 {before} 之后", f"out of order: it follows {before}")
            elif month > expected:
                zh = f"{before} 之后缺 {expected}；没有数据的月份也要有一列"
                self._add(1, month, zh, f"{expected} is missing after {before}; it needs a column too")
            seen.add(month)

    def _row(self, line: int, cells: list[str]) -> None:
        sku, *values = (cell.strip() for cell in cells)
        count = len(self.months)
        if not sku:
            self._add(line, "sku", "这一行没有配件号", "this row has no sku")
        elif sku in self.seen:
            first = self.seen[sku]
            self._add(line, sku, f"配件号重复，第 {first} 行已有", f"sku repeated, first on line {first}")
        else:
            self.seen[sku] = line
        if len(values) < count or any(values[count:]):
            zh, en = f"要有 {count} 格，这一行有 {len(values)} 格", f"needs {count} cells, has {len(values)}"
            self._add(line, sku, zh, en)
            return
        self._empty_cells(line, sku, values[:count])
        self.rows.append(
            [self._cell(line, f"{sku}.{month}", value) for month, value in zip(self.months, values, strict=False)]
        )

    def _empty_cells(self, line: int, sku: str, values: list[str]) -> None:
        """One problem a row, or a series that ended early would fill the screen."""
        empty = [month for month, value in zip(self.months, values, strict=True) if not value]
        if self.missing == "refuse" and empty:
            more_zh, more_en = (f" 等 {len(empty)} 格", ", …") if len(empty) > 3 else ("", "")
            zh = f'{"、".join(empty[:3])}{more_zh}空着；没有需求写 0，没有观测就设 missing = "not_observed"'
            en = f"{', '.join(empty[:3])}{more_en} ({len(empty)} in all) empty; write 0 for no demand, "
            self._add(line, sku, zh, en + 'or set missing = "not_observed"')
        elif len(empty) == len(values):
            self._add(line, sku, "一个月都没有观测，请删掉这一行", "not observed in any month; remove the row")

    def _cell(self, line: int, key: str, value: str) -> float:
        """Units in a cell; nan if it is empty or wrong."""
        if not value:
            return math.nan
        try:
            units = float(value)
        except ValueError:
            units = math.nan
        if not math.isfinite(units) or "_" in value:
            zh, en = (
                "要写数字，不带单位，也不带千分位逗号",
                "must be a number, without unit or thousands comma",
            )
            self._add(line, key, zh, en, value)
            return math.nan
        if units < 0:
            zh, en = "需求不能是负数；退货不算在需求里", "demand is never negative; leave returns out"
            self._add(line, key, zh, en, value)
        return units


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"
