"""Charts for a director's proposal. Each title states what the data say; each footnote says what they do not.

(a) two_worlds: headline metrics under each policy · (b) differences: all paired differences, by unit ·
(c) loaners_and_test_drives: both, always, since one can be bought with the other ·
(d) scoreboard: every department's own figures, in sim/charts_scoreboard.py.
"""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim import findings
from sim.charts_scoreboard import scoreboard
from sim.charts_style import (
    BASELINE,
    EDGE,
    FAINT,
    INK,
    MARKERS,
    NOTE,
    POLICIES,
    QUIET,
    VERDICT,
    framed,
    height_of,
    place,
    save,
    style,
    width_of,
    wrapped,
    write,
)  # fmt: skip
from sim.comparison import Comparison
from sim.words import Scale, clipped, label, scale, text

NAMES = ("two_worlds", "differences", "loaners_and_test_drives", "scoreboard")
Row = dict[str, Any]


def draw_all(comparison: Comparison, folder: str | Path, lang: str) -> list[Path]:
    """Write every chart as ``<name>_<lang>.png`` and ``.svg`` into a folder; returns the files."""
    files = []
    for name in NAMES:
        path = Path(folder, f"{name}_{lang}")
        with style():
            save(_DRAW[name](comparison, lang), str(path))
        files += [path.with_suffix(".png"), path.with_suffix(".svg")]
    return files


def draw(comparison: Comparison, name: str = "two_worlds", lang: str = "zh") -> Figure:
    """One chart as a figure.

    Raises:
        ValueError: there is no chart of that name.
    """
    if name not in NAMES:
        raise ValueError(f"no chart {name!r}; there are {', '.join(NAMES)}")
    with style():
        return _DRAW[name](comparison, lang)


# -- panels of bars: what each policy reaches ------------------------------------------------------------------


def two_worlds(comparison: Comparison, lang: str) -> Figure:
    """Small panels of the headline metrics: mean, its interval, and what one real centre may see."""
    metrics = [row["metric"] for row in findings.headline_rows(comparison.rows())]
    return _panels(comparison, "two_worlds", metrics, min(3, max(1, len(metrics))), lang)


def loaners_and_test_drives(comparison: Comparison, lang: str) -> Figure:
    """Loaners met beside test drives met, on one scale from 0 to 100 %."""
    metrics = ["loaner_fulfilment", "test_drive_fulfilment"]
    return _panels(comparison, "loaners_and_test_drives", metrics, 2, lang, limits=(0.0, 100.0))


def _panels(
    comparison: Comparison, name: str, metrics: list[str], columns: int, lang: str,
    limits: tuple[float, float] | None = None,
) -> Figure:  # fmt: skip
    people = _policy_names(comparison, lang)
    width = 2.15 if columns > 2 else 3.3
    names = [wrapped(title, 1.6, 8.5) for title in people.values()]
    left = EDGE + max(width_of(title, 8.5) for title in names) + 0.15
    cell = width + 1.05
    total = left + columns * cell + EDGE - 0.1
    lines = max(0.3, 0.16 * (1 + max(title.count("\n") for title in names)) + 0.06)
    bars = lines * len(people) + 0.12
    heads = {metric: wrapped(label(metric, lang), cell - 0.2, 9.5) for metric in metrics}
    head = max((height_of(h, 9.5) for h in heads.values()), default=0.2) + 0.22
    step = head + bars + 0.5
    rows = math.ceil(len(metrics) / columns)
    marks = _panel_marks(comparison, lang)
    legend = _legend_height(marks, total - 2 * EDGE)
    figure, top = _framed(comparison, name, lang, total, rows * step + legend)
    _legend(figure, marks, EDGE, top)
    top += legend
    for number, metric in enumerate(metrics):
        x, y = left + number % columns * cell, top + number // columns * step
        write(figure, x, y + head - 0.22 - height_of(heads[metric], 9.5), heads[metric], 9.5)
        axes = place(figure, x, y + head, width, bars)
        axes.set_yticks(range(len(people)), names if number % columns == 0 else [""] * len(people))
        hint = _bars(axes, comparison, metric, lang, limits)
        write(figure, x, y + head - 0.2, hint, 7.5, color=QUIET)
    return figure


