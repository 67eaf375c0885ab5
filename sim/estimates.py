"""Intervals for shares and for ratios of means, over replications; 95 % throughout."""

import math

import numpy as np
from scipy.special import stdtrit

Z = 1.959963984540054
"""Normal quantile of a two-sided 95 % interval."""
LEVEL = 0.95


def wilson(hits: int, n: int) -> tuple[float, float, float]:
    """A share with its Wilson score interval (Wilson 1927): (share, low, high); nan throughout for n = 0."""
    if n == 0:
        return math.nan, math.nan, math.nan
    share = hits / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == n else min(1.0, middle + half)
    return share, low, high


def ratio_of_means(above: np.ndarray, below: np.ndarray) -> tuple[float, float, float]:
    """Mean of ``above`` over mean of ``below`` with a jackknife interval: (ratio, low, high).

    The interval is ratio ± t·s of the leave-one-out ratios (Quenouille, Tukey); nan ends for fewer than two pairs or
    where a leave-one-out mean of ``below`` is not above 0; nan throughout where the mean itself is not.
    """
    n = len(below)
    if n == 0 or not below.mean() > 0:
        return math.nan, math.nan, math.nan
    ratio = float(above.mean() / below.mean())
    if n == 1:
        return ratio, math.nan, math.nan
    rest = (below.sum() - below) / (n - 1)
    if not (rest > 0).all():
        return ratio, math.nan, math.nan
    left_out = (above.sum() - above) / (n - 1) / rest
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * math.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    return ratio, ratio - half, ratio + half
