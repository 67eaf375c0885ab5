"""Words of the pilot's plan, in Chinese and English."""

import math
from typing import TYPE_CHECKING, Any

from sim.metrics import METRICS
from sim.studies.measuring import per_week
from sim.words import Scale, scale, short_label

if TYPE_CHECKING:
    from sim.studies.planning import PilotPlan

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("试点要做多久、几家店", "How long a pilot, and in how many centres"),
    "effect": (
        "模型里，{policy}使{label}变化 {effect}（{weeks} 周，95% 区间 {interval}，仅模拟误差）。试点要看出的就是这个差别。",
        "In the model {label} changes by {effect} under {policy} ({weeks} weeks; 95% interval {interval}, Monte-Carlo noise "
        "only). This is what the pilot has to see.",
    ),
    "no_effect": (
        "模拟本身还看不出{policy}对{label}有没有影响（{effect}，95% 区间 {interval}），下面的试点长度只能当作参考；请先增加重复次数，或换一个指标。",
        "The simulation itself does not show whether {policy} moves {label} ({effect}, 95% interval {interval}), so the "
        "lengths below mean little; ask for more replications first, or for another metric.",
    ),
    "wrong_way": (
        "注意：模型里这个指标是变差的，下面说的是看出“变差”要多久。",
        "Note: in the model this metric gets worse; the lengths below are those it takes to see that it does.",
    ),
    "enough": (
        "{centres}最短做 {weeks} 周，有 {power} 的把握看出来（要求 {wanted}）。",
        "With {centres} the shortest pilot is {weeks} weeks: {power} power (wanted: {wanted}).",
    ),
    "not_enough": (
        "{centres}做满 {weeks} 周也只有 {power} 的把握，达不到要求的 {wanted}。",
        "With {centres} even {weeks} weeks give only {power} power; {wanted} is wanted.",
    ),
    "centres": ("按长度，最少要几家店：{list}。", "Fewest centres for each length: {list}."),
    "centres_one": ("{weeks} 周 {count} 家", "{weeks} weeks: {count}"),
    "centres_none": ("{weeks} 周 {most} 家也不够", "{weeks} weeks: {most} are not enough"),
    "looks": (
        "每 {every} 周看一次，共 {looks} 次，按 O'Brien–Fleming 界限判断：什么都没变的店，看完全部几次，误判为有变化的不超过 5%。"
        "只在最后看一次的话，把握是 {single}。如果机制像模拟的那样有效，平均 {expected} 周就有结论。",
        "A look every {every} weeks, {looks} in all, by O'Brien–Fleming limits: over all of them at most 5% of centres in "
        "which nothing changed are called changed. With one look at the end the power would be {single}. If the policy "
        "works as simulated, the pilot is decided after {expected} weeks on average.",
    ),
    "one_look": (
        "只在最后看一次，双侧 5% 的界限。",
        "One look at the end, with a two-sided limit of 5%.",
    ),
    "noise": (
        "这是 z 检验：波动取自模拟（{n} 次重复，标准差取 80% 上限；没有模拟的周数在相邻两档之间内插），不是试点里量出来的。真实门店若比模型更乱，把握就比这里低。",
        "This is a z-test: the scatter comes from the simulation ({n} replications, standard deviation at its 80% upper "
        "limit; weeks that were not simulated are interpolated), it is not measured in the pilot. If a real centre "
        "scatters more than the model, the power is lower than here.",
    ),
    "control_before": (
        "与同一家店试点前 {before} 周相比。{correlation}{drift}前后对比分不清机制和季节、活动、外部变化的影响；平行对照（--control parallel）可以。",
        "Compared with the same centre's {before} weeks before the pilot. {correlation}{drift}Before and after cannot tell the "
        "policy from season, campaigns or the market; parallel control centres can (--control parallel).",
    ),
    "correlation": (
        "前后两段按不相关计算；模拟里第 1–13 周与第 14–26 周的相关系数是 {r}（{n} 次重复），{what}。",
        "The two periods are taken to be uncorrelated; in the simulation weeks 1–13 and 14–26 correlate by {r} ({n} "
        "replications), {what}. ",
    ),
    "correlation_none": (
        "前后两段按不相关计算（相关为正时偏保守）。",
        "The two periods are taken to be uncorrelated (on the safe side if they correlate positively). ",
    ),
    "correlation_safe": ("这样算偏保守", "which puts this on the safe side"),
    "correlation_unsafe": ("若真是负相关，把握会比这里低一些", "and if that is real, the power is a little lower than here"),
    "correlation_zero": ("看不出与 0 有差别", "not to be told from 0"),
    "drift": (
        "模型里什么都不改，第 14–26 周也比第 1–13 周变化 {change}（95% 区间 {interval}）：前后对比会把它算在机制头上。",
        "In the model, weeks 14–26 differ from weeks 1–13 by {change} (95% interval {interval}) with nothing changed: before and after takes this for the policy's doing. ",
    ),
    "control_parallel": (
        "与 {centres}同期照旧的对照店相比。对照店当作与试点店一样的店；店与店之间长期的差别不在模型里，真做时应当把店随机分组，并各自与自己的从前比。",
        "Compared with {centres} that go on as ever over the same weeks. Control centres are taken to be alike; lasting "
        "differences between centres are not in the model, so draw lots for who pilots, and compare each with its own "
        "past too.",
    ),
    "control_none": (
        "不设对照，只与模型给出的“照旧”的数相比：模型错了，结论就错了。",
        "No control: the pilot is held against the model's own figure for a centre that goes on as ever. If the model is "
        "wrong, so is the verdict.",
    ),
    "article": (
        "文章的试点（一家店、3 个月、没有对照、在糟糕的一个月之后开始、每月看“比之前好就算有效”）：即使什么都没变，也有 {nothing} 会说“有效”"
        "（95% 区间 {nothing_interval}）；如果机制真像模拟的那样有效，{works} 会说“有效”。每月看、有一次好就算的话，什么都没变也有 {monthly} 说“有效”。"
        "假设 {label}：开始前那个月是最近 {worst} 个月里最差的一个；取 {low} 到 {high} 个月，误判在 {from_} 到 {to} 之间。",
        "The article's pilot (one centre, 3 months, no control, begun after a bad month, “works if better than before”): it "
        "says “works” in {nothing} of centres in which nothing changed (95% interval {nothing_interval}), and in {works} if "
        "the policy works as simulated. With monthly reviews of which one is enough, {monthly} of unchanged centres “work”. "
        "Assumption {label}: the month before was the worst of the last {worst}; with {low} to {high} months the false alarms "
        "are {from_} to {to}.",
    ),
    "article_none": (
        "没有模拟满 3 个月，没法评价文章的试点；请用 --weeks 4:13 或更长。",
        "Three months were not simulated, so nothing is said of the article's pilot; ask for --weeks 4:13 or longer.",
    ),
    "nps": (
        "NPS 一个月 100 份问卷，什么都没变也会上下跳 {points} 分（20 个月里有 19 个月在这个范围内）。",
        "With 100 answers a month an NPS moves by ±{points} points by chance (19 months in 20 stay within).",
    ),
    "form": (
        "每月记什么、看到多少算成功，写在 plan_measure.csv（同内容的 plan_measure.xlsx）；填好后用 sim review 判断。要别的长度的表，用 --weeks 13 这样的写法。",
        "What to count each month and what counts as success is in plan_measure.csv (plan_measure.xlsx holds the same); "
        "fill it in and let sim review judge it. For a form of another length say --weeks 13.",
    ),
    # table
    "weeks": ("周数", "weeks"),
    "looks_head": ("看几次", "looks"),
    "effect_head": ("模拟的变化", "simulated change"),
    "sd_head": ("有效时单店的标准差（上限）", "sd of one centre if it works (limit)"),
    "power_head": ("{count}的把握", "power, {count}"),
    "expected_head": ("平均几周有结论", "mean weeks to a decision"),
    "a_week": ("{amount}/周", "{amount} a week"),
    # page
    "measuring": ("每月记什么", "What to measure each month"),
    "measuring_head": ("月份|周次|到月底累计：照旧（单店 95%）|到月底累计：有效（单店 95%）|成功线（与{other}之差）|希望不大线",
                       "month|weeks|to date as ever (one centre, 95%)|to date if it works (one centre, 95%)|"
                       "success (difference from {other})|little hope"),
    "other_before": ("试点前", "before"),
    "other_parallel": ("对照店", "control"),
    "other_none": ("模型的照旧", "the model's as ever"),
    "count_this": ("**{label}**（`{metric}`）：{above} ÷ {below}。", "**{label}** (`{metric}`): {above} over {below}."),
    "count_plain": ("**{label}**（`{metric}`）：{above}，按周折算。", "**{label}** (`{metric}`): {above}, made weekly."),
    "how": (
        "成功线：到那个月底，累计数与{other}之差达到它，就可以停下来说“有效”；往坏的方向超过同样的差，就停下来说“变差”。"
        "希望不大线：差别还没过这条线，按模拟的效果做到底，成功的机会不到 20%，可以考虑停；停不停都不增加误判。最后一个月仍没过成功线，就是“尚不确定”。",
        "Success: once the figure to date differs from {other} by this much, stop and say “works”; by as much for the worse, "
        "stop and say “worse”. Little hope: short of this difference the chance of success at the end, with the effect "
        "simulated, is below 20%: think of stopping; the error stays as promised either way. No success by the last month "
        "means “not yet known”.",
    ),
    # charts
    "axis_weeks": ("试点周数", "weeks of pilot"),
    "axis_power": ("看出模拟效果的把握", "power to see the simulated effect"),
    "line_centres": ("{count}", "{count}"),
    "line_single": ("只在最后看一次", "one look at the end"),
    "line_wanted": ("要求 {wanted}", "wanted: {wanted}"),
    "power_title": ("{label}：{finding}", "{label}: {finding}"),
    "article_title": (
        "{label}：什么都没变的店，文章式的试点也有 {nothing} 说“有效”",
        "{label}: the article's pilot says 'works' in {nothing} of centres in which nothing changed",
    ),
    "axis_worst": ("开始前那个月是最近几个月里最差的一个（假设 {label}）", "the month before was the worst of the last so many (assumption {label})"),
    "axis_says": ("说“有效”的占比", "share that says 'works'"),
    "nothing_end": ("什么都没变：3 个月合起来看（误判）", "nothing changed, 3 months together (wrong)"),
    "nothing_monthly": ("什么都没变：每月看，有一次好就算（误判）", "nothing changed, any monthly review (wrong)"),
    "works_end": ("如模拟那样有效：3 个月合起来看（判对）", "works as simulated, 3 months together (right)"),
    "limit_line": ("按界限判断的试点：误判最多 5%，其中说“有效”的一半", "a pilot with limits: 5% wrong at most, half of it 'works'"),
    "planned_note": ("浅色带：对重复次数的 95% 自助区间，仅模拟误差。各月按互相独立计算。", "Faint bands: 95% bootstrap intervals over replications, Monte-Carlo noise only. Months are taken to be independent."),
    "power_note": ("浅虚线：只在最后看一次。波动取自模拟，标准差取 80% 上限。", "Faint dashes: one look at the end. Scatter from the simulation, sd at its 80% upper limit."),
}  # fmt: skip


