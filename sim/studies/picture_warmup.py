"""Welch's picture: the mean path of every metric from the first day on, with MSER's point; and trust run by run."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts_style import EDGE, FAINT, INK, NOTE, POLICIES, QUIET, VERDICT, framed, place, wrapped
from sim.daily import DAYS_PER_WEEK
from sim.findings import spaced
from sim.statistics.mser5 import WELCH_SHARE, without_cycle
from sim.statistics.mser5 import welch as moving_average
from sim.studies.words_warmup import headline, text, trust_line
from sim.words import label, scale

if TYPE_CHECKING:
    from sim.studies.warming import Path, WarmUp

WIDTH, PANEL, ACROSS, GAP_X, GAP_Y, NAME = 9.6, 1.6, 3, 0.62, 0.92, 8.5
HALF_WEEKS = 3
"""Half-window of the moving average: smooth enough for a level to be seen, and whole weeks."""
OUTSIDE = 0.02
"""Share of the days at either end of the values that a panel may cut off, so that one odd day does not flatten it."""


def welch(result: "WarmUp", policy: str, lang: str) -> Figure:
    """The mean daily path, its moving average and the cut, a panel a metric."""
    rows = result.rows(policy)
    half = min(HALF_WEEKS, result.weeks // WELCH_SHARE)
    marks: list[Any] = [
        Line2D([], [], color="#b9c7d4", linewidth=0.8, label=text("daily", lang)),
        Line2D([], [], color=POLICIES[0], linewidth=1.6, label=text("moving", lang, weeks=2 * half)),
        Line2D([], [], color=VERDICT["worse"], linewidth=1.2, label=text("cut", lang)),
        Patch(color=FAINT, alpha=0.7, linewidth=0, label=text("left_out", lang)),
    ]
    if policy == result.baseline:
        marks.append(Line2D([], [], color=INK, linewidth=1, linestyle=(0, (4, 3)), label=text("set", lang)))
    figure, top = _framed(result, policy, marks, len(rows), lang)
    for row, axes in zip(rows, _panels(figure, top, len(rows)), strict=True):
        path = result.paths[policy, row["metric"]]
        _one(axes, row, path, half * DAYS_PER_WEEK // row["step_days"], lang)
        _dressed(axes, result, policy, row, lang)
    return figure


def trust(result: "WarmUp", policy: str, lang: str) -> Figure:
    """Trust of every replication over the weeks: one band, or two?"""
    rows = [row for row in result.rows(policy) if not math.isnan(row["lowest"])]
    marks: list[Any] = [
        Line2D([], [], color="#8fb0cb", linewidth=0.8, label=text("one_run", lang)),
        Line2D([], [], color=POLICIES[0], linewidth=1.8, label=text("mean_run", lang)),
        Line2D([], [], color=VERDICT["worse"], linewidth=1.2, label=text("cut", lang)),
    ]
    if policy == result.baseline:
        marks.append(Line2D([], [], color=INK, linewidth=1, linestyle=(0, (4, 3)), label=text("set", lang)))
    figure, top = _framed(
        result, policy, marks, len(rows), lang, [spaced(trust_line(result, policy, row, lang)) for row in rows]
    )
    for row, axes in zip(rows, _panels(figure, top, len(rows)), strict=True):
        path = result.paths[policy, row["metric"]]
        weeks = np.arange(path.single_amounts.shape[1])
        axes.plot(weeks, path.single_amounts.T, color="#8fb0cb", linewidth=0.7)
        axes.plot(weeks, path.amounts / path.bases, color=POLICIES[0], linewidth=1.8)
        _dressed(axes, result, policy, row, lang)
    return figure


def _framed(
    result: "WarmUp", policy: str, marks: list[Any], panels: int, lang: str, title: list[str] | None = None
) -> tuple[Figure, float]:
    """A figure for so many panels with its legend, and where the panels begin."""
    above = 0.2 * math.ceil(len(marks) / 2) + 0.4
    body = above + math.ceil(panels / ACROSS) * (PANEL + GAP_Y) - 0.25
    figure, top = framed(title or [headline(result, policy, lang)], note(result, policy, lang), WIDTH, body)
    w, h = figure.get_size_inches()
    figure.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=2, frameon=False,
        fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.8, columnspacing=1.6,
    )  # fmt: skip
    return figure, top + above


def note(result: "WarmUp", policy: str, lang: str) -> str:
    """The footnote: what was run."""
    a = result.about
    said = {
        "replications": a.replications,
        "weeks": a.weeks,
        "title": a.title[lang],
        "name": a.scenario,
        "seed": a.seed,
    }
    return f"{text('what', lang)}\n{text('note', lang, **said)}"


def _panels(figure: Figure, top: float, count: int) -> list[Any]:
    wide = (WIDTH - 2 * EDGE - GAP_X * ACROSS) / ACROSS
    return [
        place(figure, EDGE + GAP_X + (i % ACROSS) * (wide + GAP_X), top + (i // ACROSS) * (PANEL + GAP_Y), wide, PANEL)
        for i in range(count)
    ]


def _one(axes: Any, row: dict[str, Any], path: "Path", half: int, lang: str) -> None:
    """The path as MSER saw it, the moving average over all days, and the weeks left out."""
    factor, per_week = scale(row["unit"], lang, row["mean"]).factor, DAYS_PER_WEEK // row["step_days"]
    at = np.flatnonzero(path.usual)
    values = path.amounts[at] / path.bases[at]
    if per_week > 1:
        values = without_cycle(values, at % DAYS_PER_WEEK)
        _left_out(axes, path)
    # a line only between neighbours: it must not run across weeks that were left out
    line = np.full(len(path.bases), np.nan)
    line[at] = values / factor
    shown = np.flatnonzero(path.bases > 0) if per_week > 1 else at
    axes.plot(shown / per_week, line[shown], color="#b9c7d4", linewidth=0.7)
    smooth = moving_average(path.amounts, path.bases, half) / factor
    axes.plot(np.arange(len(smooth)) / per_week, smooth, color=POLICIES[0], linewidth=1.6)
    low, high = np.nanquantile(np.concatenate((values / factor, smooth)), [OUTSIDE, 1 - OUTSIDE])
    room = (high - low) * 0.25 or 1.0
    axes.set_ylim(min(low - room, np.nanmin(smooth)), max(high + room, np.nanmax(smooth)))


def _left_out(axes: Any, path: "Path") -> None:
    seen = path.usual.reshape(-1, DAYS_PER_WEEK).any(axis=1)
    for week in np.flatnonzero(~seen):
        axes.axvspan(week, week + 1, color=FAINT, alpha=0.7, linewidth=0, zorder=0)


def _dressed(axes: Any, result: "WarmUp", policy: str, row: dict[str, Any], lang: str) -> None:
    """Cut, warm-up, name, axes."""
    if row["reliable"]:
        axes.axvline(row["point_days"] / DAYS_PER_WEEK, color=VERDICT["worse"], linewidth=1.2)
    if policy == result.baseline:
        axes.axvline(result.warmup_weeks, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    s = scale(row["unit"], lang, row["mean"])
    unit = s.unit and (f"，{s.unit}" if lang == "zh" else f", {s.unit}")
    verdict = text(f"verdict_{row['verdict']}", lang)
    said = f"{label(row['metric'], lang)}{unit}\n{verdict}"
    width = axes.figure.get_size_inches()[0] * axes.get_position().width + GAP_X * 0.8
    axes.set_title(
        wrapped(said, width, NAME),
        fontsize=NAME,
        loc="left",
        x=-GAP_X * 0.8 / width,
        color=INK,
        pad=4,
        linespacing=1.35,
    )
    axes.set_xlim(0, result.weeks)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", "−")))
    axes.tick_params(labelsize=NOTE, length=2)
    axes.set_xlabel(
        text("from_start" if policy == result.baseline else "from_switch", lang), fontsize=NOTE, color=QUIET
    )
