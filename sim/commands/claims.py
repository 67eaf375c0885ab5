"""``sim claims``: every figure of the article, run, judged and tested."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.folder import MARK, trouble, whole
from sim.commands.terminal import aligned, ends_well, lang_option, progress_bar, workers_options

if TYPE_CHECKING:
    from sim.claims.audit import Audit

DEFAULT = "scenarios/article.toml"


@click.command()
@click.option("--scenario", metavar="F", default=DEFAULT, show_default=True, help="场景文件 / scenario file")
@click.option("--only", metavar="K3,K5,…", help="只核对这几条，默认全部 / only these claims, default: all")
@click.option(
    "--replications",
    metavar="N",
    default="20",
    show_default=True,
    help="每个变体的重复次数；检验用四分之一 / replications of each variant; the tests take a quarter",
)
@click.option("--weeks", metavar="W", help="预热后计多少周，默认按场景 / weeks counted after the warm-up")
@click.option("--seed", metavar="S", help="随机种子 / seed")
@workers_options
@click.option("--no-tests", is_flag=True, help="只出判断，不做六项检验 / verdicts only, without the six tests")
@click.option("--out", metavar="DIR", help="结果文件夹，默认 results/claims / results folder")
@click.option("--page", metavar="FILE", help="另把页面写到这个文件 / write the page to this file too")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def claims(
    scenario: str, only: str | None, no_tests: bool, out: str | None, page: str | None, as_json: bool, lang: str,
    **asked: str | None,
) -> None:  # fmt: skip
    """逐条核对文章里的数字：跑、判断、六项检验。 / Audit every claim of the article: run, judge, test."""
    with ends_well(lang):
        import os

        from sim.claims.audit import audit
        from sim.claims.page import as_json as rows
        from sim.claims.page import save, write_page
        from sim.options import Checker
        from sim.words import text

        check = Checker("sim claims")
        found = check.scenario(scenario)
        numbers = {
            "replications": check.whole("replications", asked["replications"], 20),
            "workers": check.whole("workers", asked["workers"], os.cpu_count() or 1),
            "weeks": check.whole("weeks", asked["weeks"], found.study.weeks if found else 1),
            "seed": check.whole("seed", asked["seed"], found.study.seed if found else 0, low=0),
        }
        chosen = _ids(check, only)
        folder = Path(out) if out else Path("results", "claims")
        wrong = trouble(folder)
        if wrong:
            check.wrong("out", str(folder), *wrong)
        if page and not Path(page).resolve().parent.is_dir():
            check.wrong("page", page, "文件夹不存在", "its folder does not exist")
        check.done()
        assert found is not None
        with progress_bar(text("running", lang)) as show:
            result = audit(
                found, chosen, numbers["replications"], numbers["seed"], numbers["workers"], numbers["weeks"],
                not no_tests, show, memory=folder, cluster=asked["cluster"],
            )  # fmt: skip
        with whole(folder) as unfinished:
            save(result, unfinished)
            (unfinished / MARK).write_text(_provenance(result), encoding="utf-8", newline="\n")
        if page:
            write_page(result, folder, Path(page))
        if as_json:
            click.echo(rows(result, lang))
        click.echo(_text(result, lang), err=as_json)
        click.echo(text("written_to", lang, folder=folder), err=as_json)


def _ids(check: "object", only: str | None) -> tuple[str, ...] | None:
    """Claims asked for, each of them known."""
    from sim.claims.catalogue import IDS
    from sim.options import Checker

    assert isinstance(check, Checker)
    if only is None:
        return None
    asked = [word.strip().upper() for word in only.replace("，", ",").split(",") if word.strip()]
    unknown = [word for word in asked if word not in IDS]
    if unknown or not asked:
        there = f"{IDS[0]} – {IDS[-1]}"
        check.wrong("only", only, f"只有 {there}", f"there are {there}")
    return tuple(asked)


def _provenance(result: "Audit") -> str:
    from sim.source_hash import model_hash, source_hash

    values = {
        "scenario": result.scenario,
        "scenario_hash": result.scenario_hash,
        "code_hash": model_hash(),
        "claims_hash": source_hash("claims.audit"),
        "replications": result.replications,
        "weeks": result.weeks,
        "seed": result.seed,
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _text(result: "Audit", lang: str) -> str:
    """One line a claim for a terminal, and how many there are of each verdict."""
    from sim.claims.pictures import tally
    from sim.claims.verdicts import judge_sum
    from sim.claims.wording import VERDICT_WORDS, between, claimed, written

    body = []
    for item in result.audited:
        r, after = item.reading, item.found.after
        value = f"{written(r, after.mean, lang, (after.high - after.low) / 2)} {between(r, after, lang)}"
        says = claimed(r, lang) or ("↑" if r.direction > 0 else "↓")
        body.append([r.name, says, value, VERDICT_WORDS[item.verdict][lang == "en"]])
    for s in result.sums:
        body.append(
            [f"{s.id} {s.reading}", f"{s.claimed:,.4g}", f"{s.found:,.4g}", VERDICT_WORDS[judge_sum(s)][lang == "en"]]
        )
    body.sort(key=lambda row: int(row[0].split()[0][1:]))
    head = ["说法|文章说|算得|判断", "claim|the article|found|verdict"][lang == "en"].split("|")
    return "\n\n".join([aligned(head, body), tally(result, lang)])
