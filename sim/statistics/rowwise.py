"""Student-t intervals of many cells at once: one row a cell, one column a replication, nan where a value is missing.

The numbers are those of :func:`sim.comparison.interval` and :func:`sim.comparison.differences`, row by row; 10,000
cells of 100 replications take milliseconds instead of minutes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.95


@dataclass(frozen=True)
class Estimates:
    """A number a row each."""

    count: np.ndarray
    """Values that are there."""
    mean: np.ndarray
    spread: np.ndarray
    """Standard deviation over n − 1; exactly 0 for equal values, nan for fewer than two."""

    def half(self, level: float | np.ndarray = LEVEL, next_one: bool = False) -> np.ndarray:
        """Half-width t·s·√(1/n) of the mean's interval, or t·s·√(1 + 1/n) of that of one further value."""
        n = np.where(self.count > 1, self.count, np.nan)
        return stdtrit(n - 1, (1 + level) / 2) * self.spread * np.sqrt(next_one + 1 / n)


def estimates(values: np.ndarray) -> Estimates:
    """Mean and spread of each row of ``values`` (rows × replications)."""
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    filled = np.where(there, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, filled.sum(axis=1) / count, np.nan)
        squares = np.where(there, (values - mean[:, None]) ** 2, 0.0).sum(axis=1)
        spread = np.sqrt(np.where(count > 1, squares / (count - 1), np.nan))
    # the mean of equal numbers may differ from them in the last digit
    first = _first(values, there)
    equal = (np.where(there, values, first[:, None]) == first[:, None]).all(axis=1) & (count > 0)
    return Estimates(count, np.where(equal, first, mean), np.where(equal & (count > 1), 0.0, spread))


def differences(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """y − x, nan where either is missing. A row that is the same everywhere but for rounding is made just the same."""
    d = y - x
    there = ~np.isnan(d)
    size = np.maximum(np.where(there, np.abs(x), 0.0).max(axis=1), np.where(there, np.abs(y), 0.0).max(axis=1))
    first = _first(d, there)
    span = np.where(there, d, first[:, None])
    same = (span.max(axis=1) - span.min(axis=1)) <= 1e-12 * size
    return np.where(same[:, None] & there, first[:, None], d)


def pairing(x: np.ndarray, y: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What common random numbers gain, a number a row: (var x + var y) / var(y − x), and the correlation of x and y.

    nan where one of the variances it needs is 0 or unknown. ``d`` is :func:`differences` of x and y.
    """
    missing = np.isnan(d)
    a, b = estimates(np.where(missing, np.nan, x)), estimates(np.where(missing, np.nan, y))
    own, other, between = a.spread**2, b.spread**2, estimates(d).spread ** 2
    products = np.where(missing, 0.0, (x - a.mean[:, None]) * (y - b.mean[:, None])).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(own * other * between > 0, (own + other) / between, np.nan)
        correlation = np.where(own * other > 0, products / (a.count - 1) / (a.spread * b.spread), np.nan)
    return ratio, correlation


def _first(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """The first value of each row that is there; nan if none is."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    return np.take_along_axis(values, there.argmax(axis=1)[:, None], axis=1)[:, 0]
