"""Policies beside a baseline: paired Student-t intervals over replications, never over customers.

An interval here is Monte-Carlo noise only: it shrinks with more replications and knows nothing of wrong
assumptions. The prediction band beside it says what one real centre may see in one window.

Verdicts that are meant to be believed form a family declared before anything is run: headline metrics × policies over
the whole window. Their intervals and p-values are simultaneous (sim/statistics/simultaneous.py), so that with 95 %
probability not one of them is wrong. All other rows stand for themselves, unadjusted: good for finding questions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from sim.metrics import METRICS
from sim.statistics.simultaneous import simultaneous

if TYPE_CHECKING:
    from sim.experiment import Runs, Setup
    from sim.sequential import Sought

TABLE_COLUMNS = (
    "metric", "unit", "baseline", "policy",
    "baseline_mean", "baseline_low", "baseline_high",
    "policy_mean", "policy_low", "policy_high",
    "difference", "difference_low", "difference_high", "variance_ratio",
    "correlation", "family", "p_value", "alone_low", "alone_high",
)  # fmt: skip
"""``family``: judged together with others, so that ``difference_low``, ``difference_high`` and ``p_value`` are
simultaneous; in all other rows they are those of the paired t test by itself. ``alone_…``: the paired t interval of
the row by itself, in every row."""
DETAIL_COLUMNS = (
    "window", *TABLE_COLUMNS, "replications",
    "baseline_prediction_low", "baseline_prediction_high", "policy_prediction_low", "policy_prediction_high",
    "better", "margin", "equivalence_low", "equivalence_high", "verdict",
)  # fmt: skip
"""``equivalence_…``: the row's own 90 % interval, whose ends are one-sided 95 % bounds."""

HEADLINE = (
    "shortage_rate", "promise_kept", "days_in_shop", "conflict_days_mean", "loaner_fulfilment",
    "test_drive_fulfilment", "fleet_utilisation", "nps", "total_cost_yuan",
)  # fmt: skip
"""Metrics a director looks at first: what may get better, and what may pay for it."""

VERDICTS = ("better", "worse", "higher", "lower", "equal", "not_yet_known")
"""Better and worse use the metric's direction; higher and lower stand for metrics without one."""

LEVEL = 0.95


@dataclass(frozen=True)
class Comparison:
    """Policies beside a baseline."""

    table: pd.DataFrame
    """One row a metric and policy over the whole window; columns are TABLE_COLUMNS, values in the metric's unit."""
    details: pd.DataFrame
    """The same for every window, with correlation, prediction bands, margins and verdicts (DETAIL_COLUMNS)."""
    setup: "Setup"
    """What was run."""
    flows: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Weekly flows of every replication, as the runs kept them; empty if they kept none."""
    laws: pd.DataFrame = field(default_factory=pd.DataFrame)
    """What each law found in every replication; empty if none was asked."""
    series: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Weekly series of the baseline from the start of its warm-up; empty if none were kept."""
    family: tuple[str, ...] = HEADLINE
    """Metrics declared to be judged together, whether the study has values of them or not."""
    sought: "Sought | None" = None
    """How the number of replications was found; None if it was given."""

    @property
    def policies(self) -> tuple[str, ...]:
        """Policies compared, without the baseline."""
        return tuple(dict.fromkeys(self.details["policy"]))

    @property
    def baseline(self) -> str:
        """Policy the others are compared with."""
        return str(self.details["baseline"].iloc[0])

    def row(self, metric: str, policy: str | None = None, window: str = "all") -> dict[str, Any]:
        """One row of ``details`` as plain values; the last policy if none is named.

        Raises:
            KeyError: there is no such row.
        """
        d = self.details
        found = d[(d["metric"] == metric) & (d["policy"] == (policy or self.policies[-1])) & (d["window"] == window)]
        if found.empty:
            raise KeyError((metric, policy, window))
        return {str(key): value for key, value in found.iloc[0].items()}

    def rows(self, policy: str | None = None, window: str = "all") -> list[dict[str, Any]]:
        """Rows of ``details`` of one policy (the last if none is named), in display order."""
        d = self.details
        found = d[(d["policy"] == (policy or self.policies[-1])) & (d["window"] == window)]
        return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]


