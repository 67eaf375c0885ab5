"""Is the warm-up long enough? MSER on the weekly series of the baseline's headline metrics, rows of the trust panel."""

import math
from typing import Any

import pandas as pd

from sim.comparison import Comparison
from sim.trust_checks import Both, Check, Status, amount, both, headline, named, target
from sim.warmup import SHORTEST, mser


def warm_up(comparison: Comparison) -> list[Check]:
    """Whether the baseline's headline series are settled when counting begins.

    Replications are pooled week by week. Weeks that are not of the usual length are left out: a holiday is no
    transient. A point of MSER after the warm-up counts only if beginning there moves the mean by more than the
    precision asked for, since on pure noise the point lies there too, now and then.
    """
    if comparison.series.empty:
        return []
    sums = comparison.series.groupby(["series", "week"], sort=True)[["amount", "base"]].sum()
    hours = sums.loc["open_hours", "amount"].round(6)
    usual = hours[hours == hours.mode().max()].index
    return [
        _settled(comparison, metric, sums.loc[metric].loc[usual])
        for metric in headline(comparison)
        if metric in sums.index.get_level_values("series")
    ]


def _settled(comparison: Comparison, metric: str, weeks: pd.DataFrame) -> Check:
    warmup = comparison.setup.warmup_weeks
    weeks = weeks[weeks["base"] > 0]
    found = mser((weeks["amount"] / weeks["base"]).to_numpy(float))
    name, short = named(metric), {"label": named(metric, short=True)}
    if found is None:
        why = both("few_weeks", weeks=len(weeks), least=SHORTEST)
        return _row(comparison, metric, "weak", math.nan, both("warm_up_unknown", label=name, why=why.get), why)
    point = int(weeks.index[found.point]) + warmup if found.point else 0
    moved, allowed = _moved(weeks, point - warmup), target(comparison, metric)[0]
    shown: dict[str, Any] = {
        "label": name, "point": point, "warmup": warmup,
        "moved": amount(comparison, metric, moved), "target": amount(comparison, metric, allowed),
    }  # fmt: skip
    if point <= warmup:
        return _row(comparison, metric, "fine", point, both("warm_up_well", **shown))
    if moved <= allowed:
        return _row(comparison, metric, "fine", point, both("warm_up_little", **shown))
    if found.reliable:
        words, item = both("warm_up_late", **shown), both("warm_up_item", **shown | short)
        return _row(comparison, metric, "weak", point, words, item, needed=point)
    why = both("second_half", **shown)
    words, item = both("warm_up_unknown", label=name, why=why.get), both("unknown_item", why=why.get, **short)
    return _row(comparison, metric, "weak", point, words, item)


def _row(
    comparison: Comparison, metric: str, status: Status, point: float, words: Both, item: Both | None = None,
    needed: int = 0,
) -> Check:  # fmt: skip
    """A check of the baseline; weak with no ``needed`` weeks: the series is too short to say how many."""
    warmup = comparison.setup.warmup_weeks
    return Check(
        "warm_up", comparison.baseline, metric, status, point, warmup, "weeks", None, words, item or {}, needed
    )


def _moved(weeks: pd.DataFrame, point: int) -> float:
    """How far the mean over the weeks counted moves if only weeks from ``point`` on count."""

    def mean(rows: pd.DataFrame) -> float:
        return float(rows["amount"].sum() / rows["base"].sum()) if len(rows) else math.nan

    return abs(mean(weeks[weeks.index >= 0]) - mean(weeks[weeks.index >= max(point, 0)]))
