"""The words of a sweep, in Chinese and English: findings computed from its table, and the table as it is read."""

import math
from typing import TYPE_CHECKING, Any

from sim.comparison import VERDICTS
from sim.findings import spaced
from sim.metrics import METRICS
from sim.studies.words_mechanisms import mechanism_short_title
from sim.words import label, listed, scale, short_label
from sim.words import text as common

if TYPE_CHECKING:
    from sim.studies.sweep import Sweep
    from sim.studies.sweep_table import Shape

Row = dict[str, Any]
MOST_ROWS, MOST_NAMED = 120, 6

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("参数扫描", "Sweep"),
    "of_policy": ("{policy}：{text}", "{policy}: {text}"),
    "moved": (
        "{key}从{a}到{b}，{metric}与{baseline}之差由{before}变为{after}",
        "{key} from {a} to {b}: the difference in {metric} from {baseline} goes from {before} to {after}",
    ),
    "moved_little": (
        "{key}从{a}到{b}，{metric}与{baseline}之差变化{change}（95% 区间 {interval}）",
        "{key} from {a} to {b}: the difference in {metric} from {baseline} changes by {change} "
        "(95% interval {interval})",
    ),
    "open": (
        "{key}从{a}到{b}，{metric}与{baseline}之差变不变尚不确定（变化{change}，95% 区间 {interval}）",
        "{key} from {a} to {b}: not yet known whether the difference in {metric} from {baseline} changes "
        "({change}, 95% interval {interval})",
    ),
    "flat": (
        "在所试的值里，{key}对下列指标与{baseline}之差毫无影响：{metrics}",
        "At the values tried {key} does not move the difference from {baseline} at all in {metrics}",
    ),
    "no_data": ("没有数据：{metrics}", "No data: {metrics}"),
    "best_one": ("所试的值里{best}最好", "{best} is the best value tried"),
    "best_some": (
        "{best}的均值最好，{others}与它分不出高下",
        "{best} has the best mean; {others} cannot be told apart from it",
    ),
    "best_any": ("哪个值最好还分不清", "which value is best is not yet known"),
    "turns": (
        "在{better}比{baseline}确定变好，在{worse}确定变差",
        "surely better than {baseline} at {better}, surely worse at {worse}",
    ),
    "better_some": ("只在{values}比{baseline}确定变好", "surely better than {baseline} at {values} only"),
    "better_all": ("各个值都比{baseline}确定变好", "surely better than {baseline} at every value"),
    "worse_some": ("在{values}比{baseline}确定变差", "surely worse than {baseline} at {values}"),
    "worse_all": ("各个值都比{baseline}确定变差", "surely worse than {baseline} at every value"),
    "tally": (
        "{metric}：{cells} 种情形里，{counts}；与{baseline}之差的均值从{least}到{most}",
        "{metric}: of {cells} cells {counts}; mean differences from {baseline} lie between {least} and {most}",
    ),
    "tally_same": (
        "{metric}：{cells} 种情形里，{counts}；与{baseline}之差的均值都在{least}左右",
        "{metric}: of {cells} cells {counts}; all mean differences from {baseline} are about {least}",
    ),
    "count": ("{count} 种{verdict}", "{count} {verdict}"),
    "surely": ("确定{verdict}", "surely {verdict}"),
    "best_cell": (
        "最有利的一格是{where}：{diff}，95% 区间 {interval}（从多格里挑出来的总偏好看，请换种子复核）",
        "the most favourable cell is {where}: {diff}, 95% interval {interval} (picked among many it looks better than "
        "it is; check it with another seed)",
    ),
    "row_by_row": (
        "区间逐格给出，没有作多重比较校正：平均每 20 格里有 1 格碰巧显得变了。",
        "Intervals are cell by cell, unadjusted: one cell in twenty looks changed by chance.",
    ),
    "shortened": (
        "这里只放了前 {rows} 行，全部 {all} 行在 sweep.csv。",
        "The first {rows} rows are here; all {all} are in sweep.csv.",
    ),
    "first_rows": (
        "表里只列出前 {rows} 行，全部 {all} 行在 sweep.csv。",
        "The table shows the first {rows} rows; all {all} are in sweep.csv.",
    ),
    "policy": ("方案", "policy"),
    "level": ("方案的水平", "level under the policy"),
    "runs": (
        "{cells} 种情形 × {policies} 个方案 × {replications} 次重复，共 {runs} 次运行（文件夹里已有的不再运行）",
        "{cells} cells × {policies} policies × {replications} replications = {runs} runs (those in the folder already "
        "are not run again)",
    ),
    "no_parquet": (
        "没有安装 pyarrow，不写 sweep.parquet（CSV 已含全部数字；安装：python3 run.py extras）",
        "pyarrow is not installed: no sweep.parquet (the CSV holds everything; to install: python3 run.py extras)",
    ),
    "band": ("单个门店可能遇到的范围（95%）", "one real centre (95%)"),
    "mean_band": ("均值的 95% 区间", "95% interval of the mean"),
    "unknown_cell": ("尚不确定", "not yet known"),
    "equal_cell": ("持平", "equal within margin"),
    "difference_of": ("{metric}与{baseline}之差（{unit}）", "{metric}, difference from {baseline} ({unit})"),
    "no_cell": ("没有数据", "no data"),
}  # fmt: skip


