"""How many observations an effect needs, and what a standard deviation from few runs is worth."""

import math

import numpy as np
from scipy import stats

LIMIT = 0.8
"""Browne's confidence: in four of five studies the true standard deviation lies below the limit."""


def upper_sd(sd: float, n: int, level: float = LIMIT) -> float:
    """Upper confidence limit of a standard deviation from n normal observations: s √((n−1) / χ²_{1−level, n−1}).

    A trial sized by the plug-in sd is too small more often than not, since a small sd asks for a small trial: Browne
    (1995), Statistics in Medicine 14:1933, who proposes this limit.

    Returns:
        nan for fewer than two observations.
    """
    return sd * math.sqrt((n - 1) / stats.chi2.ppf(1 - level, n - 1)) if n > 1 else math.nan


def power(effect: float, sd: float, n: int, alpha: float = 0.05) -> float:
    """Power of a two-sided one-sample (or paired) t-test with n observations, from the noncentral t distribution."""
    if n < 2:
        return 0.0
    shift, critical = abs(effect) / sd * math.sqrt(n), stats.t.ppf(1 - alpha / 2, n - 1)
    return float(stats.nct.sf(critical, n - 1, shift) + stats.nct.cdf(-critical, n - 1, shift))


def sample_size(effect: float, sd: float, wanted: float = 0.8, alpha: float = 0.05, most: int = 100_000) -> int:
    """Fewest observations with which :func:`power` reaches what is wanted; ``most`` if no number up to it does."""
    low, high = 1, 2
    while high < most and power(effect, sd, high, alpha) < wanted:
        low, high = high, high * 2
    high = min(high, most)
    while high - low > 1:  # power rises with n, so halving finds the first that is enough
        middle = (low + high) // 2
        low, high = (low, middle) if power(effect, sd, middle, alpha) >= wanted else (middle, high)
    return high


def nps_sd(promoters: float, detractors: float, answers: int) -> float:
    """Standard deviation of an NPS from so many answers, in points: 100 √((p + d − (p − d)²) / n), multinomial."""
    return 100 * float(np.sqrt((promoters + detractors - (promoters - detractors) ** 2) / answers))
