"""Words of an attribution: findings computed from its parts, the table as it is read, what goes wrong; zh and en."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.findings import spaced
from sim.studies.words_mechanisms import mechanism_short_title, mechanism_title
from sim.words import Scale, label, listed, scale, short_label
from sim.words import text as word

if TYPE_CHECKING:
    from sim.studies.attribution import Attribution

Row = dict[str, Any]
MOST_NAMED = 3
"""Parts of one kind that a sentence names."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("各机制的贡献", "What each mechanism contributes"),
    "down": ("{label}由{a}降到{b}（降{size}）", "{label} falls from {a} to {b} (by {size})"),
    "up": ("{label}由{a}升到{b}（升{size}）", "{label} rises from {a} to {b} (by {size})"),
    "of_which": ("，其中{parts}", ", of which {parts}"),
    "part": ("{name}占{size}", "{name} {size}"),
    "against": ("；{parts}，抵消了一部分", "; {parts} the other way"),
    "moves": ("{name}{diff}", "{name} {diff}"),
    "yet": ("；能确定的份额：{parts}", "; parts that are known: {parts}"),
    "none_clear": ("，但每个机制各占多少还不能确定", ", but no single part is yet known"),
    "extra": (
        "{a}与{b}有相互作用：同时上，比各自的作用相加{beyond}",
        "{a} and {b} interact: together {beyond} than the sum of their own effects",
    ),
    "beyond_up": ("高{size}", "{size} higher"),
    "beyond_down": ("低{size}", "{size} lower"),
    "no_extra": (
        "{label}：没有哪两个机制的相互作用可以确定",
        "{label}: no interaction of any two mechanisms is yet known",
    ),
    "extra_title": (
        "{label}：{a}与{b}的相互作用最大，同时上比各自的作用相加{beyond}（95% 区间 {interval}）",
        "{label}: {a} and {b} interact most, together {beyond} than the sum of their own effects "
        "(95% interval {interval})",
    ),
    # how to read it
    "read_set": (
        "份额取决于放在一起分解的是哪几个机制：去掉或加上一个，其余机制的份额也会变。",
        "Parts depend on the set of mechanisms taken apart: leave one out or add one, and the others' parts change.",
    ),
    "read_sign": (
        "份额为负，是使指标下降：对成本一类的指标就是节省。各份额相加等于总变化。",
        "A negative part lowers the metric: for a cost it is a saving. The parts sum to the total change.",
    ),
    "read_split": (
        "几个机制一起才有的效果，由它们均分（Shapley 值）。"
        "“单独上”与“最后上”差得多，说明这个机制的效果要看别的机制上不上。",
        "An effect that only arises together is split equally among those it takes (Shapley value). Where “alone” and "
        "“added last” differ much, a mechanism's effect depends on the others.",
    ),
    "read_sampled": (
        "近似结果：{count} 个机制的全部组合太多，每次重复只随机抽 {count} 种上线次序；"
        "区间已包含抽样误差，份额之和仍等于总变化。近似法不计算两两相互作用。",
        "Approximate: all bundles of {count} mechanisms are too many, so each replication draws {count} random orders "
        "of introduction. Intervals include the sampling error, and the parts still sum to the total. Interactions of "
        "pairs are not computed this way.",
    ),
    "read_undefined": (
        "{label}在 {missing} 次重复里有组合算不出数值，这些重复没有计入（计入 {used} 次）。",
        "{label} is undefined under some bundle in {missing} of {all} replications, which are left out.",
    ),
    "cost_exact": (
        "{count} 个机制共 {bundles} 种组合 × {replications} 次重复 = {runs} 次运行；已存的不再重跑。",
        "{count} mechanisms make {bundles} bundles × {replications} replications = {runs} runs; "
        "those stored are not run again.",
    ),
    "cost_sampled": (
        "{count} 个机制的全部组合有 {all} 种，太多，改用随机次序抽样（近似）："
        "每次重复 {bundles} 种组合 × {replications} 次重复 = {runs} 次运行；已存的不再重跑。",
        "{count} mechanisms make {all} bundles, too many; random orders are sampled instead (approximate): "
        "{bundles} bundles a replication × {replications} replications = {runs} runs; those stored are not run again.",
    ),
    # table
    "mechanism": ("机制", "mechanism"),
    "share": ("份额 [95% 区间]", "part [95% interval]"),
    "first_in": ("单独上 [95% 区间]", "alone [95% interval]"),
    "last_in": ("最后上 [95% 区间]", "added last [95% interval]"),
    "unit": ("单位", "unit"),
    "total": ("合计（总变化）", "total change"),
    "total_sampled": ("合计（份额为近似）", "total (parts approximate)"),
    # charts
    "all_on": ("全部上", "all of them"),
    "value_axis": ("{label}，{unit}", "{label}, {unit}"),
    "bar_better": ("使指标变好", "for the better"),
    "bar_worse": ("使指标变差", "for the worse"),
    "bar_known": ("能确定的份额（这个指标无好坏之分）", "parts that are known (no better direction)"),
    "bar_unclear": ("还不能确定（区间含 0）", "not yet known (interval holds 0)"),
    "whisker": ("份额的 95% 区间", "95% interval of the part"),
    "mark_first": ("单独上时的变化", "change if it comes alone"),
    "mark_last": ("最后上时的变化", "change if added last"),
    "note_waterfall": (
        "每一段是一个机制的份额（Shapley 值，{method}），从上一段的终点起；三角从同一起点量。",
        "Each bar is one mechanism's part (Shapley value, {method}), from where the one above ends; "
        "triangles are measured from the same start.",
    ),
    "exact": ("由全部组合精确算出", "exact, from all bundles"),
    "sampled": ("近似，由随机次序抽样得出", "approximate, from random orders"),
    "note_pairs": (
        "格中的数：两个机制同时上，比各自的作用相加多出的变化（Shapley 相互作用指数，{unit}）；"
        "灰字表示区间含 0，还不能确定；“无”表示每次重复都恰好为 0。",
        "Each figure: what two mechanisms together change beyond the sum of their own effects (Shapley interaction "
        "index, {unit}); grey figures are not yet known (interval holds 0); none: exactly 0 in every replication.",
    ),
    "no_pair": ("无", "none"),
    "note_colours": (
        "绿色使指标变好，红色使指标变差，颜色越深数值越大。",
        "Green is for the better, red for the worse; deeper is larger.",
    ),
}  # fmt: skip