def _bars(axes: Any, comparison: Comparison, metric: str, lang: str, limits: tuple[float, float] | None) -> str:
    """Fill one panel; returns its hint: the unit and the better direction."""
    rows = [row for row in map(_finder(comparison, metric), comparison.policies) if row is not None]
    bars = list(_bar_values(rows))
    s = scale(rows[0]["unit"] if rows else "", lang, *(bar["mean"] for bar in bars))
    axes.set_ylim(len(rows) + 0.55, -0.55)
    axes.tick_params(length=0, axis="y")
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=3)
    if not bars or all(math.isnan(bar["mean"]) for bar in bars):
        axes.set_xlim(limits or (0, 1))
        axes.set_xticks([])
        axes.text(0.5, 0.5, text("undefined", lang, label=""), transform=axes.transAxes, ha="center", va="center")
        return ""
    # one number of decimals for the whole panel: that of the least certain bar
    half = max((bar["high"] - bar["low"]) / 2 for bar in bars)
    for y, bar in enumerate(bars):
        color = BASELINE if y == 0 else POLICIES[(y - 1) % len(POLICIES)]
        _one_bar(axes, y, bar, s, color, half, lang)
    _x_axis(axes, s, limits)
    return " · ".join(part for part in (s.unit, text(f"better_{rows[0]['better']}", lang)) if part)


def _one_bar(axes: Any, y: int, bar: Row, s: Scale, color: str, half: float, lang: str) -> None:
    mean, unit_name, f = bar["mean"], bar["unit"], s.factor
    if not math.isnan(mean):
        axes.barh(y, mean / f, height=0.62, color=color, alpha=0.55, linewidth=0)
    if not math.isnan(bar["low"]):
        band = [clipped(bar[end], unit_name) / f for end in ("prediction_low", "prediction_high")]
        axes.plot(band, [y, y], color=INK, linewidth=0.7, solid_capstyle="butt", zorder=4)
        axes.plot([bar["low"] / f, bar["high"] / f], [y, y], color=INK, linewidth=3, solid_capstyle="butt", zorder=5)
    place_at = {"transform": axes.get_yaxis_transform(), "va": "center", "clip_on": False}
    row = bar["row"]
    axes.text(1.03, y - (0.16 if row else 0), s.value(mean, half), fontsize=8.5, **place_at)
    if row:
        word = findings.verdict_word(row, lang)
        axes.text(1.03, y + 0.24, word, fontsize=6.5, color=VERDICT[row["verdict"]], **place_at)


def _bar_values(rows: list[Row]) -> Iterator[Row]:
    """The baseline, then each policy: mean, interval, prediction band, and the row its verdict is in."""
    keys = ("mean", "low", "high", "prediction_low", "prediction_high")
    for number, row in enumerate(rows):
        for who in ("baseline", "policy") if number == 0 else ("policy",):
            found = {key: row[f"{who}_{key}"] for key in keys}
            yield found | {"unit": row["unit"], "row": None if who == "baseline" else row}


def _x_axis(axes: Any, s: Scale, limits: tuple[float, float] | None) -> None:
    low, high = axes.get_xlim()
    if axes.dataLim.width == 0 and low < 0 < high:  # nothing but zeros
        low, high = 0.0, 1.0
    axes.set_xlim(limits or (min(low, 0.0), max(high, 0.0)))
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(axis="x", length=2, color=FAINT)


def _tick(value: float, _: Any = None) -> str:
    return f"{value + 0.0:,.6g}".replace("-", "−")


def _panel_marks(comparison: Comparison, lang: str) -> list[Any]:
    return [
        Line2D([], [], color=INK, linewidth=3, label=text("interval_line", lang)),
        Line2D([], [], color=INK, linewidth=0.7, label=text("prediction_line", lang, weeks=comparison.setup.weeks)),
    ]


