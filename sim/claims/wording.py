"""Sentences about a claim, computed: why its verdict is what it is, and what would have to be true."""

import math
from collections.abc import Sequence

from sim.claims.levels import Region
from sim.claims.readings import Lever, Reading, Sum
from sim.claims.trials import DOES_NOT_APPLY, FAILED, PASSED, Trial
from sim.claims.verdicts import DIRECTION, HOLDS, NOT, REPRODUCED, UNDECIDABLE, UNKNOWN, Estimate, Finding
from sim.findings import spaced
from sim.metrics import METRICS
from sim.words import label, scale

VERDICT_WORDS = {
    REPRODUCED: ("复现", "reproduced"),
    DIRECTION: ("只有方向对", "direction only"),
    NOT: ("未复现", "not reproduced"),
    UNKNOWN: ("尚不确定", "not yet known"),
    UNDECIDABLE: ("无法判定", "not decidable"),
    HOLDS: ("算术成立", "arithmetic holds"),
    "arithmetic fails": ("算术不成立", "arithmetic fails"),
}
KIND_WORDS = {
    "emergent": ("模型得出", "emergent"),
    "behaviour": ("取决于人的反应", "behaviour"),
    "arithmetic": ("算术", "arithmetic"),
    "story": ("个案", "story"),
}
TEST_WORDS = {
    "null_dose": ("零剂量", "null dose"),
    "no_disease": ("去病因", "no disease"),
    "moved_before": ("换门店", "moved before"),
    "elasticity": ("弹性", "elasticity"),
    "negative_control": ("阴性对照", "negative control"),
    "many_fits": ("多种拟合", "many fits"),
}
TEXTS = {
    "moved": (
        "{metric}由 {before} 变为 {after} {interval}；文章说 {claimed}，允差 ±{margin}。",
        "{metric} from {before} to {after} {interval}; the article says {claimed}, margin ±{margin}.",
    ),
    "changed": (
        "{metric}（{form}）为 {after} {interval}，本身由 {before} 变为 {level}；文章说 {claimed}，允差 ±{margin}。",
        "{metric} ({form}): {after} {interval}, itself from {before} to {level}; the article says {claimed}, margin ±{margin}.",
    ),
    "no_figure": (
        "{metric}由 {before} 变为 {after}，差 {difference} {interval}；文章没有给数，只说会{way}。",
        "{metric} from {before} to {after}, difference {difference} {interval}; the article gives no figure, only that it goes {way}.",
    ),
    "undefined": ("{metric}在这个时段里没有数据。", "{metric} has no data in this window."),
    "up": ("上升", "up"),
    "down": ("下降", "down"),
    "input": ("结果取决于输入 `{name}`，它是放进去的数。", "It rests on the input `{name}`, a figure put in."),
    "relabelled": (
        "它只是跟着输入走，所以改列为“取决于人的反应”。",
        "It only follows its input, and is therefore listed as behaviour.",
    ),
    "passed": ("检验通过：{names}。", "Tests passed: {names}."),
    "failed": ("检验未通过：{names}（{why}）。", "Tests failed: {names} ({why})."),
    "no_test": ("不适用：{names}。", "Not applicable: {names}."),
    "fits": ("同一前值换一组旋钮，判断就变。", "Another set of knobs with the same before turns the verdict."),
    "at_least": ("要达到 {claimed}，{lever}至少要 {value}。", "{claimed} needs {lever} of at least {value}."),
    "at_most": ("要达到 {claimed}，{lever}至多 {value}。", "{claimed} needs {lever} of at most {value}."),
    "at_about": ("{lever}约为 {value} 时正好 {claimed}。", "It is {claimed} at a {lever} of about {value}."),
    "everywhere": (
        "{lever}在 {low} 到 {high} 之间，都达到 {claimed}。",
        "{claimed} is reached for every {lever} from {low} to {high}.",
    ),
    "nowhere": (
        "{lever}由 {low} 到 {high}，都达不到 {claimed}（最接近的是 {best}）。",
        "{claimed} is not reached for any {lever} from {low} to {high} (nearest: {best}).",
    ),
    "curve": (
        "{lever}由 {low} 到 {high} 时，这个数由 {first} 变为 {last}。",
        "As {lever} goes from {low} to {high}, the figure goes from {first} to {last}.",
    ),
    "sum": ("{says}：算得 {found}，文章说 {claimed}。", "{says}: it comes to {found}; the article says {claimed}."),
    "bar": ("{says}：算得 {found}，要求至少 {claimed}。", "{says}: it comes to {found}; the bar is {claimed}."),
}
FORMS = {
    "relative": ("相对变化", "relative change"),
    "points": ("变化量", "change"),
    "vanished": ("消失的占比", "share that vanishes"),
    "per_lead": ("占原有全部线索", "over all leads before"),
}
OTHER_LABELS = {"broken_promises": ("失约率", "promises broken")}


