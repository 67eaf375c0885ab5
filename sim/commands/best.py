"""`sim best`: which bundle of mechanisms is best within limits, and how sure that is."""

import click

from sim.commands.studying import asked_of, study_options


@click.command()
@study_options(replications=10)
@click.option("--maximise", "--maximize", metavar="METRIC", help="要最大化的指标 / metric to make as high as can be")
@click.option("--minimise", "--minimize", metavar="METRIC", help="要最小化的指标 / metric to make as low as can be")
@click.option(
    "--subject-to",
    metavar="LIMIT",
    multiple=True,
    help="限制，可重复，如 total_cost_yuan<=60万、shortage_rate<=baseline / a limit, repeatable",
)
@click.option(
    "--tolerance",
    metavar="METRIC=X",
    multiple=True,
    help="限制允许的超出量，默认取场景的等效范围 / breach of a limit put up with; default: the scenario's margin",
)
@click.option(
    "--no-department-worse", is_flag=True, help="各部门的指标都不能变差 / no department's figure may get worse"
)
@click.option("--delta", metavar="D", help="目标相差多少不算差别 / difference in the objective that does not matter")
@click.option("--mechanisms", metavar="A,B,...", help="在这些机制里选 / mechanisms to choose among")
@click.option("--policy", metavar="P", help="在这个方案的机制里选 / policy whose mechanisms to choose among")
@click.option(
    "--bundles", metavar="all|policies", help="全部组合，或只比场景里的方案 / all subsets, or the policies only"
)
@click.option("--most", metavar="N", help="每种组合最多重复次数，默认 60 / most replications of a bundle, default: 60")
@click.option("--alpha", metavar="A", help="选错的概率上限，默认 0.05 / chance of a wrong choice, default: 0.05")
def best(
    scenario: str, lang: str, out: str | None, as_json: bool, subject_to: tuple[str, ...], tolerance: tuple[str, ...],
    no_department_worse: bool, **asked: str | None,
) -> None:  # fmt: skip
    """在限制之内选出最佳机制组合，并说明有多大把握。 / The best bundle within limits, with its guarantee."""
    with asked_of("best", "best", scenario, lang, out, as_json, asked, fewest=10) as study:
        from sim.studies.best import AT_ONCE, best_bundle
        from sim.studies.best_question import Asked, question

        wanted = Asked(
            asked["maximise"], asked["minimise"], subject_to, tolerance, no_department_worse, asked["delta"],
            asked["mechanisms"], asked["policy"], asked["bundles"], asked["most"], asked["alpha"],
        )  # fmt: skip
        found = question(study.check, study.found, wanted, study.replications) if study.found else None
        study.check.done()
        assert found is not None
        with study.runner() as runner:
            result = best_bundle(runner, found, max(AT_ONCE, 2 * study.workers))
        study.finish(result)