PROBLEMS: dict[str, tuple[str, str]] = {
    "yardstick": ("这只是一把标尺，不是可以上的机制，不能参与分解", "only a yardstick, no mechanism to be introduced"),
    "twice": ("同一个机制写了两次，请删掉一个", "listed twice; remove one"),
    "owners": (
        "这些机制都要决定 {decision}，而它只能由一个机制决定，请只留一个",
        "these mechanisms all decide {decision}, which has one owner; keep one",
    ),
    "too_few": (
        "至少要有两个基准方案里没有的机制才能分解；只有一个时请用 sim compare",
        "needs at least two mechanisms that the baseline lacks; for a single one use sim compare",
    ),
    "no_metrics": ("至少要写一个指标", "name at least one metric"),
}


def text(key: str, lang: str, **values: Any) -> str:
    """A text in a language ("zh" or "en"), filled in."""
    return TEXTS[key][lang == "en"].format(**values)


def no_metric(guess: str | None) -> tuple[str, str]:
    """An unknown metric, and what was likely meant."""
    if guess:
        return f"没有这个指标，是不是 {guess}？", f"no such metric, did you mean {guess}?"
    return "没有这个指标，所有指标见 docs/measures.md", "no such metric; docs/measures.md lists them"


def no_mechanism(guess: str | None, known: list[str]) -> tuple[str, str]:
    """An unknown mechanism, and what was likely meant."""
    if guess:
        return f"没有这个机制，是不是 {guess}？", f"no such mechanism, did you mean {guess}?"
    return f"没有这个机制，可用的有：{'、'.join(known)}", f"no such mechanism; there are: {', '.join(known)}"


def cost(count: int, bundles: int, replications: int, exact: bool, lang: str) -> str:
    """How many runs it takes, told before they are made."""
    return text(
        "cost_exact" if exact else "cost_sampled", lang, count=count, bundles=f"{bundles:,}", all=f"{2**count:,}",
        replications=replications, runs=f"{bundles * replications:,}",
    )  # fmt: skip


def clear(row: Row, value: str = "shapley") -> bool:
    """Whether a part's interval leaves out 0."""
    return bool(row["low"] > 0 or row["high"] < 0) and row[value] != 0


def nothing(row: Row, value: str = "shapley") -> bool:
    """Whether a part is exactly 0 in every replication: no path in the model leads there."""
    return bool(row[value] == row["low"] == row["high"] == 0)


def scale_of(total: Row, lang: str) -> Scale:
    """How a metric's parts are written: one scale for the level and all parts."""
    return scale(total["unit"], lang, total["baseline"], total["baseline"] + total["shapley"])


def finding(parts: Sequence[Row], total: Row, pairs: Sequence[Row], lang: str) -> str:
    """One metric in a sentence: its change, the parts that are known, and the largest known interaction."""
    name, s = short_label(total["metric"], lang), scale_of(total, lang)
    stop = "。" if lang == "zh" else "."
    if not total["replications"]:
        return _sentence(word("undefined", lang, label=name) + stop)
    own = (total["baseline_high"] - total["baseline_low"]) / 2
    before, after = (s.value(value, own) for value in (total["baseline"], total["baseline"] + total["shapley"]))
    known = [row for row in parts if clear(row)]
    if not known and nothing(total):
        return _sentence(word("same", lang, label=name, b=before) + stop)
    if not clear(total):
        diff, between = s.estimate(total["shapley"], total["low"], total["high"], unit=True)
        said = word("unknown", lang, label=name, diff=diff, interval=between)
        said += text("yet", lang, parts=_signed(known[:MOST_NAMED], s, lang)) if known else ""
    else:
        verb, size = "down" if total["shapley"] < 0 else "up", _size(total, s)
        said = text(verb, lang, label=name, a=before, b=after, size=size) + _split(known, total, s, lang)
    found = strongest(pairs)
    if found:
        said += stop + (" " if lang == "en" else "")
        said += _sentence(text("extra", lang, **_both(found, lang), beyond=_beyond(found, s, lang)))
    return _sentence(said + stop)


