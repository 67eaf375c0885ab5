"""Cheap models of paired differences with a known mean, for measuring what intervals promise."""

from collections.abc import Callable

import numpy as np

from sim.comparison import interval
from sim.statistics.precision import Goal, Look, until_narrow

Differences = Callable[[np.random.Generator, int], np.ndarray]
"""So many paired differences, one a replication."""

CV = 2.4
"""Coefficient of variation of the heavy-tailed times."""
CONFLICTS = 30
"""Conflicts settled in a replication."""
CUSTOMERS = 300


def normal(rng: np.random.Generator, n: int) -> np.ndarray:
    """Normal, mean 1, standard deviation 2."""
    return 1 + 2 * rng.standard_normal(n)


def no_difference(rng: np.random.Generator, n: int) -> np.ndarray:
    """Normal, mean 0, standard deviation 2."""
    return 2 * rng.standard_normal(n)


def small_shares(rng: np.random.Generator, n: int) -> np.ndarray:
    """Shares of 3 % and 2 % of 300 customers who share their luck: mean −0.01."""
    luck = rng.random((n, CUSTOMERS))
    return (luck < 0.02).mean(axis=1) - (luck < 0.03).mean(axis=1)


def heavy(rng: np.random.Generator, n: int) -> np.ndarray:
    """One lognormal time of mean 1 and cv 2.4 a replication, halved by the policy: mean −0.5."""
    return -0.5 * lognormal(rng, (n,))


def mean_times(rng: np.random.Generator, n: int) -> np.ndarray:
    """Mean of 30 lognormal times a replication, of cv 2.4, with the policy halved: mean −0.5."""
    return -0.5 * lognormal(rng, (n, CONFLICTS)).mean(axis=1)


def lognormal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Lognormal values of mean 1 and coefficient of variation 2.4."""
    sigma = np.sqrt(np.log(1 + CV**2))
    return np.exp(sigma * rng.standard_normal(shape) - sigma**2 / 2)


MEANS: dict[Differences, float] = {
    normal: 1.0, no_difference: 0.0, small_shares: -0.01, heavy: -0.5, mean_times: -0.5,
}  # fmt: skip


def sequential(values: np.ndarray, goal: Goal) -> np.ndarray:
    """The values that are run until their interval is narrow enough, at most all of them."""

    def look(count: int) -> list[Look]:
        mean, low, high = interval(values[:count])
        return [Look(goal, (high - low) / 2, goal.wanted(mean), count)]

    counts, _ = until_narrow(look, most=len(values))
    return values[: counts[-1]]


def covered(values: np.ndarray, truth: float) -> bool:
    """Whether the paired t interval holds the truth."""
    _, low, high = interval(values)
    return low <= truth <= high


def clear(values: np.ndarray) -> bool:
    """Whether the interval leaves out 0."""
    return not covered(values, 0.0)


def error(share: float, n: int) -> float:
    """Monte-Carlo standard error of a share."""
    return float(np.sqrt(share * (1 - share) / n))