def text(key: str, lang: str, **values: Any) -> str:
    """A text in a language, filled in."""
    return TEXTS[key][lang == "en"].format(**values)


def share(value: float) -> str:
    """A chance in whole percent; what is estimated to be sure is not called sure."""
    if math.isnan(value):
        return "–"
    return ">99%" if value >= 0.995 else "<1%" if value < 0.005 else f"{value:.0%}"


def between(low: float, high: float) -> str:
    """An interval of chances in whole percent."""
    return f"[{low:.0%}, {high:.0%}]"


def stores(count: int, lang: str) -> str:
    """A number of centres in words: "3 家店", "3 centres"."""
    return f"{count} 家店" if lang == "zh" else f"{count} centre{'' if count == 1 else 's'}"


def scale_of(metric: str, lang: str, *values: float) -> Scale:
    """How figures of a metric are written."""
    return scale(METRICS[metric].unit, lang, *values)


def changed(metric: str, lang: str, value: float, half: float = math.nan, signed: bool = True) -> str:
    """A difference with its unit, per week where the metric is."""
    amount = scale_of(metric, lang, value).difference(value, half, signed)
    return text("a_week", lang, amount=amount) if per_week(metric) and amount != "–" else amount


def answer(plan: "PilotPlan", lang: str) -> list[str]:
    """The findings, one a line."""
    lines = [*_effect(plan, lang), *_enough(plan, lang), _looks(plan, lang), _control(plan, lang)]
    lines.append(text("noise", lang, n=plan.figures.n))
    lines.append(_article(plan, lang))
    if not math.isnan(plan.nps_by_chance):
        lines.append(text("nps", lang, points=f"{plan.nps_by_chance:.0f}"))
    return [*lines, text("form", lang)]


