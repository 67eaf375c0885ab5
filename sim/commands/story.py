"""``sim story``: one customer's timeline in both worlds side by side, and the log lines behind it."""

import csv
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sim.commands.folder import MARK, trouble, whole
from sim.commands.terminal import ends_well, lang_option, progress_bar

if TYPE_CHECKING:
    from sim.options import Checker
    from sim.scenario import Scenario
    from sim.stories import Told


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--customer", metavar="N", help="第几位客户 / number of the customer")
@click.option("--like", "case", metavar="NAME", help="场景里固定的个案，例如 bumper / a pinned case, such as bumper")
@click.option("--policies", metavar="A,B", help="哪些方案，默认全部 / policies, default: all")
@click.option("--seed", metavar="S", help="随机种子 / seed")
@click.option("--replication", metavar="R", help="第几次重复，从 0 数 / which replication, from 0")
@click.option("--seeds", metavar="K", help="另跑 K 次，看这个个案排在第几百分位 / run K more: the case's percentile")
@click.option("--workers", metavar="W", help="并行进程数 / processes")
@click.option("--out", metavar="DIR", help="把图和日志行写到这个文件夹 / write pictures and log lines to this folder")
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout")
@lang_option
def story(scenario: str, out: str | None, as_json: bool, lang: str, **asked: str | None) -> None:
    """一位客户在两个世界里的经过，并列给出。 / One customer's story in both worlds, side by side."""
    with ends_well(lang):
        from sim.centre import replicate
        from sim.stories import find, tell
        from sim.words import text
        from sim.words_story import moment_text, summary, when

        found, numbers, policies, folder = _checked(scenario, out, asked)
        titles = {name: found.policies[name].title for name in policies}
        stories: list[Told] = []
        for policy in policies:
            log = replicate(found, policy, numbers["seed"], numbers["replication"])
            try:
                stories.append(tell(log, policy, find(log, numbers["customer"], asked["case"])))
            except KeyError:
                _nobody(found, asked)
        note = _footnote(found, numbers, lang)
        ranks = _ranks(found, policies, stories, numbers, lang) if numbers["seeds"] else ""
        if folder:
            with whole(folder) as unfinished:
                _write(stories, titles, found, numbers, ranks, unfinished)
        if as_json:
            click.echo(_json(stories, lang))
        for told in stories:
            body = [[when(m, lang), moment_text(m, told, lang)] for m in told.moments]
            click.echo(summary(told, titles[told.policy][lang], lang), err=as_json)
            head = ["时间", "经过"] if lang == "zh" else ["when", "what"]
            click.echo(_left(head, body) + "\n", err=as_json)
        click.echo("\n".join(part for part in (ranks, note) if part), err=as_json)
        if folder:
            click.echo(text("written_to", lang, folder=folder), err=as_json)


def _nobody(found: "Scenario", asked: dict[str, str | None]) -> NoReturn:
    """Only a run tells who came: refused like any other wrong answer, with what would be possible."""
    from sim.options import Checker
    from sim.problems import Problems

    check = Checker("sim story")
    weeks = found.study.weeks
    if asked["case"] is None:
        zh, en = "这次运行里没有这位客户到店", "no such customer brings a car in this run"
        check.wrong("customer", asked["customer"], zh, en)
    else:
        zh = f"这个个案没有在 {weeks} 周的运行里到店，请把它的 week 写早一些"
        en = f"this case brings no car within the {weeks} weeks of the run; give it an earlier week"
        check.wrong("like", asked["case"], zh, en)
    raise Problems(check.problems)


def _left(head: list[str], body: list[list[str]]) -> str:
    """A table whose second column is text: aligned to the left."""
    from sim.commands.terminal import width

    widest = max(width(row[0]) for row in (head, *body))
    return "\n".join(f"{row[0]}{' ' * (widest - width(row[0]))}  {row[1]}" for row in (head, *body))


def _checked(
    scenario: str, out: str | None, asked: dict[str, str | None]
) -> tuple["Scenario", dict[str, Any], tuple[str, ...], Path | None]:
    import os

    from sim.options import Checker

    check = Checker("sim story")
    found = check.scenario(scenario)
    numbers: dict[str, Any] = {
        "seed": check.whole("seed", asked["seed"], found.study.seed if found else 0, low=0),
        "replication": check.whole("replication", asked["replication"], 0, low=0),
        "seeds": check.whole("seeds", asked["seeds"], 0, low=0),
        "workers": check.whole("workers", asked["workers"], os.cpu_count() or 1),
        "customer": None,
    }
    if asked["customer"] is not None:
        numbers["customer"] = check.whole("customer", asked["customer"], 0, low=0)
    policies: tuple[str, ...] = ()
    if found:
        policies = check.policies(asked["policies"], found)
        _check_case(check, found, asked, numbers["seeds"])
    folder = Path(out) if out else None
    wrong = trouble(folder) if folder else None
    if wrong:
        check.wrong("out", str(folder), *wrong)
    check.done()
    assert found is not None
    return found, numbers, policies, folder


