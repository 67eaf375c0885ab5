"""When a series has forgotten its start: MSER on weekly batches.

MSER leaves out as many observations as make the standard error of the mean of the rest smallest; MSER-5 does so on
batches of five. A centre lives by the week, and a batch of five days would mix weekdays with weekends, so the batch
here is the week. Sources: White, Simulation 69 (1997) 323-334; White, Cobb and Spratt, Winter Simulation Conference
2000, 755-761; Hoad, Robinson and Davies, Journal of Simulation 4 (2010) 233-243.
"""

from typing import NamedTuple

import numpy as np

LEAST = 5
"""Batches that must be left for a mean, as Hoad, Robinson and Davies advise."""
SHORTEST = 10
"""Weeks below which there is no saying."""


class Truncation(NamedTuple):
    """Where MSER would begin to count."""

    point: int
    """Observations to leave out."""
    reliable: bool
    """False if the point lies in the second half: then the series is too short to tell."""


def mser(values: np.ndarray) -> Truncation | None:
    """Number of batches to leave out at the start; None if the series is too short to be asked.

    The statistic is g(d) = 1/(n−d)² · Σ_{i>d} (y_i − ȳ_d)² over the batches i > d, ȳ_d their mean.
    """
    n = len(values)
    if n < SHORTEST:
        return None
    statistic = [_variance(values[d:]) / (n - d) for d in range(n - LEAST + 1)]
    point = int(np.argmin(statistic))
    return Truncation(point, point <= n / 2)


def _variance(values: np.ndarray) -> float:
    """Variance over n; exactly 0 for equal numbers, whose mean may differ from them in the last digit."""
    return 0.0 if np.ptp(values) <= 1e-12 * np.abs(values).max() else float(np.var(values))