def compare(runs: "Runs", baseline: str, policies: Sequence[str], family: Sequence[str] = HEADLINE) -> Comparison:
    """Compare policies with the baseline, pairing replications by number.

    A replication in which a metric is undefined under either policy is left out of that metric's row;
    how many were left in stands in ``details.replications``.

    Args:
        family: metrics whose verdicts over the whole window, of all policies, are judged together.

    Raises:
        ValueError: a policy named was not run, or nothing is left to compare with the baseline.
    """
    others = [policy for policy in dict.fromkeys(policies) if policy != baseline]
    ran = set(runs.rows["policy"])
    missing = [policy for policy in (baseline, *others) if policy not in ran]
    if missing or not others:
        raise ValueError(f"not run: {missing}" if missing else "nothing to compare with the baseline")
    values = _by_window(runs.rows)
    details = [
        {"window": window, **_row(metric, baseline, policy, table[baseline], table[policy], runs.setup.margins)}
        for window in dict.fromkeys(runs.rows["window"])
        for metric in _in_display_order(runs.rows["metric"])
        for policy in others
        if (table := values.get((window, metric))) is not None
    ]
    _judge_together([row for row in details if row["window"] == "all" and row["metric"] in family], runs.setup.seed)
    for row in details:
        row["verdict"] = verdict(row)
        del row["differences"]
    frame = pd.DataFrame(details, columns=list(DETAIL_COLUMNS))
    table = frame.loc[frame["window"] == "all", list(TABLE_COLUMNS)].reset_index(drop=True)
    return Comparison(table, frame, runs.setup, runs.flows, runs.laws, runs.series, tuple(family))


def _judge_together(rows: list[dict[str, Any]], seed: int) -> None:
    """Give rows the interval and the p-value that hold for all of them together."""
    if not rows:
        return
    by_replication = pd.concat([row["differences"] for row in rows], axis=1).sort_index()
    found = simultaneous(by_replication.to_numpy(float), seed)
    for j, row in enumerate(rows):
        row["family"] = True
        if row["replications"] > 1:
            row["difference_low"], row["difference_high"] = float(found.low[j]), float(found.high[j])
            row["p_value"] = float(found.p_value[j])


