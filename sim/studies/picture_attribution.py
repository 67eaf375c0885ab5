"""Pictures of an attribution: a waterfall from the baseline to all mechanisms, and the interactions of pairs."""

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sim.charts_style import BASELINE, EDGE, FAINT, INK, NOTE, QUIET, VERDICT, framed, place, width_of, write
from sim.metrics import METRICS
from sim.studies.sentences_attribution import cell, clear, finding, nothing, pair_finding, scale_of
from sim.studies.words_attribution import text
from sim.studies.words_mechanisms import mechanism_short_title
from sim.words import Scale, label

if TYPE_CHECKING:
    from sim.studies.attribution import Attribution

Row = dict[str, Any]
LINE, WIDTH, GAP, SIZE, LEGEND = 0.4, 3.6, 0.18, 8.5, 0.5
CELL, STEP = 0.62, 0.34
"""Inches of a cell of the heat map: least width, height."""


def shade(value: float, metric: str) -> str:
    """Better, worse, or without direction, by sign."""
    better = METRICS[metric].better
    if better == "neither":
        return "higher"
    return "better" if (value > 0) == (better == "higher") else "worse"


def waterfall(result: "Attribution", metric: str, lang: str) -> Figure:
    """The metric under the baseline, each mechanism's part from where the last one ended, the metric under all."""
    parts, total = result.rows(metric)
    s = scale_of(total, lang)
    names, figures = _beside(result, parts, total, s, lang)
    left = EDGE + max(width_of(name, SIZE) for name in names) + GAP
    right = GAP + max(width_of(written, SIZE) for written in figures)
    body = LEGEND + len(names) * LINE + 0.65
    sentence = finding(parts, total, (), lang)
    figure, top = framed([sentence], _note(result, parts, lang), max(left + WIDTH + right + EDGE, 7.5), body)
    wide = float(figure.get_size_inches()[0]) - left - right - EDGE
    axes = place(figure, left, top + LEGEND, wide, len(names) * LINE)
    for number, (name, written) in enumerate(zip(names, figures, strict=True)):
        y = top + LEGEND + (number + 0.5) * LINE - SIZE / 72 * 0.62
        write(figure, EDGE, y, name, SIZE)
        color = _color(parts[number - 1]) if 0 < number <= len(parts) else INK
        write(figure, left + wide + GAP, y, written, SIZE, color=color)
    _steps(axes, parts, total)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, s, axes)))
    axes.set_xlabel(_axis(metric, s, lang), fontsize=NOTE)
    _legend(figure, metric, parts, lang, top)
    return figure


def _beside(
    result: "Attribution", parts: list[Row], total: Row, s: Scale, lang: str
) -> tuple[list[str], list[str]]:  # fmt: skip
    """What stands to the left and to the right of each row."""
    policy = result.asked.policy
    names = [result.titles[result.baseline][lang], *(mechanism_short_title(row["mechanism"], lang) for row in parts)]
    names.append(result.titles[policy][lang] if policy else text("all_on", lang))
    half = (total["baseline_high"] - total["baseline_low"]) / 2
    figures = [s.value(total["baseline"], half), *(cell(row, "shapley", s) for row in parts)]
    figures.append(f"{s.value(total['baseline'] + total['shapley'], half)}{_between(total, s, lang)}")
    return names, figures


def _note(result: "Attribution", parts: list[Row], lang: str) -> str:
    note = text("note_waterfall", lang, method=text("sampled" if result.sampled else "exact", lang))
    if any(nothing(row) for row in parts):
        note += ("" if lang == "zh" else " ") + text("note_nothing", lang)
    return note + "\n" + result.about.note(lang)


def _between(total: Row, s: Scale, lang: str) -> str:
    change = " ".join(s.estimate(total["shapley"], total["low"], total["high"]))
    return f"（{change}）" if lang == "zh" else f" ({change})"


def _axis(metric: str, s: Scale, lang: str) -> str:
    name = label(metric, lang)
    return text("value_axis", lang, label=name, unit=s.unit) if s.unit else name


def _color(row: Row) -> str:
    if nothing(row):
        return VERDICT["equal"]
    return VERDICT[shade(row["shapley"], row["metric"]) if clear(row) else "not_yet_known"]


def _steps(axes: Any, parts: list[Row], total: Row) -> None:
    at = total["baseline"]
    axes.plot(at, 0, "o", color=BASELINE, markersize=6, clip_on=False)
    for y, row in enumerate(parts, start=1):
        axes.plot([at, at], [y - 1, y], color=QUIET, linewidth=0.7, linestyle=":", zorder=1)
        axes.axhline(y - 0.5, color=FAINT, linewidth=0.5, zorder=0)
        axes.barh(y, row["shapley"], left=at, height=0.4, color=_color(row), alpha=0.75, linewidth=0)
        axes.plot([at + row["low"], at + row["high"]], [y, y], color=INK, linewidth=1.2)
        axes.plot(at + row["first_in"], y - 0.3, "v", color=QUIET, markersize=4, clip_on=False)
        axes.plot(at + row["last_in"], y + 0.3, "^", color=QUIET, markersize=4, markerfacecolor="white", clip_on=False)
        at += row["shapley"]
    last = len(parts) + 1
    axes.axhline(last - 0.5, color=FAINT, linewidth=0.5, zorder=0)
    axes.plot([at, at], [last - 1, last], color=QUIET, linewidth=0.7, linestyle=":", zorder=1)
    axes.plot([total["baseline"] + total[end] for end in ("low", "high")], [last, last], color=INK, linewidth=1.2)
    axes.plot(at, last, "o", color=_color(total), markersize=6, clip_on=False)
    axes.set_ylim(last + 0.5, -0.5)
    axes.set_yticks([])
    axes.use_sticky_edges = False  # bars would cut the marks at their ends
    axes.margins(x=0.04)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", length=2, color=FAINT)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)


