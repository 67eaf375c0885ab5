"""The table of a sweep: levels with intervals, paired differences to the baseline of the same cell, failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.metrics import METRICS
from sim.statistics.rowwise import differences, estimates, pairing

if TYPE_CHECKING:
    from sim.runner import Failed

LEVEL = 0.95


@dataclass(frozen=True)
class Shape:
    """What the values of the one key that varies are worth beside one another, for a policy and a metric.

    Worth is the difference to the baseline; under the baseline alone it is the level.
    """

    policy: str
    metric: str
    change: tuple[float, float, float]
    """From the first value to the last: paired estimate and 95 % interval."""
    best: int | None
    """Number of the value with the best mean; None where the metric has no better direction or no data."""
    as_good: tuple[int, ...] = ()
    """Values that are not surely worse than the best: paired t, Bonferroni over all pairs of values."""


def rows_of(
    policy: str, metric: str, values: np.ndarray, base: np.ndarray | None, margin: float, first: int
) -> pd.DataFrame:
    """Rows of one policy and metric: a row a cell.

    Args:
        values: cells × replications, nan where undefined.
        base: the baseline's values of the same cells and replications; None for the baseline itself.
        margin: equivalence margin in the metric's unit, nan if it has none.
        first: number of the first cell.
    """
    own, missing = estimates(values), np.full(len(values), np.nan)
    half, wide = own.half(), own.half(next_one=True)
    columns: dict[str, Any] = {
        "cell": np.arange(first, first + len(values)), "policy": policy, "metric": metric,
        "unit": METRICS[metric].unit if metric in METRICS else "",
        "mean": own.mean, "low": own.mean - half, "high": own.mean + half,
        "prediction_low": own.mean - wide, "prediction_high": own.mean + wide,
    }  # fmt: skip
    paired = dict.fromkeys(
        ("difference", "difference_low", "difference_high", "variance_ratio", "correlation"), missing
    )
    verdicts, pairs = np.full(len(values), ""), np.zeros(len(values), dtype=int)
    if base is not None:
        d = differences(base, values)
        found = estimates(d)
        half, narrow = found.half(), found.half(2 * LEVEL - 1)
        ratio, correlation = pairing(base, values, d)
        paired = {
            "difference": found.mean, "difference_low": found.mean - half, "difference_high": found.mean + half,
            "variance_ratio": ratio, "correlation": correlation,
        }  # fmt: skip
        ends, better = (
            (found.mean - half, found.mean + half),
            METRICS[metric].better if metric in METRICS else "neither",
        )
        verdicts = _verdicts(*ends, (found.mean - narrow, found.mean + narrow), better, margin)
        pairs = found.count
    columns |= paired | {"margin": margin, "verdict": verdicts, "replications": own.count, "pairs": pairs}
    return pd.DataFrame(columns)


def _verdicts(
    low: np.ndarray, high: np.ndarray, inner: tuple[np.ndarray, np.ndarray], better: str, margin: float
) -> Any:
    """What each difference says by itself, at 95 %, as :func:`sim.comparison.verdict` puts it.

    Args:
        low, high: ends of the 95 % intervals.
        inner: ends of the 90 % intervals: equal takes two one-sided tests at 5 % (Schuirmann 1987).
    """
    up, down = {"higher": ("better", "worse"), "lower": ("worse", "better")}.get(better, ("higher", "lower"))
    same = ((low == 0) & (high == 0)) | ((-margin < inner[0]) & (inner[1] < margin))
    known = ~np.isnan(low)
    return np.select([known & same, known & (low > 0), known & (high < 0)], ["equal", up, down], "not_yet_known")


def failures(failed: Sequence["Failed"]) -> dict[str, tuple[int, int, int, str]]:
    """Of the failed replications of each cell: their number, seed and number of the first, its error; by cell key."""
    found: dict[str, tuple[int, int, int, str]] = {}
    for one in failed:
        key = one.cell.key
        count, *first = found.get(key, (0, one.seed, one.replication, one.error))
        found[key] = (count + 1, *first)  # type: ignore[assignment]
    return found


def shape_of(policy: str, metric: str, values: np.ndarray, base: np.ndarray | None) -> Shape:
    """What the values of one key are worth, by paired differences between cells (common random numbers).

    The best is picked from the data, so a value is called surely worse only if its interval leaves out 0 at
    1 − 5 %/m, m all pairs of values: then whichever is picked, all such statements hold together at 95 %.
    """
    worth = values if base is None else differences(base, values)
    ends = estimates(differences(worth[:1], worth[-1:]))
    half = float(ends.half()[0])
    change = (float(ends.mean[0]), float(ends.mean[0]) - half, float(ends.mean[0]) + half)
    better = METRICS[metric].better if metric in METRICS else "neither"
    mean = estimates(worth).mean
    if better == "neither" or np.isnan(mean).all():
        return Shape(policy, metric, change, None)
    sign = 1.0 if better == "higher" else -1.0
    best = int(np.nanargmax(sign * mean))
    count = len(worth)
    behind = estimates(sign * differences(np.broadcast_to(worth[best], worth.shape), worth))
    high = behind.mean + behind.half(1 - (1 - LEVEL) / (count * (count - 1) / 2))
    return Shape(policy, metric, change, best, tuple(int(i) for i in np.flatnonzero(~(high < 0) & ~np.isnan(mean))))
