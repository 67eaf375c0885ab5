"""Laws of every replication as rows of the trust panel, and over all of them: is utilisation the load that comes?"""

import math

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sim.comparison import Comparison
from sim.trust_checks import Check, both
from sim.words import scale
from sim.words_trust import law as law_says
from sim.words_trust import text, unit

LOAD_ALLOWED = 0.02
"""Gap between utilisation and offered load that does not matter where the scenario gives no margin for it."""


def laws(comparison: Comparison) -> list[Check]:
    """Every exact law under every policy: broken if it fails in a single replication."""
    if comparison.laws.empty:
        nan = math.nan
        return [Check("laws", "", "", "weak", nan, nan, "", None, both("not_checked"), both("not_checked"))]
    exact = comparison.laws[comparison.laws["law"] != "offered_load"]
    return [
        _law(comparison, str(name), str(policy), rows)
        for (policy, name), rows in exact.groupby(["policy", "law"], sort=False)
    ]


def _law(comparison: Comparison, name: str, policy: str, rows: pd.DataFrame) -> Check:
    asked = rows[rows["why_not"] == ""]
    if asked.empty:
        why = str(rows["why_not"].iloc[0])
        return _not_applied(name, policy, "", why)
    failed = asked[~asked["holds"].astype(bool)]
    seen = failed if len(failed) else asked
    gap = (seen["lhs"] - seen["rhs"]).abs().fillna(math.inf)
    worst = seen.loc[gap.idxmax()]
    sides = {side: _plain(float(worst[side])) for side in ("lhs", "rhs")}
    where = str(worst["where"]) if len(failed) else ""
    words = both(
        "broken" if len(failed) else "holds",
        law=lambda lang: law_says(name, lang),
        policy=policy,
        count=len(failed),
        total=len(asked),
        replication=int(worst["replication"]),
        seed=comparison.setup.seed,
        where=lambda lang: text("at", lang, where=where) if where else "",
        command=command(comparison, policy, int(worst["replication"])),
        unit=lambda lang: unit(str(worst["unit"]), lang),
        **sides,
    )
    return Check(
        name, policy, where, "broken" if len(failed) else "fine", float(worst["lhs"]), float(worst["rhs"]),
        str(worst["unit"]), int(worst["replication"]), words,
    )  # fmt: skip


def command(comparison: Comparison, policy: str, replication: int) -> str:
    """The command that runs one replication alone and keeps its log."""
    setup = comparison.setup
    return (
        f"sim run {setup.shown_file} --policy {policy} --seed {setup.seed} --replication {replication} "
        f"--weeks {setup.weeks} --out log.csv.gz"
    )


def _not_applied(name: str, policy: str, where: str, why: str) -> Check:
    words = both(
        "does_not_apply", law=lambda lang: law_says(name, lang), policy=policy, why=lambda lang: text(why, lang)
    )
    short = both("not_applicable_short", policy=policy, where=where, why=lambda lang: text(why, lang))
    item = short if name == "offered_load" else words
    return Check(name, policy, where, "does_not_apply", math.nan, math.nan, "", None, words, item)


def _plain(number: float) -> str:
    """A number as it is, up to twelve digits: two sides that differ must be seen to differ."""
    return f"{number:,.12g}"


def offered_load(comparison: Comparison) -> list[Check]:
    """Mean utilisation of each kind of bay against arrivals × mean hours / capacity, where that applies."""
    if comparison.laws.empty:
        return []
    rows = comparison.laws[comparison.laws["law"] == "offered_load"]
    return [
        _load(comparison, str(policy), str(kind), found)
        for (policy, kind), found in rows.groupby(["policy", "where"], sort=False)
    ]


def _load(comparison: Comparison, policy: str, kind: str, rows: pd.DataFrame) -> Check:
    why = rows.loc[rows["why_not"] != "", "why_not"]
    if len(why) or len(rows) < 2:
        return _not_applied("offered_load", policy, kind, str(why.iloc[0]) if len(why) else "single")
    gaps = (rows["lhs"] - rows["rhs"]).to_numpy(float)
    n = len(gaps)
    mean, half = float(gaps.mean()), float(stdtrit(n - 1, 0.995) * gaps.std(ddof=1) / math.sqrt(n))
    margin = comparison.setup.margins.get("bay_utilisation", LOAD_ALLOWED)
    off = abs(mean) - half > margin
    lhs, rhs = float(rows["lhs"].mean()), float(rows["rhs"].mean())
    words = both(
        "load_off" if off else "load_well",
        law=lambda lang: law_says("offered_load", lang),
        policy=policy,
        where=kind,
        lhs=lambda lang: scale("share", lang).value(lhs),
        rhs=lambda lang: scale("share", lang).value(rhs),
        gap=lambda lang: scale("share", lang).difference(mean),
        half=lambda lang: scale("share", lang).difference(half, signed=False),
        allowed=lambda lang: scale("share", lang).difference(margin, signed=False),
    )
    worst = int(rows["replication"].to_numpy()[int(np.argmax(np.abs(gaps)))])
    return Check("offered_load", policy, kind, "weak" if off else "fine", lhs, rhs, "share", worst, words, words)
