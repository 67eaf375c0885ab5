"""``sim review``: a pilot's own figures so far, under the rule of its plan."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.plan import CONTROLS, chosen_policy, within
from sim.commands.studying import Asked, asked_of, study_options

if TYPE_CHECKING:
    from sim.options import Checker
    from sim.studies.pilot_counts import Observed


@click.command()
@study_options(20)
@click.option(
    "--observed",
    metavar="FILE",
    required=True,
    help="试点的数（CSV，可以是填好的 plan_measure.csv） / the pilot's figures",
)
@click.option("--policy", metavar="P", help="方案，默认场景要比较的最后一个 / policy, default: the last compared")
@click.option(
    "--metric", metavar="M,M", help="只判断这些指标，默认文件里的全部 / metrics to judge, default: all in the file"
)
@click.option("--centres", metavar="N", default="1", show_default=True, help="合在一起的店数 / centres taken together")
@click.option("--look-every", metavar="W", default="4", show_default=True, help="每几周看一次 / weeks between looks")
@click.option(
    "--control",
    metavar="C",
    default="before",
    show_default=True,
    help="对照：before 试点前，parallel 平行店，none 模型 / control",
)
@click.option("--before", metavar="W", help="计划里试点前计几周，默认与试点同长、最多 13 / weeks before, as planned")
def review(
    scenario: str, lang: str, out: str | None, as_json: bool, observed: str, policy: str | None, metric: str | None,
    centres: str, look_every: str, control: str, before: str | None, **asked: str | None,
) -> None:  # fmt: skip
    """试点做到现在：停，继续，还是尚不确定。 / The pilot so far: stop, go on, or not yet known.

    \b
    --weeks 是计划的试点长度。列：月份（或周）、指标、数值、笔数；试点前的月份写 0、−1、−2。
    --weeks is the planned length. Columns: month (or week), metric, value, count; months before are 0, −1, −2.
    """
    with asked_of("review", "review", scenario, lang, out, as_json, asked, 20, fewest=5) as a:
        from sim.studies.reviewing import review as study

        found = review_question(a, observed, policy, metric, centres, look_every, control, before)
        a.check.done()
        with a.runner() as runner:
            result = study(runner, replications=a.replications, **found)
        a.finish(result)


for _option in review.params:
    if isinstance(_option, click.Option) and _option.name == "weeks":
        _option.help = "计划的试点周数，默认场景的周数 / planned length of the pilot, default: the scenario's weeks"


def review_question(
    asked: Asked, observed: str, policy: str | None, metric: str | None, centres: str, look_every: str, control: str,
    before: str | None,
) -> dict[str, Any]:  # fmt: skip
    """What :func:`sim.studies.reviewing.review` is to be called with; what is wrong is noted, not yet raised.

    Args:
        observed: the CSV file.
        metric, centres, look_every, before: as written by the user.
    """
    from sim.studies.observed import Reading
    from sim.studies.pilot_rule import LONGEST_BEFORE

    check, weeks = asked.check, asked.weeks
    every, count = within(check, "look-every", look_every, 1, 26), within(check, "centres", centres, 1, 50)
    if control not in CONTROLS:
        check.wrong("control", control, "要写 before、parallel 或 none", "must be before, parallel or none")
    earlier = min(weeks, LONGEST_BEFORE) if before is None else within(check, "before", before, 1, 52)
    named = chosen_policy(asked, policy)
    reading = Reading(Path(observed), weeks, every, earlier if control == "before" else 0)
    found = reading.read()
    check.problems += reading.problems
    plan = {"weeks": weeks, "every": every, "control": control, "before_weeks": earlier}
    known = () if reading.problems else _metrics(check, observed, found, metric, plan)
    return plan | {"policy": named, "observed": found, "centres": count, "metrics": known}


def _metrics(
    check: "Checker", file: str, found: "Observed", metric: str | None, plan: dict[str, Any]
) -> tuple[str, ...]:
    """Metrics to judge; those that are not in the file, or lack what the rule needs, are noted."""
    from sim.studies.reviewing import lacking

    wanted = check.names(metric) if metric else found.metrics
    for name in wanted:
        if name not in found.metrics:
            zh, en = (
                f"文件里没有这个指标，有：{'、'.join(found.metrics)}",
                f"not in the file; there are: {', '.join(found.metrics)}",
            )
            check.wrong("metric", name, zh, en)
    known = tuple(name for name in wanted if name in found.metrics)
    if plan["control"] in CONTROLS:
        lacks = lacking(found, known, plan["weeks"], plan["every"], plan["control"], plan["before_weeks"])
        for name, zh, en in lacks:
            check.wrong("observed", f"{file}: {name}", zh, en)
    return known
