"""MSER-5 on a daily series with a weekly cycle, Welch's moving average, and a look for two groups of replications.

Sources: White, Simulation 69 (1997) 323-334; White, Cobb and Spratt, Winter Simulation Conference 2000, 755-761; Hoad,
Robinson and Davies, Journal of Simulation 4 (2010) 233-243; Welch in Lavenberg (ed.), Computer Performance Modeling
Handbook (1983) 268-328.
"""

import numpy as np

from sim.warmup import Truncation, mser

BATCH = 5
WELCH_SHARE = 4
"""Welch's half-window is at most this part of the series: a quarter."""


def mser5(values: np.ndarray) -> Truncation | None:
    """MSER on the means of batches of five observations; the point in observations, None if too short.

    What is left over behind the last whole batch is not used. ``reliable`` is False if the point lies in the second
    half of the batches: then the series is too short to tell.
    """
    batches = len(values) // BATCH
    found = mser(values[: batches * BATCH].reshape(batches, BATCH).mean(axis=1))
    return None if found is None else Truncation(found.point * BATCH, found.reliable)


def without_cycle(values: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """The series without the mean profile of its cycle, at its old level.

    Batches of five days slide over the week, so that a weekday's habit would look like a change of level. The profile
    is taken from the second half, where a start is most likely forgotten, as differences from that half's mean.

    Args:
        phase: place of each observation in the cycle, such as its weekday.
    """
    later = np.arange(len(values)) >= len(values) // 2
    level = values[later].mean()
    shift = {place: values[later & (phase == place)].mean() - level for place in np.unique(phase[later])}
    return values - np.array([shift.get(place, 0.0) for place in phase])


def welch(amounts: np.ndarray, bases: np.ndarray, half: int) -> np.ndarray:
    """Welch's moving average of a ratio series: amounts over bases of the 2·half + 1 observations around each.

    Near the start the window is as wide as it can be and still symmetric; the last ``half`` observations have none and
    are nan, as is a window whose bases are all 0. ``half`` is cut to a quarter of the series.
    """
    n = len(amounts)
    half = min(half, n // WELCH_SHARE)
    summed = [np.concatenate(([0.0], np.cumsum(part))) for part in (amounts, bases)]
    i = np.arange(n)
    wide = np.minimum(half, i)
    above, below = (total[np.minimum(i + wide + 1, n)] - total[i - wide] for total in summed)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((below > 0) & (i < n - half), above / below, np.nan)


def largest_gap(values: np.ndarray) -> float:
    """Largest gap between sorted neighbours with at least two values on either side, as a share of the range.

    Near 1 where the values fall into two tight groups; nan for fewer than four values, 0 for equal ones.
    """
    there = np.sort(values)
    if len(there) < 4:
        return float("nan")
    span = there[-1] - there[0]
    return float(np.diff(there)[1:-1].max() / span) if span > 0 else 0.0


def chance_of_gap(gap: float, n: int, seed: int, draws: int = 20_000) -> float:
    """Share of normal samples of size n whose :func:`largest_gap` is at least ``gap``: a Monte-Carlo p-value.

    (1 + hits) / (1 + draws), so that it is never 0 (Davison and Hinkley, Bootstrap Methods, 1997, 4.2.5).
    """
    drawn = np.sort(np.random.default_rng([seed, n]).normal(size=(draws, n)), axis=1)
    gaps = np.diff(drawn, axis=1)[:, 1:-1].max(axis=1) / (drawn[:, -1] - drawn[:, 0])
    return float((1 + np.count_nonzero(gaps >= gap)) / (1 + draws))
