"""``sim compare``: policies beside the baseline, and a folder with everything about it."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.folder import MARK, trouble, whole
from sim.commands.remembering import opened
from sim.commands.terminal import FAILED, aligned, ends_well, lang_option, progress_bar, workers_options

if TYPE_CHECKING:
    from sim.comparison import Comparison
    from sim.options import StudyOptions
    from sim.trust_panel import Panel


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--policies", metavar="A,B,…", help="要比的方案，默认全部 / policies, default: all")
@click.option("--replications", metavar="N", help="每个方案的重复次数 / replications of each policy")
@click.option(
    "--precision",
    metavar="M=W,…",
    help="重复到与基准之差够精确为止，如 shortage_rate=0.005（指标单位）、nps=10%（差的一成）、margins（场景的等效范围） / "
    "replicate until the differences are this precise: a half-width, a share of the difference, or the margins",
)
@click.option("--most", metavar="N", help="配合 --precision：最多重复次数，默认 500 / at most so many, default: 500")
@click.option(
    "--family",
    metavar="M,M,…",
    help="放在一起判断的指标，默认主要指标 / metrics judged together, default: the headline ones",
)
@click.option("--weeks", metavar="W", help="预热后计多少周 / weeks counted after the warm-up")
@click.option("--seed", metavar="S", help="随机种子 / seed")
@workers_options
@click.option("--out", metavar="DIR", help="结果文件夹，默认 results/<场景名> / results folder")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@click.option(
    "--strict",
    is_flag=True,
    help="可信度检查没有全部通过时，以退出码 1 结束 / exit code 1 unless the whole trust panel is well",
)
@lang_option
def compare(
    scenario: str, lang: str, out: str | None, cluster: str | None, as_json: bool, strict: bool, **asked: str | None
) -> None:
    """比较各方案与基准方案，写出结果文件夹。 / Compare policies with the baseline and write a results folder."""
    with ends_well(lang):
        from sim.sequential import compare_as_asked
        from sim.trust_panel import panel
        from sim.words import text

        options, folder = _checked(scenario, out, asked)
        with progress_bar(text("running", lang)) as progress, opened(folder, lang) as store:
            comparison = compare_as_asked(options, progress, store, cluster)
        trust = panel(comparison)
        with whole(folder) as unfinished:
            write_results(comparison, options, unfinished)
        if as_json:
            click.echo(as_rows(comparison))
        click.echo(table(comparison, lang), err=as_json)
        click.echo(beside_the_table(comparison, options, lang), err=as_json)
        show_sought(comparison, lang, err=as_json)
        show_trust(trust, lang, err=as_json)
        click.echo(text("written_to", lang, folder=folder), err=as_json)
        if strict and (trust.status != "fine" or (comparison.sought and not comparison.sought.reached)):
            from sim.words_trust import text as of_trust

            click.echo(of_trust("strict", lang), err=True)
            raise SystemExit(FAILED)


def _checked(scenario: str, out: str | None, asked: dict[str, str | None]) -> tuple["StudyOptions", Path]:
    """What was asked, checked, and the folder to write to."""
    from sim.comparison import HEADLINE
    from sim.options import Checker, study_options

    check = Checker("sim compare")
    folder = Path(out) if out else Path("results", Path(scenario).stem)
    wrong = trouble(folder)
    if wrong:
        check.wrong("out", str(folder), *wrong)
    return study_options(check, scenario, headline=HEADLINE, **asked), folder


def write_results(comparison: "Comparison", options: "StudyOptions", folder: Path) -> None:
    """Table, details, report, charts in both languages, one log, and where they come from."""
    from sim import money, scoreboard, trust_panel
    from sim.centre import replicate
    from sim.charts import draw_all
    from sim.comparison import save
    from sim.provenance import provenance
    from sim.report import write_report

    save(comparison, folder)
    scoreboard.save(comparison, folder)
    money.save(money.money(comparison, options.scenario.model.finance), folder)
    trust_panel.save(trust_panel.panel(comparison), folder)
    policy = comparison.policies[-1]
    replicate(options.scenario, policy, options.seed, 0, options.weeks).write_csv(folder / "log.csv.gz")
    (folder / "charts").mkdir()
    for lang in ("zh", "en"):
        draw_all(comparison, folder / "charts", lang)
    write_report(comparison, options.scenario, folder)
    table = (folder / "table.csv").read_bytes()
    sought = comparison.sought
    found = provenance(
        comparison.setup, table, family=list(comparison.family),
        precision=sought and {"asked": sought.asked, "most": sought.most, "reached": sought.reached},
        log={"policy": policy, "replication": 0},
    )  # fmt: skip
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    (folder / MARK).write_text(text, encoding="utf-8", newline="\n")


def beside_the_table(comparison: "Comparison", options: "StudyOptions", lang: str) -> str:
    """The scoreboard of every policy, whether it is a win-win, and what it is worth."""
    from sim import money_page, scoreboard

    parts = [aligned(*scoreboard.cells(comparison, policy, lang)) for policy in comparison.policies]
    parts.append("\n".join(scoreboard.sentences(comparison, lang)))
    parts.append("\n".join(money_page.lines(comparison, options.scenario.model.finance, lang)))
    return "\n" + "\n\n".join(part.replace("−", "-") for part in parts if part) + "\n"


def show_sought(comparison: "Comparison", lang: str, err: bool = False) -> None:
    """Say how many replications precision took, if it decided, and what is still too wide."""
    from sim.words_sequential import lines

    if comparison.sought:
        said = lines(comparison.sought, lang, comparison.setup.policy_titles)
        colour = COLOURS["fine" if comparison.sought.reached else "weak"]
        for number, line in enumerate(said):
            click.echo(click.style(line, fg=colour if number == 0 else None), err=err)
        click.echo("", err=err)


COLOURS = {"broken": "red", "weak": "yellow", "fine": "green"}


def show_trust(trust: "Panel", lang: str, err: bool = False) -> None:
    """Print the trust panel; colours only where a terminal shows them."""
    for status, line in trust.lines(lang):
        click.echo(click.style(line.replace("−", "-"), fg=COLOURS.get(status), bold=status == "broken"), err=err)
    click.echo("", err=err)


def as_rows(comparison: "Comparison") -> str:
    """The table as a JSON array of rows; what is undefined is null."""

    def plain(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    rows = [{key: plain(value) for key, value in row.items()} for row in comparison.table.to_dict("records")]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)


def table(comparison: "Comparison", lang: str) -> str:
    """The comparison for a terminal: for each policy what is judged together and all the rest, then the findings."""
    from sim import findings
    from sim.report import parts
    from sim.words import text

    setup = comparison.setup
    shown = [
        text(
            "settings_line", lang, title=setup.title[lang], name=setup.scenario, seed=setup.seed,
            replications=setup.replications, warmup=setup.warmup_weeks, weeks=setup.weeks,
        )
    ]  # fmt: skip
    for policy in comparison.policies:
        named = f"{setup.policy_titles[policy][lang]}{'：' if lang == 'zh' else ': '}" * (len(comparison.policies) > 1)
        shown += [f"{named}{title}\n{aligned(*of_it)}" for title, of_it in parts(comparison, policy, lang)]
    sentences = findings.title(comparison, "two_worlds", lang) + findings.title(comparison, "differences", lang)
    noise = text("noise_short", lang, family=findings.family(comparison, lang))
    return "\n\n".join([*shown, "\n".join(sentences).replace("−", "-"), noise])
