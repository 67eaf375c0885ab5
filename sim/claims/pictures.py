"""Pictures of an audit: all verdicts on one page, and for each claim the region in which it would hold."""

import math
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.charts_style import FAINT, INK, QUIET, blank, height_of, place, save, style, width_of, wrapped, write
from sim.claims.audit import Audit, Audited
from sim.claims.levels import Region
from sim.claims.readings import Reading
from sim.claims.verdicts import DIRECTION, FAILS, HOLDS, NOT, REPRODUCED, UNDECIDABLE, UNKNOWN, judge_sum
from sim.claims.wording import KIND_WORDS, VERDICT_WORDS, metric_label, region_in_words, unit_of
from sim.findings import spaced
from sim.words import scale

COLORS = {
    REPRODUCED: "#1b7f5c", HOLDS: "#1b7f5c", DIRECTION: "#4a6fa5", NOT: "#c1382c", FAILS: "#c1382c",
    UNKNOWN: "#9a9a9a", UNDECIDABLE: "#6a5aa8",
}  # fmt: skip
ORDER = (REPRODUCED, DIRECTION, NOT, UNKNOWN, UNDECIDABLE, HOLDS, FAILS)
EDGE = 0.3
WIDE, HIGH = 3.0, 1.5
"""Inches of a panel."""


def draw(audit: Audit, folder: Path) -> list[str]:
    """Write every picture in both languages; returns the names of the claims that have a region."""
    with_region = list(dict.fromkeys(item.reading.id for item in audit.audited if item.regions))
    for lang in ("zh", "en"):
        with style():
            save(verdicts(audit, lang), str(folder / f"verdicts_{lang}"))
            for claim in with_region:
                save(regions(audit, claim, lang), str(folder / f"regions_{claim}_{lang}"))
    return with_region


def verdicts(audit: Audit, lang: str) -> Figure:
    """One line a claim and reading: what was claimed, what came out, the verdict in colour."""
    lines = _lines(audit, lang)
    widths = [max(width_of(line[i], 8.5) for line in lines) + 0.25 for i in range(3)]
    total = 2 * EDGE + sum(widths)
    title = wrapped(tally(audit, lang), total - 2 * EDGE, 12.5)
    step = 0.21
    note = wrapped(footnote(audit, lang), total - 2 * EDGE, 7.5)
    top = EDGE + height_of(title, 12.5) + 0.15
    height = top + step * len(lines) + 0.2 + height_of(note, 7.5) + EDGE
    figure = blank(total, height)
    write(figure, EDGE, EDGE, title, 12.5)
    for number, (name, said, word, verdict) in enumerate(lines):
        y = top + number * step
        write(figure, EDGE, y, name, 8.5)
        write(figure, EDGE + widths[0], y, said, 8.5, color=QUIET)
        write(figure, EDGE + widths[0] + widths[1], y, word, 8.5, color=COLORS[verdict])
    write(figure, EDGE, height - EDGE - height_of(note, 7.5), note, 7.5, color=QUIET)
    return figure


def _lines(audit: Audit, lang: str) -> list[tuple[str, str, str, str]]:
    lines = []
    for item in audit.audited:
        r = item.reading
        says = spaced(r.zh if lang == "zh" else r.en)
        word = f"{VERDICT_WORDS[item.verdict][lang == 'en']} · {KIND_WORDS[item.kind][lang == 'en']}"
        lines.append((int(r.id[1:]), r.id, says, word, item.verdict))
    for s in audit.sums:
        verdict = judge_sum(s)
        says = spaced(s.zh if lang == "zh" else s.en)
        lines.append((int(s.id[1:]), s.id, says, VERDICT_WORDS[verdict][lang == "en"], verdict))
    lines.sort(key=lambda line: line[0])
    return [line[1:] for line in lines]


def tally(audit: Audit, lang: str) -> str:
    """How many readings end in each verdict."""
    found = [item.verdict for item in audit.audited] + [judge_sum(s) for s in audit.sums]
    counts = [(VERDICT_WORDS[v][lang == "en"], found.count(v)) for v in ORDER if v in found]
    claims = len({item.reading.id for item in audit.audited} | {s.id for s in audit.sums})
    if lang == "zh":
        return f"{claims} 条说法、{len(found)} 种读法：" + "，".join(f"{word} {n}" for word, n in counts)
    return f"{claims} claims in {len(found)} readings: " + ", ".join(f"{word} {n}" for word, n in counts)


