"""Fully sequential comparison of systems by pairs, under common random numbers: Kim and Nelson (2001).

The walk of a pair is the sum of its paired differences. It goes on inside a triangle whose size follows from the
variance of the difference over the first n0 replications, and from those alone: a variance that were updated would
depend on the walk. At the first exit one of the two has won. If the other one is better by δ or more, that happens with
a probability of at most ``error``, for normal outputs of any variances and any correlation between the two.

Rinott's (1978) procedure is not offered: it is for systems that are sampled independently.
"""

import numpy as np

FEWEST = 10
"""Replications of the first stage: with 2, the triangle is some hundred times as long (t with 1 degree of freedom)."""


def eta(error: float, n0: int) -> float:
    """η = ½[(2·error)^(−2/(n0−1)) − 1], for c = 1; error is α/(k−1) where k systems are compared (p. 257).

    Raises:
        ValueError: fewer than ten replications in the first stage, or an error outside (0, ½).
    """
    if n0 < FEWEST:
        raise ValueError(f"the first stage needs at least {FEWEST} replications, not {n0}")
    if not 0 < error < 0.5:
        raise ValueError(f"the error of one comparison lies in (0, 0.5), not {error}")
    return float(((2 * error) ** (-2 / (n0 - 1)) - 1) / 2)


def h_squared(error: float, n0: int) -> float:
    """h² = 2η(n0 − 1), for c = 1."""
    return 2 * eta(error, n0) * (n0 - 1)


def half_width(r: int, variance: np.ndarray, h2: float, delta: float) -> np.ndarray:
    """W(r) = max(0, (δ/2r)(h²S²/δ² − r)): how far means of r replications may differ while the pair stays open."""
    return np.maximum(0.0, delta / (2 * r) * (h2 * variance / delta**2 - r))


def difference_variances(first: np.ndarray) -> np.ndarray:
    """S² of the difference of every two systems over the first stage; ``first`` is replications × systems."""
    count = first.shape[1]
    variances = np.empty((count, count))
    for number in range(count):  # not from covariances: systems close to one another would lose all their digits
        apart = first[:, [number]] - first
        variances[number] = np.where(np.ptp(apart, axis=0) == 0, 0.0, apart.var(axis=0, ddof=1))
    return variances


def pairs(values: np.ndarray, n0: int, error: float, delta: float) -> tuple[np.ndarray, np.ndarray]:
    """First exit of the walk of every two systems, as far as there are data.

    Args:
        values: replications × systems, larger is better; the same row has the same luck. nan from where a system has
            not been sampled; the first n0 rows are there.
        error: chance with which one that is worse by δ or more may win.
        delta: what makes no difference, in the unit of the values.

    Returns:
        (when, wins), systems × systems: the replications after which the pair left its triangle (0: still inside), and
        whether the one of the row has won. Two that are exactly equal are left at once, the first one wins.
    """
    count = values.shape[1]
    h2 = h_squared(error, n0)
    variances = difference_variances(values[:n0])
    when, wins = np.zeros((count, count), dtype=int), np.zeros((count, count), dtype=bool)
    earlier = np.arange(count)[:, None] < np.arange(count)[None, :]
    sums = values[: n0 - 1].sum(axis=0)
    for r in range(n0, len(values) + 1):
        sums = sums + values[r - 1]
        ahead = (sums[:, None] - sums[None, :]) / r
        width = half_width(r, variances, h2, delta)
        out = (when == 0) & ((ahead > width) | ((ahead == 0) & (width == 0) & earlier))
        wins |= out
        when[out | out.T] = r
        if (when > 0).sum() == count * (count - 1):
            break
    return when, wins