def text(key: str, lang: str, /, **values: Any) -> str:
    """A text in a language ("zh" or "en"), filled in."""
    return TEXTS[key][lang == "en"].format(**values)


def key_label(path: str, lang: str) -> str:
    """What a key is called: a mechanism's by the mechanism's name and the key, any other by its path."""
    parts = path.split(".")
    at = 0 if parts[0] == "mechanisms" else 2 if parts[0] == "policies" else -1
    if at < 0 or len(parts) < at + 3:
        return path
    mechanism, key = mechanism_short_title(parts[at + 1], lang), ".".join(parts[at + 2 :])
    return f"{mechanism}（{key}）" if lang == "zh" else f"{mechanism} ({key})"


def written(value: Any) -> str:
    """A value of a key, numbers in four digits; the table has all of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def findings(result: "Sweep", lang: str) -> list[str]:
    """The findings, one a line: a metric each, then what does not move, then how to read them."""
    lines = []
    for policy in result.policies:
        for line in of_policy(result, policy, lang):
            named = text("of_policy", lang, policy=result.titles[policy][lang], text=line)
            line = named if len(result.policies) > 1 else line
            lines.append(spaced(line[:1].upper() + line[1:]))
    lines.append(text("row_by_row", lang))
    count = int((result.table["policy"] != result.baseline).sum())
    if count > MOST_ROWS:
        lines.append(text("first_rows", lang, rows=f"{MOST_ROWS:,}", all=f"{len(result.table):,}"))
    return lines


def of_policy(result: "Sweep", policy: str, lang: str) -> list[str]:
    """What the sweep says of one policy, only as far as its intervals carry it: what moved first."""
    moved: list[str] = []
    open_: list[str] = []
    flat: list[str] = []
    empty: list[str] = []
    for metric in result.metrics:
        rows = result.rows(policy, metric)
        if all(math.isnan(row["difference"]) for row in rows):
            empty.append(short_label(metric, lang))
        elif result.shapes:
            shape = next(one for one in result.shapes if (one.policy, one.metric) == (policy, metric))
            _, low, high = shape.change
            if low == high == 0 and all(row["difference"] == rows[0]["difference"] for row in rows):
                flat.append(short_label(metric, lang))
            else:
                line = ("；" if lang == "zh" else "; ").join(_along(result, shape, rows, lang))
                (moved if low > 0 or high < 0 else open_).append(line)
        else:
            known = any(row["verdict"] != "not_yet_known" for row in rows)
            (moved if known else open_).append(_tally(result, metric, rows, lang))
    lines = [*moved, *open_]
    said = {"baseline": result.titles[result.baseline][lang], "key": key_label(result.keys[0], lang)}
    lines += [text("flat", lang, metrics=listed(flat, lang), **said)] if flat else []
    return lines + ([text("no_data", lang, metrics=listed(empty, lang))] if empty else [])


def _along(result: "Sweep", shape: "Shape", rows: list[Row], lang: str) -> list[str]:
    """One key: from the first value to the last, which values are the best, where it turns."""
    key, first, last = result.keys[0], rows[0], rows[-1]
    said: Row = {
        "key": key_label(key, lang), "a": written(first[key]), "b": written(last[key]),
        "metric": short_label(shape.metric, lang), "baseline": result.titles[result.baseline][lang],
    }  # fmt: skip
    change, low, high = shape.change
    s = scale(first["unit"], lang, first["difference"], last["difference"])
    shown, between = scale(first["unit"], lang, change).estimate(change, low, high, unit=True)
    ends = [s.difference(row["difference"], _half(row)) for row in (first, last)]
    if not (low > 0 or high < 0):
        moved = text("open", lang, change=shown, interval=between, **said)
    elif ends[0] == ends[1]:
        moved = text("moved_little", lang, change=shown, interval=between, **said)
    else:
        moved = text("moved", lang, before=ends[0], after=ends[1], **said)
    return [moved, *_best(shape, rows, key, lang), *_turns(rows, key, lang, said["baseline"])]


def _best(shape: "Shape", rows: list[Row], key: str, lang: str) -> list[str]:
    if shape.best is None:
        return []
    if len(shape.as_good) == len(rows):
        return [text("best_any", lang)]
    others = [number for number in shape.as_good if number != shape.best]
    best = written(rows[shape.best][key])
    if not others:
        return [text("best_one", lang, best=best)]
    return [text("best_some", lang, best=best, others=_values(rows, others, key, lang))]


def _turns(rows: list[Row], key: str, lang: str, baseline: str) -> list[str]:
    """Where it is surely better and where surely worse."""
    better, worse = ([i for i, row in enumerate(rows) if row["verdict"] == name] for name in ("better", "worse"))
    if better and worse:
        ends = {"better": _values(rows, better, key, lang), "worse": _values(rows, worse, key, lang)}
        return [text("turns", lang, baseline=baseline, **ends)]
    for name, numbers in (("better", better), ("worse", worse)):
        if numbers:
            all_ = "all" if len(numbers) == len(rows) else "some"
            return [text(f"{name}_{all_}", lang, baseline=baseline, values=_values(rows, numbers, key, lang))]
    return []


def _values(rows: list[Row], numbers: list[int], key: str, lang: str) -> str:
    """Values by their numbers: "8–24" where they are neighbours on an axis, else listed."""
    shown = [written(rows[number][key]) for number in numbers]
    numeric = all(isinstance(rows[number][key], int | float) for number in numbers)
    if numeric and len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{shown[0]}–{shown[-1]}"
    named = listed(shown[:MOST_NAMED], lang)
    return named + ("……" if lang == "zh" else " …") * (len(shown) > MOST_NAMED)


def _tally(result: "Sweep", metric: str, rows: list[Row], lang: str) -> str:
    """Several keys: how many cells are better, and the most favourable one."""
    better = METRICS[metric].better if metric in METRICS else "neither"
    there = [row for row in rows if not math.isnan(row["difference"])]
    counts = []
    for name in VERDICTS:
        number = sum(row["verdict"] == name for row in there)
        word = common(f"verdict_{name}", lang)
        word = word if name in ("equal", "not_yet_known") else text("surely", lang, verdict=word)
        counts += [text("count", lang, count=number, verdict=word)] if number else []
    least, most = (pick(there, key=lambda row: row["difference"]) for pick in (min, max))
    s = scale(rows[0]["unit"], lang, least["difference"], most["difference"])
    ends = [s.difference(row["difference"], _half(row)) for row in (least, most)]
    line = text(
        "tally" if ends[0] != ends[1] else "tally_same", lang, metric=short_label(metric, lang), cells=len(rows),
        baseline=result.titles[result.baseline][lang], counts=listed(counts, lang), least=ends[0], most=ends[1],
    )  # fmt: skip
    best = most if better == "higher" else least
    if best["verdict"] != "better":
        return line
    takes = "取" if lang == "zh" else " = "
    where = listed([f"{key_label(key, lang)}{takes}{written(best[key])}" for key in result.keys], lang)
    shown, between = s.estimate(best["difference"], best["difference_low"], best["difference_high"], unit=True)
    cell = text("best_cell", lang, where=where, diff=shown, interval=between)
    return f"{line}{'；' if lang == 'zh' else '; '}{cell}"


def _half(row: Row) -> float:
    return float((row["difference_high"] - row["difference_low"]) / 2)


def shown(result: "Sweep", lang: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows: keys, policy, metric, levels, difference with interval, verdict; the first rows of many."""
    head = [*(key_label(key, lang) for key in result.keys)]
    head += [text("policy", lang), common("metric", lang), text("level", lang)]
    head += [common("difference", lang), "95%", common("verdict", lang)]
    others = result.table[result.table["policy"] != result.baseline].head(MOST_ROWS)
    body = []
    for row in others.to_dict("records"):
        s = scale(row["unit"], lang, row["mean"])
        # in a scale of its own: a difference is often ten times smaller than the level
        own = scale(row["unit"], lang, row["difference"])
        diff, between = own.estimate(row["difference"], row["difference_low"], row["difference_high"], unit=True)
        verdict = common("verdict_same", lang) if row["difference_low"] == row["difference_high"] == 0 else (
            common(f"verdict_{row['verdict']}", lang)
        )  # fmt: skip
        body.append([
            *(written(row[key]) for key in result.keys), result.titles[row["policy"]][lang],
            label(row["metric"], lang), s.value(row["mean"], (row["high"] - row["low"]) / 2), diff, between, verdict,
        ])  # fmt: skip
    return head, body