# -- the forest: every paired difference -----------------------------------------------------------------------


def forest(comparison: Comparison, lang: str) -> Figure:
    """Paired differences with 95 % intervals, one axis for each unit, coloured by verdict; a star: simultaneous."""
    rows = findings.directed_rows([row for policy in comparison.policies for row in comparison.rows(policy)])
    policies = len(comparison.policies)
    groups = _groups(rows)
    left_of = EDGE + max(width_of(_starred(row, lang), 8.5) for row in rows) + 0.15
    right_of = max(width_of(_reading(row, lang), 7.5) for row in rows) + 0.25
    width = 2.3
    cell = left_of + width + right_of
    line = 0.3 if policies == 1 else 0.22 * policies + 0.1
    columns = _columns(groups, policies)
    heights = [sum(len(groups[unit]) / policies * line + 0.75 for unit in units) for units in columns]
    total = cell * len(columns) + EDGE
    marks = _forest_marks(comparison, lang)
    legend = _legend_height(marks, total - 2 * EDGE)
    figure, top = _framed(comparison, "differences", lang, total, max(heights) + legend)
    _legend(figure, marks, EDGE, top)
    for number, units in enumerate(columns):
        y = top + legend
        for unit in units:
            high = len(groups[unit]) / policies * line
            axes = place(figure, number * cell + left_of, y, width, high)
            _forest_axes(axes, comparison, groups[unit], lang)
            y += high + 0.75
    return figure


def _forest_axes(axes: Any, comparison: Comparison, rows: list[Row], lang: str) -> None:
    policies = list(comparison.policies)
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    ends = [row[key] for row in rows for key in ("difference", "difference_low", "difference_high")]
    s = scale(rows[0]["unit"], lang, *ends)
    axes.axvline(0, color=INK, linewidth=0.8)
    for row in rows:
        shift = (policies.index(row["policy"]) - (len(policies) - 1) / 2) * 0.8 / len(policies)
        _one_difference(axes, metrics.index(row["metric"]) + shift, row, s, lang, 0.36 / len(policies),
                        MARKERS[policies.index(row["policy"]) % len(MARKERS)])  # fmt: skip
    axes.set_ylim(len(metrics) - 0.5, -0.5)
    names = {row["metric"]: _starred(row, lang) for row in rows}
    axes.set_yticks(range(len(metrics)), [names[metric] for metric in metrics])
    axes.tick_params(length=0, axis="y")
    reach = max([abs(end) for end in ends if math.isfinite(end)], default=0.0) / s.factor
    axes.set_xlim(-1.08 * reach or -1, 1.08 * reach or 1)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(axis="x", length=2, color=FAINT)
    title = comparison.setup.policy_titles[comparison.baseline][lang]
    unit = s.points or text({"count": "count_unit", "score": "score_unit"}.get(rows[0]["unit"], "no_unit"), lang)
    axes.set_xlabel(text("difference_axis", lang, baseline=title, unit=unit), fontsize=7.5)


def _one_difference(axes: Any, y: float, row: Row, s: Scale, lang: str, half: float, marker: str) -> None:
    f, color = s.factor, VERDICT[row["verdict"]]
    if not math.isnan(row["margin"]):
        margin = row["margin"] / f
        axes.fill_between([-margin, margin], y - half, y + half, color=FAINT, alpha=0.6, linewidth=0, zorder=0)
    if not math.isnan(row["difference_low"]):
        axes.plot([row["difference_low"] / f, row["difference_high"] / f], [y, y], color=color, linewidth=1.8)
    face = "white" if row["verdict"] == "not_yet_known" else color
    axes.plot(row["difference"] / f, y, marker, markersize=4.5, color=color, markerfacecolor=face)
    axes.text(1.03, y, _reading(row, lang), fontsize=7.5, color=color, va="center", clip_on=False,
              transform=axes.get_yaxis_transform())  # fmt: skip


