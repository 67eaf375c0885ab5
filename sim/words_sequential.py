"""Words of a study that chose its own number of replications, in Chinese and English."""

import math
from typing import TYPE_CHECKING, Any

from sim.metrics import METRICS
from sim.words import LANGUAGES, label, listed, scale

if TYPE_CHECKING:
    from sim.sequential import Sought
    from sim.statistics.precision import Look

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("重复次数由精度决定", "As many replications as precision took"),
    "reached": (
        "精度已达到：共 {count} 次重复（先后在 {counts} 次时查看区间宽度）。",
        "Precision reached with {count} replications (widths were looked at after {counts}).",
    ),
    "missed": (
        "精度没有达到：做到 {count} 次重复仍不够（先后在 {counts} 次时查看区间宽度，上限 {most} 次）；没有达到的：{items}。",
        "Precision not reached with {count} replications (widths were looked at after {counts}; the limit is {most}); "
        "too wide: {items}.",
    ),
    "more": (
        "要达到，请把上限提高：--most（还差得多的，可以放宽要求的半宽）；做过的运行不会重算。",
        "To get there, raise the limit with --most, or ask for less; runs that are done are not run again.",
    ),
    "one": ("{policy}的{label}（±{half}，要 ±{wanted}{share}）", "{label} of {policy} (±{half}, should be ±{wanted}{share})"),
    "share": ("，即差的 {share}", ", {share} of the difference"),
    "no_value": ("{policy}的{label}（没有数据，再多重复也没有用）", "{label} of {policy} (no data; more replications do not help)"),
    "rule": (
        "只看区间有多宽，从不看它含不含 0：看到“显著”才停的做法会把碰巧当成结果。",
        "What ends it is how wide the intervals are, never whether they leave out 0: stopping once a result looks clear "
        "takes luck for effect.",
    ),
    "relative": (
        "写成百分比的要求是相对于差本身的，γ 按 γ ÷ (1 + γ) 折算，使误差不超过真实差的 γ（Law 2015，9.4.1 节）。",
        "What was asked in per cent is a share γ of the difference, taken as γ / (1 + γ), so that the error is at most γ of "
        "the true difference (Law 2015, section 9.4.1).",
    ),
}  # fmt: skip


def text(key: str, lang: str, **words: Any) -> str:
    """A text of TEXTS filled in.

    Raises:
        KeyError: there is no such text, or a word of it is missing.
    """
    return TEXTS[key][LANGUAGES.index(lang)].format(**words)


def lines(sought: "Sought", lang: str, titles: dict[str, dict[str, str]] | None = None) -> list[str]:
    """Whether the precision asked for was reached, with how many replications, and what is still too wide.

    Args:
        titles: of the policies, in zh and en; their names stand in where it is left out.
    """
    counts = listed([f"{count:,}" for count in sought.counts], lang)
    words = {"count": f"{sought.counts[-1]:,}", "counts": counts, "most": f"{sought.most:,}"}
    rules = [text("rule", lang)] + [text("relative", lang)] * any(goal.relative for goal in sought.goals)
    if sought.reached:
        return [text("reached", lang, **words), *rules]
    items = listed([_item(one, lang, titles or {}) for one in sought.missed], lang)
    more = [text("more", lang)] if any(not one.empty for one in sought.missed) else []
    return [text("missed", lang, items=items, **words), *more, *rules]


def _item(one: "Look", lang: str, titles: dict[str, dict[str, str]]) -> str:
    name = titles.get(one.where, {}).get(lang, one.where)
    known = {"policy": name, "label": label(one.goal.name, lang)}
    if one.empty or math.isnan(one.half):
        return text("no_value", lang, **known)
    s = scale(METRICS[one.goal.name].unit if one.goal.name in METRICS else "", lang, one.half, one.wanted)
    half, wanted = (s.difference(value, abs(value) / 10, signed=False) for value in (one.half, one.wanted))
    share = text("share", lang, share=f"{100 * one.goal.width:.3g}%") if one.goal.relative else ""
    return text("one", lang, **known, half=half, wanted=wanted, share=share)