def _split(known: Sequence[Row], total: Row, s: Scale, lang: str) -> str:
    along = [row for row in known if row["shapley"] * total["shapley"] > 0][:MOST_NAMED]
    against = [row for row in known if row["shapley"] * total["shapley"] < 0][:MOST_NAMED]
    if not along:
        return text("none_clear", lang)
    if against:  # parts larger than their sum are no shares of it
        said = text("of_which", lang, parts=_signed(along, s, lang))
        return said + text("against", lang, parts=_signed(against, s, lang))
    names = [mechanism_short_title(row["mechanism"], lang) for row in along]
    parts = [text("part", lang, name=name, size=_size(row, s)) for name, row in zip(names, along, strict=True)]
    return text("of_which", lang, parts=listed(parts, lang))


def _signed(rows: Sequence[Row], s: Scale, lang: str) -> str:
    return listed(
        [text("moves", lang, name=mechanism_short_title(row["mechanism"], lang), diff=_diff(row, s)) for row in rows],
        lang,
    )


def _size(row: Row, s: Scale) -> str:
    return s.difference(abs(row["shapley"]), (row["high"] - row["low"]) / 2, signed=False)


def _both(pair: Row, lang: str) -> dict[str, str]:
    return {"a": mechanism_short_title(pair["mechanism"], lang), "b": mechanism_short_title(pair["with"], lang)}


def _beyond(pair: Row, s: Scale, lang: str) -> str:
    size = s.difference(abs(pair["interaction"]), (pair["high"] - pair["low"]) / 2, signed=False)
    return text("beyond_up" if pair["interaction"] > 0 else "beyond_down", lang, size=size)


def _diff(row: Row, s: Scale) -> str:
    return s.estimate(row["shapley"], row["low"], row["high"], unit=True)[0]


def _sentence(said: str) -> str:
    return spaced(said[:1].upper() + said[1:])


def strongest(pairs: Sequence[Row]) -> Row | None:
    """The largest interaction whose interval leaves out 0."""
    known = [row for row in pairs if clear(row, "interaction")]
    return max(known, key=lambda row: abs(row["interaction"]), default=None)


def pair_finding(pairs: Sequence[Row], total: Row, lang: str) -> str:
    """The largest known interaction in a sentence."""
    found, name = strongest(pairs), short_label(total["metric"], lang)
    if found is None:
        return _sentence(text("no_extra", lang, label=name))
    s = scale_of(total, lang)
    between = s.interval(found["low"], found["high"])
    words = {"label": name, "beyond": _beyond(found, s, lang), "interval": between, **_both(found, lang)}
    return _sentence(text("extra_title", lang, **words))


def reading(result: "Attribution", lang: str) -> list[str]:
    """How to read it: what a part is, and is not."""
    lines = [text(key, lang) for key in ("read_set", "read_sign", "read_split")]
    if result.sampled:
        lines.insert(0, text("read_sampled", lang, count=len(result.asked.mechanisms)))
    for metric in result.metrics:
        used = result.rows(metric)[1]["replications"]
        missing = result.about.replications - used
        if missing:
            name = short_label(metric, lang)
            lines.append(
                _sentence(text("read_undefined", lang, label=name, missing=missing, used=used, all=used + missing))
            )
    return lines


def cell(row: Row, quantity: str, s: Scale) -> str:
    """A value and its interval, in the decimals the interval carries."""
    ends = ("low", "high") if quantity == "shapley" else (f"{quantity}_low", f"{quantity}_high")
    if math.isnan(row[quantity]):
        return "–"
    return " ".join(s.estimate(row[quantity], row[ends[0]], row[ends[1]]))


def shown(found: Sequence[tuple[Sequence[Row], Row]], lang: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows: metric, mechanism, unit, part, alone, added last."""
    head = [word("metric", lang), *(text(key, lang) for key in ("mechanism", "unit", "share", "first_in", "last_in"))]
    body = []
    for parts, total in found:
        s = scale_of(total, lang)
        for row in (*parts, total):
            whole = row is total
            total_word = text("total" if row["method"] == "exact" else "total_sampled", lang)
            name = total_word if whole else mechanism_title(row["mechanism"], lang)
            cells = [cell(row, quantity, s) for quantity in ("shapley", "first_in", "last_in")]
            body.append([label(row["metric"], lang), name, s.points, *cells])
    return head, body