def _starred(row: Row, lang: str) -> str:
    """A metric's label, with a star where it is judged together with others."""
    return label(row["metric"], lang) + " *" * row["family"]


def _reading(row: Row, lang: str) -> str:
    """A row's difference in figures, with its unit where the axis may be in another one, and the verdict."""
    s = scale(row["unit"], lang, row["difference"], row["difference_low"], row["difference_high"])
    ends = row["difference_low"], row["difference_high"]
    figure, interval = s.estimate(row["difference"], *ends, unit=row["unit"] == "yuan")
    return f"{figure} {interval} {findings.verdict_word(row, lang)}"


def _groups(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["unit"], []).append(row)
    return groups


def _columns(groups: dict[str, list[Row]], policies: int) -> list[list[str]]:
    """Units in one column, or in two about equally long ones."""
    size = {unit: len(rows) / policies + 2 for unit, rows in groups.items()}
    if sum(size.values()) <= 16 or len(size) == 1:
        return [list(size)]
    columns: list[list[str]] = [[], []]
    for unit in size:
        lengths = [sum(size[other] for other in column) for column in columns]
        columns[lengths.index(min(lengths))].append(unit)
    return columns


def _forest_marks(comparison: Comparison, lang: str) -> list[Any]:
    marks: list[Any] = [
        Line2D([], [], color=VERDICT[name], marker="o", markersize=4.5, label=text(f"verdict_{name}", lang),
               markerfacecolor="white" if name == "not_yet_known" else VERDICT[name])
        for name in ("better", "worse", "equal", "not_yet_known")
    ]  # fmt: skip
    marks.append(Patch(color=FAINT, alpha=0.6, label=text("margin_band", lang)))
    if len(comparison.policies) > 1:
        marks += [
            Line2D([], [], color=QUIET, marker=MARKERS[number % len(MARKERS)], markersize=4.5, linestyle="",
                   label=comparison.setup.policy_titles[policy][lang])
            for number, policy in enumerate(comparison.policies)
        ]  # fmt: skip
    return marks


# -- what all charts share -------------------------------------------------------------------------------------


def _framed(comparison: Comparison, name: str, lang: str, width: float, body: float) -> tuple[Figure, float]:
    """A figure with its finding above and its footnote below the body; returns it and the body's top."""
    which = "with_star" if name == "differences" else "of_headline"
    note = findings.note(comparison, lang, findings.family(comparison, lang, which))
    return framed(findings.title(comparison, name, lang), note, width, body)


def _legend(figure: Figure, handles: list[Any], left: float, top: float) -> None:
    w, h = figure.get_size_inches()
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(left / w, 1 - top / h),
        ncols=_legend_columns(handles, w - left - EDGE), frameon=False, fontsize=NOTE,
        borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.6,
    )  # fmt: skip


def _legend_columns(handles: list[Any], width: float) -> int:
    """One row if the labels fit, else as many columns as fit when all are as wide as the widest."""
    widths = [width_of(handle.get_label(), NOTE) + 0.42 for handle in handles]
    if sum(widths) <= width:
        return len(handles)
    return max(1, int(width / max(widths)))


def _legend_height(handles: list[Any], width: float) -> float:
    return math.ceil(len(handles) / _legend_columns(handles, width)) * 0.17 + 0.17


def _policy_names(comparison: Comparison, lang: str) -> dict[str, str]:
    return {name: comparison.setup.policy_titles[name][lang] for name in (comparison.baseline, *comparison.policies)}


def _finder(comparison: Comparison, metric: str) -> Callable[[str], Row | None]:
    def find(policy: str) -> Row | None:
        try:
            return comparison.row(metric, policy)
        except KeyError:
            return None

    return find


_DRAW = {
    "two_worlds": two_worlds,
    "differences": forest,
    "loaners_and_test_drives": loaners_and_test_drives,
    "scoreboard": scoreboard,
}
