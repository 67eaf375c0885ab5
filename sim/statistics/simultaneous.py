"""Several comparisons at once: simultaneous intervals and adjusted p-values from one single-step max-t law.

Single step after Westfall & Young (1993) and Hothorn, Bretz & Westfall (2008, Biometrical J. 50:346): what decides is
the law of max |T_j| if no comparison differs. Comparisons of policies under common random numbers (Nelson & Matejcik
1995, Management Sci. 41:1935) share their luck, so the law takes the correlation of the paired differences.

Each difference is divided by its own estimated spread. So |T_j| = |Z_j| / √(W_jj / ν), with Z normal and W Wishart of
the same correlation and ν = n − 1: the law of such statistics for normal differences. A multivariate t divides all of
them by one common spread, as with a pooled variance; on separate ones it lets through up to twice the errors promised
at ten replications.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

LEVEL = 0.95
DRAWS = 19_999
"""Draws of the law. With one more for the data, 5 % of them is a whole number (Davison & Hinkley 1997, section 4.2)."""
CHUNK = 200_000
"""Numbers held in memory at a time while drawing."""
STREAM = 0x6D61782D74
"""Keeps these draws apart from all others of the same seed."""
SMALL = 1e-6
"""Least shrinkage: keeps a correlation of linearly dependent comparisons positive definite."""


@dataclass(frozen=True)
class Simultaneous:
    """Comparisons one by one and together; each array has one entry a comparison, in the unit of the differences."""

    n: np.ndarray
    """Replications that counted."""
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    """All intervals together hold all true differences with 95 % probability; nan for fewer than two replications."""
    alone_low: np.ndarray
    alone_high: np.ndarray
    """Paired Student-t intervals, each by itself."""
    p_value: np.ndarray
    """Adjusted: below 0.05 if and only if the interval from ``low`` to ``high`` leaves out 0."""
    p_alone: np.ndarray
    """Of the paired t test by itself."""
    level: float
    """Level of each interval by itself, at which all together have 95 %."""


def simultaneous(differences: np.ndarray, seed: int, draws: int = DRAWS) -> Simultaneous:
    """Simultaneous 95 % intervals and adjusted p-values of paired differences.

    Degrees of freedom differ where replications are missing, so comparisons are ranked by their own p-value
    (single-step min-p), which is max-t where nothing is missing. The adjusted p-value is kept between the plain one
    and Bonferroni's bound: beyond the reach of the draws the bound is exact enough.

    Args:
        differences: replications × comparisons; nan where a comparison is undefined in a replication, which is then
            left out of that comparison alone.
        seed: of the draws; the same gives the same numbers.
        draws: one more should be a multiple of 20.

    A comparison whose differences are all the same has a degenerate interval and a p-value of 0, or 1 if they are 0.
    """
    d = np.asarray(differences, dtype=float)
    n, mean, error = _summary(d)
    usable = (n > 1) & (error > 0)
    p_alone = _plain_p(n, mean, error)
    half = _quantile(n, 1 - LEVEL) * error
    law = _smallest_p(d[:, usable], seed, draws)
    alpha, p_value = 1 - LEVEL, p_alone.copy()
    if law is not None:
        count = int(usable.sum())
        p_value[usable] = _adjusted(p_alone[usable], law)
        within = round((1 - LEVEL) * (len(law) + 1)) - 1  # draws below it, the data counting as one more
        alpha = min(max(float(law[within]), (1 - LEVEL) / count), 1 - LEVEL)
    wide = _quantile(n, alpha) * error
    return Simultaneous(n, mean, mean - wide, mean + wide, mean - half, mean + half, p_value, p_alone, 1 - alpha)


def _summary(d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count, mean and standard error of each column; exactly 0 where all values of a column are the same."""
    count, mean, error = np.zeros(d.shape[1], int), np.full(d.shape[1], np.nan), np.full(d.shape[1], np.nan)
    for j, column in enumerate(d.T):
        values = column[~np.isnan(column)]
        count[j] = len(values)
        if len(values):
            same = np.ptp(values) == 0
            mean[j] = values[0] if same else values.mean()
            if len(values) > 1:
                error[j] = 0.0 if same else values.std(ddof=1) / math.sqrt(len(values))
    return count, mean, error