def _tick(value: float, s: Scale, axes: Any) -> str:
    """Ticks in the scale's unit, with the decimals their distance needs."""
    ticks = axes.xaxis.get_majorticklocs()
    step = abs(ticks[1] - ticks[0]) / s.factor if len(ticks) > 1 else 1.0
    places = next((p for p in range(6) if abs(round(step, p) - step) < 1e-6 * step), 6)
    return f"{round(value / s.factor, places) + 0.0:,.{places}f}".replace("-", "−")


def _legend(figure: Figure, metric: str, parts: list[Row], lang: str, top: float) -> None:
    w, h = figure.get_size_inches()
    if METRICS[metric].better == "neither":
        marks: list[Any] = [Patch(color=VERDICT["higher"], alpha=0.75, linewidth=0, label=text("bar_known", lang))]
    else:
        marks = [
            Patch(color=VERDICT[kind], alpha=0.75, linewidth=0, label=text(f"bar_{kind}", lang))
            for kind in ("better", "worse")
            if any(clear(row) and shade(row["shapley"], metric) == kind for row in parts)
        ]
    if not all(clear(row) or nothing(row) for row in parts):
        marks += [Patch(color=VERDICT["not_yet_known"], alpha=0.75, linewidth=0, label=text("bar_unclear", lang))]
    look: dict[str, Any] = {"color": QUIET, "linestyle": "", "markersize": 4}
    marks += [
        Line2D([], [], color=INK, linewidth=1.2, label=text("whisker", lang)),
        Line2D([], [], marker="v", label=text("mark_first", lang), **look),
        Line2D([], [], marker="^", markerfacecolor="white", label=text("mark_last", lang), **look),
    ]
    figure.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(EDGE / w, 1 - top / h), ncols=3, frameon=False,
        fontsize=NOTE, borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.6,
    )  # fmt: skip


def interactions(result: "Attribution", metric: str, lang: str) -> Figure:
    """What each pair of mechanisms changes beyond the sum of both: numbers in a triangle, deeper where larger."""
    pairs, (parts, total) = result.pairs(metric), result.rows(metric)
    s, names = scale_of(total, lang), result.asked.mechanisms
    titles = [f"{number}  {mechanism_short_title(name, lang)}" for number, name in enumerate(names, start=1)]
    left = EDGE + max(width_of(title, SIZE) for title in titles) + GAP
    wide = max(CELL, min(1.1, (7.5 - left - EDGE) / (len(names) - 1)))
    sentence = pair_finding(parts, total, pairs, lang)
    body = len(names) * STEP + 0.45
    figure, top = framed([sentence], _pair_note(result, metric, s, lang), max(left + len(names) * wide, 7.5), body)
    axes = place(figure, left, top + 0.2, (len(names) - 1) * wide, len(names) * STEP)
    for number, title in enumerate(titles):
        write(figure, EDGE, top + 0.2 + (number + 0.5) * STEP - SIZE / 72 * 0.62, title, SIZE)
    most = max((abs(row["interaction"]) for row in pairs if clear(row, "interaction")), default=0.0)
    place_of = {name: number for number, name in enumerate(names)}
    for row in pairs:
        _cell(axes, place_of[row["mechanism"]], place_of[row["with"]], row, most, s)
    axes.set_xlim(-0.5, len(names) - 1.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks(range(len(names) - 1), [str(number) for number in range(1, len(names))])
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labeltop=True, labelbottom=False, labelcolor=INK, labelsize=SIZE)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return figure


def _pair_note(result: "Attribution", metric: str, s: Scale, lang: str) -> str:
    note = text("note_pairs", lang, unit=s.points or label(metric, lang))
    if METRICS[metric].better != "neither":
        note += ("" if lang == "zh" else " ") + text("note_colours", lang)
    return note + "\n" + result.about.note(lang)


def _cell(axes: Any, x: int, y: int, row: Row, most: float, s: Scale) -> None:
    known, value = clear(row, "interaction"), row["interaction"]
    depth = 0.08 + 0.62 * abs(value) / most if known else 0.0
    color = VERDICT[shade(value, row["metric"])] if known else FAINT
    axes.add_patch(_square(x, y, color, depth))
    written = s.estimate(value, row["low"], row["high"])[0]
    if nothing(row, "interaction"):
        written = text("nothing", s.lang)
    axes.text(x, y, written, ha="center", va="center", fontsize=NOTE, color=INK if known else BASELINE)


def _square(x: int, y: int, color: str, depth: float) -> Any:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=to_rgba(color, depth), edgecolor="white", linewidth=1.5)
