"""Whether systems keep their limits: one-sided Student-t bounds at planned looks, Bonferroni over the looks.

A limit is written as slack: what is left up to it, positive where it is kept. It is broken if the slack is surely
below 0, and kept if it is surely above −tolerance; otherwise it is not yet known and looked at again. Of a system that
keeps a limit, or breaks it by more than the tolerance, the wrong is said with a probability of at most ``error``.

The sequential check of Andradóttir and Kim (2010) lost: its triangle is as long for a limit that is far away as for one
that is near, and near is here a margin that is small beside the noise of one replication.
"""

import math

import numpy as np
from scipy.special import stdtrit


def looks(n0: int, most: int) -> tuple[int, ...]:
    """Replications at which limits are looked at: n0, twice as many each time, and the most.

    Planned beforehand, so that looking often costs a known share of the error; doubling, so that there are few.
    """
    found = []
    while n0 < most:
        found.append(n0)
        n0 *= 2
    return (*found, most)


def checked(
    slack: np.ndarray, tolerance: np.ndarray, planned: tuple[int, ...], error: float
) -> tuple[np.ndarray, np.ndarray]:
    """Decide on every limit of every system, as far as there are data.

    Args:
        slack: replications × systems × limits; nan from where a system has not been sampled, or where the figure is
            undefined: such a limit stays unknown.
        tolerance: a limit each, in its unit; 0 for one that must not be broken at all.
        planned: as :func:`looks` gives them.
        error: of one limit of one system, over all looks.

    Returns:
        (when, kept), systems × limits: the look at which it was decided (0: not yet known), and how.
    """
    when = np.zeros(slack.shape[1:], dtype=int)
    kept = np.zeros(slack.shape[1:], dtype=bool)
    for n in planned:
        if n > len(slack):
            break
        mean = slack[:n].mean(axis=0)
        spread = np.ptp(slack[:n], axis=0)
        # the same in every replication but for rounding
        same = spread <= 1e-12 * np.abs(slack[:n]).max(axis=0)
        deviation = np.where(same, 0.0, slack[:n].std(axis=0, ddof=1))
        half = float(stdtrit(n - 1, 1 - error / len(planned))) * deviation / math.sqrt(n)
        mean = np.where(same, slack[0], mean)
        broken, fine = mean + half < 0, mean - half >= -tolerance
        now = (when == 0) & (broken | fine)
        kept |= now & ~broken
        when[now] = n
    return when, kept
