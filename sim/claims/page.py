"""The page of an audit, in both languages, and the files of its folder."""

import csv
import json
import math
import os
from pathlib import Path
from typing import Any

import pandas as pd

from sim.claims import pictures
from sim.claims.audit import Audit, Audited
from sim.claims.verdicts import judge_sum
from sim.claims.wording import (
    KIND_WORDS,
    TEST_WORDS,
    VERDICT_WORDS,
    because,
    because_sum,
    between,
    claimed,
    written,
)  # fmt: skip
from sim.findings import spaced

TITLES = {"zh": "文章说得对吗：逐条核对", "en": "Is the article right? Every claim audited"}


SIDE_BY_SIDE = {
    "K17": (
        "三种办法的整张记分牌：`sim compare scenarios/article.toml --policies event_early,event_outdoors,event_as_usual`。",
        "The whole scoreboard of all three: `sim compare scenarios/article.toml --policies "
        "event_early,event_outdoors,event_as_usual`.",
    ),
    "K18": (
        "两个方案的整张记分牌：`sim compare scenarios/article.toml --policies more_stock,fast_transfer`。",
        "The whole scoreboard of both: `sim compare scenarios/article.toml --policies more_stock,fast_transfer`.",
    ),
}


def save(audit: Audit, folder: Path) -> None:
    """Write claims.csv, claims_tests.csv, the pictures and claims.md into a folder."""
    both = audit.table("zh")
    both["because_en"] = audit.table("en")["because"]
    _csv(both, folder / "claims.csv")
    _csv(audit.tests(), folder / "claims_tests.csv")
    (folder / "charts").mkdir(exist_ok=True)
    pictures.draw(audit, folder / "charts")
    (folder / "claims.md").write_text(page(audit, "charts"), encoding="utf-8", newline="\n")


def _csv(frame: pd.DataFrame, path: Path) -> None:
    text = frame.to_csv(index=False, float_format="%.8g", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    path.write_bytes(text.encode("utf-8-sig"))


def as_json(audit: Audit, lang: str) -> str:
    """The rows as a JSON array; what is undefined is null."""

    def plain(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    rows = [{key: plain(value) for key, value in row.items()} for row in audit.table(lang).to_dict("records")]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)


def page(audit: Audit, charts: str) -> str:
    """The page in Chinese, then in English; ``charts`` is where its pictures lie, seen from the page."""
    return "\n\n---\n\n".join(_page(audit, charts, lang) for lang in ("zh", "en")) + "\n"


def write_page(audit: Audit, folder: Path, path: Path) -> None:
    """The same page at another place, its pictures found from there."""
    charts = Path(os.path.relpath(folder / "charts", path.parent)).as_posix()
    path.write_text(page(audit, charts), encoding="utf-8", newline="\n")


def _page(audit: Audit, charts: str, lang: str) -> str:
    ids = list(dict.fromkeys([*(i.reading.id for i in audit.audited), *(s.id for s in audit.sums)]))
    ids.sort(key=lambda claim: int(claim[1:]))
    parts = [
        f"# {TITLES[lang]}",
        pictures.tally(audit, lang) + ("。" if lang == "zh" else "."),
        _how_to_read(audit, lang),
        f"![{TITLES[lang]}]({charts}/verdicts_{lang}.png)",
        _table(audit, lang),
    ]
    for claim in ids:
        parts += _one(audit, claim, charts, lang)
    parts.append(_cannot_know(lang))
    return "\n\n".join(parts)


def _how_to_read(audit: Audit, lang: str) -> str:
    if lang == "zh":
        return (
            "判断由数字算出，没有一条是写上去的：换一个输入，判断就会变。“复现”要求整个 95% 区间都落在文章数字的允差之内；"
            "区间太宽是“尚不确定”，不是成功。“只有方向对”是变的方向对、数字不对（比文章说的多或少都算）。同一前值换一组旋钮拟合，"
            "有的复现、有的不复现，是“无法判定”。每条都过六项检验，全部结果在 claims_tests.csv。"
            + pictures.footnote(audit, lang)
        )
    return (
        "Verdicts are computed, none is typed in: another input gives another verdict. Reproduced means that the whole "
        "95 % interval lies within the margin of the article's figure; an interval that is too wide is “not yet known”, no "
        "success. Direction only: it moves the right way to another figure, larger or smaller. Where one set of "
        "knobs with the same before reproduces it and another does not, it is not decidable. Each reading goes through six tests, all of them in "
        "claims_tests.csv. " + pictures.footnote(audit, lang)
    )


def rows_of_table(audit: Audit, lang: str) -> list[list[str]]:
    """Head and rows: claim, reading, kind, what the article says, what the model finds, verdict."""
    head = {
        "zh": ["编号", "读法", "性质", "文章说", "模型得出", "判断"],
        "en": ["claim", "reading", "kind", "the article", "the model", "verdict"],
    }[lang]
    rows = []
    for item in audit.audited:
        r, found = item.reading, item.found
        half = (found.after.high - found.after.low) / 2
        says = claimed(r, lang) or ("↑" if r.direction > 0 else "↓")
        result = f"{written(r, found.after.mean, lang, half)} {between(r, found.after, lang)}"
        kind, verdict = KIND_WORDS[item.kind][lang == "en"], VERDICT_WORDS[item.verdict][lang == "en"]
        rows.append((int(r.id[1:]), [r.id, spaced(r.zh if lang == "zh" else r.en), kind, says, result, verdict]))
    for s in audit.sums:
        verdict = VERDICT_WORDS[judge_sum(s)][lang == "en"]
        bar = ("≥ " if s.at_least else "") + f"{s.claimed:,.4g}"
        kind = KIND_WORDS["arithmetic"][lang == "en"]
        says = spaced(s.zh if lang == "zh" else s.en)
        rows.append((int(s.id[1:]), [s.id, says, kind, bar, f"{s.found:,.4g}", verdict]))
    rows.sort(key=lambda row: row[0])
    return [head, *(row for _, row in rows)]


def _table(audit: Audit, lang: str) -> str:
    head, *body = rows_of_table(audit, lang)
    table = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table)


