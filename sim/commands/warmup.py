"""``sim warmup``: after how many weeks has the centre forgotten its start?"""

import click

from sim.commands.studying import asked_of, study_options
from sim.commands.terminal import progress_bar


@click.command()
@click.option("--policy", metavar="P", help="也看这个方案启用后多久稳定 / also: how long until this policy has settled")
@study_options(replications=10)
def warmup(
    scenario: str, lang: str, out: str | None, as_json: bool, policy: str | None, **asked: str | None
) -> None:  # fmt: skip
    """预热期要多长：MSER-5 和 Welch 图，从第一天起看 52 周。 / How long a warm-up? MSER-5 and Welch's picture of 52 weeks.

    \b
    sim warmup scenarios/article.toml
    sim warmup scenarios/article.toml --weeks 104 --policy systematic
    """
    asked["weeks"] = asked["weeks"] or "52"
    with asked_of("warmup", "warmup", scenario, lang, out, as_json, asked, 10, 2) as options:
        from sim.engine.executors import pool
        from sim.studies.warming import FEWEST_WEEKS, warm_up
        from sim.words import text

        check = options.check
        if policy and options.found:
            check.policy("policy", policy, options.found)
        if options.weeks < FEWEST_WEEKS:
            zh = f"太短，MSER-5 至少要 {FEWEST_WEEKS} 周；请写 52 或更多"
            check.wrong("weeks", options.weeks, zh, f"too short: MSER-5 needs {FEWEST_WEEKS} weeks; write 52 or more")
        check.done()
        with progress_bar(text("running", lang)) as show, pool(options.workers, options.cluster) as where:
            result = warm_up(
                options.scenario, options.seed, options.weeks, options.replications, where,
                [policy] if policy else [], show,
            )  # fmt: skip
        options.finish(result)