def _effect(plan: "PilotPlan", lang: str) -> list[str]:
    row = plan.table.iloc[-1]
    s = scale_of(plan.metric, lang, row["effect"])
    shown, interval = s.estimate(row["effect"], row["effect_low"], row["effect_high"], unit=True)
    if per_week(plan.metric):
        shown = text("a_week", lang, amount=shown)
    unknown = row["effect_low"] <= 0 <= row["effect_high"]
    words = {"policy": plan.policy_title[lang], "label": short_label(plan.metric, lang), "effect": shown,
             "interval": interval, "weeks": row["weeks"]}  # fmt: skip
    lines = [text("no_effect" if unknown else "effect", lang, **words)]
    if not unknown and plan.chosen.way != plan.chosen.better:
        lines.append(text("wrong_way", lang))
    return lines


def _enough(plan: "PilotPlan", lang: str) -> list[str]:
    t, chosen = plan.table, plan.chosen
    words = {"centres": stores(chosen.centres, lang), "weeks": chosen.looks[-1], "power": share(chosen.power),
             "wanted": f"{plan.power:.0%}"}  # fmt: skip
    found = []
    for weeks, rows in t.groupby("weeks"):
        enough = rows[rows["enough"]]
        key, count = ("centres_one", enough["centres"].min()) if len(enough) else ("centres_none", 0)
        found.append(text(key, lang, weeks=weeks, count=count, most=rows["centres"].max()))
        if count == t["centres"].min():
            break
    lines = [text("enough" if chosen.power >= plan.power else "not_enough", lang, **words)]
    # where one centre does with the shortest pilot there is nothing to trade
    if t["centres"].nunique() > 1 and len(found) > 1:
        lines.append(text("centres", lang, list=("，" if lang == "zh" else ", ").join(found)))
    return lines


