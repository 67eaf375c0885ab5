"""The best bundle in pictures: objective against cost with the Pareto front, and how the race went."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, POLICIES, QUIET, VERDICT, framed, place
from sim.metrics import METRICS
from sim.studies.findings_best import extreme, limit_words, value
from sim.studies.words_best import text
from sim.words import listed, scale, short_label

if TYPE_CHECKING:
    from sim.studies.best import BestBundle

WIDTH, HEIGHT = 8.0, 4.6
LOOKS: dict[str, tuple[str, str]] = {
    "best": (VERDICT["better"], VERDICT["better"]), "survivor": (POLICIES[0], POLICIES[0]),
    "beaten": (POLICIES[0], POLICIES[0]), "infeasible": (VERDICT["worse"], "white"), "undecided": (BASELINE, "white"),
}  # fmt: skip
"""Edge and face of a bundle's mark; hollow where it may not be chosen."""


def pareto(result: "BestBundle", lang: str) -> Figure:
    """Every bundle by cost and objective, with interval crosses; the front runs through the means."""
    note = f"{text('bars', lang)}\n{result.about.note(lang)}"
    figure, top = framed(_pareto_title(result, lang), note, WIDTH, HEIGHT + 1.0)
    axes = place(figure, EDGE + 0.75, top + 0.45, WIDTH - 2 * EDGE - 0.95, HEIGHT - 0.35)
    metric, other = result.question.objective, result.table["other"].iloc[0]
    across, upright = ("", "other_") if metric == "total_cost_yuan" else ("other_", "")
    names = (metric, other) if across == "" else (other, metric)
    _crosses(axes, result, across, upright)
    _front(axes, result, across, upright)
    for axis, name, prefix in ((axes.xaxis, names[0], across), (axes.yaxis, names[1], upright)):
        _scaled(axis, name, result.table[f"{prefix}mean"], lang)
    for limit in result.limits:
        if limit.metric in names and not limit.relative and not limit.department:
            line = axes.axvline if limit.metric == names[0] else axes.axhline
            line(limit.value, color=VERDICT["worse"], linewidth=1.0, linestyle="--")
    _named(axes, result, across, upright, lang)
    _legend(figure, result, top, lang)
    return figure


def _pareto_title(result: "BestBundle", lang: str) -> list[str]:
    row, q = result.best, result.question
    sure = text("pareto_sure" if result.selection.guaranteed else "pareto_unsure", lang)
    own = [limit_words(one, lang) for one in result.limits if not one.department]
    own += [text("departments", lang)] if any(one.department for one in result.limits) else []
    below = (
        text("pareto_limits", lang, limits=listed(own, lang), sure=sure)
        if own
        else text("pareto_free", lang, sure=sure)
    )
    below = below[:1].upper() + below[1:]
    if row is None:
        first = text("pareto_none", lang)
        return [first[:1].upper() + first[1:], below]
    shown, _ = value(q.objective, row["mean"], row["low"], row["high"], lang)
    cost, _ = value(row["other"], row["other_mean"], row["other_low"], row["other_high"], lang)
    first = text("pareto_title", lang, bundle=row[f"title_{lang}"], label=short_label(q.objective, lang), value=shown,
                 extreme=extreme(result, lang), other=short_label(row["other"], lang), cost=cost)  # fmt: skip
    return [first[:1].upper() + first[1:], below]


def _crosses(axes: Any, result: "BestBundle", across: str, upright: str) -> None:
    for number in range(len(result.table)):
        row = result.row(number)
        edge, face = LOOKS[row["status"]]
        chosen = row["status"] == "best"
        x, y = row[f"{across}mean"], row[f"{upright}mean"]
        for ends, level in ((across, y), (upright, x)):
            low, high = row[f"{ends}low"], row[f"{ends}high"]
            if low == low:
                points = ([low, high], [level, level]) if ends == across else ([level, level], [low, high])
                axes.plot(*points, color=edge, linewidth=1.6 if chosen else 0.7, alpha=1.0 if chosen else 0.45)
        axes.plot(x, y, "D" if chosen else "o", markersize=8 if chosen else 4.5, color=edge, markerfacecolor=face,
                  zorder=4 if chosen else 3)  # fmt: skip


def _front(axes: Any, result: "BestBundle", across: str, upright: str) -> None:
    """Bundles that none of the others beats by both means; stairs, since nothing lies between two bundles."""
    q = result.question
    better = METRICS[str(result.table["other"].iloc[0]) if upright else q.objective].better
    if not upright:
        better = "higher" if q.maximise else "lower"
    sign = 1.0 if better == "higher" else -1.0
    x, y = (result.table[f"{prefix}mean"].to_numpy(float) for prefix in (across, upright))
    top, points = -np.inf, []
    for i in np.lexsort((-sign * y, x)):  # dearer ones only where they gain something
        if sign * y[i] > top:
            top = sign * y[i]
            points.append((x[i], y[i]))
    if len(points) > 1:
        axes.step(*zip(*points, strict=True), where="post", color=QUIET, linewidth=1.0, zorder=2)


