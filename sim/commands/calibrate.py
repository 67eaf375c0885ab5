"""``sim calibrate``: fit the baseline to the article's *before* figures, and check the fit on fresh seeds."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.terminal import FAILED, aligned, ends_well, lang_option, progress_bar

if TYPE_CHECKING:
    from sim.calibration import Fit


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--knobs", metavar="SET", help="场景里另一组旋钮的名字 / another set of knobs, by its name in the scenario"
)
@click.option("--replications", metavar="N", default="32", help="每次试算的重复次数 / replications of each trial")
@click.option(
    "--check", metavar="N", default="60", help="用新种子验收的重复次数 / replications of the check on fresh seeds"
)
@click.option("--seed", metavar="S", help="随机种子 / seed")
@click.option("--workers", metavar="K", help="并行进程数 / processes")
@click.option("--out", metavar="FILE", help="把结果写到这个 JSON 文件 / write the fit to this JSON file")
@click.option("--write", is_flag=True, help="把拟合值写回场景文件 / put the fitted values into the scenario file")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def calibrate(
    scenario: str, lang: str, knobs: str | None, out: str | None, write: bool, as_json: bool, **asked: str | None
) -> None:
    """只拟合基准方案的“之前”数字。 / Fit only the baseline's *before* figures."""
    with ends_well(lang):
        from sim.calibration import fit, with_knobs, write_values
        from sim.options import Checker

        check = Checker("sim calibrate")
        found = check.scenario(scenario)
        numbers = {
            "replications": check.whole("replications", asked["replications"], 32, low=4),
            "check_replications": check.whole("replications", asked["check"], 60, low=2),
            "seed": check.whole("seed", asked["seed"], found.study.seed if found else 0, low=0),
            "workers": check.whole("workers", asked["workers"], _processors()),
        }
        if found and knobs is not None and knobs not in found.model.calibration.other_knobs:
            there = ", ".join(found.model.calibration.other_knobs) or "-"
            check.wrong("knobs", knobs, f"没有这组旋钮，场景里有：{there}", f"no such set; the scenario has: {there}")
        if knobs is not None and write:
            zh, en = (
                "只写回场景自己的旋钮；请去掉 --write 或 --knobs",
                "only the scenario's own knobs are written; drop one",
            )
            check.wrong("write", f"--knobs {knobs}", zh, en)
        if found and not found.model.calibration.targets:
            check.wrong("scenario", scenario, "场景里没有 [[calibration.targets]]", "it has no [[calibration.targets]]")
        check.done()
        assert found is not None
        with progress_bar(_say("拟合", "fitting", lang)) as show:
            start, targets = with_knobs(found, knobs)
            result = fit(start, targets, progress=lambda what, done, total: show(done, total), **numbers)
        if write:
            write_values(found, result.values)
        record = _record(result, found.name, knobs, numbers)
        if out:
            Path(out).write_text(
                json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
            )
        click.echo(_text(result, lang), err=as_json)
        if as_json:
            click.echo(json.dumps(record["targets"], ensure_ascii=False, indent=1))
        if not result.reached:
            raise SystemExit(FAILED)