def _one(audit: Audit, claim: str, charts: str, lang: str) -> list[str]:
    items = [item for item in audit.audited if item.reading.id == claim]
    parts = [f"## {claim}"]
    lines = [_line(item, lang) for item in items]
    stop = "。" if lang == "zh" else ". "
    lines += [
        f"- **{VERDICT_WORDS[judge_sum(s)][lang == 'en']}**{stop}{because_sum(s, judge_sum(s), lang)}"
        for s in audit.sums
        if s.id == claim
    ]
    parts.append("\n".join(lines))
    if claim == "K2":
        parts.append(_interaction(items, lang))
    if claim in SIDE_BY_SIDE:
        parts.append(SIDE_BY_SIDE[claim][lang == "en"])
    if any(item.regions for item in items):
        name = f"{claim} · {'要怎样才成立' if lang == 'zh' else 'what must be true'}"
        parts.append(f"![{name}]({charts}/regions_{claim}_{lang}.png)")
    tests = _tests(items, lang)
    return [*parts, tests] if tests else parts


def _line(item: Audited, lang: str) -> str:
    r = item.reading
    words = because(r, item.found, item.verdict, item.kind, item.trials, item.regions, lang)
    stop = "。" if lang == "zh" else ". "
    return f"- **{spaced(r.zh if lang == 'zh' else r.en)} — {VERDICT_WORDS[item.verdict][lang == 'en']}**{stop}{words}"


def _interaction(items: list[Audited], lang: str) -> str:
    """Coordination and capacity, each alone and both: what neither does alone is their interaction."""
    share = {item.reading.reading: item.found.after.mean for item in items}
    if not {"coordination_first", "capacity_alone", "both"} <= set(share):
        return ""
    one, other, both = (share[name] for name in ("coordination_first", "capacity_alone", "both"))
    rest, joint = 1 - both, both - one - other
    if lang == "zh":
        return (
            f"分解（占全部失约）：只做理想协调消去 {one:.0%}，只把产能放到充足消去 {other:.0%}，两样都做消去 {both:.0%}；"
            f"交互作用 {joint:+.0%}（负数：两样能治的有一部分是同一批失约）；两样都治不了的 {rest:.0%} 是缺货本身、能力与运气。"
        )
    return (
        f"Decomposition of all broken promises: perfect coordination alone takes away {one:.0%}, ample capacity alone "
        f"{other:.0%}, both together {both:.0%}; interaction {joint:+.0%} (negative: both heal partly the same ones); the "
        f"{rest:.0%} that neither heals are supply, ability and luck."
    )


def _tests(items: list[Audited], lang: str) -> str:
    if not any(item.trials for item in items):
        return ""
    names = [TEST_WORDS[t.test][lang == "en"] for t in items[0].trials]
    words = {"passed": "✓", "failed": "✗", "does not apply": "–"}
    rows = [["读法" if lang == "zh" else "reading", *names], ["---"] * (len(names) + 1)]
    rows += [[f"`{item.reading.reading}`", *(words[t.outcome] for t in item.trials)] for item in items]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cannot_know(lang: str) -> str:
    if lang == "zh":
        return (
            "## 模型判不了的\n\n"
            "- “70% 的服务经理最头疼跨部门沟通”：这是问卷里的事，模型里没有服务经理的心情。\n"
            "- 客户流失的价值、转介绍的机会、奖金能换来多少工时、开会能换来多少互信：都是输入。表里只说到什么数时结论会翻。\n"
            "- 文章自相矛盾或没有写明的地方（例如 K1 第 3 天说还要 5 天、配件第 4 天就到；K3 与 K8 是同一个 12 个百分点），"
            "各种读法分行列出，没有替它挑一种。"
        )
    return (
        "## What the model cannot know\n\n"
        "- That 70 % of service managers name this as their worst headache: a matter for a survey.\n"
        "- What a kept customer is worth, who refers a friend, how many hours a bonus moves, how much trust a meeting makes: "
        "all inputs. The pages say at which value the answer turns.\n"
        "- Where the article contradicts itself or is silent (in K1 the part needs five more days on day 3 and comes on day 4; "
        "K3 and K8 claim the same 12 points) each reading has its row; none was picked for it."
    )
