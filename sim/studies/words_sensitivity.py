"""Texts of the sensitivity study, in Chinese and English."""

from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("哪些假设必须成立", "What must be true"),
    # terminal
    "cost": (
        "将变动 {factors} 条假设，最多运行 {runs} 次（每次 {weeks} 周，另加预热）；已有的结果不再重跑。",
        "{factors} assumptions will be moved: {runs} runs at most, of {weeks} weeks and the warm-up each; runs already "
        "stored are not repeated.",
    ),
    "too_many": (
        "最多要运行 {runs} 次，超过 {most} 次。确实要做请加 --yes；也可以用 --assumptions 只看几条，"
        "或减小 --top、--trajectories、--samples",
        "it takes up to {runs} runs, more than {most}. Add --yes if you mean it, name a few assumptions with "
        "--assumptions, or lower --top, --trajectories or --samples",
    ),
    # findings
    "decision": (
        "{label}：{policy}与{baseline}之差为{difference}（95% 区间 {interval}），判断：{verdict}。",
        "{label}: {policy} minus {baseline} is {difference} (95% interval {interval}): {verdict}.",
    ),
    "undecided": (
        "{n} 次重复下判断本身尚不确定，因此谈不上被哪条假设改变；请加大 --replications。以下只说明差随假设变动多少。",
        "With {n} replications the verdict itself is not yet known, so no assumption can be said to turn it: raise "
        "--replications. What follows only says how far the difference moves.",
    ),
    "undecided_title": (
        "{n} 次重复下判断尚不确定，无从说哪条假设会改变它", "With {n} replications the verdict is not yet known, whatever is assumed"
    ),
    "turn_none": (
        "试到范围两端的 {n} 条假设，没有一条改变“{verdict}”的判断。",
        'Of {n} assumptions run at both ends of their range none turns the verdict "{verdict}".',
    ),
    "turn_some": (
        "试到范围两端的 {n} 条假设中，{turn} 条会改变“{verdict}”的判断，其余 {keep} 条在两端都不改变：",
        'Of {n} assumptions run at both ends of their range {turn} can turn the verdict "{verdict}"; with the other '
        "{keep} it stays at both ends:",
    ),
    "title_some": (
        "{n} 条假设里有 {turn} 条会在自身范围内改变“{verdict}”的判断：{names}",
        '{turn} of {n} assumptions can turn the verdict "{verdict}" within their range: {names}',
    ),
    "turn_below": (
        "· {label}（现取{value}）：降到{at}左右（误差不超过{resolution}）就变为“{to}”。",
        '· {label} (taken as {value}): at about {at} (within {resolution}) or less it becomes "{to}".',
    ),
    "turn_above": (
        "· {label}（现取{value}）：升到{at}左右（误差不超过{resolution}）就变为“{to}”。",
        '· {label} (taken as {value}): at about {at} (within {resolution}) or more it becomes "{to}".',
    ),
    "turn_below_together": (
        "· {label}：各类一起降到{at}左右就变为“{to}”。",
        '· {label}: at about {at}, all moved together, it becomes "{to}".',
    ),
    "turn_above_together": (
        "· {label}：各类一起升到{at}左右就变为“{to}”。",
        '· {label}: at about {at}, all moved together, it becomes "{to}".',
    ),
    "turn_below_whole": (
        "· {label}（现取{value}）：降到{at}就变为“{to}”。",
        '· {label} (taken as {value}): at {at} or less it becomes "{to}".',
    ),
    "turn_above_whole": (
        "· {label}（现取{value}）：升到{at}就变为“{to}”。",
        '· {label} (taken as {value}): at {at} or more it becomes "{to}".',
    ),
    "only_wide": (
        "这时差的均值仍是 {mean}，只是区间变宽；加大 --replications 也许就能判断。",
        " The mean difference there is still {mean}, only its interval is wider: more --replications may settle it.",
    ),
    "matter": ("影响最大的依次是：{items}。", "Those that matter most: {items}."),
    "matter_one": (
        "{label}（从{low}到{high}，差由{first}变到{last}）",
        "{label} (from {low} to {high} the difference goes from {first} to {last})",
    ),
    "matter_nothing": (
        "试到两端的假设都不改变这个差。", "No assumption run at both ends moves the difference at all."
    ),
    "screened": (
        "共筛查 {total} 条假设（Morris 法，{r} 条轨迹，每点 {per_point} 次重复）：{out} 条的影响高于随机误差，"
        "{noise} 条与随机误差分不开（不等于没有影响），{zero} 条毫无影响。",
        "{total} assumptions were screened (Morris, {r} trajectories, {per_point} replications a point): {out} stand "
        "out from noise, {noise} are not distinguishable from noise (which does not mean none), {zero} have no effect at all.",
    ),
    "not_opened": (
        "另有 {n} 条属于有影响的组（{groups}），因数量限制没有逐条筛查；用 --assumptions 点名即可。",
        "A further {n} are in groups that stand out ({groups}) but were not screened one by one, to keep the study "
        "short; name them with --assumptions.",
    ),
    "beyond_top": (
        "有影响的假设里有 {n} 条没有试到两端，能否改变判断尚不知道（--top 可加大）：{names}。",
        "{n} that stand out were not run at both ends; whether they turn the verdict is not known (raise --top): "
        "{names}.",
    ),
    "lost": (
        "有 {lost} 条轨迹因指标无定义而舍去，{redrawn} 条因场景不容许某种取值组合而重抽。",
        "{lost} trajectories were left out since the metric is undefined somewhere, {redrawn} drawn anew since the "
        "scenario cannot hold one of their combinations.",
    ),
    "sobol": (
        "Sobol 指数（{n} 个基本样本{rough}）：在这些假设的范围内，差的方差主要来自{items}；各自单独作用合计 {first}，"
        "其余来自相互配合。",
        "Sobol' indices ({n} base samples{rough}): within the ranges the variance of the difference comes mainly from "
        "{items}; single effects make up {first}, the rest is interplay.",
    ),
    "sobol_one": ("{label}（总效应 {total} ± {conf}）", "{label} (total effect {total} ± {conf})"),
    "rough": ("，少于 512，只是粗略估计", ", fewer than 512: rough"),
    "sobol_flat": (
        "Sobol 指数无法计算：在这些假设的范围内差没有变动。",
        "Sobol' indices are undefined: the difference does not move within these ranges.",
    ),
    "blocks_lost": (
        "有 {n} 组样本因场景不容许或指标无定义而舍去。",
        "{n} blocks of samples were left out: the scenario cannot hold them or the metric is undefined.",
    ),
    "null_exact": (
        "空白对照（谁都不读的一条“假设”）移到两端，差恰好不变。",
        "The null factor, which nobody reads, moves the difference by exactly 0.",
    ),
    "null_broken": (
        "注意：空白对照移到两端，差却变了，说明各次运行没有共用同样的运气，以上结果不可信。",
        "Warning: the null factor, which nobody reads, moves the difference: runs do not share their luck, do not "
        "trust these results.",
    ),
    "caveat": (
        "每次只动一条假设，只试了范围两端；几条一起变，或取中间的值，判断可能不同。",
        "One assumption is moved at a time, and only to both ends: several together, or a value in between, may give "
        "another verdict.",
    ),
    "fitted": (
        "带 † 的是拟合值：单独移动它，基准方案就不再符合文章给出的“之前”数字。",
        "† marks fitted values: moved alone, the baseline no longer meets the article's before figures.",
    ),
    "left_out": (
        "没有参加的假设 {n} 条：{reasons}。逐条清单附在本页末尾和表格中。",
        "{n} assumptions were left out: {reasons}. Each is listed at the end of the page and in the table.",
    ),
    "left_out_title": ("没有参加的假设", "Assumptions left out"),
    # table and charts
    "assumption": ("假设", "assumption"),
    "value": ("现值", "value"),
    "range": ("范围", "range"),
    "mu_star": ("筛查影响 μ*（噪声线）", "screening μ* (noise floor)"),
    "at_low": ("低端时的差 [95% 区间]", "difference at low end [95%]"),
    "at_high": ("高端时的差 [95% 区间]", "difference at high end [95%]"),
    "verdicts": ("判断：低端 / 现值 / 高端", "verdict: low / value / high"),
    "turns_at": ("转折值", "turns at"),
    "total": ("总效应", "total effect"),
    "null": ("空白对照（谁都不读）", "null factor (read by nobody)"),
    "all_low": ("各取低端", "all at low end"),
    "all_high": ("各取高端", "all at high end"),
    "as_written": ("各取现值", "as written"),
    "way_below": ("各类向低端移 {share}", "{share} of the way to the low end"),
    "way_above": ("各类向高端移 {share}", "{share} of the way to the high end"),
    "no_turn": ("不改变", "stays"),
    "turn_cell_below": ("≤ {at}", "≤ {at}"),
    "turn_cell_above": ("≥ {at}", "≥ {at}"),
    "reason": ("原因", "reason"),
    "tornado_difference": (
        "{metric}之差（{unit}），{policy}减{baseline}", "difference in {metric} ({unit}), {policy} − {baseline}"
    ),
    "tornado_level": ("{policy}下的{metric}（{unit}）", "{metric} under {policy} ({unit})"),
    "low_end": ("假设取低端", "assumption at its low end"),
    "high_end": ("假设取高端", "assumption at its high end"),
    "as_is": ("假设取现值", "assumptions as written"),
    "chart_turn": ("判断在此处改变", "the verdict turns here"),
    "morris_x": (
        "μ*：从低端到高端，差平均变动多少（{unit}）", "μ*: mean change of the difference over the range ({unit})"
    ),
    "morris_y": ("σ：影响随其他假设而变的程度（{unit}）", "σ: how much the effect depends on the rest ({unit})"),
    "morris_title": (
        "{out} 条假设的影响高于随机误差，影响最大的是{first}", "{out} assumptions stand out from noise, first {first}"
    ),
    "morris_title_none": (
        "没有一条假设的影响高于随机误差", "No assumption stands out from noise"
    ),
    "above_noise": ("高于自己的噪声线", "above its own noise floor"),
    "below_noise": ("与随机误差分不开", "not distinguishable from noise"),
    "floor_line": ("到自己噪声线的距离", "down to its own noise floor"),
    "sobol_title": (
        "在这些假设的范围内，差的变动有 {total} 与{first}有关",
        "Within these ranges {total} of the difference's variance involves {first}",
    ),
    "sobol_x": ("占差的方差的比例（95% 自助区间）", "share of the difference's variance (95% bootstrap interval)"),
    "first_order": ("单独作用 S1", "by itself, S1"),
    "total_order": ("连同与其他假设的配合 ST", "with its interplay, ST"),
    "screen_note": (
        "μ* 与 σ 为 {r} 条轨迹、每点 {per_point} 次重复的 Morris 筛查；噪声线：毫无影响的假设有 5% 的可能高于它。",
        "μ* and σ: Morris screening, {r} trajectories, {per_point} replications a point. Noise floor: exceeded by an "
        "assumption without effect with a chance of 5%.",
    ),
    "tornado_note": (
        "每次只动一条假设，其余取现值；横线为 95% 区间。†：拟合值。",
        "One assumption moves at a time, the others as written; whiskers are 95% intervals. †: fitted value.",
    ),
    "sobol_note": (
        "{n} 个基本样本，每点 {per_point} 次重复，各点运气相同。",
        "{n} base samples, {per_point} replications a point, the same luck at every point.",
    ),
}  # fmt: skip

REASONS: dict[str, tuple[str, str]] = {
    "unknown": ("没有这个编号或键；清单见 sim assumptions", "no such number or key; sim assumptions lists them"),
    "no_range": ("没有写范围", "without a range"),
    "no_number": ("不是单个数，而是一串数、一种规则或一个开关", "a profile, a rule or a switch, no single number"),
    "out_of_reach": ("写在表的列表里，键够不着", "in a list of tables, which no key reaches"),
    "not_in_force": ("所属机制在两个方案里都没有启用", "of a mechanism in force in neither policy"),
    "no_order": ("是随机种子，数的大小没有意义", "a seed, whose numbers have no order"),
    "of_the_study": ("属于研究设置，不是对门店的假设", "a setting of the study, not of the centre"),
    "refused": ("场景不容许它取到范围的一端", "refused by the scenario at one end of its range"),
}


def text(key: str, lang: str, **values: Any) -> str:
    """A text in a language ("zh" or "en"), filled in."""
    return TEXTS[key][lang == "en"].format(**values)


def reason(code: str, lang: str) -> str:
    """Why an assumption is no factor."""
    return REASONS[code][lang == "en"]
