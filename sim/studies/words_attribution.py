"""Words of an attribution, and what can be wrong with what was asked; zh and en."""

from typing import Any

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
        "{a} and {b} interact: together {beyond} the sum of their own effects",
    ),
    "more_down": ("多降{size}", "they lower it {size} more than"),
    "less_down": ("少降{size}", "they lower it {size} less than"),
    "more_up": ("多升{size}", "they raise it {size} more than"),
    "less_up": ("少升{size}", "they raise it {size} less than"),
    "beyond_up": ("高{size}", "{size} above"),
    "beyond_down": ("低{size}", "{size} below"),
    "no_extra": (
        "{label}：没有哪两个机制的相互作用可以确定",
        "{label}: no interaction of any two mechanisms is yet known",
    ),
    "extra_title": (
        "{label}：{a}与{b}的相互作用最大，同时上比各自的作用相加{beyond}（95% 区间 {interval}）",
        "{label}: {a} and {b} interact most, together {beyond} the sum of their own effects "
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
        "灰字表示区间含 0，还不能确定；“无”表示每次重复都恰好没有。",
        "Each figure: what two mechanisms together change beyond the sum of their own effects (Shapley interaction "
        "index, {unit}); grey figures are not yet known (interval holds 0); none: exactly 0 in every replication.",
    ),
    "nothing": ("无", "none"),
    "note_nothing": (
        "“无”表示每次重复都恰好为 0，这个机制没有动到这个指标。",
        "None: exactly 0 in every replication; the mechanism did not move the metric.",
    ),
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
