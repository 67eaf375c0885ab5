"""The form of a pilot: what to count each month, what to expect, and where the limits are."""

import datetime as dt
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from sim.metrics import METRICS
from sim.studies.measuring import COUNTED
from sim.studies.pilot_noise import Figures
from sim.studies.pilot_rule import Design, looks
from sim.studies.workbook import FONT
from sim.words import LANGUAGES, label, unit

COLUMNS: dict[str, tuple[str, str]] = {
    "group": ("组别", "group"),
    "month": ("月份", "month"),
    "weeks": ("周次", "weeks"),
    "metric": ("指标", "metric"),
    "name": ("指标名称", "name"),
    "unit": ("单位", "unit"),
    "numerator": ("分子（数什么）", "numerator, what to count"),
    "denominator": ("分母（数什么）", "denominator, what to count"),
    "adds": ("各月怎样合计", "how months add up"),
    "value": ("数值", "value"),
    "count": ("笔数", "count"),
    "ad_hoc": ("到月底累计：照旧的预计", "to date: expected as ever"),
    "ad_hoc_low": ("照旧，单店 95% 下限", "as ever, low"),
    "ad_hoc_high": ("照旧，单店 95% 上限", "as ever, high"),
    "policy": ("到月底累计：机制有效的预计", "to date: expected if it works"),
    "policy_low": ("有效，单店 95% 下限", "if it works, low"),
    "policy_high": ("有效，单店 95% 上限", "if it works, high"),
    "success_change": ("成功线：与对照之差", "success: difference from comparison"),
    "success_at": ("成功线：若对照如预计", "success: if comparison is as expected"),
    "little_hope_change": ("希望不大线：与对照之差", "little hope: difference from comparison"),
}
"""Columns in their order; the names with the language's head."""

ADDS = {
    "cases": ("按笔数加权", "weighted by count"),
    "sum": ("相加，按周折算", "added up, then per week"),
    "level": ("按周平均", "averaged by weeks"),
}
GROUPS = {"before": ("试点前", "before"), "pilot": ("试点", "pilot"), "control": ("对照", "control")}


def form(figures: Mapping[str, Figures], designs: Mapping[str, Design]) -> pd.DataFrame:
    """One row for each month and metric; values to be filled in are empty. Texts are pairs (zh, en).

    Months before the pilot are 0, -1, -2 …; expected figures are those from the pilot's start to the month's end.
    """
    rows: list[dict[str, Any]] = []
    for metric, one in designs.items():
        if one.control == "before":
            rows += [_row(figures[metric], one, "before", look) for look in reversed(range(len(before_looks(one))))]
        for look in range(len(one.looks)):
            rows.append(_row(figures[metric], one, "pilot", look))
        if one.control == "parallel":
            rows += [_row(figures[metric], one, "control", look) for look in range(len(one.looks))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def before_looks(one: Design) -> tuple[int, ...]:
    """Ends of the months before the pilot, counted backwards in weeks."""
    return looks(one.before_weeks, one.every)


def _row(found: Figures, one: Design, group: str, look: int) -> dict[str, Any]:
    metric, counted = found.metric, COUNTED[found.metric]
    ends = before_looks(one) if group == "before" else one.looks
    first = ends[look - 1] + 1 if look else 1
    weeks = f"{first}–{ends[look]}" if group != "before" else f"−{ends[look]}…−{first}"
    names: dict[str, Any] = {"name": (label(metric, "zh"), label(metric, "en")), "numerator": counted.above,
             "denominator": counted.below, "adds": ADDS[counted.adds], "unit": _unit(metric),
             "group": GROUPS[group]}  # fmt: skip
    row: dict[str, Any] = names | {"month": look + 1 if group != "before" else -look, "weeks": weeks, "metric": metric,
                   "value": "", "count": "" if counted.needs_count else "–"}  # fmt: skip
    week = ends[look]
    row["ad_hoc"] = found.mean("ad_hoc", week)
    row["ad_hoc_low"], row["ad_hoc_high"] = found.band("ad_hoc", week, one.centres)
    if group == "pilot":
        row["policy"] = found.mean("policy", week)
        row["policy_low"], row["policy_high"] = found.band("policy", week, one.centres)
        compared = found.mean("ad_hoc", one.before_weeks if one.control == "before" else week)
        row["success_change"] = one.better * float(one.limits[look])
        row["success_at"] = compared + row["success_change"]
        row["little_hope_change"] = float(one.hopes[look])
    return row


def _unit(metric: str) -> tuple[str, str]:
    names = [unit(METRICS[metric].unit, lang) for lang in LANGUAGES]
    if METRICS[metric].unit == "share":
        names = ["占比（0.15 或 15%）", "share (0.15 or 15%)"]
    if COUNTED[metric].adds == "sum":
        return f"{names[0] or '个'}/周", f"{names[1] or 'number'} a week"
    return names[0], names[1]


def write_workbook(table: pd.DataFrame, path: Path) -> None:
    """The form as a workbook, a sheet in each language; same form, same bytes."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})
        for number, lang in enumerate(LANGUAGES):
            base = {"font_name": FONT[lang], "font_size": 10.5, "text_wrap": True, "valign": "top"}
            plain, head = book.add_format(base), book.add_format(base | {"bold": True, "bottom": 1})
            filled = book.add_format(base | {"bg_color": "#fff6d6", "border": 1})
            sheet = book.add_worksheet(("试点记录", "Pilot form")[number])
            for column, (key, names) in enumerate(COLUMNS.items()):
                sheet.write(0, column, names[number], head)
                wide = {"numerator": 26, "denominator": 26, "name": 24, "metric": 20}
                sheet.set_column(column, column, wide.get(key, 13))
                for line, value in enumerate(table[key], start=1):
                    shown = value[number] if isinstance(value, tuple) else value
                    if isinstance(shown, float) and not math.isfinite(shown):
                        shown = ""
                    look = filled if key in ("value", "count") and shown == "" else plain
                    sheet.write(line, column, float(f"{shown:.4g}") if isinstance(shown, float) else shown, look)
            sheet.freeze_panes(1, 4)