@click.command("many-fits")
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--replications", metavar="N", help="每次试算和比较的重复次数 / replications of each trial and comparison"
)
@click.option("--workers", metavar="K", help="并行进程数 / processes")
@click.option("--check-replications", metavar="N", help="验收每组拟合的重复次数，默认 60 / replications of each check")
@click.option(
    "--known",
    metavar="FILE",
    help="上次写出的表：里面的拟合只验收，不重做 / a table written before: its fits are only checked",
)
@click.option("--out", metavar="FILE", help="把表写到这个 CSV 文件 / write the table to this CSV file")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def many_fits(scenario: str, lang: str, known: str | None, out: str | None, as_json: bool, **asked: str | None) -> None:
    """用每一组旋钮都拟合一次，看“之后”差多远。 / Fit with every set of knobs; how far apart are the afters?"""
    with ends_well(lang):
        from sim.calibration import many_fits as fits
        from sim.calibration import read_fits
        from sim.options import Checker
        from sim.words import label

        check = Checker("sim many-fits")
        found = check.scenario(scenario)
        replications = check.whole("replications", asked["replications"], 24, low=4)
        checks = check.whole("replications", asked["check_replications"], 60, low=2)
        workers = check.whole("workers", asked["workers"], _processors())
        if known and not Path(known).is_file():
            check.wrong("known", known, "没有这个文件", "there is no such file")
        check.done()
        assert found is not None
        with progress_bar(_say("拟合", "fitting", lang)) as show:
            table = fits(
                found, replications, found.study.seed, workers, lambda what, done, total: show(done, total), checks,
                read_fits(Path(known)) if known else None,
            )  # fmt: skip
        if out:
            table.to_csv(out, index=False, encoding="utf-8-sig", float_format="%.6g", lineterminator="\n")
        head = _say(
            "旋钮|达到|方案|指标|之前|之后|下限|上限", "knobs|met|policy|metric|before|after|low|high", lang
        ).split("|")
        body = [
            [
                row.knobs, str(row.reached), row.policy, label(row.metric, lang), f"{row.before:.4g}", f"{row.after:.4g}",
                f"{row.after_low:.4g}", f"{row.after_high:.4g}",
            ]
            for row in table.itertuples()
        ]  # fmt: skip
        click.echo(aligned(head, body), err=as_json)
        if as_json:
            click.echo(table.to_json(orient="records", force_ascii=False, indent=1))


def _processors() -> int:
    import os

    return os.cpu_count() or 1


def _say(zh: str, en: str, lang: str) -> str:
    return zh if lang == "zh" else en


def _record(result: "Fit", name: str, knobs: str | None, numbers: dict[str, int]) -> dict[str, Any]:
    """The fit as plain values; the number of processes is left out, it changes nothing."""
    settings = {key: value for key, value in numbers.items() if key != "workers"}
    return {
        "scenario": name,
        "knobs": knobs or "own",
        **settings,
        "evaluations": result.evaluations,
        "reached": result.reached,
        "values": result.values,
        "targets": json.loads(result.table.to_json(orient="records")),
        "directions": json.loads(result.directions.to_json(orient="records")),
    }


def _text(result: "Fit", lang: str) -> str:
    """Targets, knobs and flat directions for a reader."""
    from sim.words import label

    head = _say("指标|目标|估计|±|允许|达到|旋钮|取值", "metric|target|estimate|±|allowed|met|knob|value", lang).split(
        "|"
    )
    yes, no = _say("是|否", "yes|no", lang).split("|")
    body = [
        [
            label(row.metric, lang), f"{row.target:g}", f"{row.estimate:.4g}", f"{row.half_width:.2g}",
            f"{row.limit:.3g}", yes if row.within else no, row.knob, f"{row.value:g}",
        ]
        for row in result.table.itertuples()
    ]  # fmt: skip
    knobs = [target.knob for target in result.targets]
    head2 = [_say("方向", "direction", lang), _say("强度", "strength", lang), _say("平坦", "flat", lang), *knobs]
    body2 = [
        [
            f"{i + 1}",
            f"{row['singular_value']:.3g}",
            yes if row["flat"] else no,
            *(f"{row[knob]:+.2f}" for knob in knobs),
        ]
        for i, row in enumerate(result.directions.to_dict("records"))
    ]
    note = _say(
        "只拟合了基准方案的“之前”数字；估计与半宽合计须在目标的 5 % 之内，用新种子验收。“平坦”的方向是这些数字定不下来的旋钮组合。",
        "Only the baseline's before figures were fitted; estimate and half-width together must lie within 5 % of the "
        "figure, on fresh seeds. A flat direction is a mix of knobs that the figures do not determine.",
        lang,
    )
    return "\n\n".join([aligned(head, body), aligned(head2, body2), note])
