"""``sim verify``: is the model right where the right answer is known?"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.terminal import FAILED, aligned, ends_well, lang_option, progress_bar

if TYPE_CHECKING:
    from sim.verification import Verification

FOLDER = Path("scenarios", "textbook")


@click.command()
@click.option("--only", metavar="PATTERN", help="只做名字里有这段文字的案例 / only cases whose name contains this")
@click.option("--folder", metavar="DIR", default=str(FOLDER), help="案例文件夹 / folder of the cases")
@click.option("--replications", metavar="N", default="20", help="每个案例的重复次数 / replications of each case")
@click.option("--seed", metavar="S", default="1", help="随机种子，任选 / seed, any you like")
@click.option("--workers", metavar="K", help="并行进程数 / processes")
@click.option("--page", metavar="FILE", help="把说明可信度的页面写到这里 / write the page on credibility here")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def verify(lang: str, only: str | None, folder: str, page: str | None, as_json: bool, **asked: str | None) -> None:
    """用教科书里有精确解的案例检验模型。 / Hold the model against textbook cases with exact answers."""
    with ends_well(lang):
        from sim.options import Checker
        from sim.verification import name_of, textbooks
        from sim.verification import verify as run

        check = Checker("sim verify")
        replications = check.whole("replications", asked["replications"], 20, low=2)
        seed = check.whole("seed", asked["seed"], 1, low=0)
        workers = check.whole("workers", asked["workers"], os.cpu_count() or 1)
        scenarios = textbooks(Path(folder))
        names = [name_of(scenario, case) for scenario in scenarios for case in scenario.model.textbook]
        if not names:
            check.wrong("folder", folder, "里面没有带 [[textbook]] 的场景文件", "holds no scenario with [[textbook]]")
        word = (only or "").casefold()
        if names and not any(word in name.casefold() for name in names):
            there = ", ".join(scenario.name for scenario in scenarios)
            check.wrong("only", str(only), f"没有案例叫这个，文件有：{there}", f"names no case; the files are: {there}")
        if page and not Path(page).resolve().parent.is_dir():
            check.wrong("page", page, "没有这个文件夹", "there is no such folder")
        check.done()
        with progress_bar("检验" if lang == "zh" else "verifying") as show:
            result = run(scenarios, replications, seed, workers, show, lambda name: word in name.casefold())
        if page:
            from sim.credibility import page as written

            Path(page).write_text(written(result, scenarios), encoding="utf-8", newline="\n")
        click.echo(_text(result, lang), err=as_json)
        if as_json:
            click.echo(result.table.to_json(orient="records", force_ascii=False, indent=1, double_precision=15))
        if not result.passed:
            raise SystemExit(FAILED)


def _text(result: "Verification", lang: str) -> str:
    zh = lang == "zh"
    head = (
        ["案例", "量", "精确值", "模拟值", "标准误", "z", "通过"]
        if zh
        else ["case", "quantity", "exact", "simulated", "se", "z", "pass"]
    )
    yes, no = ("是", "否") if zh else ("yes", "NO")
    body = [
        [name, quantity, f"{exact:.5g}", f"{simulated:.5g}", f"{se:.2g}", f"{z:+.2f}", yes if passed else no]
        for name, quantity, exact, simulated, se, z, passed, _ in result.table.itertuples(index=False, name=None)
    ]
    good, count = int(result.table["pass"].sum()), len(result.table)
    law = "" if result.law_p != result.law_p else f"{result.law_p:.2f}"
    note = (
        f"{count} 个案例，{good} 个通过。每个案例 {result.replications} 次重复，|z| 不超过 {result.limit:.2f} 算通过"
        "（一个也不误判的把握是 99 %）。" + (f"所有 z 合起来像不像它们该有的分布：p = {law}。" if law else "")
        if zh
        else f"{count} cases, {good} pass. {result.replications} replications each; |z| up to {result.limit:.2f} passes, so a "
        "right model passes everywhere with 99 %." + (f" All z together against their law: p = {law}." if law else "")
    )
    return f"{aligned(head, body)}\n\n{note}"