def say(key: str, lang: str, **words: object) -> str:
    """A text filled in."""
    return TEXTS[key][lang == "en"].format(**words)


def metric_label(metric: str, lang: str) -> str:
    """What a manager calls the metric."""
    return OTHER_LABELS[metric][lang == "en"] if metric in OTHER_LABELS else label(metric, lang)


def unit_of(metric: str) -> str:
    """Unit of a metric."""
    return METRICS[metric].unit if metric in METRICS else "share"


def written(reading: Reading, value: float, lang: str, half: float = math.nan, itself: bool = False) -> str:
    """A value of the claim's figure; ``itself``: of the metric, whatever the form of the claim."""
    if not itself and reading.form in ("relative", "vanished", "per_lead"):
        return scale("share", lang, value).value(value, half)
    s = scale(unit_of(reading.metric), lang, value)
    return s.difference(value, half) if reading.form == "points" and not itself else s.value(value, half)


def between(reading: Reading, e: Estimate, lang: str, itself: bool = False) -> str:
    """[low, high] of an estimate."""
    if math.isnan(e.low):
        return ""
    half = (e.high - e.low) / 2
    comma = "，" if lang == "zh" else ", "
    return f"[{written(reading, e.low, lang, half, itself)}{comma}{written(reading, e.high, lang, half, itself)}]"


def because(
    reading: Reading,
    found: Finding,
    verdict: str,
    kind: str,
    trials: Sequence[Trial],
    regions: Sequence[Region],
    lang: str,
) -> str:
    """All that stands behind a verdict, in a few sentences."""
    parts = [what_was_found(reading, found, lang)]
    if reading.inputs:
        parts.append(say("input", lang, name=reading.inputs))
    if kind != reading.kind:
        parts.append(say("relabelled", lang))
    if verdict == UNDECIDABLE:
        parts.append(say("fits", lang))
    parts += tests_in_words(trials, lang)
    parts += [region_in_words(reading, found_region, lang) for found_region in regions]
    return spaced(("" if lang == "zh" else " ").join(part for part in parts if part))


def what_was_found(reading: Reading, found: Finding, lang: str) -> str:
    """The figures, beside those of the article."""
    name = metric_label(reading.metric, lang)
    if math.isnan(found.after.mean):
        return say("undefined", lang, metric=name)
    half = (found.after.high - found.after.low) / 2
    before_half = (found.before.high - found.before.low) / 2
    before = written(reading, found.before.mean, lang, before_half, itself=True)
    if reading.claimed_after is None:
        s = scale(unit_of(reading.metric), lang, found.difference.mean)
        difference, interval = s.estimate(found.difference.mean, found.difference.low, found.difference.high, unit=True)
        way = say("up" if reading.direction > 0 else "down", lang)
        after = written(reading, found.level_after.mean, lang, before_half, itself=True)
        return say("no_figure", lang, metric=name, before=before, after=after, difference=difference,
                   interval=interval, way=way)  # fmt: skip
    words = {
        "metric": name,
        "before": before,
        "after": written(reading, found.after.mean, lang, half),
        "interval": between(reading, found.after, lang),
        "claimed": claimed(reading, lang),
        "margin": margin(reading, lang),
    }
    if reading.form == "level":
        return say("moved", lang, **words)
    level = written(reading, found.level_after.mean, lang, before_half, itself=True)
    return say("changed", lang, form=FORMS[reading.form][lang == "en"], level=level, **words)


