"""Charts of a pilot's plan: power against weeks, and what the article's pilot would say."""

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, PercentFormatter

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, POLICIES, QUIET, VERDICT, framed, place, wrapped
from sim.findings import spaced
from sim.studies.pilot import SELECTION
from sim.studies.words_plan import share, text
from sim.studies.words_plan import stores as stores_in
from sim.words import short_label

if TYPE_CHECKING:
    from sim.studies.planning import PilotPlan

MOST = 1.02
"""Top of the axis, so that a line at 100 % is seen whole."""
WIDTH, BODY, LEFT, RIGHT = 7.2, 3.6, 0.75, 2.1


def power(plan: "PilotPlan", lang: str) -> Figure:
    """A line per number of centres; one look at the end faint behind it."""
    key = "enough" if plan.chosen.power >= plan.power else "not_enough"
    finding = text(key, lang, centres=stores_in(plan.chosen.centres, lang), weeks=plan.chosen.looks[-1],
                   power=share(plan.chosen.power), wanted=f"{plan.power:.0%}").rstrip("。.")  # fmt: skip
    title = [
        _first(
            text("power_title", lang, label=short_label(plan.metric, lang), finding=finding[:1].lower() + finding[1:])
        )
    ]
    figure, axes = _axes(title, f"{text('power_note', lang)}\n{plan.about.note(lang)}", lang, "axis_power")
    counts = sorted(plan.table["centres"].unique())
    ends = []
    for number, count in enumerate(counts):
        rows = plan.table[plan.table["centres"] == count].sort_values("weeks")
        color = POLICIES[number % len(POLICIES)]
        axes.plot(rows["weeks"], rows["power_single_look"], color=color, alpha=0.35, linewidth=1, linestyle="--")
        axes.plot(rows["weeks"], rows["power"], color=color, linewidth=1.6, marker="o", markersize=3)
        ends.append((float(rows["power"].iloc[-1]), stores_in(int(count), lang), color))
    axes.axhline(plan.power, color=INK, linewidth=0.8, linestyle=":")
    weeks = sorted(plan.table["weeks"].unique())
    axes.xaxis.set_major_locator(FixedLocator(weeks))
    axes.set_xlabel(text("axis_weeks", lang), fontsize=NOTE)
    wanted = text("line_wanted", lang, wanted=f"{plan.power:.0%}")
    axes.text(0.99, plan.power / MOST - 0.015, wanted, transform=axes.transAxes, fontsize=NOTE, ha="right", va="top")
    _names(axes, ends)
    return figure


def pilot_of_the_article(plan: "PilotPlan", lang: str) -> Figure:
    """How often the article's pilot says "works", by how bad the month before was."""
    assert plan.article is not None
    row, table = plan.article.row(), plan.article.table
    title = [_first(text("article_title", lang, label=short_label(plan.metric, lang),
                         nothing=share(row["nothing_changed"])))]  # fmt: skip
    figure, axes = _axes(title, f"{text('planned_note', lang)}\n{plan.about.note(lang)}", lang, "axis_says", 3.0)
    ends = []
    for rule, name, color in (("end", "works", VERDICT["better"]), ("monthly", "nothing_changed", "#e0912f"),
                              ("end", "nothing_changed", VERDICT["worse"])):  # fmt: skip
        rows = table[table["rule"] == rule]
        axes.fill_between(rows["worst_of"], rows[f"{name}_low"], rows[f"{name}_high"], color=color, alpha=0.12, lw=0)
        axes.plot(rows["worst_of"], rows[name], color=color, marker="o", markersize=3.5, linewidth=1.6)
        key = {"works": "works_end", "nothing_changed": f"nothing_{rule}"}[name]
        ends.append((float(rows[name].iloc[-1]), text(key, lang), color))
    axes.axhline(0.025, color=BASELINE, linewidth=1, linestyle="--")
    ends.append((0.025, text("limit_line", lang), QUIET))
    axes.xaxis.set_major_locator(FixedLocator(sorted(table["worst_of"].unique())))
    axes.set_xlabel(text("axis_worst", lang, label=SELECTION), fontsize=NOTE)
    _names(axes, ends, 2.85)
    return figure


def _first(sentence: str) -> str:
    """A sentence with a capital, spaced as print has it."""
    return spaced(sentence[:1].upper() + sentence[1:])


def _axes(title: list[str], note: str, lang: str, axis: str, right: float = RIGHT) -> tuple[Figure, Any]:
    width = WIDTH + right - RIGHT
    figure, top = framed(title, note, width, BODY)
    axes = place(figure, EDGE + LEFT, top + 0.1, width - EDGE - LEFT - right, BODY - 0.75)
    axes.set_ylim(0, MOST)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel(text(axis, lang), fontsize=NOTE)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.tick_params(length=2, color=FAINT)
    return figure, axes


def _names(axes: Any, ends: list[tuple[float, str, str]], width: float = 1.9) -> None:
    """Names to the right of where the lines end, pushed apart so that none covers another."""
    height = axes.figure.get_size_inches()[1] * axes.get_position().height
    above = 1.03
    lowest = []
    for at, name, color in sorted(ends, key=lambda end: -end[0]):
        shown = wrapped(name, width, NOTE)
        tall = (shown.count("\n") + 1) * NOTE * 1.3 / 72 / height
        top = min(at / MOST + tall / 2, above)
        lowest.append((top - tall / 2, shown, color))
        above = top - tall
    for at, shown, color in lowest:
        axes.text(1.02, at, shown, transform=axes.transAxes, fontsize=NOTE, color=color, va="center")
