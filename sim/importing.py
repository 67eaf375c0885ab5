"""Demand history from a CSV file: a row a stock-keeping unit, a column a month."""

import csv
import math
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from sim.problems import Problem, Problems

MOST_SHOWN = 50
_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class History:
    """Units demanded a month; nan where a month was not observed."""

    skus: tuple[str, ...]
    months: tuple[str, ...]
    units: np.ndarray

    def monthly_mean(self) -> np.ndarray:
        """Mean units a month over the months observed; nan for a part never observed."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return np.nanmean(self.units, axis=1)

    def variance_to_mean(self) -> np.ndarray:
        """Variance over mean of monthly demand; 1 for Poisson demand, nan where it cannot be told."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            mean = np.nanmean(self.units, axis=1)
            return np.where(mean > 0, np.nanvar(self.units, axis=1, ddof=1) / mean, np.nan)


def read_history(path: str | Path, missing: Literal["refuse", "not_observed"] = "refuse") -> History:
    """Read a demand history.

    Args:
        path: UTF-8 (with or without BOM) or GB18030, as Excel writes in China.
        missing: what an empty cell means: a mistake, or a month that was not observed.

    Raises:
        Problems: everything that is wrong, at most 50 shown.
    """
    name = str(path)
    rows = _rows(Path(path), name)
    problems = _header_problems(name, rows[0])
    months = tuple(cell.strip() for cell in rows[0][1:])
    skus: list[str] = []
    units: list[list[float]] = []
    first_line: dict[str, int] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        sku = row[0].strip()
        if sku in first_line:
            problems.append(
                Problem(name, line, sku, None, f"这个配件在第 {first_line[sku]} 行已经有了", f"also on line {first_line[sku]}")
            )
        first_line.setdefault(sku, line)
        skus.append(sku)
        units.append(_cells(name, line, sku, row, months, missing, problems))
    if not skus:
        problems.append(Problem(name, None, "", None, "没有数据行", "no rows of data"))
    _refuse(name, problems)
    return History(tuple(skus), months, np.array(units, dtype=float))


def _rows(path: Path, name: str) -> list[list[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        zh, en = ("没有这个文件", "no such file") if not path.exists() else ("读不了这个文件", f"cannot be read: {error}")
        raise Problems([Problem(name, None, "", None, zh, en)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise Problems(
                [Problem(name, None, "", None, "编码不对，请另存为 UTF-8", "unknown encoding; save it as UTF-8")]
            ) from None
    rows = list(csv.reader(text.splitlines()))
    if not rows:
        raise Problems([Problem(name, None, "", None, "文件是空的", "the file is empty")])
    return rows


def _header_problems(name: str, header: list[str]) -> list[Problem]:
    problems = []
    if header[0].strip().lower() not in ("", "sku"):
        problems.append(
            Problem(name, 1, "sku", repr(header[0]), "第一列的标题要写 sku", "the first column must be headed sku")
        )
    months = [cell.strip() for cell in header[1:]]
    numbers = []
    for month in months:
        match = _MONTH.match(month)
        if not match:
            problems.append(
                Problem(name, 1, "", repr(month), "月份要写成 2026-03 的样子", "a month looks like 2026-03")
            )
        else:
            numbers.append(int(match[1]) * 12 + int(match[2]))
    if len(numbers) == len(months) and numbers != list(range(numbers[0], numbers[0] + len(numbers)) if numbers else []):
        problems.append(
            Problem(name, 1, "", None, "月份要一个接一个，不重复、不缺、不乱序", "months must follow one another without gaps")
        )
    if not months:
        problems.append(Problem(name, 1, "", None, "没有月份列", "no month columns"))
    return problems


def _cells(
    name: str, line: int, sku: str, row: list[str], months: tuple[str, ...], missing: str, problems: list[Problem]
) -> list[float]:
    values = []
    if len(row) > len(months) + 1:
        problems.append(Problem(name, line, sku, None, "格子比月份多", "more cells than months"))
    for i, month in enumerate(months, 1):
        text = row[i].strip() if i < len(row) else ""
        place = f"{sku} {month}"
        value = math.nan
        if not text:
            if missing == "refuse":
                problems.append(
                    Problem(
                        name, line, place, None,
                        '是空的；如果是“没有记录”，请写 missing = "not_observed"',
                        'is empty; if it was not observed, say missing = "not_observed"',
                    )
                )  # fmt: skip
        else:
            try:
                value = float(text)
            except ValueError:
                problems.append(Problem(name, line, place, repr(text), "不是数字", "not a number"))
            else:
                if value < 0 or not math.isfinite(value):
                    problems.append(Problem(name, line, place, text, "需求不能是负数", "demand cannot be negative"))
        values.append(value)
    return values


def _refuse(name: str, problems: list[Problem]) -> None:
    if not problems:
        return
    if len(problems) > MOST_SHOWN:
        more = len(problems) - MOST_SHOWN
        last = Problem(name, 10**9, "", None, f"还有 {more} 处", f"and {more} more")
        problems = [*problems[:MOST_SHOWN], last]
    raise Problems(problems)
