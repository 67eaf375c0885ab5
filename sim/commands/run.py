"""``sim run``: one replication alone, to look into a failure or to read a log."""

import json
import math
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.terminal import aligned, ends_well, lang_option

if TYPE_CHECKING:
    from sim.log import Log
    from sim.replication import Task


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--policy", metavar="P", help="方案 / policy")
@click.option(
    "--mechanisms", metavar="A,B,…", help="不用方案，直接列出机制；可以为空 / mechanisms in place of a policy"
)
@click.option(
    "--set", "changes", metavar="KEY=VALUE", multiple=True, help="改场景里的一个值，可重复 / change a value, repeatable"
)
@click.option("--seed", metavar="S", help="随机种子 / seed")
@click.option("--replication", metavar="R", default="0", help="第几次重复，从 0 数 / which replication, from 0")
@click.option("--weeks", metavar="W", help="预热后计多少周 / weeks counted after the warm-up")
@click.option("--out", metavar="FILE", help="把日志写到这个文件（.csv.gz）/ write the log to this file")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def run(
    scenario: str, lang: str, out: str | None, as_json: bool, changes: tuple[str, ...], **asked: str | None
) -> None:
    """单独跑一次重复，打印它的指标。 / Run one replication alone and print its metrics."""
    with ends_well(lang):
        from sim.words import text

        task = _checked(scenario, out, changes, asked)
        log, values = _run(task, lang)
        if out:
            _write(log, Path(out))
            click.echo(text("log_written_to", lang, file=out), err=as_json)
        click.echo(_json(task, values) if as_json else _table(values, lang))


def _checked(scenario: str, out: str | None, changes: tuple[str, ...], asked: dict[str, str | None]) -> "Task":
    from sim.cells import TRIED, Cell
    from sim.options import Checker
    from sim.problems import Problems
    from sim.replication import Task

    check = Checker("sim run")
    found = check.scenario(scenario)
    cell = Cell(check.names(asked["mechanisms"] or ""), changes=check.changes("set", changes))
    if found and (asked["mechanisms"] is not None or cell.changes):
        try:
            found = found.changed(cell.changes) if asked["mechanisms"] is None else cell.scenario(found)
        except Problems as wrong:
            check.problems += wrong.problems
    study = found.study if found else None
    seed = check.whole("seed", asked["seed"], study.seed if study else 0, low=0)
    replication = check.whole("replication", asked["replication"], 0, low=0)
    weeks = check.whole("weeks", asked["weeks"], study.weeks if study else 1)
    policy = TRIED if asked["mechanisms"] is not None else asked["policy"]
    if (asked["policy"] is None) == (asked["mechanisms"] is None):
        zh, en = "--policy 和 --mechanisms 请写其中一个", "name either --policy or --mechanisms"
        check.wrong("policy", asked["policy"], zh, en)
    elif found and policy:
        check.policy("policy", policy, found)
    if out and Path(out).is_dir():
        check.wrong("out", out, "这是一个文件夹，请写文件名", "this is a folder; name a file")
    if out and not os.access(Path(out).resolve().parent, os.W_OK):
        check.wrong("out", out, "文件夹不存在或不能写入", "its folder does not exist or cannot be written to")
    check.done()
    assert found is not None and policy is not None
    return Task(found, policy, seed, replication, weeks)


def _run(task: "Task", lang: str) -> tuple["Log", dict[str, float]]:
    """The log and its metrics; where it fails, the whole traceback, since that is what one looks for here."""
    import traceback

    from sim.centre import replicate
    from sim.failures import Failure
    from sim.metrics import measure
    from sim.replication import ReplicationFailed

    try:
        log = replicate(task.scenario, task.policy, task.seed, task.replication, task.weeks)
        return log, measure(log, 0.0, float(task.weeks))
    except Exception as error:
        click.echo(traceback.format_exc(), err=True)
        raise ReplicationFailed(task, Failure(f"{type(error).__name__}: {error}", "")) from error


def _write(log: "Log", path: Path) -> None:
    """Write beside the target first, so that a file is whole or not there."""
    with tempfile.TemporaryDirectory(prefix=".sim-", dir=path.resolve().parent) as folder:
        log.write_csv(Path(folder, "log.csv.gz"))
        os.replace(Path(folder, "log.csv.gz"), path)


def _json(task: "Task", values: dict[str, float]) -> str:
    metrics = {name: float(value) if math.isfinite(value) else None for name, value in values.items()}
    found = task._asdict() | {"scenario": task.scenario.name, "metrics": metrics}
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)


def _table(values: dict[str, float], lang: str) -> str:
    from sim.metrics import METRICS
    from sim.words import label, scale, text

    units = {name: METRICS[name].unit if name in METRICS else "" for name in values}
    body = [[label(name, lang), scale(units[name], lang, value).value(value)] for name, value in values.items()]
    return aligned([text("metric", lang), text("value", lang)], body)