def _by_window(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """(window, metric) to a frame of replication by policy."""
    wide = rows.pivot(index=["window", "metric", "replication"], columns="policy", values="value")
    return {
        (str(window), str(metric)): frame.droplevel(["window", "metric"])
        for (window, metric), frame in wide.groupby(level=["window", "metric"])
    }


def _in_display_order(metrics: pd.Series) -> list[str]:
    found = list(dict.fromkeys(metrics))
    return [name for name in METRICS if name in found] + [name for name in found if name not in METRICS]


def _row(
    metric: str, baseline: str, policy: str, a: pd.Series, b: pd.Series, margins: dict[str, float]
) -> dict[str, Any]:
    """One comparison; ``a`` and ``b`` are the baseline's and the policy's values by replication."""
    both = a.notna() & b.notna()
    x, y = a[both].to_numpy(float), b[both].to_numpy(float)
    unit, better = (METRICS[metric].unit, METRICS[metric].better) if metric in METRICS else ("", "neither")
    d = differences(x, y)
    row: dict[str, Any] = {"metric": metric, "unit": unit, "baseline": baseline, "policy": policy}
    for name, values in (("baseline", x), ("policy", y)):
        row[f"{name}_mean"], row[f"{name}_low"], row[f"{name}_high"] = interval(values)
        _, row[f"{name}_prediction_low"], row[f"{name}_prediction_high"] = interval(values, next_one=True)
    row["difference"], row["difference_low"], row["difference_high"] = interval(d)
    _, row["equivalence_low"], row["equivalence_high"] = interval(d, level=2 * LEVEL - 1)
    row |= {"variance_ratio": _variance_ratio(x, y, d), "correlation": _correlation(x, y)}
    row |= {"replications": len(d), "better": better, "margin": margins.get(metric, math.nan), "family": False}
    row |= {"alone_low": row["difference_low"], "alone_high": row["difference_high"], "p_value": _p_value(d)}
    return row | {"differences": pd.Series(d, index=a.index[both])}


def differences(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """y − x by replication. If it is the same everywhere but for rounding, it is made exactly the same."""
    d = y - x
    if len(d) and np.ptp(d) <= 1e-12 * max(np.abs(x).max(), np.abs(y).max()):
        return np.full_like(d, d[0])
    return d


def interval(values: np.ndarray, level: float = LEVEL, next_one: bool = False) -> tuple[float, float, float]:
    """Mean with its Student-t interval: (mean, low, high).

    Args:
        next_one: the interval of one further value instead of the mean's, mean ± t·s·√(1 + 1/n).

    Returns:
        nan ends for fewer than two values, nan throughout for none.
    """
    n = len(values)
    if n == 0:
        return math.nan, math.nan, math.nan
    if np.ptp(values) == 0:  # the mean of equal numbers may differ from them in the last digit
        mean, spread = float(values[0]), 0.0
    else:
        mean, spread = float(values.mean()), float(values.std(ddof=1))
    if n == 1:
        return mean, math.nan, math.nan
    half = float(stdtrit(n - 1, (1 + level) / 2)) * spread * math.sqrt((1.0 if next_one else 0.0) + 1 / n)
    return mean, mean - half, mean + half


def _p_value(d: np.ndarray) -> float:
    """Of the paired t test; 0 or 1 where all differences are the same."""
    if len(d) < 2:
        return math.nan
    if np.ptp(d) == 0:
        return 1.0 if d[0] == 0 else 0.0
    return float(2 * stdtr(len(d) - 1, -abs(d.mean()) / (d.std(ddof=1) / math.sqrt(len(d)))))


def verdict(row: dict[str, Any]) -> str:
    """What a row says at 95 %: in the family together with its other rows, elsewhere by itself.

    Equal: the difference is exactly 0 in every replication, or lies within the margin. By itself, that is two
    one-sided tests at 5 % (Schuirmann 1987). In the family, the simultaneous interval must lie within the margin:
    stricter than simultaneous tests of equivalence need be, and the chance that any row at all is wrongly called
    equal, better or worse stays below 5 %. Otherwise better or worse if the interval leaves out 0, else not yet known.
    """
    low, high, margin = row["difference_low"], row["difference_high"], row["margin"]
    if math.isnan(low):
        return "not_yet_known"
    inner, outer = (low, high) if row["family"] else (row["equivalence_low"], row["equivalence_high"])
    if low == high == 0 or (-margin < inner and outer < margin):
        return "equal"
    if low <= 0 <= high:
        return "not_yet_known"
    if row["better"] == "neither":
        return "higher" if low > 0 else "lower"
    return "better" if (low > 0) == (row["better"] == "higher") else "worse"


def half_width(row: dict[str, Any]) -> float:
    """Half of the interval of a row's difference as it is printed; nan where there is none."""
    return float(row["difference_high"] - row["difference_low"]) / 2


def level_alone(row: dict[str, Any]) -> float:
    """Level that a row's printed interval has by itself: 95 %, and more where it is one of several."""
    alone, n = row["alone_high"] - row["alone_low"], row["replications"]
    if not row["family"] or not alone > 0:
        return LEVEL
    quantile = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * 2 * half_width(row) / alone
    return float(1 - 2 * stdtr(n - 1, -quantile))


def _variance(values: np.ndarray) -> float:
    return 0.0 if np.ptp(values) == 0 else float(values.var(ddof=1))


def _variance_ratio(x: np.ndarray, y: np.ndarray, d: np.ndarray) -> float:
    """(var x + var y) / var(y − x): how many times more replications independent luck would need."""
    if len(d) < 2 or 0.0 in (_variance(x), _variance(y), _variance(d)):
        return math.nan
    return (_variance(x) + _variance(y)) / _variance(d)


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    if len(x) < 2 or 0.0 in (_variance(x), _variance(y)):
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])


def save(comparison: Comparison, folder: str | Path) -> None:
    """Write table.csv and details.csv: UTF-8 with a mark for Excel, ten significant digits, empty where undefined."""
    for frame, name in ((comparison.table, "table.csv"), (comparison.details, "details.csv")):
        text = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        Path(folder, name).write_bytes(text.encode("utf-8-sig"))
