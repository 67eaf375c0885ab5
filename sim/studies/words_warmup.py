"""The words of a warm-up study, in Chinese and English: what MSER-5 says of each metric, and what it does not."""

import math
from typing import TYPE_CHECKING, Any

from sim.findings import spaced
from sim.words import label, listed, scale, short_label
from sim.words import text as common

if TYPE_CHECKING:
    from sim.studies.warming import WarmUp

Row = dict[str, Any]

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("预热期", "Warm-up"),
    "enough": (
        "按 MSER-5 要预热 {weeks} 周（由{metrics}决定），场景设 {set} 周，够了",
        "MSER-5 asks for {weeks} weeks of warm-up (because of {metrics}); the scenario has {set}: enough",
    ),
    "not_enough": (
        "按 MSER-5 要预热 {weeks} 周（由{metrics}决定），场景只设 {set} 周，不够：请把 study.warmup_weeks 改为 {weeks}",
        "MSER-5 asks for {weeks} weeks of warm-up (because of {metrics}); the scenario has only {set}: set "
        "study.warmup_weeks to {weeks}",
    ),
    "late_little": (
        "按 MSER-5 要预热 {weeks} 周（由{metrics}决定），场景设 {set} 周；不过从那时算起，均值的变化都在等效范围内，"
        "不改也行",
        "MSER-5 asks for {weeks} weeks of warm-up (because of {metrics}); the scenario has {set}. Counting from "
        "there moves "
        "no mean by more than its margin, so {set} will do",
    ),
    "too_short": (
        "MSER-5 还给不出预热周数：{metrics}的截断点落在后半段，{length} 周太短，请加长再跑（例如 --weeks {more}）",
        "MSER-5 cannot say how many weeks yet: the point of {metrics} lies in the second half, {length} weeks are too "
        "short. Run longer (such as --weeks {more})",
    ),
    "too_short_some": (
        "{count} 项指标最晚在第 {weeks} 周之后稳定（场景预热 {set} 周）；{metrics}的截断点落在后半段，MSER-5 "
        "给不出周数："
        "{length} 周太短，请加长再跑（例如 --weeks {more}）",
        "{count} metrics have settled after {weeks} weeks at the latest (warm-up of the scenario: {set}); the point of "
        "{metrics} lies in the second half, so MSER-5 gives no number: {length} weeks are too short, run longer "
        "(such as "
        "--weeks {more})",
    ),
    "half_little": (
        "给不出周数的指标只算后半段，与从第 {set} 周起算相比，均值的变化都在等效范围内：预热再长也改变不了结论",
        "Counting only the second half instead of all from week {set} on moves none of these by more than its "
        "margin: a "
        "longer warm-up would change no conclusion",
    ),
    "half_much": (
        "只算后半段与从第 {set} 周起算，不能排除均值相差超过等效范围：{metrics}。预热可能不够，或者中途有别的变化，"
        "请看图",
        "Counting only the second half instead of all from week {set} on may move a mean by more than its margin: "
        "{metrics}. The warm-up may be too short, or something else changes midway; look at the chart",
    ),
    "policy": (
        "{policy}：启用之后，{metrics}最晚在第 {weeks} 周之后稳定；在此之前的数包含过渡",
        "{policy}: once switched on, it has settled after {weeks} weeks ({metrics} being the last); earlier figures "
        "hold "
        "the transition",
    ),
    "policy_short": (
        "{policy}：启用之后，{metrics}在 {length} 周内还看不出是否稳定，请加长再跑",
        "{policy}: once switched on, {metrics} cannot be judged within {length} weeks; run longer",
    ),
    "two_groups": (
        "{policy}：各次重复的{metric}最后分成两群（{low} 到 {high}，中间空出 {gap}），可能有两种稳定状态，"
        "只看均值会误导",
        "{policy}: the replications' {metric} ends in two groups ({low} to {high}, with a gap of {gap}): there may "
        "be two "
        "stable states, and the mean misleads",
    ),
    "one_group": (
        "{policy}：各次重复的{metric}最后在 {low} 到 {high} 之间，看不出分成两群",
        "{policy}: the replications' {metric} ends between {low} and {high}; no sign of two groups",
    ),
    "what": (
        "MSER-5 让留下的均值误差最小，并不保证起点的影响已经消失；请结合图判断，宁长勿短。",
        "MSER-5 makes the error of the remaining mean smallest; it does not promise that the start is forgotten. "
        "Judge by "
        "the chart too, and rather take more than less.",
    ),
    "verdict_settled": ("已稳定", "settled"),
    "verdict_late": ("预热不够", "warm-up too short"),
    "verdict_late_no_matter": ("较晚，影响很小", "late, but of no weight"),
    "verdict_too_short": ("数据太短，说不准", "too short to tell"),
    "verdict_too_short_no_matter": ("说不准，但影响很小", "too short to tell, of no weight"),
    "policy_column": ("方案", "policy"),
    "weeks_column": ("MSER-5 截断（周）", "MSER-5 point (weeks)"),
    "moved_column": ("均值因此变化", "moves the mean by"),
    "target_column": ("等效范围", "margin"),
    "no_number": ("–", "–"),
    "daily": ("每天（各次重复合并，已去掉星期的影响）", "each day (replications pooled, weekday pattern taken out)"),
    "weekly": ("每周（各次重复的均值）", "each week (mean of the replications)"),
    "moving": ("移动平均（Welch，约 {weeks} 周）", "moving average (Welch, about {weeks} weeks)"),
    "cut": ("MSER-5 截断点", "MSER-5 point"),
    "set": ("场景的预热期", "the scenario's warm-up"),
    "left_out": ("节假日所在的周（MSER-5 不看）", "weeks with holidays (not seen by MSER-5)"),
    "one_run": ("一次重复", "one replication"),
    "mean_run": ("均值", "mean"),
    "from_start": ("从第一天起的周数", "weeks from the first day"),
    "from_switch": ("启用后的周数", "weeks from the switch"),
    "note_switch": (
        "{replications} 次重复，每次从方案启用那天起看 {weeks} 周；场景：{title}（{name}），种子 {seed}。",
        "{replications} replications, each looked at for {weeks} weeks from the day the policy is switched on; "
        "scenario: {title} ({name}), seed {seed}.",
    ),
    "note": (
        "{replications} 次重复，每次从第一天起看 {weeks} 周，什么也不截掉；场景：{title}（{name}），种子 {seed}。",
        "{replications} replications, each looked at for {weeks} weeks from the first day, nothing cut off; scenario: "
        "{title} ({name}), seed {seed}.",
    ),
}  # fmt: skip


