"""A sweep as a picture: lines with bands over one key, or the differences of every cell over each of several keys."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, POLICIES, QUIET, VERDICT, framed, place, wrapped
from sim.findings import spaced
from sim.studies.words_sweep import key_label, of_policy, text, written
from sim.words import clipped, label, scale, short_label
from sim.words import text as common

if TYPE_CHECKING:
    from sim.studies.sweep import Sweep

WIDTH, PANEL, ACROSS, GAP_X, GAP_Y = 9.6, 1.75, 3, 0.62, 0.92
LEGEND, NAME = 0.3, 8.5
MOST_BARS = 300
"""Points above which their intervals would only be a blur."""


def headed(result: "Sweep", policy: str, lang: str) -> list[str]:
    """A chart's finding: the first that the intervals carry."""
    line = of_policy(result, policy, lang)[0]
    if len(result.policies) > 1:
        line = text("of_policy", lang, policy=result.titles[policy][lang], text=line)
    return [spaced(line[:1].upper() + line[1:])]


def with_data(result: "Sweep", policy: str) -> list[str]:
    """Metrics of which at least one cell has a difference."""
    return [m for m in result.metrics if not all(math.isnan(row["difference"]) for row in result.rows(policy, m))]


def panels(figure: Figure, top: float, count: int) -> list[Any]:
    """Small axes in rows of three, the first at the top left."""
    wide = (WIDTH - 2 * EDGE - GAP_X * ACROSS) / ACROSS
    return [
        place(figure, EDGE + GAP_X + (i % ACROSS) * (wide + GAP_X), top + (i // ACROSS) * (PANEL + GAP_Y), wide, PANEL)
        for i in range(count)
    ]


def height(count: int) -> float:
    """Inches of so many panels, axis labels included."""
    return math.ceil(count / ACROSS) * (PANEL + GAP_Y) - 0.25


def named(axes: Any, lines: str, lang: str) -> None:
    """A panel's name above it, in as many lines as it needs."""
    width = axes.figure.get_size_inches()[0] * axes.get_position().width + GAP_X * 0.8
    axes.set_title(wrapped(lines, width, NAME), fontsize=NAME, loc="left", x=-GAP_X * 0.8 / width, color=INK, pad=5)


def legend(figure: Figure, top: float, marks: list[Any], across: int = 6) -> None:
    """One legend for all panels, above them."""
    w, h = figure.get_size_inches()
    figure.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=across, frameon=False,
        fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.4,
    )  # fmt: skip


def legend_rows(marks: Sequence[Any], across: int) -> float:
    """Inches that a legend needs."""
    return LEGEND + 0.17 * (math.ceil(len(marks) / across) - 1)


def line(result: "Sweep", lang: str) -> Figure:
    """Levels of every policy over one key: interval of the mean dark, band of one real centre light."""
    metrics = [m for m in result.metrics if any(m in with_data(result, policy) for policy in result.policies)]
    names = (result.baseline, *result.policies)
    colors = dict(zip(names, (BASELINE, *POLICIES * (len(names) // len(POLICIES) + 1)), strict=False))
    marks: list[Any] = [
        Line2D([], [], color=colors[name], marker="o", markersize=3.5, label=result.titles[name][lang])
        for name in names
    ]
    marks += [Patch(color=QUIET, alpha=0.35, linewidth=0, label=text("mean_band", lang)),
              Patch(color=QUIET, alpha=0.1, linewidth=0, label=text("band", lang))]  # fmt: skip
    title = [one for policy in result.policies for one in headed(result, policy, lang)]
    figure, top = framed(title, result.about.note(lang), WIDTH, legend_rows(marks, 4) + 0.35 + height(len(metrics)))
    legend(figure, top, marks, 4)
    for axes, metric in zip(panels(figure, top + legend_rows(marks, 4) + 0.35, len(metrics)), metrics, strict=True):
        _lines(axes, result, metric, {name: colors[name] for name in names}, lang)
    return figure


def _lines(axes: Any, result: "Sweep", metric: str, colors: dict[str, str], lang: str) -> None:
    one, every = result.varied[0], {name: result.rows(name, metric) for name in colors}
    rows = [row for found in every.values() for row in found]
    s = scale(rows[0]["unit"], lang, *(row["mean"] for row in rows))
    values = [row[one.path] for row in every[result.baseline]]
    order = np.argsort(values) if one.numeric else np.arange(len(values))
    x = np.array(values, dtype=float)[order] if one.numeric else order.astype(float)
    for name, found in every.items():
        column = {
            part: np.array([clipped(found[i][part], rows[0]["unit"]) for i in order]) / s.factor
            for part in ("mean", "low", "high", "prediction_low", "prediction_high")
        }
        color = colors[name]
        if one.numeric:
            axes.fill_between(
                x, column["prediction_low"], column["prediction_high"], color=color, alpha=0.1, linewidth=0
            )
            axes.fill_between(x, column["low"], column["high"], color=color, alpha=0.35, linewidth=0)
            axes.plot(x, column["mean"], "o-", color=color, linewidth=1.2, markersize=3)
        else:
            at = x + 0.12 * (list(colors).index(name) - (len(colors) - 1) / 2)
            axes.vlines(at, column["prediction_low"], column["prediction_high"], color=color, alpha=0.2, linewidth=5)
            axes.vlines(at, column["low"], column["high"], color=color, alpha=0.8, linewidth=2)
            axes.plot(at, column["mean"], "o", color=color, markersize=3.5)
    named(axes, f"{label(metric, lang)}{unit_behind(s.unit, lang)}", lang)
    _x_axis(axes, result, 0, x, [written(values[i]) for i in order], lang)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", "−")))
    axes.tick_params(axis="y", labelsize=NOTE, length=2)


def unit_behind(unit: str, lang: str) -> str:
    """A unit behind a metric's name, unless it has none."""
    return "" if not unit else f"，{unit}" if lang == "zh" else f", {unit}"


def _x_axis(axes: Any, result: "Sweep", number: int, x: np.ndarray, shown: list[str], lang: str) -> None:
    one = result.varied[number]
    if one.numeric and len(x) > 7:
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    else:
        if not one.numeric:
            axes.set_xlim(x.min() - 0.5, x.max() + 0.5)
        _thinned(axes, x, shown)
    axes.set_xlabel(wrapped(key_label(one.path, lang), 2.6, NOTE), fontsize=NOTE)
    axes.tick_params(axis="x", labelsize=NOTE, length=2)


def _thinned(axes: Any, x: np.ndarray, shown: list[str]) -> None:
    """Leave out labels that would touch their neighbour."""
    from sim.charts_style import width_of

    low, high = axes.get_xlim()
    inches = axes.figure.get_size_inches()[0] * axes.get_position().width / (high - low)
    kept, end = [], -math.inf
    for at, word in zip(x, shown, strict=True):
        half = width_of(word, NOTE) / 2 + 0.03
        kept.append(word if at * inches - half > end else "")
        end = at * inches + half if kept[-1] else end
    axes.set_xticks(x, kept)


def points(result: "Sweep", lang: str) -> Figure:
    """The difference of every cell over each key, a row a metric; several policies one behind another."""
    rows = [(policy, metric) for policy in result.policies for metric in with_data(result, policy)]
    keys = len(result.keys)
    marks: list[Any] = [
        Line2D(
            [], [], color=VERDICT[name], marker="o", linestyle="", markersize=4, label=common(f"verdict_{name}", lang)
        )
        for name in ("better", "worse", "equal", "not_yet_known")
    ]
    title = [one for policy in result.policies for one in headed(result, policy, lang)]
    width = max(WIDTH, 2 * EDGE + keys * (1.9 + GAP_X))
    figure, top = framed(title, result.about.note(lang), width, LEGEND + 0.35 + len(rows) * (PANEL + GAP_Y) - 0.25)
    legend(figure, top, marks)
    wide = (width - 2 * EDGE) / keys - GAP_X
    for i, (policy, metric) in enumerate(rows):
        for j in range(keys):
            left, y = EDGE + GAP_X + j * (wide + GAP_X), top + LEGEND + 0.35 + i * (PANEL + GAP_Y)
            _points(place(figure, left, y, wide - 0.1, PANEL), result, policy, metric, j, lang)
    return figure


def _points(axes: Any, result: "Sweep", policy: str, metric: str, number: int, lang: str) -> None:
    rows, one = [row for row in result.rows(policy, metric) if not math.isnan(row["difference"])], result.varied[number]
    s = scale(rows[0]["unit"], lang, *(row["difference"] for row in rows))
    kinds = [str(value) for value in one.values]
    axes.axhline(0, color=INK, linewidth=0.8)
    for row in rows:
        at = float(row[one.path]) if one.numeric else float(kinds.index(str(row[one.path])))
        color = VERDICT[row["verdict"]]
        if len(rows) <= MOST_BARS:
            axes.vlines(
                at, row["difference_low"] / s.factor, row["difference_high"] / s.factor, color=color, linewidth=1
            )
        axes.plot(at, row["difference"] / s.factor, "o", color=color, markersize=3)
    if number == 0:
        unit, baseline = s.points or common("count_unit", lang), result.titles[result.baseline][lang]
        said = text("difference_of", lang, metric=short_label(metric, lang), unit=unit, baseline=baseline)
        if len(result.policies) > 1:
            said = text("of_policy", lang, policy=result.titles[policy][lang], text=said)
        axes.set_title(said, fontsize=NAME, loc="left", color=INK, pad=6)
    axes.margins(x=0.06)
    if one.numeric:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=one.whole))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    else:
        axes.set_xlim(-0.5, len(kinds) - 0.5)
        _thinned(axes, np.arange(len(kinds)), [written(value) for value in one.values])
    axes.set_xlabel(key_label(one.path, lang), fontsize=NOTE)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", "−")))
    axes.tick_params(labelsize=NOTE, length=2)
    axes.spines["bottom"].set_color(FAINT)
