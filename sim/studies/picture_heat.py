"""A sweep over two keys as heat maps: each cell's difference, hatched where its interval does not carry a sign."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from sim.charts_style import FAINT, INK, NOTE, QUIET, VERDICT, framed, width_of, wrapped
from sim.metrics import METRICS
from sim.studies.picture_sweep import (
    ACROSS,
    LEGEND,
    PANEL,
    WIDTH,
    headed,
    height,
    legend,
    named,
    panels,
    unit_behind,
    with_data,
)  # fmt: skip
from sim.studies.words_sweep import key_label, text, written
from sim.words import label, scale
from sim.words import text as common

if TYPE_CHECKING:
    from sim.studies.sweep import Sweep

GOOD_TO_BAD = LinearSegmentedColormap.from_list("good", [VERDICT["worse"], "#ffffff", VERDICT["better"]])
UP_AND_DOWN = LinearSegmentedColormap.from_list("up", ["#e0912f", "#ffffff", "#2f6f9f"])
HATCHES = {"not_yet_known": "////", "equal": ".."}
FADED = 0.35
"""Part of its colour that a cell has whose interval does not carry a sign."""
MOST_ACROSS = 12
"""Cells in a row above which none can hold a number."""
STRONGEST = 0.75
"""How far into the colours the largest difference of a panel goes, so that numbers stay readable on it."""


def heat(result: "Sweep", policy: str, lang: str) -> Figure:
    """Differences of a policy from the baseline, a panel a metric, one key to the right and the other upwards."""
    metrics = with_data(result, policy)
    marks: list[Any] = [
        Patch(color=VERDICT["better"], alpha=0.6, label=common("verdict_better", lang)),
        Patch(color=VERDICT["worse"], alpha=0.6, label=common("verdict_worse", lang)),
        Patch(facecolor="white", edgecolor=QUIET, hatch="////", linewidth=0.5, label=text("unknown_cell", lang)),
        Patch(facecolor="white", edgecolor=QUIET, hatch="..", linewidth=0.5, label=text("equal_cell", lang)),
    ]
    figure, top = framed(
        headed(result, policy, lang), result.about.note(lang), WIDTH, LEGEND + 0.35 + height(len(metrics))
    )
    legend(figure, top, marks)
    for i, axes in enumerate(panels(figure, top + LEGEND + 0.35, len(metrics))):
        _map(axes, result, policy, metrics[i], lang, first=i % ACROSS == 0)
    return figure


def _map(axes: Any, result: "Sweep", policy: str, metric: str, lang: str, first: bool) -> None:
    rows = result.rows(policy, metric)
    across, up = ([written(value) for value in one.values] for one in result.varied)
    grid = np.full((len(up), len(across)), np.nan)
    s = scale(rows[0]["unit"], lang, *(row["difference"] for row in rows))
    better = METRICS[metric].better if metric in METRICS else "neither"
    sign = -1.0 if better == "lower" else 1.0
    most = max((abs(row["difference"]) for row in rows if not math.isnan(row["difference"])), default=0.0)
    # what lies inside the margin must not look strong only because nothing is stronger
    most = max(most, 2 * np.nan_to_num(rows[0]["margin"])) or 1.0
    fits = _fits(rows, s, axes, len(across), len(up))
    for row in rows:
        x, y = divmod(row["cell"], len(up))  # the order of a grid
        strength = FADED if row["verdict"] == "not_yet_known" else 1.0
        grid[y, x] = sign * row["difference"] / most * strength
        if fits:
            _numbered(axes, x, y, s.number(row["difference"], _half(row), signed=True))
    for verdict, hatch in HATCHES.items():
        _hatched(axes, [divmod(row["cell"], len(up)) for row in rows if row["verdict"] == verdict], hatch)
    colors = UP_AND_DOWN if better == "neither" else GOOD_TO_BAD
    axes.imshow(grid, cmap=colors, vmin=-1 / STRONGEST, vmax=1 / STRONGEST, origin="lower", aspect="auto", zorder=0)
    said = f"{label(metric, lang)}{unit_behind(s.points, lang)}"
    if not fits:
        said += _ends(rows, s, lang)
    named(axes, said, lang)
    _ticks(axes, across, up)
    axes.set_xlabel(wrapped(key_label(result.keys[0], lang), 2.6, NOTE), fontsize=NOTE)
    if first:
        axes.set_ylabel(wrapped(key_label(result.keys[1], lang), PANEL + 0.3, NOTE), fontsize=NOTE)
    axes.tick_params(labelsize=NOTE, length=2)
    axes.spines[:].set_color(FAINT)


def _ends(rows: list[dict[str, Any]], s: Any, lang: str) -> str:
    """Smallest and largest difference, where the cells are too small to hold a number."""
    there = [row for row in rows if not math.isnan(row["difference"])]
    least, most = (pick(there, key=lambda row: row["difference"]) for pick in (min, max))
    ends = [s.number(row["difference"], _half(row), signed=True) for row in (least, most)]
    return f"：{ends[0]} 到 {ends[1]}" if lang == "zh" else f": {ends[0]} to {ends[1]}"


def _half(row: dict[str, Any]) -> float:
    return float((row["difference_high"] - row["difference_low"]) / 2)


def _fits(rows: list[dict[str, Any]], s: Any, axes: Any, across: int, up: int) -> bool:
    """Whether every cell can hold its number."""
    w, h = axes.figure.get_size_inches()
    box = axes.get_position()
    if across > MOST_ACROSS:
        return False
    widest = max(width_of(s.number(row["difference"], _half(row), signed=True), NOTE) for row in rows)
    return bool(widest + 0.06 < w * box.width / across and h * box.height / up > 0.16)


def _hatched(axes: Any, cells: list[tuple[int, int]], hatch: str) -> None:
    """Hatch cells, all in one patch: thousands of patches take minutes to draw."""
    if cells:
        square = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)])
        codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(cells)
        whole = Path(np.concatenate([square + np.array(cell) for cell in cells]), codes)
        axes.add_patch(PathPatch(whole, fill=False, hatch=hatch, edgecolor="#b0b0b0", linewidth=0, zorder=1))


def _numbered(axes: Any, x: int, y: int, shown: str) -> None:
    look = {"boxstyle": "square,pad=0.12", "facecolor": "white", "alpha": 0.75, "linewidth": 0}
    axes.text(x, y, shown, fontsize=NOTE, ha="center", va="center", color=INK, bbox=look, zorder=3)


def _ticks(axes: Any, across: list[str], up: list[str]) -> None:
    """At most so many labels as there is room for."""
    w, h = axes.figure.get_size_inches()
    box = axes.get_position()
    widest = max(width_of(word, NOTE) for word in across) + 0.08
    step = max(1, math.ceil(len(across) * widest / (w * box.width)))
    axes.set_xticks(range(0, len(across), step), across[::step])
    step = max(1, math.ceil(len(up) * 0.16 / (h * box.height)))
    axes.set_yticks(range(0, len(up), step), up[::step])