def claimed(reading: Reading, lang: str) -> str:
    """The article's figures, with the decimals it gives them."""
    after = "" if reading.claimed_after is None else goal(reading, reading.claimed_after, lang)
    if reading.claimed_before is None:
        return after
    return f"{goal(reading, reading.claimed_before, lang)} → {after}"


def goal(reading: Reading, value: float, lang: str) -> str:
    """A figure of the article: no decimals that it does not have."""
    share = reading.form in ("relative", "vanished", "per_lead")
    s = scale("share" if share else unit_of(reading.metric), lang, value)
    sign = "+" if reading.form in ("relative", "points") and value > 0 else ""
    unit = s.points if reading.form == "points" else s.unit
    number = f"{sign}{round(value / s.factor, 6):g}"
    return number + unit if unit == "%" or not unit else f"{number} {unit}"


def margin(reading: Reading, lang: str) -> str:
    """The margin within which the whole interval must lie."""
    share = reading.form in ("relative", "vanished", "per_lead")
    s = scale("share" if share else unit_of(reading.metric), lang, reading.margin)
    return s.difference(reading.margin, signed=False)


def tests_in_words(trials: Sequence[Trial], lang: str) -> list[str]:
    """Which of the six tests passed, failed, or do not apply."""
    names = {
        outcome: [TEST_WORDS[t.test][lang == "en"] for t in trials if t.outcome == outcome]
        for outcome in (PASSED, FAILED, DOES_NOT_APPLY)
    }
    joint = "、" if lang == "zh" else ", "
    parts = []
    if names[PASSED]:
        parts.append(say("passed", lang, names=joint.join(names[PASSED])))
    if names[FAILED]:
        why = ("；" if lang == "zh" else "; ").join(
            t.zh if lang == "zh" else t.en for t in trials if t.outcome == FAILED
        )
        parts.append(say("failed", lang, names=joint.join(names[FAILED]), why=why))
    if names[DOES_NOT_APPLY]:
        parts.append(say("no_test", lang, names=joint.join(names[DOES_NOT_APPLY])))
    return parts


def lever_value(lever: Lever, value: float) -> str:
    """A value of a lever."""
    if lever.percent:
        return f"{100 * value:.0f}%"
    return f"{value:.0f}" if lever.whole or abs(value) >= 100 else f"{value:.3g}"


def region_in_words(reading: Reading, region: Region, lang: str) -> str:
    """What must be true of one number for the claim to hold."""
    lever = region.lever
    words = {
        "lever": lever.zh if lang == "zh" else lever.en,
        "low": lever_value(lever, region.values[0]),
        "high": lever_value(lever, region.values[-1]),
    }
    means = [e.mean for e in region.after]
    if reading.claimed_after is None:
        first, last = (written(reading, value, lang) for value in (means[0], means[-1]))
        return say("curve", lang, first=first, last=last, **words)
    figure = goal(reading, reading.claimed_after, lang)
    if region.reached_at is None:
        target = reading.claimed_after
        best = min(
            (mean for mean in means if not math.isnan(mean)), key=lambda mean: abs(mean - target), default=math.nan
        )
        return say("nowhere", lang, claimed=figure, best=written(reading, best, lang), **words)
    if reading.direction == 0:
        at = lever_value(lever, region.reached_at)
        return say("at_about", lang, claimed=figure, lever=words["lever"], value=at)
    worst_end = region.values[0] if region.rising else region.values[-1]
    if region.reached_at == worst_end:
        return say("everywhere", lang, claimed=figure, **words)
    value = math.ceil(region.reached_at) if lever.whole and region.rising else region.reached_at
    key = "at_least" if region.rising else "at_most"
    return say(key, lang, claimed=figure, lever=words["lever"], value=lever_value(lever, value))


def because_sum(item: Sum, verdict: str, lang: str) -> str:
    """What was calculated."""
    says = item.zh if lang == "zh" else item.en
    key = "bar" if item.at_least else "sum"
    return spaced(say(key, lang, says=says, found=f"{item.found:,.4g}", claimed=f"{item.claimed:,.4g}"))
