"""Screening and Sobol' indices as pictures."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, POLICIES, QUIET, framed, place, width_of, wrapped, write
from sim.findings import spaced
from sim.studies.findings_sensitivity import scale_of
from sim.studies.words_sensitivity import text
from sim.studies.words_values import name

if TYPE_CHECKING:
    from sim.studies.factors import Factor
    from sim.studies.sensitivity import Sensitivity

WIDTH, PLOT, HEIGHT, SIZE = 9.2, 4.9, 4.2, 8.0
NAMED = 14
"""Assumptions numbered in the picture and named beside it."""
LINE, LABELS = 0.32, 3.0


def morris(result: "Sensitivity", lang: str) -> Figure:
    """mu* against sigma, both in the metric's unit; each one's noise floor is where its thin line ends."""
    members, s = result.found.members, scale_of(result, lang)
    assert members is not None
    by_key = {factor.key: factor for factor in result.plan.factors}
    out = [key for key in members.stands_out() if key in by_key]
    title = text("morris_title_none", lang)
    if out:
        title = text("morris_title", lang, out=len(out), first=name(by_key[out[0]], lang, number=False))
    words = {"r": members.trajectories, "per_point": result.plan.per_point}
    note = f"{text('screen_note', lang, **words)}\n{_about(result, lang)}"
    figure, top = framed([spaced(title)], note, WIDTH, HEIGHT + 1.0)
    axes = place(figure, EDGE + 0.55, top + 0.35, PLOT - 0.55, HEIGHT)
    measures = members.difference
    for key in sorted(by_key.keys() & set(members.names)):
        i = members.place(key)
        found = [float(a[i]) / s.factor for a in (measures.mu_star, measures.sigma, measures.noise_floor)]
        _dot(axes, found, str(out.index(key) + 1) if key in out[:NAMED] else "")
    _morris_axes(axes, s.points, lang)
    _legend(figure, top, [
        Line2D([], [], color=POLICIES[0], marker="o", linestyle="", markersize=5, label=text("above_noise", lang)),
        Line2D([], [], color=BASELINE, marker="o", markerfacecolor="white", linestyle="", markersize=5,
               label=text("below_noise", lang)),
        Line2D([], [], color=FAINT, linewidth=1.2, label=text("floor_line", lang)),
    ])  # fmt: skip
    _list(figure, [by_key[key] for key in out[:NAMED]], lang, EDGE + PLOT + 0.25, top + 0.35)
    return figure


def _about(result: "Sensitivity", lang: str) -> str:
    """The footnote with the replications of a design's points."""
    return replace(result.about, replications=result.plan.per_point).note(lang)


def _dot(axes: Any, found: list[float], label: str) -> None:
    effect, spread, floor = found
    out = effect > floor
    color = POLICIES[0] if out else BASELINE
    axes.plot([floor, effect], [spread, spread], color=FAINT, linewidth=1.2, zorder=1)
    axes.plot(effect, spread, "o", markersize=5, color=color, markerfacecolor=color if out else "white", zorder=2)
    if label:
        axes.annotate(label, (effect, spread), xytext=(4, 3), textcoords="offset points", fontsize=NOTE, color=INK)


def _morris_axes(axes: Any, unit: str, lang: str) -> None:
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.margins(0.08)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}".replace("-", "−")))
    axes.tick_params(length=2, color=FAINT, labelsize=NOTE)
    for key, put in (("morris_x", axes.set_xlabel), ("morris_y", axes.set_ylabel)):
        label = text(key, lang, unit=unit).replace("（）", "").replace(" ()", "")
        put(wrapped(label, HEIGHT, NOTE), fontsize=NOTE)


def _list(figure: Figure, factors: list["Factor"], lang: str, left: float, top: float) -> None:
    """The numbered assumptions beside the picture, the strongest first."""
    y = top
    for number, factor in enumerate(factors, start=1):
        lines = wrapped(spaced(name(factor, lang)), WIDTH - EDGE - left - 0.25, SIZE)
        write(figure, left, y, f"{number}", SIZE, color=QUIET)
        write(figure, left + 0.25, y, lines, SIZE)
        y += (lines.count("\n") + 1) * SIZE * 1.4 / 72 + 0.06


def sobol(result: "Sensitivity", lang: str) -> Figure:
    """First-order and total indices of the difference, each with its bootstrap interval."""
    found = result.found
    indices = found.indices
    assert indices is not None
    order = sorted(range(len(found.indexed)), key=lambda i: -indices.total[i] if math.isfinite(indices.total[i]) else 1)
    title = text("sobol_flat", lang)
    if math.isfinite(indices.total[order[0]]):
        first, total = found.indexed[order[0]], min(float(indices.total[order[0]]), 1.0)
        title = text("sobol_title", lang, first=name(first, lang, number=False), total=f"{total:.0%}")
    note = text("sobol_note", lang, n=result.plan.samples, per_point=result.plan.per_point)
    figure, top = framed([spaced(title)], f"{note}\n{_about(result, lang)}", 8.0, len(order) * LINE + 0.95)
    axes = place(figure, EDGE + LABELS, top + 0.3, 8.0 - 2 * EDGE - LABELS, len(order) * LINE)
    colors = (POLICIES[0], POLICIES[1])
    for y, i in enumerate(order):
        pairs = ((indices.first, indices.first_conf), (indices.total, indices.total_conf))
        for (values, conf), shift, color in zip(pairs, (-0.17, 0.17), colors, strict=True):
            axes.barh(y + shift, values[i], height=0.3, color=color, alpha=0.85)
            axes.plot([values[i] - conf[i], values[i] + conf[i]], [y + shift] * 2, color=INK, linewidth=1)
        label = wrapped(spaced(name(found.indexed[i], lang)), LABELS - 0.15, SIZE)
        write(figure, EDGE, top + 0.3 + (y + 0.5) * LINE - (label.count("\n") + 1) * SIZE / 144 * 1.4, label, SIZE)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}".replace("-", "−")))
    axes.tick_params(axis="x", length=2, color=FAINT)
    axes.set_xlabel(text("sobol_x", lang), fontsize=NOTE)
    keys = ("first_order", "total_order")
    _legend(figure, top, [Patch(color=c, label=text(k, lang)) for c, k in zip(colors, keys, strict=True)])
    return figure


def _legend(figure: Figure, top: float, marks: list[Any]) -> None:
    w, h = figure.get_size_inches()
    wide = sum(width_of(str(mark.get_label()), NOTE) + 0.42 for mark in marks) > w - 2 * EDGE
    figure.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=2 if wide else len(marks),
        frameon=False, fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.6,
    )  # fmt: skip
