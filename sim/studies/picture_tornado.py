"""The tornado of a decision: each assumption at both ends of its range; beside it the level under the policy."""

import math
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, QUIET, VERDICT, framed, place, width_of, wrapped, write
from sim.findings import spaced
from sim.studies.factors import NULL
from sim.studies.findings_sensitivity import headline, scale_of, turn_cell, verdict_text
from sim.studies.tornado import Reading, Swing
from sim.studies.words_sensitivity import text
from sim.studies.words_values import between, name
from sim.words import Scale, short_label
from sim.words import text as common

if TYPE_CHECKING:
    from sim.studies.sensitivity import Sensitivity

LINE, SIZE, GAP = 0.36, 8.0, 0.15
LEFT, WIDTHS, TURNS = 2.6, (3.5, 2.0), 1.5
HEAD = 0.5


def tornado(result: "Sensitivity", lang: str) -> Figure:
    """Difference and level at both ends of each assumption's range, the largest swing on top."""
    swings, s = list(result.found.swings), scale_of(result, lang)
    body = HEAD + len(swings) * LINE + 0.75
    width = EDGE + LEFT + GAP + WIDTHS[0] + GAP + TURNS + GAP + WIDTHS[1] + EDGE
    note = f"{text('tornado_note', lang)} {result.about.note(lang)}"
    figure, top = framed([spaced(headline(result, lang))], note, width, body)
    _legend(figure, result, lang, top)
    first = place(figure, EDGE + LEFT + GAP, top + HEAD, WIDTHS[0], len(swings) * LINE)
    second = place(figure, width - EDGE - WIDTHS[1], top + HEAD, WIDTHS[1], len(swings) * LINE)
    _names(figure, swings, lang, top + HEAD)
    _panel(first, swings, s, "difference", result)
    _panel(second, swings, s, "level", result)
    metric, policy = short_label(result.plan.metric, lang), result.policy_title[lang]
    words = {"metric": metric, "policy": policy, "baseline": result.baseline_title[lang]}
    first.set_xlabel(_label("tornado_difference", lang, WIDTHS[0] + 1, unit=s.points, **words), fontsize=NOTE)
    second.set_xlabel(_label("tornado_level", lang, WIDTHS[1] + 0.3, unit=s.unit, **words), fontsize=NOTE)
    return figure


def _label(key: str, lang: str, width: float, **words: str) -> str:
    label = text(key, lang, **words).replace("（）", "").replace(" ()", "")
    return wrapped(spaced(label), width, NOTE)


def _names(figure: Figure, swings: list[Swing], lang: str, top: float) -> None:
    """Labels with their range to the left of the axes, turning values between the panels."""
    at = EDGE + LEFT + GAP + WIDTHS[0] + GAP
    for number, swing in enumerate(swings):
        y = top + number * LINE
        label = wrapped(spaced(name(swing.factor, lang)), LEFT, SIZE).split("\n")
        label = [label[0] + ("…" if len(label) > 1 else "")]
        write(figure, EDGE, y + 0.03, label[0], SIZE, color=INK)
        if swing.factor.key != NULL.key:
            write(figure, EDGE, y + 0.03 + SIZE / 72 * 1.3, between(swing.factor, lang), NOTE - 0.5, color=QUIET)
            cell = wrapped(turn_cell(swing, lang), TURNS, NOTE - 0.5).split("\n")
            color = INK if swing.below or swing.above else QUIET
            start = y + LINE / 2 - len(cell[:2]) * NOTE / 72 * 0.65
            write(figure, at, start, "\n".join(cell[:2]), NOTE - 0.5, color=color)
    write(figure, at, top - 0.2, text("turns_at", lang), NOTE, color=QUIET)