def footnote(audit: Audit, lang: str) -> str:
    """What the figures rest on."""
    if lang == "zh":
        return (
            f"场景：{audit.title['zh']}（{audit.scenario}），每个变体 {audit.replications} 次重复，计 {audit.weeks} 周，"
            f"种子 {audit.seed}。“复现”指整个 95% 区间都在文章数字的允差之内；区间只反映模拟误差。"
        )
    return (
        f"Scenario: {audit.title['en']} ({audit.scenario}), {audit.replications} replications of each variant, "
        f"{audit.weeks} weeks, seed {audit.seed}. Reproduced: the whole 95 % interval lies within the margin of the "
        "article's figure; intervals are Monte-Carlo noise only."
    )


# -- regions ---------------------------------------------------------------------------------------------------


def regions(audit: Audit, claim: str, lang: str) -> Figure:
    """A panel a reading and number: the figure claimed against that number, and the band in which the claim holds."""
    panels = [(item, region) for item in audit.audited if item.reading.id == claim for region in item.regions]
    columns = min(2, len(panels))
    cell = WIDE + 0.95
    total = 2 * EDGE + columns * cell
    heads = [wrapped(_head(item.reading, region, lang), cell - 0.3, 8.5) for item, region in panels]
    head = max(height_of(text, 8.5) for text in heads) + 0.27
    step = head + HIGH + 0.75
    rows = math.ceil(len(panels) / columns)
    title = f"{claim}：要怎样才成立" if lang == "zh" else f"{claim}: what must be true"
    note = wrapped(_region_note(audit, lang), total - 2 * EDGE, 7.5)
    top = EDGE + height_of(title, 12.5) + 0.15
    height = top + rows * step + height_of(note, 7.5) + EDGE
    figure = blank(total, height)
    write(figure, EDGE, EDGE, title, 12.5)
    for number, ((item, region), text) in enumerate(zip(panels, heads, strict=True)):
        x, y = EDGE + number % columns * cell, top + number // columns * step
        write(figure, x, y, text, 8.5)
        _panel(place(figure, x + 0.6, y + head, WIDE, HIGH), item, region, lang)
    write(figure, EDGE, height - EDGE - height_of(note, 7.5), note, 7.5, color=QUIET)
    return figure


def _head(reading: Reading, region: Region, lang: str) -> str:
    says = reading.zh if lang == "zh" else reading.en
    return spaced(f"{says}{'：' if lang == 'zh' else ': '}{region_in_words(reading, region, lang)}")


def _panel(axes: Any, item: Audited, region: Region, lang: str) -> None:
    reading, lever = item.reading, region.lever
    share = reading.form in ("relative", "vanished", "per_lead")
    means = [e.mean for e in region.after]
    s = scale("share" if share else unit_of(reading.metric), lang, *(m for m in means if not math.isnan(m)))
    x = [value * (100 if lever.percent else 1) for value in region.values]
    if reading.claimed_after is not None:
        low, high = ((reading.claimed_after + sign * reading.margin) / s.factor for sign in (-1, 1))
        axes.axhspan(low, high, color="#cfe8dc", linewidth=0)
    ends = [[(e.low if not math.isnan(e.low) else e.mean) / s.factor for e in region.after],
            [(e.high if not math.isnan(e.high) else e.mean) / s.factor for e in region.after]]  # fmt: skip
    axes.fill_between(x, *ends, color=FAINT, alpha=0.7, linewidth=0)
    axes.plot(x, [m / s.factor for m in means], color=INK, linewidth=1.4, marker="o", markersize=3.5)
    if region.reached_at is not None:
        axes.axvline(region.reached_at * (100 if lever.percent else 1), color=COLORS[REPRODUCED], linewidth=0.9)
    axes.set_xlabel(
        (lever.zh if lang == "zh" else lever.en)
        + ("（%）" if lever.percent and lang == "zh" else " (%)" if lever.percent else ""),
        fontsize=7.5,
    )
    unit = s.unit or ("分值" if lang == "zh" else "score")
    name = metric_label(reading.metric, lang)
    axes.set_ylabel(unit, fontsize=7.5, rotation=0, ha="right", va="center")
    axes.set_title(name, fontsize=7.5, color=QUIET, loc="left", pad=3)
    axes.tick_params(length=2, color=FAINT)


def _region_note(audit: Audit, lang: str) -> str:
    if lang == "zh":
        return "绿色带：文章数字及允差。灰色带：95% 区间，只反映模拟误差。其余参数都取场景里的值，一次只动一个。"
    return (
        "Green band: the article's figure and its margin. Grey band: 95 % interval, Monte-Carlo noise only. "
        "One number is moved at a time, all others as in the scenario."
    )
