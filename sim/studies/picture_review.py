"""A pilot's figures to date against both bands: one panel a metric."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, POLICIES, QUIET, VERDICT, framed, place, write
from sim.findings import spaced
from sim.studies.words_plan import scale_of
from sim.studies.words_review import sentence, text
from sim.words import label, short_label

if TYPE_CHECKING:
    from sim.studies.reviewing import PilotReview

WIDTH, PANEL, HEAD, LEFT = 7.2, 2.7, 0.5, 0.75
MOST = 8
"""Panels; further metrics are in the table alone."""


def review(found: "PilotReview", lang: str) -> Figure:
    """Observed to date, what it is compared with, the limit of success, and both bands of one real centre."""
    latest = found.latest[:MOST]
    title = [spaced(_finding(found, row, lang)) for row in latest[:1]]
    figure, top = framed(title, f"{text('note', lang)}\n{found.about.note(lang)}", WIDTH, HEAD + PANEL * len(latest))
    for number, row in enumerate(latest):
        rows = found.table[found.table["metric"] == row["metric"]]
        y = top + HEAD + number * PANEL
        named = text("panel", lang, label=label(row["metric"], lang), word=text(f"word_{row['decision']}", lang))
        write(figure, EDGE + LEFT, y - 0.22, named, 8.5, color=QUIET)
        axes = place(figure, EDGE + LEFT, y, WIDTH - 2 * EDGE - LEFT, PANEL - 0.85)
        ahead = found.outlook[found.outlook["metric"] == row["metric"]]
        _panel(axes, rows, ahead, lang)
        if number == 0:
            handles, names = axes.get_legend_handles_labels()
            w, h = figure.get_size_inches()
            figure.legend(handles, names, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=5,
                          frameon=False, fontsize=6.8, borderaxespad=0, borderpad=0, handlelength=1.4,
                          columnspacing=1.0)  # fmt: skip
    return figure


def _finding(found: "PilotReview", row: dict[str, Any], lang: str) -> str:
    told = sentence(found, row, lang)
    return told[:1].upper() + told[1:]


def _panel(axes: Any, rows: pd.DataFrame, ahead: pd.DataFrame, lang: str) -> None:
    metric = str(rows["metric"].iloc[0])
    weeks = list(ahead["weeks"])
    times = 1 if len(weeks) > 1 else 2
    # one look alone would be a band without width
    wide = weeks if len(weeks) > 1 else [weeks[0] * 0.9, weeks[0] * 1.1]
    for who, color in (("ad_hoc", BASELINE), ("policy", POLICIES[0])):
        ends = [list(ahead[f"{who}_{end}"]) * times for end in ("low", "high")]
        axes.fill_between(wide, *ends, color=color, alpha=0.3, linewidth=0, label=text(f"legend_{who}", lang))
    # looks to come are shown against what the last one was compared with
    known = list(rows["compared_with"])
    compared = (known + [known[-1]] * (len(weeks) - len(known))) * times
    axes.plot(wide, compared, color=QUIET, linewidth=1, linestyle=":", label=text("legend_compared", lang))
    limit = [a + b for a, b in zip(compared, list(ahead["success_change"]) * times, strict=True)]
    axes.plot(wide, limit, color=VERDICT["better"], linewidth=1.2, linestyle="--", label=text("legend_limit", lang))
    axes.plot(
        rows["weeks"],
        rows["to_date"],
        color=INK,
        marker="o",
        markersize=4,
        linewidth=1,
        label=text("legend_seen", lang),
    )
    _range(axes, pd.concat([rows, ahead]), limit)
    s = scale_of(metric, lang, float(rows["ad_hoc_high"].max()))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / s.factor:g}".replace("-", "−")))
    axes.set_ylabel(s.unit or short_label(metric, lang), fontsize=NOTE)
    axes.xaxis.set_major_locator(FixedLocator(weeks))
    axes.set_xlabel(text("axis", lang), fontsize=NOTE)
    axes.tick_params(length=2, color=FAINT)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)


def _range(axes: Any, rows: pd.DataFrame, limit: list[float]) -> None:
    """Room for bands and figures; a limit far beyond them, as the first look's may be, is cut."""
    shown = pd.concat([rows[key] for key in ("to_date", "compared_with", "ad_hoc_low", "ad_hoc_high", "policy_low",
                                             "policy_high")])  # fmt: skip
    nearest = min(limit, key=lambda one: abs(one - shown.mean()))
    low, high = min(float(shown.min()), nearest), max(float(shown.max()), nearest)
    room = (high - low) * 0.08 or 1.0
    axes.set_ylim(low - room, high + room)
