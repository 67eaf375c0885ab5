"""``sim attribute``: which mechanism has what part in a policy's effect?"""

import click

from sim.commands.studying import asked_of, study_options


@click.command()
@study_options(replications=10)
@click.option(
    "--policy", metavar="P", help="分解哪个方案，默认最后一个 / policy to take apart, default: the last compared"
)
@click.option(
    "--mechanisms",
    metavar="A,B,…",
    help="直接写机制名，代替方案里的全部机制 / mechanisms, instead of all of a policy's",
)
@click.option("--metrics", metavar="M,N,…", help="指标，默认主要指标 / metrics, default: the headline ones")
def attribute(
    scenario: str, lang: str, out: str | None, as_json: bool, policy: str | None, mechanisms: str | None,
    metrics: str | None, **asked: str | None,
) -> None:  # fmt: skip
    """每个机制各有多少贡献：跑遍全部组合，按 Shapley 值分解。 / Each mechanism's part: all bundles, split by Shapley values."""
    with asked_of(
        "attribute", "attribution", scenario, lang, out, as_json, asked, files=["attribution_interactions.csv"]
    ) as study:
        from sim.studies.attribution import attribute as run
        from sim.studies.attribution_question import EXACT, question
        from sim.studies.words_attribution import cost

        wanted = question(study.check, study.found, policy, mechanisms, metrics) if study.found else None
        study.check.done()
        assert wanted is not None
        exact, count = wanted.method == EXACT, len(wanted.mechanisms)
        click.echo(cost(count, wanted.bundles, study.replications, exact, lang), err=True)
        with study.runner() as runner:
            result = run(runner, wanted, study.replications)
        study.finish(result)
