"""A customer's story as a picture: a lane for each policy on one axis of days, what lasted, and what happened below."""

from matplotlib.figure import Figure

from sim.charts_style import FAINT, INK, POLICIES, QUIET, blank, height_of, place, style, width_of, wrapped, write
from sim.stories import Told
from sim.words_story import SPANS, finding, moment_text, summary, when

EDGE, LANE, LINE = 0.3, 1.15, 0.185
COLORS = {"parts": "#c1382c", "home": "#e0912f", "bay": "#2f6f9f", "dispute": "#6a5aa8"}
ROWS = ("parts", "home", "bay", "dispute")
LEFT_OUT = ("experience", "bay_left")


def timeline(stories: list[Told], titles: dict[str, dict[str, str]], footnote: str, lang: str) -> Figure:
    """Lanes above, the events of each policy below. Call it inside ``style()``."""
    columns = len(stories)
    width = max(4.2 * columns, 7.0)
    inside = width - 2 * EDGE
    title = wrapped(finding(stories, titles, lang), inside, 12.5)
    note = wrapped(footnote, inside, 7.5)
    texts = [_lines(told, inside / columns - 0.2, lang) for told in stories]
    heads = [wrapped(summary(told, titles[told.policy][lang], lang), inside / columns - 0.2, 8.5) for told in stories]
    head = max(height_of(text, 8.5) for text in heads) + 0.1
    top = EDGE + height_of(title, 12.5) + 0.15
    lanes = LANE * len(stories) + 0.6
    listed = max(height_of(text, 7.5) for text in texts)
    figure = blank(width, top + lanes + head + listed + 0.2 + height_of(note, 7.5) + EDGE)
    write(figure, EDGE, EDGE, title, 12.5)
    # the promise belongs to the finding: a late one must not fall off the axis
    last = max(max(told.moments[-1].day, told.promised_day) for told in stories if told.moments)
    first = min(min(told.moments[0].day for told in stories if told.moments), 0.0)
    for number, told in enumerate(stories):
        _lane(figure, told, titles[told.policy][lang], top + number * LANE, (max(first, -1.0), last), inside, lang,
              number == len(stories) - 1)  # fmt: skip
    y = top + lanes
    for number, (text, heading) in enumerate(zip(texts, heads, strict=True)):
        x = EDGE + number * inside / columns
        write(figure, x, y, heading, 8.5, color=POLICIES[number % len(POLICIES)])
        write(figure, x, y + head, text, 7.5)
    write(figure, EDGE, y + head + listed + 0.2, note, 7.5, color=QUIET)
    return figure


def _lines(told: Told, width: float, lang: str) -> str:
    told_ones = [m for m in told.moments if m.event not in LEFT_OUT]
    return "\n".join(wrapped(f"{when(m, lang)}  {moment_text(m, told, lang)}", width, 7.5) for m in told_ones)


def _lane(
    figure: Figure, told: Told, name: str, top: float, days: tuple[float, float], inside: float, lang: str, axis: bool
) -> None:
    names = [SPANS[what][lang == "en"] for what in ROWS]
    left = max(width_of(text, 7.5) for text in names) + 0.15
    axes = place(figure, EDGE + left, top + 0.22, inside - left - 0.1, LANE - 0.35)
    write(figure, EDGE, top, name, 8.5)
    for row, what in enumerate(ROWS):
        for kind, start, end in told.spans:
            if kind == what and end > days[0]:
                axes.barh(row, max(end - start, 0.02), left=start, height=0.62, color=COLORS[what], linewidth=0)
    axes.axvline(0, color=INK, linewidth=0.7)
    axes.axvline(told.promised_day, color=INK, linewidth=0.9, linestyle=(0, (3, 2)))
    axes.plot(told.handed_over_day, -0.75, "v", color=INK, markersize=5, clip_on=False)
    axes.set_xlim(days[0], days[1] * 1.02 + 0.1)
    axes.set_ylim(len(ROWS) - 0.4, -1.1)
    axes.set_yticks(range(len(ROWS)), names, fontsize=7.5)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    if not axis:
        axes.set_xticklabels([])
        return
    text = (
        "到店后的天数（竖线：到店；虚线：答应的时间；▼：提车）"
        if lang == "zh"
        else "days since the drop-off (line: drop-off; dashed: promise; ▼: picked up)"
    )
    axes.set_xlabel(text, fontsize=7.5)


def draw(stories: list[Told], titles: dict[str, dict[str, str]], footnote: str, lang: str) -> Figure:
    """The picture as a figure."""
    with style():
        return timeline(stories, titles, footnote, lang)
