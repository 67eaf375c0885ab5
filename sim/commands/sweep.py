"""``sim sweep``: keys of a scenario over a grid or a sample, all policies beside the baseline in each cell."""

from typing import TYPE_CHECKING

import click

from sim.commands.studying import Asked, asked_of, study_options
from sim.commands.terminal import FAILED

if TYPE_CHECKING:
    from sim.options import Checker
    from sim.scenario import Scenario
    from sim.studies.sweep_plan import Plan


@click.command()
@click.option(
    "--vary", "vary", multiple=True, metavar="PATH=VALUES",
    help="键=值,值 或 键=下限:上限:个数，可写多次 / KEY=a,b,c or KEY=lo:hi:n; may be repeated",
)  # fmt: skip
@click.option(
    "--design", metavar="grid|lhs|sobol", default="grid", show_default=True,
    help="全部组合，或抽样 / all combinations, or a sample",
)  # fmt: skip
@click.option("--samples", metavar="N", help="抽样的点数，默认每个键 10 个 / points of a sample, default: 10 a key")
@click.option("--policy", metavar="P", help="与基准比较的方案 / policy beside the baseline")
@click.option("--policies", metavar="A,B", help="几个方案，默认最后一个 / several policies, default: the last compared")
@click.option("--metrics", metavar="M,M", help="指标，默认主要指标 / metrics, default: the headline ones")
@study_options(replications=10)
def sweep(
    scenario: str, lang: str, out: str | None, as_json: bool, vary: tuple[str, ...], design: str,
    samples: str | None, policy: str | None, policies: str | None, metrics: str | None, **asked: str | None,
) -> None:  # fmt: skip
    """一个或几个参数取不同的值，各方案在每种情形下差多少。 / Keys take several values: how do the policies compare in each cell?

    \b
    sim sweep scenarios/article.toml --vary mechanisms.escalation_ladder.limit_hours=8,24,48,72
    sim sweep scenarios/article.toml --vary workshop.bays.mechanical=11:15:5 --vary arrivals.visits_per_day=36,40,44
    """
    with asked_of("sweep", "sweep", scenario, lang, out, as_json, asked, 10, 2, ["sweep.parquet"]) as options:
        from sim.studies.sweep import can_parquet
        from sim.studies.sweep import sweep as run
        from sim.studies.words_sweep import text

        check = options.check
        count = check.whole("samples", samples, 0)
        found = planned(options, vary, design, count, policy, policies)
        names = chosen_metrics(check, metrics)
        check.done()
        assert found is not None
        for note in found.notes:
            click.echo(note[lang == "en"], err=True)
        if not can_parquet():
            click.echo(text("no_parquet", lang), err=True)
        said = {
            "cells": f"{len(found.points):,}",
            "policies": 1 + len(found.policies),
            "replications": options.replications,
        }
        click.echo(text("runs", lang, runs=f"{found.runs(options.replications):,}", **said), err=True)
        with options.runner() as runner:
            result = run(runner, found, options.replications, names)
        options.finish(result)
        if result.about.failed:
            raise SystemExit(FAILED)


def planned(
    options: Asked, vary: tuple[str, ...], design: str, samples: int, policy: str | None, policies: str | None
) -> "Plan | None":
    """The plan, or None with what is wrong noted; problems of the cells are raised."""
    from sim.problems import did_you_mean
    from sim.studies.designs import DESIGNS
    from sim.studies.sweep_plan import plan
    from sim.studies.varying import varied

    check = options.check
    if design not in DESIGNS:
        guess = did_you_mean(design, DESIGNS)
        hint = (f"，是不是 {guess}？", f", did you mean {guess}?") if guess else ("", "")
        check.wrong("design", design, f"要写 grid、lhs 或 sobol{hint[0]}", f"must be grid, lhs or sobol{hint[1]}")
    if samples and design == "grid":
        check.wrong("samples", samples, "只有 lhs 和 sobol 才抽样", "only lhs and sobol take samples")
    if options.found is None:
        return None
    found = options.found
    names = chosen_policies(check, found, policy, policies)
    keys, notes = varied(check, found, vary, design != "grid")
    if check.problems:
        return None
    made = plan(found, keys, names, design, samples or None, options.seed)
    return made.noted(notes)


def chosen_policies(
    check: "Checker", scenario: "Scenario", policy: str | None, policies: str | None
) -> tuple[str, ...]:
    """Policies beside the baseline: those named, else the last that the scenario compares."""
    if policy and policies:
        check.wrong("policy", policy, "--policy 和 --policies 只写一个", "name either --policy or --policies")
    named = policies if policies is not None else policy
    return check.policies((scenario.compared[-1],) if named is None else named, scenario)[1:]


def chosen_metrics(check: "Checker", asked: str | None) -> tuple[str, ...]:
    """Metrics by name; the headline ones if none are named."""
    from sim.comparison import HEADLINE
    from sim.metrics import METRICS
    from sim.problems import did_you_mean

    names = HEADLINE if asked is None else tuple(dict.fromkeys(check.names(asked)))
    for name in names:
        if name not in METRICS:
            guess = did_you_mean(name, METRICS)
            zh = f"没有这个指标，是不是 {guess}？" if guess else "没有这个指标，所有指标见 docs/measures.md"
            en = f"no such metric, did you mean {guess}?" if guess else "no such metric; docs/measures.md lists them"
            check.wrong("metrics", name, zh, en)
    if not names:
        check.wrong("metrics", asked, "至少写一个指标", "name one metric at least")
    return names
