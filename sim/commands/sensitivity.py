"""``sim sensitivity``: which assumptions, within their ranges, turn the decision?"""

import click

from sim.commands.studying import asked_of, study_options


@click.command()
@study_options(replications=10)
@click.option("--policy", metavar="P", help="与基准比较的方案，默认最后一个 / policy, default: the last compared")
@click.option("--metric", metavar="M", help="决策看的指标，默认第一个有等效范围的主要指标 / the decision's metric")
@click.option(
    "--method", type=click.Choice(["tornado", "morris", "sobol", "all"]), default="tornado", show_default=True,
    help="先筛查再试两端、只筛查、方差分解、全部 / screen and run both ends, screen only, variance, all",
)  # fmt: skip
@click.option("--assumptions", metavar="A-35,KEY,…", help="只看这几条假设，不筛查 / these assumptions, unscreened")
@click.option("--top", metavar="K", help="试到两端的条数，默认 8（sobol 6）/ how many to run at both ends, default 8")
@click.option(
    "--trajectories", metavar="R", default="10", show_default=True, help="Morris 轨迹数 / Morris trajectories"
)
@click.option(
    "--per-point", metavar="N", default="2", show_default=True,
    help="筛查和 Sobol 每点的重复次数 / replications of each point of Morris and Sobol'",
)  # fmt: skip
@click.option(
    "--samples", metavar="N", default="512", show_default=True,
    help="Sobol 基本样本数，2 的幂 / base samples of Sobol', a power of two",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="运行超过 20,000 次也照做 / go on beyond 20,000 runs")
def sensitivity(
    scenario: str, lang: str, out: str | None, as_json: bool, policy: str | None, metric: str | None, method: str,
    assumptions: str | None, yes: bool, **asked: str | None,
) -> None:  # fmt: skip
    """哪些假设必须成立：在各自范围内，谁会改变判断，改到多少。 / What must be true: which assumptions turn the verdict, and where.

    \b
    13 周、两个处理器的大致用时 / about, at 13 weeks on two processors:
      sim sensitivity S --weeks 13                        先按组筛查再试两端，1 小时内 / screen, then both ends: within 1 h
      sim sensitivity S --weeks 13 --assumptions A-35     每条约 1 分钟 / a minute an assumption
      sim sensitivity S --weeks 13 --top 200              全部假设试两端，1.5 小时起 / every one at both ends: from 1.5 h
      sim sensitivity S --weeks 13 --method sobol         另加 16,000 次运行，约 4 小时 / 16,000 runs more, about 4 h
    """
    with asked_of("sensitivity", "sensitivity", scenario, lang, out, as_json, asked) as study:
        from sim.studies.sensitivity import sensitivity as run
        from sim.studies.sensitivity_plan import MOST_RUNS, plan
        from sim.studies.words_sensitivity import text

        check = study.check
        top = check.whole("top", asked["top"], 0) or None
        numbers = {
            "trajectories": check.whole("trajectories", asked["trajectories"], 10, low=2),
            "per_point": check.whole("per-point", asked["per_point"], 2, low=2),
            "samples": check.whole("samples", asked["samples"], 512, low=8),
        }
        wanted = None
        if study.found is not None:
            wanted = plan(
                study.found, check, policy=policy, metric=metric, method=method, top=top,
                assumptions=check.names(assumptions or ""), replications=study.replications, **numbers,
            )  # fmt: skip
            if wanted.factors and wanted.runs > MOST_RUNS and not yes:
                words = {"runs": f"{wanted.runs:,}", "most": f"{MOST_RUNS:,}"}
                check.wrong("yes", None, text("too_many", "zh", **words), text("too_many", "en", **words))
        check.done()
        assert wanted is not None
        cost = {"factors": len(wanted.factors), "runs": f"{wanted.runs:,}", "weeks": study.weeks}
        click.echo(text("cost", lang, **cost), err=True)
        with study.runner() as runner:
            result = run(runner, wanted)
        study.finish(result)
