"""The words of "the best bundle", in Chinese and English."""

from collections.abc import Sequence
from typing import Any

from sim.studies.words_mechanisms import mechanism_short_title
from sim.words import listed

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("满足限制的最佳组合", "The best bundle within limits"),
    "none": ("不加机制", "no mechanism"),
    "all": ("全部 {count} 项机制", "all {count} mechanisms"),
    "all_but": ("全部机制，除去{names}", "all but {names}"),
    "highest": ("最高", "highest"),
    "lowest": ("最低", "lowest"),
    "found": (
        "{count} 种组合里，{keeping}{label}{extreme}的是“{bundle}”：{value}，95% 区间 {interval}。",
        "Of {count} bundles, {bundle} has the {extreme} {label}{keeping}: {value}, 95% interval {interval}.",
    ),
    "leads": (
        "{count} 种组合里，目前{keeping}{label}均值{extreme}的是“{bundle}”：{value}，95% 区间 {interval}。",
        "Of {count} bundles, {bundle} has so far the {extreme} mean {label}{keeping}: {value}, 95% interval {interval}.",
    ),
    "surely_keeping": ("已确认满足全部限制而", " among those known to keep all limits"),
    "keeping": ("满足全部限制而", " within all limits"),
    "nothing": ("{count} 种组合里，没有一种能确认满足全部限制，选不出最佳组合。",
                "None of {count} bundles is known to keep all limits: there is no best one to name."),
    "sure": (
        "保证：按这一程序选出的组合，与{keeping}最好的组合相差不到 {delta}{within}，这一概率至少为 {sure}。",
        "Guarantee: with a probability of at least {sure} the bundle chosen this way is within {delta} of the best "
        "one{keeping}{within}.",
    ),
    "sure_keeping": ("满足全部限制的组合中", " that keeps all limits"),
    "sure_within": ("，且各项限制的超出量都不大于允许的超出量（{tolerances}）",
                    ", and breaks no limit by more than its tolerance ({tolerances})"),
    "department_tolerance": ("各部门指标不差于基准减等效范围", "departments' figures: none worse than the baseline by more than its margin"),
    "unsure": ("没有保证：{why}。", "Not guaranteed: {why}."),
    "why_capped": (
        "重复次数用到上限 {most} 次，还有 {count} 种组合分不出高下。可以加大 --most，或放宽 --delta",
        "{most} replications, the most allowed, did not separate {count} bundles. Raise --most or widen --delta",
    ),
    "why_unconfirmed": (
        "重复次数用到上限 {most} 次，选出的组合还没有逐一胜过其余组合。可以加大 --most，或放宽 --delta",
        "{most} replications, the most allowed, were not enough for the bundle chosen to win against each of the others "
        "itself. Raise --most or widen --delta",
    ),
    "why_undecided": (
        "重复次数用到上限 {most} 次，仍有 {count} 种组合不能确认是否满足限制，其中可能有更好的。可以加大 --most，或把限制写得离这些组合远一些",
        "after {most} replications, the most allowed, it is not yet known of {count} of the bundles whether the limits are kept, "
        "and a better one may be among them. Raise --most, or move the limit away",
    ),
    "why_circle": (
        "几种组合过于接近，两两比较互有胜负，绕成了圈；它们之间的差别多半小于 {delta}",
        "some bundles are so close that their comparisons go round in a circle; they most likely differ by less than {delta}",
    ),
    "why_none_feasible": ("每种组合都突破了至少一项限制。请放宽限制", "every bundle breaks at least one limit. Loosen a limit"),
    "delta_margin": ("差别小于 {delta} 视为无差别：--delta 没有写，取场景给 {label} 的等效范围。",
                     "A difference below {delta} counts as none: no --delta was given, so it is the scenario's margin of {label}."),
    "tally": ("{total} 种组合：{parts}。", "{total} bundles: {parts}."),
    "tally_best": ("1 种选中", "1 chosen"),
    "tally_beaten": ("{count} 种被选中的或其他满足限制的组合胜过", "{count} beaten by one that keeps all limits"),
    "tally_infeasible": ("{count} 种突破限制", "{count} breaking a limit"),
    "tally_undecided": ("{count} 种尚不确定是否满足限制", "{count} not yet known to keep the limits"),
    "tally_survivor": ("{count} 种满足限制但未分高下", "{count} keeping the limits but not separated"),
    "simpler": (
        "“{bundle}”只有 {size} 项机制，同样满足限制，与选中的组合相差（{difference}，95% 区间 {interval}）在 {delta} 以内，可以代替。",
        "As good within {delta}, with fewer mechanisms: {bundle} ({size}) keeps the limits too and differs by "
        "{difference}, 95% interval {interval}.",
    ),
    "worst": ("选中的组合里，处境最不利的部门指标是{figure}。", "Least favourable department's figure in the bundle chosen: {figure}."),
    "errors": (
        "总错误率 {alpha} 分成 {parts} 份，{rivals} 份用于同其他组合比较，{limits} 份用于不误删最佳组合；每份 {share}。首轮每种组合 {first} 次重复，"
        "共用 {runs:,} 次运行。",
        "The error of {alpha} is split into {parts} equal parts of {share}: {rivals} for rivals, {limits} for limits. First stage: "
        "{first} replications a bundle; {runs:,} runs in all.",
    ),
    "bundle": ("组合", "bundle"),
    "size": ("机制数", "mechanisms"),
    "status": ("结果", "result"),
    "replications": ("重复次数", "replications"),
    "estimate": ("{label} [95% 区间]", "{label} [95% interval]"),
    "difference": ("与选中者之差 [95% 区间]", "difference from the one chosen [95% interval]"),
    "worst_head": ("最不利的部门指标（与基准之差）", "least favourable department's figure (difference from the baseline)"),
    "departments": ("各部门不变差", "no department worse"),
    "status_best": ("★ 选中", "★ chosen"),
    "status_survivor": ("未分高下", "not separated"),
    "status_beaten": ("第 {n} 次后落选", "beaten after {n}"),
    "status_infeasible": ("第 {n} 次后确认突破限制", "breaks a limit (after {n})"),
    "status_undecided": ("限制尚不确定", "limits not yet known"),
    "verdict_kept": ("满足", "kept"),
    "verdict_broken": ("突破", "broken"),
    "verdict_open": ("尚不确定", "not yet known"),
    "limit": ("{label} {sign} {value}", "{label} {sign} {value}"),
    "limit_relative": ("{label}较基准 {sign} {value}", "{label} beside the baseline {sign} {value}"),
    "limit_baseline": ("{label}{sign} 基准", "{label} {sign} baseline"),
    "note": (
        "区间是单项的 95% 区间，只反映模拟的随机误差，不含假设本身的不确定性；选择由逐次比较的程序作出，总错误率由全部比较分担；选中者的均值因被选中而略为偏好。\n"
        "每种组合最多 {replications} 次重复，每次预热 {warmup} 周后计 {weeks} 周；场景：{title}（{name}），种子 {seed}。",
        "Intervals are 95% each and Monte-Carlo noise only; they know nothing of wrong assumptions. The choice is that of a "
        "sequential procedure whose error is shared by all comparisons; the mean of the one chosen is a little flattered by being chosen.\n"
        "Up to {replications} replications of {weeks} weeks each after {warmup} weeks of warm-up; "
        "scenario: {title} ({name}), seed {seed}.",
    ),
    # charts
    "pareto_title": ("{label}{extreme}：{value}，{other} {cost}", "{extreme} {label}, {value}, at {other} {cost}"),
    "pareto_so_far": ("目前{label}均值{extreme}：{value}，{other} {cost}", "so far the {extreme} mean {label}, {value}, at {other} {cost}"),
    "pareto_sure": ("有保证", "guaranteed"),
    "pareto_unsure": ("没有保证", "not guaranteed"),
    "pareto_limits": ("限制：{limits}；{sure}", "limits: {limits}; {sure}"),
    "pareto_free": ("没有限制；{sure}", "no limits; {sure}"),
    "pareto_none": ("没有一种组合能确认满足全部限制", "no bundle is known to keep all limits"),
    "front": ("帕累托前沿（全部组合，按均值）", "Pareto front (all bundles, by means)"),
    "mark_best": ("选中", "chosen"),
    "mark_in": ("满足限制，未分高下", "keeps the limits, not separated"),
    "mark_beaten": ("被胜过", "beaten"),
    "mark_open": ("限制尚不确定", "limits not yet known"),
    "mark_out": ("突破限制", "breaks a limit"),
    "bars": ("十字：均值的 95% 区间（单项，仅模拟误差）。", "Crosses: 95% intervals of the means (one by one, Monte-Carlo noise only)."),
    "race_title": ("{count} 种组合，{left} 种在首轮 {first} 次重复后就已出局；最后一种在第 {last} 次后见分晓",
                   "{left} of {count} bundles were out after the first {first} replications; the last was settled after {last}"),
    "race_one": ("{count} 种组合，首轮 {first} 次重复后还剩 {rest} 种，到第 {last} 次仍未分出高下",
                 "{rest} of {count} bundles were left after the first {first} replications, and not separated after {last}"),
    "race_nobody": ("{count} 种组合都突破了限制，{left} 种在首轮 {first} 次重复后就已确认",
                    "all {count} bundles break a limit, {left} of them surely after the first {first} replications"),
    "race_x": ("重复次数", "replications"),
    "race_y": ("组合数", "bundles"),
    "race_beaten": ("被胜过", "beaten"),
    "race_broken": ("突破限制", "broke a limit"),
    "race_in": ("还在比", "still in"),
}  # fmt: skip


def text(key: str, lang: str, **words: Any) -> str:
    """A text of TEXTS filled in."""
    return TEXTS[key][lang == "en"].format(**words)


def bundle_title(chosen: Sequence[str], names: Sequence[str], lang: str) -> str:
    """What a subset of some mechanisms is called; one that lacks one or two of many is called by what it lacks."""
    missing = [name for name in names if name not in chosen]
    if not chosen:
        return text("none", lang)
    if not missing and len(names) > 2:
        return text("all", lang, count=len(names))
    if len(names) > 4 and len(missing) <= 2:
        return text("all_but", lang, names=listed([mechanism_short_title(name, lang) for name in missing], lang))
    return ("＋" if lang == "zh" else " + ").join(mechanism_short_title(name, lang) for name in chosen)