def _check_case(check: "Checker", found: "Scenario", asked: dict[str, str | None], seeds: int) -> None:
    cases = [case.name for case in found.model.arrivals.pinned]
    case, customer = asked["case"], asked["customer"]
    if (case is None) == (customer is None):
        check.wrong("like", case, "--customer 和 --like 请写一个", "give either --customer or --like")
    if case is not None and case not in cases:
        there = "、".join(cases) or "没有", ", ".join(cases) or "none"
        check.wrong("like", case, f"场景里固定的个案：{there[0]}", f"pinned cases of the scenario: {there[1]}")
    if seeds and case is None:
        check.wrong("seeds", asked["seeds"], "只有固定的个案才每次都来", "only a pinned case comes every time")


def _ranks(
    found: "Scenario", policies: tuple[str, ...], stories: list["Told"], numbers: dict[str, Any], lang: str
) -> str:
    """Where this case lies among many replications: its days in shop and its score."""
    import numpy as np

    from sim.experiment import run_tasks
    from sim.replication import Task
    from sim.stories import percentile
    from sim.words import text

    weeks = found.study.weeks
    tasks = [Task(found, p, numbers["seed"], r, weeks) for p in policies for r in range(numbers["seeds"])]
    with progress_bar(text("running", lang)) as show:
        measured = run_tasks(tasks, numbers["workers"], show)
    lines = []
    for i, told in enumerate(stories):
        mine = measured[i * numbers["seeds"] : (i + 1) * numbers["seeds"]]
        keys = "case_days", "case_score", "case_promised_days"
        days, scores, promised = (np.array([m.windows["all"][key] for m in mine]) for key in keys)
        late = max(told.handed_over_day - told.promised_day, 0.0)
        ranks = percentile(days, told.handed_over_day), percentile(scores, told.score)
        late_rank = percentile(np.maximum(days - promised, 0.0), late)
        middle = np.nanmedian(days), np.nanmedian(scores)
        name = found.policies[told.policy].title[lang]
        lines.append(
            f"{name}：{numbers['seeds']} 次里，这一次的在店天数排在第 {100 * ranks[0]:.0f} 百分位（中位数 {middle[0]:.1f} 天），"
            f"比答应的晚 {late:.1f} 天、排在第 {100 * late_rank:.0f} 百分位，评分排在第 {100 * ranks[1]:.0f} 百分位（中位数 {middle[1]:.0f} 分）；得 0 分的占 {np.mean(scores == 0):.1%}"
            if lang == "zh"
            else f"{name}: of {numbers['seeds']} runs this one's days in shop lie at percentile {100 * ranks[0]:.0f} (median "
            f"{middle[0]:.1f} days), its {late:.1f} days late at {100 * late_rank:.0f}, its score at {100 * ranks[1]:.0f} (median {middle[1]:.0f}); a score of 0 in {np.mean(scores == 0):.1%}"
        )
    return "\n".join(lines)


def _footnote(found: "Scenario", numbers: dict[str, Any], lang: str) -> str:
    from sim.words_story import footnote

    return footnote(found.title, found.name, numbers["seed"], numbers["replication"], lang)


def _json(stories: list["Told"], lang: str) -> str:
    from sim.words_story import moment_text

    rows = [
        {
            "policy": told.policy, "customer": told.customer, "day": round(m.day, 4), "hours": round(m.clock, 4),
            "event": m.event, "number": m.number, "text": moment_text(m, told, lang),
        }
        for told in stories
        for m in told.moments
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _write(
    stories: list["Told"], titles: dict[str, dict[str, str]], found: "Scenario", numbers: dict[str, Any], ranks: str,
    folder: Path,
) -> None:  # fmt: skip
    from sim.charts_story import timeline
    from sim.charts_style import save, style
    from sim.source_hash import model_hash
    from sim.words_story import moment_text, summary, when

    pages = []
    (folder / "charts").mkdir()
    for lang in ("zh", "en"):
        with style():
            save(
                timeline(stories, titles, _footnote(found, numbers, lang), lang),
                str(folder / "charts" / f"story_{lang}"),
            )
        lines = [f"![story](charts/story_{lang}.png)", ""]
        for told in stories:
            lines += [f"## {summary(told, titles[told.policy][lang], lang)}", ""]
            lines += [f"- {when(m, lang)} {moment_text(m, told, lang)}" for m in told.moments] + [""]
        pages.append("\n".join([*lines, _footnote(found, numbers, lang)]))
    text = "\n\n---\n\n".join(pages) + (f"\n\n{ranks}" if ranks else "") + "\n"
    (folder / "story.md").write_text(text, encoding="utf-8", newline="\n")
    with (folder / "log_lines.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("policy", "time_hours", "event", "visit", "item", "number", "note"))
        for told in stories:
            for row in told.rows:
                number = "" if math.isnan(row[4]) else f"{row[4]:.8g}"
                writer.writerow((told.policy, f"{row[0]:.4f}", row[1], row[2], row[3], number, row[5]))
    made = {"scenario": found.name, "scenario_hash": found.hash(), "code_hash": model_hash(),
            "seed": numbers["seed"], "replication": numbers["replication"]}  # fmt: skip
    (folder / MARK).write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8", newline="\n")
