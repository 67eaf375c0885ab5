"""Win-win scoreboard: every department's own figures before and after, and whether anybody pays for the others' gain.

A bundle is a win-win only if no department's figure can have become worse by more than its margin: the one-sided
95 % lower bound of each improvement lies above −margin (non-inferiority, the lower half of the equivalence test in
sim/comparison.py). "Not yet known" is not a win-win. A bundle that moves nothing harms nobody and is no win-win either.

That no figure is worse asks every test to pass, each at 5 %: an intersection-union test (Berger 1982, Technometrics
24:295), which lets a false win-win through in at most 5 % of studies without any adjustment. So it takes each row's own
bound, never the simultaneous one, and shows each row's own interval; it does not depend on what else is compared.
"Better" and "worse" are the comparison's verdicts, of headline metrics the stricter ones: no two tables contradict.
"""

import math
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from sim.comparison import Comparison
from sim.words import listed, scale, short_label
from sim.words_scoreboard import text

KPIS: dict[str, tuple[str, ...]] = {
    "service": ("nps",),
    "parts": ("parts_turnover", "dead_stock_share"),
    "sales": ("test_drive_conversion", "leads", "deals"),
    "finance": ("total_cost_yuan", "present_value_yuan"),
    "support": ("support_answer_hours", "support_solved_share"),
}
"""What each department is judged by; after the article's list of departments and their own goals."""

COLUMNS = (
    "policy", "department", "metric", "unit", "better", "before", "after", "difference", "low", "high", "margin",
    "verdict", "no_worse", "harms",
)  # fmt: skip
"""``low`` and ``high``: the row's own 95 % interval of the paired difference; ``no_worse``: it is sure that nothing is
lost."""

Row = dict[str, Any]


class WinWin(NamedTuple):
    """Whether one policy is a win-win, and on what it fails."""

    policy: str
    verdict: bool | None
    """True, False, or None: not yet known."""
    why: Literal["all_gain", "harm", "open", "nothing", "no_data"]
    """No department worse and some better; one is worse; one is open; nothing moves; no department's figure there."""
    rows: tuple[Row, ...]
    """The rows that decide: those that are worse, those that are open, or those that are better."""


def scoreboard(comparison: Comparison, policy: str | None = None) -> list[Row]:
    """Rows of the scoreboard (COLUMNS), departments in order; of one policy or of all.

    A department none of whose figures has any data, or whose figures are all 0 in both worlds, is not part of the
    scenario and left out. A figure without data of a department that is there stays, as not yet known.
    """
    rows = []
    for name in [policy] if policy else comparison.policies:
        known = {row["metric"]: row for row in comparison.rows(name)}
        for department, metrics in KPIS.items():
            found = [known[metric] for metric in metrics if metric in known]
            if any(_there(row) for row in found):
                rows += [_row(department, row) for row in found]
    return rows


def _there(row: Row) -> bool:
    return not math.isnan(row["difference"]) and (row["baseline_mean"] != 0 or row["policy_mean"] != 0)


def _row(department: str, row: Row) -> Row:
    sign = 1.0 if row["better"] == "higher" else -1.0
    margin = 0.0 if math.isnan(row["margin"]) else row["margin"]
    # one-sided 95 %: the end of the row's own 90 % interval on the bad side
    bound = min(sign * row["equivalence_low"], sign * row["equivalence_high"])
    verdict = row["verdict"]
    return {
        "policy": row["policy"], "department": department, "metric": row["metric"], "unit": row["unit"],
        "better": row["better"], "before": row["baseline_mean"], "after": row["policy_mean"],
        "difference": row["difference"], "low": row["alone_low"], "high": row["alone_high"],
        "margin": row["margin"], "verdict": verdict,
        "no_worse": verdict in ("better", "equal") or bool(bound > -margin),
        "harms": verdict == "worse",
    }  # fmt: skip