def _looks(plan: "PilotPlan", lang: str) -> str:
    one = plan.chosen
    if len(one.looks) == 1:
        return text("one_look", lang)
    return text("looks", lang, every=plan.every, looks=len(one.looks), single=share(one.power_single_look),
                expected=f"{one.expected_weeks:.0f}")  # fmt: skip


def _control(plan: "PilotPlan", lang: str) -> str:
    r, n = plan.figures.correlation(), plan.figures.n
    told = text("correlation_none", lang)
    if not math.isnan(r):
        # Fisher's z: within 1.96 / sqrt(n - 3) a correlation is not to be told from 0
        plain = n <= 3 or abs(math.atanh(min(max(r, -0.999), 0.999))) < 1.96 / math.sqrt(n - 3)
        what = "correlation_zero" if plain else "correlation_safe" if r > 0 else "correlation_unsafe"
        told = text("correlation", lang, r=f"{r:.1f}".replace("-", "−"), n=n, what=text(what, lang))
    change, low, high = plan.figures.drift()
    drift = ""
    if low * high > 0:
        s = scale_of(plan.metric, lang, change)
        moved, interval = s.estimate(change, low, high, unit=True)
        moved = text("a_week", lang, amount=moved) if per_week(plan.metric) else moved
        drift = text("drift", lang, change=moved, interval=interval)
    return text(f"control_{plan.control}", lang, before=plan.chosen.before_weeks, correlation=told, drift=drift,
                centres=stores(plan.chosen.centres, lang))  # fmt: skip


def _article(plan: "PilotPlan", lang: str) -> str:
    from sim.studies.pilot import RANGE, SELECTION, WORST_OF

    if plan.article is None:
        return text("article_none", lang)
    row, monthly = plan.article.row(), plan.article.row("monthly")
    ends = [plan.article.row(worst_of=count)["nothing_changed"] for count in (RANGE[0], RANGE[-1])]
    return text(
        "article", lang, nothing=share(row["nothing_changed"]), works=share(row["works"]),
        nothing_interval=between(row["nothing_changed_low"], row["nothing_changed_high"]),
        monthly=share(monthly["nothing_changed"]), label=SELECTION, worst=WORST_OF, low=RANGE[0], high=RANGE[-1],
        from_=share(ends[0]), to=share(ends[1]),
    )  # fmt: skip


def shown(plan: "PilotPlan", lang: str) -> tuple[list[str], list[list[str]]]:
    """Weeks by centres."""
    counts = sorted(plan.table["centres"].unique())
    head = [text(key, lang) for key in ("weeks", "looks_head", "effect_head", "sd_head")]
    head += [text("power_head", lang, count=stores(count, lang)) for count in counts]
    body = []
    for weeks, rows in plan.table.groupby("weeks"):
        first = rows.iloc[0]
        half = (first["effect_high"] - first["effect_low"]) / 2
        body.append([
            str(weeks), str(first["looks"]), changed(plan.metric, lang, first["effect"], half),
            changed(plan.metric, lang, first["sd"], first["sd"] / 10, signed=False),
            *(share(value) for value in rows.sort_values("centres")["power"]), f"{first['expected_weeks']:.0f}",
        ])  # fmt: skip
    return [*head, text("expected_head", lang)], body
