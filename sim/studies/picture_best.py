"""The best bundle in pictures: objective against cost with the Pareto front, and how the race went."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, POLICIES, QUIET, VERDICT, framed, place, wrapped
from sim.metrics import METRICS
from sim.studies.findings_best import extreme, limit_words, value
from sim.studies.words_best import text
from sim.words import listed, scale, short_label

if TYPE_CHECKING:
    from sim.studies.best import BestBundle

WIDTH, HEIGHT = 8.0, 4.6
LOOKS: dict[str, tuple[str, str]] = {
    "best": (VERDICT["better"], VERDICT["better"]), "survivor": (POLICIES[0], POLICIES[0]),
    "beaten": (QUIET, QUIET), "infeasible": (VERDICT["worse"], "white"), "undecided": (BASELINE, "white"),
}  # fmt: skip
"""Edge and face of a bundle's mark; hollow where it may not be chosen."""


def pareto(result: "BestBundle", lang: str) -> Figure:
    """Every bundle by cost and objective, with interval crosses; the front runs through the means."""
    note = f"{text('bars', lang)}\n{result.about.note(lang)}"
    figure, top = framed(_pareto_title(result, lang), note, WIDTH, HEIGHT + 0.75)
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
    below = _capital(below)
    if row is None:
        return [_capital(text("pareto_none", lang)), below]
    shown, _ = value(q.objective, row["mean"], row["low"], row["high"], lang)
    cost, _ = value(row["other"], row["other_mean"], row["other_low"], row["other_high"], lang)
    key = "pareto_title" if result.selection.guaranteed else "pareto_so_far"
    first = text(key, lang, label=short_label(q.objective, lang), value=shown, extreme=extreme(result, lang),
                 other=short_label(row["other"], lang), cost=cost)  # fmt: skip
    return [_capital(row[f"title_{lang}"]), _capital(first), below]


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


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
    sign = 1.0 if _better(result, upright) == "higher" else -1.0
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
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{round(v / s.factor, 6):,g}".replace("-", "−")))
    unit = f"（{s.unit}）" if lang == "zh" else f" ({s.unit})"
    axis.set_label_text(short_label(metric, lang) + (unit if s.unit else ""), fontsize=NOTE + 0.5)


def _named(axes: Any, result: "BestBundle", across: str, upright: str, lang: str) -> None:
    """Names beside the bundle chosen, the smallest and the largest one.

    The name of the one chosen stands where no better one can be: on the cheap and good side of it.
    """
    sizes, inches = list(result.table["size"]), WIDTH - 2 * EDGE - 0.95
    axes.margins(0.08)
    low, high = axes.get_xlim()
    axes.set_xlim(low - 0.3 * (high - low), high)
    low = axes.get_xlim()[0]
    for number in dict.fromkeys([result.selection.best, sizes.index(min(sizes)), len(sizes) - 1]):
        if number is None:
            continue
        row, chosen = result.row(number), number == result.selection.best
        x, y = row[f"{across}mean"], row[f"{upright}mean"]
        share = (x - low) / (high - low)
        left = chosen or share > 0.6
        name = wrapped(row[f"title_{lang}"], max(share * inches - 0.2, 1.0) if left else 2.2, NOTE + 0.5)
        over = number != sizes.index(min(sizes)) or chosen
        over = over if not chosen or _better(result, upright) == "higher" else False
        axes.annotate(
            name, (x, y), (-8 if left else 7, 7 if over else -7), textcoords="offset points", fontsize=NOTE + 0.5,
            ha="right" if left else "left", va="bottom" if over else "top", linespacing=1.3,
            color=VERDICT["better"] if chosen else INK, zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8},
        )  # fmt: skip


def _better(result: "BestBundle", upright: str) -> str:
    """Which end of the upright axis is the good one."""
    q = result.question
    if upright:
        return METRICS[str(result.table["other"].iloc[0])].better
    return "higher" if q.maximise else "lower"


def _legend(figure: Figure, result: "BestBundle", top: float, lang: str) -> None:
    w, h = figure.get_size_inches()
    there = set(result.selection.status)
    keys = {"best": "mark_best", "survivor": "mark_in", "beaten": "mark_beaten", "undecided": "mark_open",
            "infeasible": "mark_out"}  # fmt: skip
    handles = [
        Line2D([], [], color=LOOKS[kind][0], marker="D" if kind == "best" else "o", linestyle="",
               markerfacecolor=LOOKS[kind][1], markersize=5, label=text(key, lang))
        for kind, key in keys.items() if kind in there
    ]  # fmt: skip
    handles.append(Line2D([], [], color=QUIET, linewidth=1.0, label=text("front", lang)))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=6, frameon=False,
                  fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.4, columnspacing=1.4)  # fmt: skip


def race(result: "BestBundle", lang: str) -> Figure:
    """How many bundles were still in after each replication, and what the others left for."""
    title, last = _race_title(result, lang)
    figure, top = framed([title], result.about.note(lang), 7.5, 3.4)
    axes = place(figure, EDGE + 0.55, top + 0.35, 7.5 - 2 * EDGE - 0.75, 2.3)
    first = result.question.first
    n = np.arange(first, max(last, first + 1) + 1)
    bottom = np.zeros(len(n))
    for (kind, height), colour in zip(_gone(result, n).items(), (POLICIES[0], FAINT, "#e3b1ac"), strict=True):
        if height.any():
            axes.bar(n, height, bottom=bottom, width=0.85, color=colour, label=text(f"race_{kind}", lang))
        bottom = bottom + height
    axes.set_xlabel(text("race_x", lang), fontsize=NOTE + 0.5)
    axes.set_ylabel(text("race_y", lang), fontsize=NOTE + 0.5)
    axes.set_xlim(first - 0.7, n[-1] + 0.7)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    w, h = figure.get_size_inches()
    figure.legend(loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=3, frameon=False, fontsize=NOTE,
                  borderaxespad=0, borderpad=0)  # fmt: skip
    return figure


def _race_title(result: "BestBundle", lang: str) -> tuple[str, int]:
    """The finding, and the replication up to which the race is shown."""
    found, first = result.selection, result.question.first
    count, left = len(found.left), found.left[found.left > 0]
    at_once = int((left <= first).sum())
    decided = found.guaranteed or found.why == "none_feasible"
    last = int(left.max()) if decided and len(left) else int(found.used.max())
    key = "race_title" if found.guaranteed else "race_nobody" if found.why == "none_feasible" else "race_one"
    return text(key, lang, count=count, left=at_once, rest=count - at_once, first=first, last=last), last


def _gone(result: "BestBundle", n: np.ndarray) -> dict[str, np.ndarray]:
    """Bundles still in, beaten, and found to break a limit, after each of ``n`` replications."""
    left, status = result.selection.left, np.array(result.selection.status)
    out = (left > 0) & (left <= n[:, None])
    broken = (out & (status == "infeasible")).sum(axis=1)
    return {"in": (~out).sum(axis=1), "beaten": out.sum(axis=1) - broken, "broken": broken}