def win_win(rows: list[Row]) -> WinWin:
    """Whether one policy's rows make a win-win.

    Returns:
        The verdict with the rows that break it: worse ones first, else those that are still open.

    Raises:
        ValueError: the rows are of more than one policy.
    """
    policies = list(dict.fromkeys(row["policy"] for row in rows))
    if len(policies) > 1:
        raise ValueError(f"rows of several policies: {policies}")
    policy = policies[0] if policies else ""
    worse = tuple(row for row in rows if row["harms"])
    unsure = tuple(row for row in rows if not row["no_worse"] and not row["harms"])
    better = tuple(row for row in rows if row["verdict"] == "better")
    if worse:
        return WinWin(policy, False, "harm", worse)
    if not rows:
        return WinWin(policy, None, "no_data", ())
    if unsure:
        return WinWin(policy, None, "open", unsure)
    return WinWin(policy, True, "all_gain", better) if better else WinWin(policy, False, "nothing", ())


def sentences(comparison: Comparison, lang: str) -> list[str]:
    """For each policy whether it is a win-win and whose figure breaks it; the policy is named if there are several."""
    found = []
    for policy in comparison.policies:
        told = sentence(win_win(scoreboard(comparison, policy)), lang)
        if len(comparison.policies) > 1:
            told = text("of_policy", lang, policy=comparison.setup.policy_titles[policy][lang], text=told)
        found.append(told[:1].upper() + told[1:])
    return found


def sentence(found: WinWin, lang: str) -> str:
    """A win-win verdict in words, with the department and the figure that decide it."""
    return text(f"win_{found.why}", lang, names=listed([_named(row, lang) for row in found.rows], lang))


def _named(row: Row, lang: str) -> str:
    s = scale(row["unit"], lang, row["difference"], row["low"], row["high"])
    difference, interval = s.estimate(row["difference"], row["low"], row["high"], unit=True)
    return text(
        "kpi_of", lang, department=text(f"dept_{row['department']}", lang), label=short_label(row["metric"], lang),
        difference=difference, interval=interval,
    )  # fmt: skip


def cells(comparison: Comparison, policy: str, lang: str) -> tuple[list[str], list[list[str]]]:
    """The scoreboard of one policy as a table of text: head and body."""
    titles = comparison.setup.policy_titles
    head = [text("kpi", lang), titles[comparison.baseline][lang], titles[policy][lang]]
    head += [text(key, lang) for key in ("difference", "margin", "verdict")]
    return head, [_cells(row, lang) for row in scoreboard(comparison, policy)]


def _cells(row: Row, lang: str) -> list[str]:
    s = scale(row["unit"], lang, row["before"], row["after"])
    half = (row["high"] - row["low"]) / 2
    small = scale(row["unit"], lang, row["difference"], row["low"], row["high"])
    difference, interval = small.estimate(row["difference"], row["low"], row["high"], unit=True)
    own = scale(row["unit"], lang, row["margin"])
    name = text("dept_kpi", lang, department=text(f"dept_{row['department']}", lang),
                label=short_label(row["metric"], lang))  # fmt: skip
    return [
        name, s.value(row["before"], half), s.value(row["after"], half), f"{difference} {interval}",
        own.difference(row["margin"], signed=False), verdict_word(row, lang),
    ]  # fmt: skip


def verdict_word(row: Row, lang: str) -> str:
    """A row's verdict in a word or two; an open one that is surely no loss says so."""
    if row["low"] == row["high"] == 0:
        return text("verdict_same", lang)
    if row["verdict"] == "not_yet_known" and row["no_worse"]:
        return text("verdict_no_worse", lang)
    return text(f"verdict_{row['verdict']}", lang)


def save(comparison: Comparison, folder: str | Path) -> None:
    """Write scoreboard.csv: UTF-8 with a mark for Excel, ten significant digits, empty where undefined."""
    frame = pd.DataFrame(scoreboard(comparison), columns=list(COLUMNS))
    body = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    Path(folder, "scoreboard.csv").write_bytes(body.encode("utf-8-sig"))