def _panel(axes: Any, swings: list[Swing], s: Scale, what: str, result: "Sensitivity") -> None:
    base = result.found.base
    assert base is not None
    if what == "difference":
        axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
        if math.isfinite(result.margin):
            axes.axvspan(
                -result.margin / s.factor, result.margin / s.factor, color=FAINT, alpha=0.6, linewidth=0, zorder=0
            )
    axes.axvline(getattr(base, what)[0] / s.factor, color=BASELINE, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    for y, swing in enumerate(swings):
        _bar(axes, y, swing, s, what)
        for turn in (swing.below, swing.above) if what == "difference" else ():
            if turn is not None:
                _turn(axes, y, swing, turn, s, base)
    axes.set_ylim(len(swings) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(MaxNLocator(6 if what == "difference" else 4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}".replace("-", "−")))
    axes.tick_params(axis="x", length=2, color=FAINT)


def _bar(axes: Any, y: int, swing: Swing, s: Scale, what: str) -> None:
    """A bar between both ends; a hollow mark is the low end, a full one the high end, whiskers their intervals."""
    ends = [tuple(value / s.factor for value in getattr(one, what)) for one in (swing.low, swing.high)]
    axes.plot([end[0] for end in ends], [y, y], color=FAINT, linewidth=7, solid_capstyle="butt", zorder=2)
    for reading, (mean, low, high), shift, hollow in zip(
        (swing.low, swing.high), ends, (-0.13, 0.13), (True, False), strict=True
    ):
        color = VERDICT[reading.verdict] if what == "difference" else QUIET
        if math.isfinite(low):
            axes.plot([low, high], [y + shift, y + shift], color=color, linewidth=1.3, zorder=3)
        if math.isfinite(mean):
            face = "white" if hollow else color
            axes.plot(mean, y + shift, "o", markersize=4.5, color=color, markerfacecolor=face, zorder=4)


def _turn(axes: Any, y: int, swing: Swing, turn: Any, s: Scale, base: Reading) -> None:
    """A mark on the bar at the share of the way from the value to the end at which the verdict turns."""
    to_low = turn is swing.below
    end, reading = (swing.factor.low, swing.low) if to_low else (swing.factor.high, swing.high)
    share = (turn.at - swing.factor.value) / (end - swing.factor.value)
    at = base.difference[0] + share * (reading.difference[0] - base.difference[0])
    if math.isfinite(at):
        axes.plot(at / s.factor, y, "|", markersize=11, markeredgewidth=1.6, color=INK, zorder=5)


def _legend(figure: Figure, result: "Sensitivity", lang: str, top: float) -> None:
    w, h = figure.get_size_inches()
    swings = result.found.swings
    verdicts = dict.fromkeys(one.verdict for swing in swings for one in (swing.low, swing.high))
    marks: list[Any] = [
        Line2D([], [], color=QUIET, marker="o", markerfacecolor="white", linestyle="", markersize=4.5,
               label=text("low_end", lang)),
        Line2D([], [], color=QUIET, marker="o", linestyle="", markersize=4.5, label=text("high_end", lang)),
        Line2D([], [], color=BASELINE, linestyle=(0, (4, 3)), label=text("as_is", lang)),
        *(Line2D([], [], color=VERDICT[one], linewidth=2, label=verdict_text(one, lang)) for one in verdicts),
    ]  # fmt: skip
    if any(swing.below or swing.above for swing in swings):
        marks.append(Line2D([], [], color=INK, marker="|", markersize=9, markeredgewidth=1.6, linestyle="",
                            label=text("chart_turn", lang)))  # fmt: skip
    if math.isfinite(result.margin):
        marks.append(Patch(color=FAINT, alpha=0.6, label=common("margin_band", lang)))
    columns = _columns([str(mark.get_label()) for mark in marks], float(w) - 2 * EDGE)
    figure.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - (top - 0.08) / h), ncols=columns, frameon=False,
        fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.4, labelspacing=0.3,
    )  # fmt: skip


def _columns(labels: list[str], width: float) -> int:
    """Columns of a legend that fit: in one row if possible, else in two."""
    one = sum(width_of(label, NOTE) + 0.42 for label in labels)
    return len(labels) if one < width else -(-len(labels) // 2)