def text(key: str, lang: str, /, **values: Any) -> str:
    """A text in a language ("zh" or "en"), filled in."""
    return TEXTS[key][lang == "en"].format(**values)


def findings(result: "WarmUp", lang: str) -> list[str]:
    """The findings, one a line, the answer first."""
    lines = [*_baseline(result, lang)]
    for policy in result.titles:
        if policy != result.baseline:
            lines += _policy(result, policy, lang)
    for policy in result.titles:
        lines += [trust_line(result, policy, row, lang) for row in result.rows(policy) if not math.isnan(row["lowest"])]
    return [*(spaced(line[:1].upper() + line[1:]) for line in lines), text("what", lang)]


def headline(result: "WarmUp", policy: str, lang: str) -> str:
    """The answer in one sentence, for a chart."""
    lines = _baseline(result, lang) if policy == result.baseline else _policy(result, policy, lang)
    return spaced(lines[0][:1].upper() + lines[0][1:])


def _names(rows: list[Row], lang: str) -> str:
    return listed([short_label(row["metric"], lang) for row in rows], lang)


def _baseline(result: "WarmUp", lang: str) -> list[str]:
    rows = result.rows(result.baseline)
    short = [row for row in rows if not row["reliable"]]
    told = [row for row in rows if row["reliable"]]
    latest = max((int(row["weeks"]) for row in told), default=0)
    last = [row for row in told if row["weeks"] == latest]
    if not short:
        late = "not_enough" if any(row["verdict"] == "late" for row in rows) else "late_little"
        key = "enough" if latest <= result.warmup_weeks else late
        return [text(key, lang, weeks=latest, metrics=_names(last, lang), set=result.warmup_weeks)]
    said = {"metrics": _names(short, lang), "length": result.weeks, "more": 2 * result.weeks}
    told_of = {"count": len(told), "weeks": latest, "set": result.warmup_weeks}
    lines = [text("too_short_some", lang, **said, **told_of) if told else text("too_short", lang, **said)]
    much = [row for row in short if row["verdict"] == "too_short"]
    key = "half_much" if much else "half_little"
    moved = [f"{short_label(row['metric'], lang)} {_moved(row, lang)}" for row in much]
    return [*lines, text(key, lang, set=result.warmup_weeks, metrics=listed(moved, lang))]


def _policy(result: "WarmUp", policy: str, lang: str) -> list[str]:
    rows, title = result.rows(policy), result.titles[policy][lang]
    short = [row for row in rows if not row["reliable"]]
    latest = max((int(row["weeks"]) for row in rows if row["reliable"]), default=0)
    last = [row for row in rows if row["weeks"] == latest]
    if short:
        return [text("policy_short", lang, policy=title, metrics=_names(short, lang), length=result.weeks)]
    return [text("policy", lang, policy=title, weeks=latest, metrics=_names(last, lang))]


def trust_line(result: "WarmUp", policy: str, row: Row, lang: str) -> str:
    """Where the replications' trust ends, and whether in two groups."""
    s = scale("score", lang)
    ends = {
        name: s.number(row[at], row["highest"] - row["lowest"]) for name, at in (("low", "lowest"), ("high", "highest"))
    }
    return text(
        "two_groups" if row["two_groups"] else "one_group", lang, policy=result.titles[policy][lang],
        metric=short_label(row["metric"], lang), gap=s.number(row["gap"], row["gap"] / 4), **ends,
    )  # fmt: skip


def _moved(row: Row, lang: str) -> str:
    """What counting from the point changes, with its interval; nothing to tell where the point is not later."""
    if row["moved"] == row["moved_low"] == 0:
        return "0"
    s = scale(row["unit"], lang, row["moved"])
    return " ".join(s.estimate(row["moved"], row["moved_low"], row["moved_high"], unit=True))


def shown(result: "WarmUp", lang: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows: policy, metric, MSER's point in weeks, what counting from there changes, margin, verdict."""
    columns = ("weeks_column", "moved_column", "target_column")
    head = [common("metric", lang), text("policy_column", lang), *(text(name, lang) for name in columns)]
    body = []
    for row in result.table.to_dict("records"):
        s = scale(row["unit"], lang, row["mean"])
        body.append([
            label(row["metric"], lang), result.titles[row["policy"]][lang],
            str(int(row["weeks"])) if row["reliable"] else text("no_number", lang),
            _moved(row, lang), s.difference(row["target"], signed=False),
            text(f"verdict_{row['verdict']}", lang),
        ])  # fmt: skip
    return [*head, common("verdict", lang)], body
