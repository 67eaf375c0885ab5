"""``sim plan``: how long must a real pilot run, and in how many centres?"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.commands.studying import Asked, asked_of, study_options

if TYPE_CHECKING:
    from sim.options import Checker

CONTROLS = ("before", "parallel", "none")


@click.command()
@study_options(20)
@click.option(
    "--metric", metavar="M", default="shortage_rate", show_default=True, help="按哪个指标判断 / metric to judge by"
)
@click.option("--policy", metavar="P", help="方案，默认场景要比较的最后一个 / policy, default: the last compared")
@click.option("--power", metavar="P", default="0.8", show_default=True, help="要有多大把握看出来 / power wanted")
@click.option(
    "--centres", metavar="A:B", default="1:6", show_default=True, help="试点店数，从 A 到 B / centres, from A to B"
)
@click.option("--look-every", metavar="W", default="4", show_default=True, help="每几周看一次 / weeks between looks")
@click.option(
    "--control",
    metavar="C",
    default="before",
    show_default=True,
    help="对照：before 试点前，parallel 平行店，none 模型 / control",
)
@click.option("--before", metavar="W", help="试点前计几周，默认与试点同长、最多 13 / weeks before that count")
@click.option("--watch", metavar="M,M", help="表格里另记的指标 / further metrics for the form")
def plan(
    scenario: str, lang: str, out: str | None, as_json: bool, metric: str, policy: str | None, power: str, centres: str,
    look_every: str, control: str, before: str | None, watch: str | None, **asked: str | None,
) -> None:  # fmt: skip
    """试点要做多久、几家店，每月记什么。 / How long a pilot, in how many centres, and what to measure each month.

    --weeks A:B 是试点长度的范围，默认 4:26。 / --weeks A:B: shortest and longest pilot, default 4:26.
    """
    weeks = asked.pop("weeks") or "4:26"
    files = ("plan_measure.csv", "plan_measure.xlsx", "plan_article_pilot.csv")
    with asked_of("plan", "plan", scenario, lang, out, as_json, asked, 20, fewest=5, files=files) as a:
        from sim.studies.planning import plan as study

        found = pilot_question(
            a, metric, policy, power, weeks, centres, look_every, control, before, a.check.names(watch or "")
        )
        a.check.done()
        a.weeks = found["weeks"][1]
        with a.runner() as runner:
            result = study(runner, replications=a.replications, **found)
        a.finish(result)


for _option in plan.params:
    if isinstance(_option, click.Option) and _option.name == "weeks":
        _option.metavar, _option.help = "A:B", "试点从几周到几周，默认 4:26 / shortest and longest pilot, default 4:26"


def pilot_question(
    asked: Asked, metric: str, policy: str | None, power: str, weeks: str, centres: str, look_every: str,
    control: str, before: str | None, watch: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What :func:`sim.studies.planning.plan` is to be called with; what is wrong is noted, not yet raised.

    Args:
        power, weeks, centres, look_every, before: as written by the user.
    """
    check = asked.check
    if control not in CONTROLS:
        check.wrong("control", control, "要写 before、parallel 或 none", "must be before, parallel or none")
    if before is not None and control != "before":
        check.wrong("before", before, "只有 --control before 才有试点前", "belongs to --control before alone")
    for option, name in (("metric", metric), *(("watch", name) for name in watch)):
        measurable(check, option, name)
    return {
        "policy": chosen_policy(asked, policy),
        "metric": metric,
        "weeks": spread(check, "weeks", weeks, 1, 104),
        "centres": spread(check, "centres", centres, 1, 50),
        "power": chance(check, power),
        "every": within(check, "look-every", look_every, 1, 26),
        "control": control,
        "before_weeks": None if before is None else within(check, "before", before, 1, 52),
        "watch": tuple(watch),
    }


def spread(check: "Checker", option: str, written: str, low: int, high: int) -> tuple[int, int]:
    """``A:B`` or one number as a range of whole numbers."""
    found = re.fullmatch(r"\s*(\d{1,4})\s*(?:[:：-]\s*(\d{1,4}))?\s*", written)
    if found:
        first = int(found[1])
        last = int(found[2] or first)
        if low <= first <= last <= high:
            return first, last
    zh, en = (
        f"要写 从:到，{low} 到 {high} 的整数，例如 4:26",
        f"must be FROM:TO, whole numbers from {low} to {high}, such as 4:26",
    )
    check.wrong(option, written, zh, en)
    return low, low


def within(check: "Checker", option: str, written: str, low: int, high: int) -> int:
    """A whole number in a range."""
    return (
        spread(check, option, written, low, high)[0]
        if ":" not in written
        else _no_range(check, option, written, low, high)
    )


def _no_range(check: "Checker", option: str, written: str, low: int, high: int) -> int:
    check.wrong(option, written, f"要写 {low} 到 {high} 的一个整数", f"must be one whole number from {low} to {high}")
    return low


def chance(check: "Checker", written: str) -> float:
    """A power, between a coin's toss and nearly sure; "80%" and 80 are understood as mistakes with a hint."""
    try:
        value = float(written.strip().rstrip("%％"))
    except ValueError:
        value = -1.0
    if 0.5 <= value <= 0.99 and written.strip()[-1] not in "%％":
        return value
    hint = f"，是不是 {value / 100:g}？" if 50 <= value <= 99 else ""
    check.wrong(
        "power",
        written,
        f"要写 0.5 到 0.99 的数{hint}",
        f"must be from 0.5 to 0.99{hint.replace('，是不是', ', did you mean').replace('？', '?')}",
    )
    return 0.8


def measurable(check: "Checker", option: str, metric: str) -> None:
    """Note a metric that is none, or that no pilot can be judged by."""
    from sim.metrics import METRICS
    from sim.problems import did_you_mean
    from sim.studies.measuring import COUNTED, unmeasurable

    if metric not in METRICS:
        guess = did_you_mean(metric, COUNTED)
        zh = f"没有这个指标，是不是 {guess}？" if guess else "没有这个指标，所有指标见 docs/measures.md"
        en = f"no such metric, did you mean {guess}?" if guess else "no such metric; docs/measures.md lists them"
        check.wrong(option, metric, zh, en)
        return
    why = unmeasurable(metric)
    if why:
        check.wrong(option, metric, *why)


def chosen_policy(asked: Asked, policy: str | None) -> str:
    """The policy named, or the last the scenario compares; one that is not there or changes nothing is noted."""
    if asked.found is None:
        return policy or ""
    named = policy or asked.found.compared[-1]
    if named == asked.found.baseline:
        asked.check.wrong("policy", named, "这就是基准，试点什么都没变", "this is the baseline: a pilot of no change")
    else:
        asked.check.policy("policy", named, asked.found)
    return named
