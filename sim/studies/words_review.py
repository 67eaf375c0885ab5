"""Words of a pilot's review, in Chinese and English."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.studies.measuring import per_week
from sim.studies.words_plan import changed, scale_of
from sim.studies.words_plan import share as share_text
from sim.studies.words_plan import text as plan_text
from sim.words import short_label

if TYPE_CHECKING:
    from sim.studies.reviewing import PilotReview

Row = dict[str, Any]

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("试点到现在说明了什么", "What the pilot shows so far"),
    "works": (
        "{label}：第 {look} 次看（{weeks} 周），累计 {to_date}，与{other}（{compared}）之差 {difference}，到了成功线（{limit}）。可以停：{policy}有效。",
        "{label}: at look {look} ({weeks} weeks) {to_date} to date, {difference} from {other} ({compared}), beyond the limit of success ({limit}). Stop: {policy} worked.",
    ),
    "harms": (
        "{label}：第 {look} 次看（{weeks} 周），累计 {to_date}，与{other}（{compared}）之差 {difference}，往坏的方向过了界限（±{plain}）。应当停：变差了。",
        "{label}: at look {look} ({weeks} weeks) {to_date} to date, {difference} from {other} ({compared}), beyond the limit (±{plain}) for the worse. Stop: it got worse.",
    ),
    "hopeless": (
        "{label}：第 {look} 次看（{weeks} 周），累计 {to_date}，与{other}（{compared}）之差 {difference}，还没到希望不大线（{hope}）：即使效果如模拟，做到底成功的机会也不到 20%。可以考虑停；继续也不增加误判。",
        "{label}: at look {look} ({weeks} weeks) {to_date} to date, {difference} from {other} ({compared}), short of the line of little hope ({hope}): even with the effect simulated the chance of success at the end is below 20%. Think of stopping; going on does not add to the error.",
    ),
    "go_on": (
        "{label}：第 {look} 次看（{weeks} 周），累计 {to_date}，与{other}（{compared}）之差 {difference}，没到成功线（{limit}）。继续做，{next}再看。",
        "{label}: at look {look} ({weeks} weeks) {to_date} to date, {difference} from {other} ({compared}), short of success ({limit}). Go on; the next look is {next}.",
    ),
    "not_yet_known": (
        "{label}：试点已满 {weeks} 周，累计 {to_date}，与{other}（{compared}）之差 {difference}，没到成功线（{limit}）。尚不确定：既没有看出有效，也没有证明无效。",
        "{label}: the pilot's {weeks} weeks are over; {to_date} to date, {difference} from {other} ({compared}), short of success ({limit}). Not yet known: not shown to work, nor shown not to.",
    ),
    "next": ("第 {weeks} 周末", "after week {weeks}"),
    "band_both": ("这个数在“照旧”和“有效”两个预计范围里都说得通。", "The figure fits both what is expected as ever and what is expected if it works."),
    "band_policy": ("这个数落在“有效”的预计范围里，不在“照旧”的范围里。", "The figure lies where it is expected if the policy works, and not where it is expected as ever."),
    "band_ad_hoc": ("这个数落在“照旧”的预计范围里，不在“有效”的范围里。", "The figure lies where it is expected as ever, and not where it is expected if the policy works."),
    "band_between": (
        "这个数介于“照旧”和“有效”两个预计范围之间：不像照旧，但也没有变到模拟的程度。",
        "The figure lies between the two ranges: not as ever, yet less changed than simulated.",
    ),
    "weak": (
        "{label}：就算效果如模拟，这样的试点从一开始就只有 {power} 的把握看出来；要更多店或更长时间，见 sim plan。",
        "{label}: even with the effect simulated a pilot like this had only {power} power from the start; it takes more centres or weeks, see sim plan.",
    ),
    "band_none": (
        "这个数不在模型的任何一个预计范围里：模型不像这家店，请先用这家店的数重新拟合，再下结论。",
        "The figure lies in neither range of the model: the model is not like this centre; fit it to the centre's own figures before concluding.",
    ),
    "too_few": (
        "{label}：真实的笔数（{count}）少，单是数数的误差（标准差 {plain}）就大过模拟的波动（{simulated}），界限定得偏松，结论要打折扣。",
        "{label}: the centre counted few cases ({count}); counting alone scatters by {plain} (standard deviation), more than the simulation ({simulated}), so the limits are too easy to reach. Discount the verdict.",
    ),
    "decided_later": ("第 {look} 次看时就已经可以下结论，后来的数不改变它。", "This was decided at look {look}; later figures do not change it."),
    "many": ("{count} 个指标各判各的，没有作多重校正；事先只定一个主要指标最稳妥。", "{count} metrics are judged each by itself, unadjusted; it is safest to name one beforehand."),
    "rule": (
        "判断规则与 sim plan 相同：O'Brien–Fleming 界限，全部几次看完误判不超过 5%；波动取自模拟（标准差取 80% 上限），不是试点里量出来的。",
        "The rule is that of sim plan: O'Brien–Fleming limits, at most 5% error over all looks; the scatter comes from the simulation (sd at its 80% upper limit), not from the pilot.",
    ),
    "other_before": ("试点前", "before"),
    "other_parallel": ("对照店", "the control"),
    "other_none": ("模型的“照旧”", "the model's “as ever”"),
    "word_works": ("停：有效", "stop: works"),
    "word_harms": ("停：变差", "stop: worse"),
    "word_hopeless": ("可考虑停", "think of stopping"),
    "word_go_on": ("继续", "go on"),
    "word_not_yet_known": ("尚不确定", "not yet known"),
    "metric": ("指标", "metric"),
    "weeks": ("周数", "weeks"),
    "to_date": ("累计", "to date"),
    "compared": ("对照", "compared with"),
    "difference": ("差", "difference"),
    "limit": ("成功线", "success"),
    "ad_hoc": ("照旧的范围", "expected as ever"),
    "policy": ("有效的范围", "expected if it works"),
    "decision": ("判断", "verdict"),
    # chart
    "axis": ("试点周数", "weeks of pilot"),
    "legend_ad_hoc": ("照旧：一家店的 95% 范围", "as ever: 95% range of a centre"),
    "legend_policy": ("机制有效：一家店的 95% 范围", "if it works: 95% range of a centre"),
    "legend_seen": ("试点累计", "the pilot to date"),
    "legend_limit": ("成功线", "success"),
    "legend_compared": ("对照", "compared with"),
    "note": ("都是从试点开始累计的数。带子是预测范围，波动取自模拟。", "All figures are from the pilot's start to date. Bands are prediction ranges; their scatter comes from the simulation."),
    "panel": ("{label}：{word}", "{label}: {word}"),
}  # fmt: skip


def text(key: str, lang: str, **values: Any) -> str:
    """A text in a language, filled in."""
    return TEXTS[key][lang == "en"].format(**values)


def amount(row: Row, lang: str, value: float) -> str:
    """A figure of a row with its unit, in the decimals its limit carries."""
    written = scale_of(row["metric"], lang, value).value(value, abs(row["success_change"]) / 4)
    return plan_text("a_week", lang, amount=written) if per_week(row["metric"]) else written


def moved(row: Row, lang: str, value: float, signed: bool = True) -> str:
    """A difference of a row with its unit."""
    return changed(row["metric"], lang, value, abs(row["success_change"]) / 4, signed)


def told_apart(row: Row, lang: str) -> tuple[str, str]:
    """The difference and the limit of success, in as many decimals as it takes to see which is beyond which."""
    value, limit = row["difference"], row["success_change"]
    s, half, shown = scale_of(row["metric"], lang, value, limit), abs(limit) / 4, ("", "")
    for most in range(s.most, s.most + 4):
        finer = replace(s, most=most)
        shown = finer.difference(value, half), finer.difference(limit, half)
        if shown[0] != shown[1] or value == limit:
            break
        half /= 10
    if per_week(row["metric"]):
        shown = plan_text("a_week", lang, amount=shown[0]), plan_text("a_week", lang, amount=shown[1])
    return shown


def sentence(review: "PilotReview", row: Row, lang: str) -> str:
    """What a look says of a metric."""
    looks = review.designs[row["metric"]].looks
    difference, limit = told_apart(row, lang)
    after = text("next", lang, weeks=looks[row["look"]]) if row["look"] < len(looks) else ""
    return text(
        row["decision"], lang, label=short_label(row["metric"], lang), look=row["look"], weeks=row["weeks"],
        to_date=amount(row, lang, row["to_date"]), compared=amount(row, lang, row["compared_with"]),
        difference=difference, limit=limit,
        plain=moved(row, lang, abs(row["success_change"]), signed=False),
        hope=moved(row, lang, row["little_hope_change"]), next=after, policy=review.policy_title[lang],
        other=text(f"other_{review.control}", lang),
    )  # fmt: skip


def answer(review: "PilotReview", lang: str) -> list[str]:
    """The findings, one a line."""
    lines = []
    rows = review.latest
    for row in rows:
        told = sentence(review, row, lang)
        told += ("" if lang == "zh" else " ") + text(f"band_{_band(row)}", lang)
        last = review.table[review.table["metric"] == row["metric"]]["look"].max()
        if last > row["look"]:
            told += ("" if lang == "zh" else " ") + text("decided_later", lang, look=row["look"])
        lines.append(told[:1].upper() + told[1:])
        power = review.designs[row["metric"]].power
        if power < 0.5:
            lines.append(text("weak", lang, label=short_label(row["metric"], lang), power=share_text(power)))
        few = _too_few(row, lang)
        lines += [few] if few else []
    if len(rows) > 1:
        lines.append(text("many", lang, count=len(rows)))
    return [*lines, text("rule", lang)]


def _band(row: Row) -> str:
    seen = row["to_date"]
    if row["ad_hoc_high"] < seen < row["policy_low"] or row["policy_high"] < seen < row["ad_hoc_low"]:
        return "between"
    inside = [name for name in ("ad_hoc", "policy") if row[f"{name}_low"] <= seen <= row[f"{name}_high"]]
    return {0: "none", 2: "both"}.get(len(inside), inside[0] if inside else "none")


def _too_few(row: Row, lang: str) -> str:
    """A warning where counting alone scatters more than the simulated centre: a binomial share of few cases."""
    if row["unit"] != "share" or not row["needs_count"] or math.isnan(row["count"]):
        return ""
    share = min(max(row["compared_with"], row["to_date"]), 1.0)
    counting = math.sqrt(share * (1 - share) / row["count"])
    if counting <= row["sd_ad_hoc"]:
        return ""
    return text(
        "too_few", lang, label=short_label(row["metric"], lang), count=f"{row['count']:,.0f}",
        plain=changed(row["metric"], lang, counting, counting / 5, signed=False),
        simulated=changed(row["metric"], lang, row["sd_ad_hoc"], row["sd_ad_hoc"] / 5, signed=False),
    )  # fmt: skip


def shown(review: "PilotReview", lang: str) -> tuple[list[str], list[list[str]]]:
    """A row for each metric and look."""
    keys = ("metric", "weeks", "to_date", "compared", "difference", "limit", "ad_hoc", "policy", "decision")
    body = []
    for found in review.table.to_dict("records"):
        row = {str(key): value for key, value in found.items()}
        bands = [f"{amount(row, lang, row[f'{who}_low'])} – {amount(row, lang, row[f'{who}_high'])}"
                 for who in ("ad_hoc", "policy")]  # fmt: skip
        body.append([
            short_label(row["metric"], lang), str(row["weeks"]), amount(row, lang, row["to_date"]),
            amount(row, lang, row["compared_with"]), *told_apart(row, lang), *bands, text(f"word_{row['decision']}", lang),
        ])  # fmt: skip
    return [text(key, lang) for key in keys], body
