"""A pilot's own figures: a CSV of months or weeks, checked cell by cell, everything that is wrong at once."""
# ruff: noqa: E501  a file with sentences

import csv
import io
from pathlib import Path

import numpy as np

from sim.metrics import METRICS
from sim.problems import Problem, absent_file, did_you_mean
from sim.studies.measuring import COUNTED, unmeasurable
from sim.studies.pilot_counts import Group, Observed, Seen
from sim.studies.pilot_form import COLUMNS, GROUPS
from sim.studies.pilot_rule import looks
from sim.words import label, short_label

HEADS: dict[str, tuple[str, ...]] = {
    "month": ("month", "月份", "月"),
    "week": ("week", "周", "第几周"),
    "metric": ("metric", "指标"),
    "value": ("value", "数值", "值"),
    "count": ("count", "denominator", "笔数", "分母", "份数", "n"),
    "group": ("group", "组别", "组"),
}
"""Names of columns that are understood; others are left alone."""


class Reading:
    """One pass over the file, collecting figures and problems."""

    def __init__(self, path: Path, weeks: int, every: int, before: int) -> None:
        """``weeks``, ``every``, ``before`` as in the plan: what lies beyond it is a mistake."""
        self.path, self.weeks, self.every, self.before = path, weeks, every, before
        self.problems: list[Problem] = []
        self.found = Observed()
        self._names = {_plain(name): metric for metric in METRICS for name in _called(metric)}

    def read(self) -> Observed:
        """The figures; what is wrong is in ``problems``."""
        absent = absent_file(self.path)
        if absent:
            self.problems.append(absent)
            return self.found
        text = self._decoded()
        if text is None:
            return self.found
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            head = self._head(next(lines, []))
            if head:
                for cells in lines:
                    if any(cell.strip() for cell in cells):
                        self._row(lines.line_num, dict(zip(head, [*cells, *[""] * len(head)], strict=False)))
        except csv.Error:
            self._add(lines.line_num, "", None, "这里的引号没有配对", "a quote is not closed here")
        if not self.found.metrics and not self.problems:
            self._add(None, "", None, "没有一行填了数值", "there is not a single row with a value")
        self._gaps()
        return self.found

    def _decoded(self) -> str | None:
        content = self.path.read_bytes()
        if not content.startswith(b"PK"):
            for encoding in ("utf-8-sig", "gb18030"):
                try:
                    return content.decode(encoding)
                except UnicodeDecodeError:
                    continue
        zh, en = (
            "读不出文字，请在 Excel 里另存为“CSV UTF-8（逗号分隔）”",
            "not readable as text; save it in Excel as CSV UTF-8",
        )
        self._add(None, "", None, zh, en)
        return None

    def _add(self, line: int | None, key: str, written: str | None, zh: str, en: str) -> None:
        self.problems.append(Problem(str(self.path), line, key, written, zh, en))

    def _head(self, cells: list[str]) -> list[str]:
        """Key of each column, "" for one that is left alone; empty if the file cannot be read."""
        form = {_plain(" ".join(names)): key for key, names in COLUMNS.items()}
        known = {name: key for key, names in HEADS.items() for name in names}
        head = [form.get(_plain(cell), known.get(_plain(cell), "")) for cell in cells]
        head = [key if key in HEADS else "" for key in head]
        missing = [key for key in ("metric", "value") if key not in head]
        if "month" not in head and "week" not in head:
            missing.insert(0, "month")
        for key in missing:
            near = [cell.strip() for cell in cells if did_you_mean(cell, HEADS[key])]
            zh, en = f"没有“{HEADS[key][1]}”（{key}）列", f"there is no column {key} ({HEADS[key][1]})"
            self._add(1, key, near[0] if near else ",".join(cells) or None, zh, en)
        for key in HEADS:
            if head.count(key) > 1:
                self._add(
                    1, key, None, f"“{HEADS[key][1]}”列有 {head.count(key)} 个", f"{head.count(key)} columns {key}"
                )
        self.found.weekly = "month" not in head
        return [] if missing else head

    def _row(self, line: int, cells: dict[str, str]) -> None:
        cells = {key: cell.strip() for key, cell in cells.items()}
        if cells["value"] in ("", "–", "-"):
            if cells.get("count", "") not in ("", "–", "-"):
                self._add(line, "value", None, "写了笔数，没有写数值", "a count without a value")
            return
        before = len(self.problems)
        metric = self._metric(line, cells["metric"])
        period = self._period(line, cells["week" if self.found.weekly else "month"])
        group = self._group(line, cells.get("group", ""), period)
        if metric is None:
            return
        value = self._value(line, metric, cells["value"])
        count = self._count(line, metric, cells.get("count", ""))
        if len(self.problems) > before or period is None or group is None or value is None:
            return
        place = self.found.cells[metric, group]
        if period in place:
            zh, en = f"与第 {place[period].line} 行重复", f"there already is line {place[period].line} for this"
            self._add(line, "week" if self.found.weekly else "month", str(period), zh, en)
            return
        place[period] = Seen(line, value, count)

    def _metric(self, line: int, written: str) -> str | None:
        metric = self._names.get(_plain(written))
        if metric is None:
            guess = did_you_mean(written, COUNTED)
            zh = f"没有这个指标，是不是 {guess}？" if guess else "没有这个指标，所有指标见 docs/measures.md"
            en = f"no such metric, did you mean {guess}?" if guess else "no such metric; docs/measures.md lists them"
            self._add(line, "metric", written, zh, en)
            return None
        why = unmeasurable(metric)
        if why:
            self._add(line, "metric", written, *why)
        return None if why else metric

    def _period(self, line: int, written: str) -> int | None:
        key = "week" if self.found.weekly else "month"
        most = self.weeks if self.found.weekly else len(looks(self.weeks, self.every))
        least = 1
        if self.before:
            least = 1 - (self.before if self.found.weekly else len(looks(self.before, self.every)))
        try:
            number = int(written.replace("−", "-"))
        except ValueError:
            zh, en = (
                "要写整数：试点第一个月是 1，试点前一个月是 0，再往前 −1",
                "must be a whole number: 1 is the first, 0 the last before",
            )
            self._add(line, key, written, zh, en)
            return None
        if number > most:
            zh = f"超出计划：计划 {self.weeks} 周，最后是第 {most} 个；试点延长了就改 --weeks"
            en = f"beyond the plan of {self.weeks} weeks, whose last is {most}; if the pilot was extended, say --weeks"
            self._add(line, key, written, zh, en)
            return None
        if number < least:
            zh = (
                f"试点前最早只计到 {least}（--before 可改）"
                if self.before
                else "这个计划不计试点前；删去这一行，或用 --control before"
            )
            en = (
                f"before the pilot only {least} and later count (--before)"
                if self.before
                else "this plan counts nothing before the pilot; drop the row, or use --control before"
            )
            self._add(line, key, written, zh, en)
            return None
        return number

    def _group(self, line: int, written: str, period: int | None) -> Group | None:
        usual: Group = "pilot" if (period or 0) > 0 else "before"
        if not written:
            return usual
        for group, names in GROUPS.items():
            if _plain(written) in map(_plain, (group, *names, " / ".join(names))):
                if period is not None and (group == "before") != (period <= 0):
                    zh, en = (
                        "组别与月份不符：试点前的月份是 0、−1、−2",
                        "group and month differ: months before are 0, −1, −2",
                    )
                    self._add(line, "group", written, zh, en)
                return group  # type: ignore[return-value]
        self._add(line, "group", written, "要写 试点前、试点 或 对照", "must be before, pilot or control")
        return None

    def _value(self, line: int, metric: str, written: str) -> float | None:
        unit = METRICS[metric].unit
        percent = written.endswith(("%", "％"))
        value = _number(written.rstrip("%％"))
        if value is None or (percent and unit != "share"):
            self._add(line, "value", written, "要写一个数", "must be a number")
            return None
        value = value / 100 if percent else value
        low, high = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}.get(unit, (0.0, float("inf")))
        if low <= value <= high and not (unit == "points" and 0 < abs(value) < 1):
            return value
        if unit == "share" and 1 < value <= 100:
            zh, en = (
                f"占比不会大于 1，是不是 {value / 100:g}（{value:g}%）？",
                f"a share is at most 1, did you mean {value / 100:g} ({value:g}%)?",
            )
        elif unit == "points" and abs(value) < 1:
            zh, en = f"NPS 按分写，是不是 {value * 100:g}？", f"an NPS is in points, did you mean {value * 100:g}?"
        else:
            limited = high < float("inf")
            zh = f"不可能：要在 {low:g} 到 {high:g} 之间" if limited else "不可能：不会是负数"
            en = f"impossible: must be from {low:g} to {high:g}" if limited else "impossible: it cannot be negative"
        self._add(line, "value", written, zh, en)
        return None

    def _count(self, line: int, metric: str, written: str) -> float:
        counted = COUNTED[metric]
        if written in ("", "–", "-"):
            if counted.needs_count:
                zh = f"没有写笔数：{short_label(metric, 'zh')}要知道{counted.below[0]}有多少，各月才能合计"
                en = f"no count: the months of {short_label(metric, 'en')} add up only with the number of {counted.below[1]}"
                self._add(line, "count", None, zh, en)
            return float("nan")
        value = _number(written)
        if value is None or value < 1 or value != int(value):
            self._add(line, "count", written, "笔数要写正整数", "a count must be a whole number above 0")
            return float("nan")
        return value

    def _gaps(self) -> None:
        """Months that lie between others and are missing."""
        key = "week" if self.found.weekly else "month"
        for (metric, group), cells in self.found.cells.items():
            numbers = range(min(cells), 1) if group == "before" else range(1, max(cells) + 1)
            missing = [number for number in numbers if number not in cells]
            if missing and not self.problems:
                named = ", ".join(map(str, missing))
                zh = f"{short_label(metric, 'zh')}（{GROUPS[group][0]}）缺第 {named.replace(', ', '、')} 个的数"
                en = f"{short_label(metric, 'en')} ({GROUPS[group][1]}) lacks {named}"
                self._add(None, key, None, zh, en)


def _called(metric: str) -> tuple[str, ...]:
    """What a metric may be called in a file."""
    return metric, *(name(metric, lang) for name in (label, short_label) for lang in ("zh", "en"))


def _plain(written: str) -> str:
    return written.strip().casefold()


def _number(written: str) -> float | None:
    try:
        value = float(written.strip().replace("−", "-").replace(",", "").replace("，", ""))
    except ValueError:
        return None
    return value if np.isfinite(value) else None