def _quantile(n: np.ndarray, alpha: float) -> np.ndarray:
    """Two-sided Student quantile of each column; nan for fewer than two values."""
    return np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 1 - alpha / 2), np.nan)


def _plain_p(n: np.ndarray, mean: np.ndarray, error: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(error > 0, np.abs(mean) / error, np.where(mean == 0, 0.0, np.inf))
    return np.where(n > 1, 2 * stdtr(np.maximum(n - 1, 1), -t), np.nan)


def _adjusted(p: np.ndarray, law: np.ndarray) -> np.ndarray:
    """Chance that the smallest p-value is as small as each of ``p``, the data counting as one more draw."""
    drawn = (1 + np.searchsorted(law, p, side="right")) / (1 + len(law))
    return np.maximum(p, np.minimum(drawn, np.minimum(1.0, len(p) * p)))


def _smallest_p(d: np.ndarray, seed: int, draws: int) -> np.ndarray | None:
    """Sorted draws of the smallest of all p-values if nothing differs; None for fewer than two comparisons."""
    if d.shape[1] < 2:
        return None
    rows = d[~np.isnan(d).all(axis=1)]
    nu = len(rows) - 1
    largest = np.concatenate(list(largest_t(correlation(rows), nu, seed, draws)))
    return np.sort(2 * stdtr(nu, -largest))


def largest_t(correlation: np.ndarray, nu: int, seed: int, draws: int = DRAWS) -> Iterator[np.ndarray]:
    """Draws of max |T_j|, in parts: each T_j is normal over its own chi, all of one correlation.

    Args:
        correlation: k × k, positive definite.
        nu: degrees of freedom.
    """
    k = len(correlation)
    root = np.linalg.cholesky(correlation).T
    rng = np.random.default_rng([seed, STREAM])
    rows = min(k, nu)
    size = max(1, CHUNK // (rows * k))
    for start in range(0, draws, size):
        part = min(size, draws - start)
        normal = rng.standard_normal((part, k)) @ root
        scatter = rng.standard_normal((part, rows, k))
        if k <= nu:  # Bartlett (1933): k rows that are zero below the diagonal do the work of ν full ones
            scatter *= np.triu(np.ones((k, k)))
            i = np.arange(k)
            scatter[:, i, i] = np.sqrt(rng.chisquare(nu - i, (part, k)))
        # one large product instead of many small ones
        spread = (scatter.reshape(-1, k) @ root).reshape(part, rows, k)
        chi2 = np.einsum("prk,prk->pk", spread, spread)
        yield np.sqrt((normal**2 / chi2).max(axis=1) * nu)


def correlation(d: np.ndarray) -> np.ndarray:
    """Estimated correlation of the columns, shrunk towards 0 by :func:`shrinkage`; positive definite.

    Where a value is missing its column's mean stands in, which takes correlation away and so errs to the safe side.
    """
    centred = np.nan_to_num(d - np.nanmean(d, axis=0))
    z = centred / np.linalg.norm(centred, axis=0)
    plain = z.T @ z
    share = max(SMALL, shrinkage(plain, len(d)))
    return (1 - share) * plain + share * np.eye(len(plain))


def shrinkage(plain: np.ndarray, n: int) -> float:
    """Share of the way from estimated correlations to 0 that has the least expected squared error.

    Σ var(r) / Σ r² over all pairs (Schäfer & Strimmer 2005, Stat. Appl. Genet. Mol. Biol. 4:32, target D), with the
    variance of a correlation for normal values, (1 − r²)² / (n − 1). Taking chance correlations of a few replications
    for true ones would make the law too narrow.
    """
    r2 = np.clip(plain[np.triu_indices(len(plain), 1)], -1, 1) ** 2
    if not r2.sum() > 0:
        return 0.0
    return float(min(1.0, ((1 - r2) ** 2).sum() / (n - 1) / r2.sum()))
