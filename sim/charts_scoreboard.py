"""The win-win scoreboard as a picture: one block a policy, one line a department's figure, right is better.

Figures have different units, so each difference is drawn in multiples of its own margin: inside ±1 it does not matter.
"""

import math
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.charts_style import EDGE, FAINT, INK, NOTE, QUIET, VERDICT, framed, place, width_of, write
from sim.comparison import Comparison
from sim.findings import note, spaced
from sim.scoreboard import cells, sentences, verdict_word
from sim.scoreboard import scoreboard as rows_of
from sim.words_scoreboard import text

Row = dict[str, Any]
MOST = 6.0
"""Margins shown to either side; what lies beyond is drawn up to the edge, with an arrow."""
LINE, HEAD, WIDTH, GAP, SIZE = 0.27, 0.3, 2.4, 0.18, 8.5


def scoreboard(comparison: Comparison, lang: str) -> Figure:
    """Before, after and paired difference of every department's figures, coloured by verdict."""
    blocks = {policy: rows_of(comparison, policy) for policy in comparison.policies}
    tables = {policy: cells(comparison, policy, lang) for policy in blocks}
    columns = _columns(list(tables.values()))
    left = EDGE + sum(columns[:3]) + 3 * GAP
    total = left + WIDTH + GAP + columns[3] + GAP + columns[5] + EDGE
    heights = [HEAD + len(rows) * LINE + 0.55 for rows in blocks.values()]
    figure, top = framed(
        [spaced(line) for line in sentences(comparison, lang)], note(comparison, lang, text("judged", lang)),
        max(total, 7.5),
        sum(heights) + 0.3,
    )  # fmt: skip
    _legend(figure, lang, top)
    y = top + 0.3
    for policy, height in zip(blocks, heights, strict=True):
        _block(figure, blocks[policy], tables[policy], columns, y, lang)
        if blocks[policy]:
            axes = place(figure, left, y + HEAD, WIDTH, len(blocks[policy]) * LINE)
            _forest(axes, blocks[policy], lang, comparison.setup.policy_titles[comparison.baseline][lang])
        y += height
    return figure


def _columns(tables: list[tuple[list[str], list[list[str]]]]) -> list[float]:
    """Inches each column of the tables needs."""
    lines = [line for head, body in tables for line in (head, *body)]
    return [max(width_of(line[number], SIZE) for line in lines) for number in range(len(lines[0]))]


def _block(
    figure: Figure, rows: list[Row], table: tuple[list[str], list[list[str]]], columns: list[float], top: float,
    lang: str,
) -> None:  # fmt: skip
    """The words and numbers around one policy's axes: figure, before, after; difference and verdict to the right."""
    head, body = table
    starts = [EDGE]
    for number in (0, 1, 2):
        starts.append(starts[-1] + columns[number] + GAP)
    starts[3] += WIDTH + GAP
    starts.append(starts[3] + columns[3] + GAP)
    for number, line in enumerate((head, *body)):
        y = top if number == 0 else top + HEAD + (number - 0.5) * LINE - SIZE / 72 * 0.62
        color = QUIET if number == 0 else VERDICT[_shade(rows[number - 1])]
        for column, (start, cell) in enumerate(zip(starts, (*line[:4], line[5]), strict=True)):
            write(figure, start, y, cell, SIZE, color=color if column > 2 or number == 0 else INK)


def _shade(row: Row) -> str:
    """The verdict whose colour a row has: one that is surely no loss is not shown as open."""
    return "equal" if row["verdict"] == "not_yet_known" and row["no_worse"] else row["verdict"]


def _forest(axes: Any, rows: list[Row], lang: str, baseline: str) -> None:
    axes.axvspan(-1, 1, color=FAINT, alpha=0.6, linewidth=0, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.8)
    for y, row in enumerate(rows):
        _one(axes, y, row, lang)
        if y and row["department"] != rows[y - 1]["department"]:
            axes.axhline(y - 0.5, color=FAINT, linewidth=0.8)
    axes.set_xlim(-MOST, MOST)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MultipleLocator(2))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    axes.tick_params(axis="x", length=2, color=FAINT)
    axes.set_xlabel(text("axis", lang, baseline=baseline), fontsize=NOTE)


def _one(axes: Any, y: int, row: Row, lang: str) -> None:
    """One difference and its interval in margins; what has no margin is told in words."""
    margin, sign = row["margin"], 1.0 if row["better"] == "higher" else -1.0
    if math.isnan(row["difference"]):
        return
    if not margin > 0:
        axes.text(0.15, y, text("no_margin", lang), fontsize=NOTE, color=QUIET, va="center")
        return
    color = VERDICT[_shade(row)]
    at = min(max(sign * row["difference"] / margin, -MOST), MOST)
    if not math.isnan(row["low"]):
        ends = sorted(min(max(sign * row[end] / margin, -MOST), MOST) for end in ("low", "high"))
        axes.plot(ends, [y, y], color=color, linewidth=1.8, solid_capstyle="butt")
    beyond = abs(sign * row["difference"] / margin) > MOST
    marker = (">" if at > 0 else "<") if beyond else "o"
    face = "white" if verdict_word(row, lang) == text("verdict_not_yet_known", lang) else color
    axes.plot(at, y, marker, markersize=5, color=color, markerfacecolor=face, clip_on=False)


def _legend(figure: Figure, lang: str, top: float) -> None:
    w, h = figure.get_size_inches()
    marks: list[Any] = [
        Patch(color=FAINT, alpha=0.6, label=text("inside", lang)),
        Line2D([], [], color=QUIET, marker=">", linestyle="", markersize=5,
               label=text("beyond", lang, most=f"{MOST:g}")),
    ]  # fmt: skip
    figure.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=2, frameon=False,
        fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.6,
    )  # fmt: skip
