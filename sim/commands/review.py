"""``sim review``: a pilot's own figures so far, under the rule of its plan."""

from pathlib import Path

import click

from sim.commands.plan import CONTROLS, changing, spread, within
from sim.commands.studying import asked_of, study_options


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
        from sim.studies.observed import Reading
        from sim.studies.pilot_rule import LONGEST_BEFORE
        from sim.studies.reviewing import lacking
        from sim.studies.reviewing import review as study

        every = within(a.check, "look-every", look_every, 1, 26)
        count = within(a.check, "centres", centres, 1, 50)
        if control not in CONTROLS:
            a.check.wrong("control", control, "要写 before、parallel 或 none", "must be before, parallel or none")
        earlier = min(a.weeks, LONGEST_BEFORE) if before is None else spread(a.check, "before", before, 1, 52)[0]
        if policy is not None and a.found:
            changing(a.check, policy, a.found.policies, a.found.baseline)
        reading = Reading(Path(observed), a.weeks, every, earlier if control == "before" else 0)
        found = reading.read()
        a.check.problems += reading.problems
        wanted = a.check.names(metric) if metric else found.metrics
        for name in wanted:
            if name not in found.metrics and not reading.problems:
                there = "、".join(found.metrics), ", ".join(found.metrics)
                a.check.wrong(
                    "metric", name, f"文件里没有这个指标，有：{there[0]}", f"not in the file; there are: {there[1]}"
                )
        known = [name for name in wanted if name in found.metrics]
        if not reading.problems and control in CONTROLS:
            for name, zh, en in lacking(found, known, a.weeks, every, control, earlier):  # type: ignore[arg-type]
                a.check.wrong("observed", f"{observed}: {name}", zh, en)
        a.check.done()
        named = policy or a.scenario.compared[-1]
        with a.runner() as runner:
            result = study(
                runner, named, found, a.weeks, every, control, earlier, count, a.replications, known  # type: ignore[arg-type]
            )  # fmt: skip
        a.finish(result)