def _scaled(axis: Any, metric: str, values: pd.Series, lang: str) -> None:
    """Ticks in the unit a manager reads, named in the axis label."""
    s = scale(METRICS[metric].unit, lang, *values)
    axis.set_major_locator(MaxNLocator(6))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{round(v / s.factor, 6):,g}".replace("-", "−")))
    unit = f"（{s.unit}）" if lang == "zh" else f" ({s.unit})"
    axis.set_label_text(short_label(metric, lang) + (unit if s.unit else ""), fontsize=NOTE + 0.5)


def _named(axes: Any, result: "BestBundle", across: str, upright: str, lang: str) -> None:
    """Names beside the bundle chosen, the one without mechanisms and the largest one."""
    sizes = list(result.table["size"])
    named = dict.fromkeys([result.selection.best, sizes.index(min(sizes)), len(sizes) - 1])
    axes.margins(0.08)
    low, high = axes.get_xlim()
    for number in named:
        if number is None:
            continue
        row = result.row(number)
        x, y = row[f"{across}mean"], row[f"{upright}mean"]
        left = x > (low + high) / 2
        axes.annotate(
            row[f"title_{lang}"], (x, y), (-7 if left else 7, 9), textcoords="offset points", fontsize=NOTE + 0.5,
            ha="right" if left else "left", color=VERDICT["better"] if row["status"] == "best" else INK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}, zorder=5,
        )  # fmt: skip


def _legend(figure: Figure, result: "BestBundle", top: float, lang: str) -> None:
    w, h = figure.get_size_inches()
    there = set(result.selection.status)
    marks = [("best", "mark_best", "D", there & {"best"}),
             ("beaten", "mark_in" if result.limits else "mark_all", "o", there & {"beaten", "survivor"}),
             ("undecided", "mark_open", "o", there & {"undecided"}),
             ("infeasible", "mark_out", "o", there & {"infeasible"})]  # fmt: skip
    handles = [
        Line2D([], [], color=LOOKS[kind][0], marker=marker, linestyle="", markerfacecolor=LOOKS[kind][1], markersize=5,
               label=text(key, lang))
        for kind, key, marker, seen in marks if seen
    ]  # fmt: skip
    handles.append(Line2D([], [], color=QUIET, linewidth=1.0, label=text("front", lang)))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=5, frameon=False,
                  fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.4, columnspacing=1.4)  # fmt: skip


def race(result: "BestBundle", lang: str) -> Figure:
    """How many bundles were still in after each replication, and what the others left for."""
    found, q = result.selection, result.question
    left = found.left[found.left > 0]
    last = int(found.left.max()) if found.guaranteed and len(left) else int(found.used.max())
    rest = len(found.left) - int((left <= q.first).sum())
    key = "race_title" if found.guaranteed else "race_one"
    title = text(key, lang, count=len(found.left), left=len(found.left) - rest, rest=rest, first=q.first, last=last)
    figure, top = framed([title], result.about.note(lang), 7.5, 3.4)
    axes = place(figure, EDGE + 0.55, top + 0.35, 7.5 - 2 * EDGE - 0.75, 2.3)
    n = np.arange(q.first, max(last, q.first + 1) + 1)
    infeasible = np.array([status == "infeasible" for status in found.status])
    gone = {
        kind: [int(((found.left > 0) & (found.left <= r) & (infeasible == (kind == "broken"))).sum()) for r in n]
        for kind in ("broken", "beaten")
    }
    still = len(found.left) - np.array(gone["broken"]) - np.array(gone["beaten"])
    colours = (VERDICT["better"], BASELINE, VERDICT["worse"])
    bottom = np.zeros(len(n))
    for kind, colour in zip(("in", "beaten", "broken"), colours, strict=True):
        height = still if kind == "in" else np.array(gone[kind])
        if height.any():
            axes.bar(n, height, bottom=bottom, width=0.85, color=colour, alpha=0.85, label=text(f"race_{kind}", lang))
        bottom = bottom + height
    axes.set_xlabel(text("race_x", lang), fontsize=NOTE + 0.5)
    axes.set_ylabel(text("bundle", lang), fontsize=NOTE + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    w, h = figure.get_size_inches()
    figure.legend(loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=3, frameon=False, fontsize=NOTE,
                  borderaxespad=0, borderpad=0)  # fmt: skip
    return figure
