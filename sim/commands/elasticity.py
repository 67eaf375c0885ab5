"""``sim elasticity``: which *after* only follows a number that was put in?"""

from pathlib import Path

import click

from sim.commands.terminal import aligned, ends_well, lang_option, progress_bar


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--policy", metavar="P", help="方案，默认最后一个 / policy, default: the last")
@click.option("--replications", metavar="N", help="重复次数，默认 8 / replications, default 8")
@click.option("--seed", metavar="S", help="随机种子 / seed")
@click.option("--workers", metavar="K", help="并行进程数 / processes")
@click.option("--out", metavar="FILE", help="把表写到这个 CSV 文件 / write the table to this CSV file")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def elasticity(
    scenario: str, lang: str, policy: str | None, out: str | None, as_json: bool, **asked: str | None
) -> None:
    """机制的每个数各乘 0.8 和 1.25，看“之后”动多少。 / Each mechanism's number × 0.8 and × 1.25: how far does the after move?"""
    with ends_well(lang):
        import os

        from sim.comparison import HEADLINE
        from sim.elasticity import elasticities
        from sim.options import Checker
        from sim.words import label, text

        check = Checker("sim elasticity")
        found = check.scenario(scenario)
        replications = check.whole("replications", asked["replications"], 8)
        seed = check.whole("seed", asked["seed"], found.study.seed if found else 0, low=0)
        workers = check.whole("workers", asked["workers"], os.cpu_count() or 1)
        if found and policy:
            check.policy("policy", policy, found)
        check.done()
        assert found is not None
        with progress_bar(text("running", lang)) as show:
            named = policy or found.compared[-1]
            table = elasticities(found, named, HEADLINE, replications, seed, workers, show)
        if out:
            csv = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
            Path(out).write_text("\ufeff" + csv, encoding="utf-8", newline="\n")
        wide = table.pivot(index=["mechanism", "key", "moved_to"], columns="metric", values="elasticity").reset_index()
        names = [metric for metric in HEADLINE if metric in wide]
        head = ["mechanism", "key", "→", *(label(metric, lang) for metric in names)]
        body = [
            [row["mechanism"], row["key"], f"{row['moved_to']:g}", *(f"{row[metric]:+.2f}" for metric in names)]
            for row in wide.to_dict("records")
        ]
        click.echo(aligned(head, body), err=as_json)
        if as_json:
            click.echo(table.to_json(orient="records", force_ascii=False, indent=1))
