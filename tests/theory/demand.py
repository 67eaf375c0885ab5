"""Demand over a time: Poisson lines of one or more units. Rates are lines a day; pmfs are arrays indexed by units."""

import numpy as np
from scipy import stats

ONE_UNIT = np.array([0.0, 1.0])
"""Every line asks for one unit."""


def geometric_units(mean: float) -> np.ndarray:
    """Units a line, 1, 2, ..., geometric with the given mean; cut where the tail is below 1e-15."""
    if mean == 1:
        return ONE_UNIT
    last = int(stats.geom.isf(1e-15, 1 / mean)) + 1
    return stats.geom.pmf(np.arange(last + 1), 1 / mean)


def at_most(mean_lines: float, units: np.ndarray, most: int) -> np.ndarray:
    """P(demand = 0), ..., P(demand = most) of a compound Poisson demand.

    ``mean_lines`` is the mean number of lines, ``units`` the pmf of units a line (units[0] must be 0).
    Source: Panjer, ASTIN Bulletin 12 (1981) 22-26: n p_n = mean_lines sum_k k units_k p_{n-k}.
    """
    if most < 0:
        return np.zeros(0)
    if len(units) == 2:
        return stats.poisson.pmf(np.arange(most + 1), mean_lines)
    weighted = mean_lines * np.arange(len(units)) * units
    pmf = np.zeros(most + 1)
    pmf[0] = np.exp(-mean_lines)
    for n in range(1, most + 1):
        reach = min(n, len(units) - 1)
        pmf[n] = weighted[1 : reach + 1] @ pmf[n - reach : n][::-1] / n
    return pmf


def filled_share(level: int, outstanding: np.ndarray, units: np.ndarray) -> float:
    """Chance that a line finds its whole quantity: P(level - outstanding >= units of the line).

    A line is filled from the shelf only if all of it is there and nobody waits. Those who wait want, the first of them,
    more than is on the shelf, so net inventory (on hand - backordered) is then below 0; hence a line is filled if and
    only if net inventory just before it is at least its quantity. ``outstanding``: pmf from 0 on, at least up to level.
    """
    cumulated = np.cumsum(outstanding)
    return float(sum(units[q] * cumulated[level - q] for q in range(1, min(len(units) - 1, level) + 1)))
